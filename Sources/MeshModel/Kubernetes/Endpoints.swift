package import Documents

/// What an endpoint address stands for.
package struct TargetReference: Hashable, Sendable {
    package var kind = ""
    package var name = ""
    package var namespace = ""

    package init() {}
}

/// A Kubernetes EndpointSlice; also what a v1 Endpoints becomes.
package struct EndpointSlice: MeshObject, Hashable {
    package static let kindName = "EndpointSlice"
    package static var list: WritableKeyPath<MeshSnapshot, [EndpointSlice]> { \.endpointSlices }

    package enum AddressType: String, Hashable, Sendable, CaseIterable {
        case ipv4 = "IPv4"
        case ipv6 = "IPv6"
        case fqdn = "FQDN"
    }

    package struct Endpoint: Hashable, Sendable {
        package var addresses: [String] = []
        package var isReady: Bool?
        package var isServing: Bool?
        package var isTerminating: Bool?
        package var hostname: String?
        package var nodeName: String?
        package var zone: String?
        package var targetRef: TargetReference?
        package var location: SourceLocation?

        package init() {}
    }

    package struct Port: Hashable, Sendable {
        package var name = ""
        package var `protocol` = "TCP"
        package var appProtocol: String?
        /// `nil`: all ports.
        package var port: Int?

        package init() {}
    }

    package var meta: ObjectMeta
    package var addressType: AddressType = .ipv4
    package var endpoints: [Endpoint] = []
    package var ports: [Port] = []
    /// Derived by meshtop from Pods because no manifest has endpoints for the Service.
    package var isStandIn = false

    package init(meta: ObjectMeta) { self.meta = meta }

    /// Label `kubernetes.io/service-name`.
    package var serviceName: String? { meta.labels["kubernetes.io/service-name"] }
}

/// A v1 Endpoints object; Kubernetes mirrors it into EndpointSlices.
package struct Endpoints: MeshObject, Hashable {
    package static let kindName = "Endpoints"
    package static var list: WritableKeyPath<MeshSnapshot, [Endpoints]> { \.endpoints }

    package struct Subset: Hashable, Sendable {
        package var addresses: [EndpointSlice.Endpoint] = []
        package var notReadyAddresses: [EndpointSlice.Endpoint] = []
        package var ports: [EndpointSlice.Port] = []

        package init() {}
    }

    package var meta: ObjectMeta
    package var subsets: [Subset] = []

    package init(meta: ObjectMeta) { self.meta = meta }
}
