package import Documents

/// `networking.istio.io` Sidecar.
package struct Sidecar: MeshObject, Hashable {
    package static let kindName = "Sidecar"
    package static var list: WritableKeyPath<MeshSnapshot, [Sidecar]> { \.sidecars }

    package enum CaptureMode: String, Hashable, Sendable, CaseIterable {
        case `default` = "DEFAULT"
        case iptables = "IPTABLES"
        case none = "NONE"
    }

    package struct Port: Hashable, Sendable {
        package var number = 0
        package var `protocol` = ""
        package var name = ""

        package init() {}
    }

    package struct IngressListener: Hashable, Sendable {
        package var port: Port?
        package var bind = ""
        package var captureMode: CaptureMode = .default
        package var defaultEndpoint = ""
        package var tls: ServerTLSSettings?
        package var connectionPool: ConnectionPoolSettings?
        package var location: SourceLocation?

        package init() {}
    }

    package struct EgressListener: Hashable, Sendable {
        package var port: Port?
        package var bind = ""
        package var captureMode: CaptureMode = .default
        package var hosts: [String] = []
        package var hostLocations: [SourceLocation] = []
        package var location: SourceLocation?

        package init() {}
    }

    package var meta: ObjectMeta
    /// `workloadSelector.labels`; `nil` when there is none.
    package var workloadSelector: [String: String]?
    package var ingress: [IngressListener] = []
    package var egress: [EgressListener] = []
    package var inboundConnectionPool: ConnectionPoolSettings?
    package var outboundTrafficPolicy: OutboundTrafficPolicy?

    package init(meta: ObjectMeta) { self.meta = meta }
}

/// Where traffic to unknown destinations goes (Sidecar, MeshConfig).
package struct OutboundTrafficPolicy: Hashable, Sendable {
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        case registryOnly = "REGISTRY_ONLY"
        case allowAny = "ALLOW_ANY"
        case allowAnyDynamicDNS = "ALLOW_ANY_DYNAMIC_DNS"
    }

    package var mode: Mode
    package var egressProxy: VirtualService.Destination?

    package init(mode: Mode, egressProxy: VirtualService.Destination? = nil) {
        self.mode = mode
        self.egressProxy = egressProxy
    }
}
