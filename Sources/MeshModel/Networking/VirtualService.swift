package import Documents

/// `networking.istio.io` VirtualService.
package struct VirtualService: MeshObject, Hashable {
    package static let kindName = "VirtualService"
    package static var list: WritableKeyPath<MeshSnapshot, [VirtualService]> { \.virtualServices }

    /// Rules of matching that differ with what the object was made of.
    package enum RouteSemantics: Hashable, Sendable {
        case standard
        /// From Gateway API routes (annotation `internal.istio.io/route-semantics: gateway`).
        case gateway
        /// From an Ingress.
        case ingress
    }

    package var meta: ObjectMeta
    package var hosts: [String] = []
    /// Places of `hosts`, index by index; empty for conversions.
    package var hostLocations: [SourceLocation] = []
    package var gateways: [String] = []
    /// Places of `gateways`, index by index; empty for conversions.
    package var gatewayLocations: [SourceLocation] = []
    package var http: [HTTPRoute] = []
    package var tls: [TLSRoute] = []
    package var tcp: [TCPRoute] = []
    package var exportTo: [String] = []
    package var semantics: RouteSemantics = .standard
    /// What it was converted from.
    package var sources: [SourceReference] = []

    package init(meta: ObjectMeta) { self.meta = meta }

    package struct TLSRoute: Hashable, Sendable {
        package var match: [TLSMatch] = []
        package var route: [RouteDestination] = []
        package var location: SourceLocation?
        /// The rule it was converted from, when it was.
        @Boxed package var source: SourceReference?

        package init() {}
    }

    package struct TCPRoute: Hashable, Sendable {
        package var match: [L4Match] = []
        package var route: [RouteDestination] = []
        package var location: SourceLocation?
        /// The rule it was converted from, when it was.
        @Boxed package var source: SourceReference?

        package init() {}
    }

    package struct TLSMatch: Hashable, Sendable {
        package var sniHosts: [String] = []
        package var destinationSubnets: [String] = []
        /// 0: any.
        package var port = 0
        package var sourceLabels: [String: String] = [:]
        package var gateways: [String] = []
        package var sourceNamespace = ""
        package var location: SourceLocation?

        package init() {}
    }

    package struct L4Match: Hashable, Sendable {
        package var destinationSubnets: [String] = []
        /// 0: any.
        package var port = 0
        package var sourceSubnet = ""
        package var sourceLabels: [String: String] = [:]
        package var gateways: [String] = []
        package var sourceNamespace = ""
        package var location: SourceLocation?

        package init() {}
    }

    /// A destination of a tcp or tls block.
    package struct RouteDestination: Hashable, Sendable {
        package var destination = Destination()
        package var weight = 0
        package var location: SourceLocation?

        package init() {}
    }

    package struct Destination: Hashable, Sendable {
        package var host = ""
        package var subset = ""
        /// `nil`: the port is to be found out.
        package var port: Int?
        package var location: SourceLocation?
        package var hostLocation: SourceLocation?
        package var subsetLocation: SourceLocation?
        package var portLocation: SourceLocation?

        package init(host: String = "", subset: String = "", port: Int? = nil) {
            self.host = host
            self.subset = subset
            self.port = port
        }
    }
}
