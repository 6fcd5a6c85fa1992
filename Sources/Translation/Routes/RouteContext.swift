import Documents
import EnvoyModel
import MeshModel

/// What the routes of a VirtualService depend on besides the VirtualService itself.
struct RouteContext {
    let proxyLabels: [String: String]
    /// The namespace that `sourceNamespace` is compared with.
    let proxyNamespace: String
    /// The declared port of the gateway's server, or the sidecar listener's port.
    let listenPort: Int
    /// `mesh` for sidecars, `namespace/name` for gateways.
    let gatewayNames: Set<String>
    let isTLS: Bool
    /// The listener also offers HTTP/3.
    let offersHTTP3: Bool
    let meshConfig: MeshConfig
    let features: Features
    /// The service of a destination's host, for default ports and aliases.
    let service: (String) -> Service?
    /// The DestinationRule that counts for a host, for hash policies.
    let destinationRule: (String) -> EffectiveDestinationRule?
}

extension RouteContext {
    /// The same with other look-ups.
    func looking(
        up service: @escaping (String) -> Service?, _ destinationRule: @escaping (String) -> EffectiveDestinationRule?
    ) -> RouteContext {
        RouteContext(
            proxyLabels: proxyLabels, proxyNamespace: proxyNamespace, listenPort: listenPort,
            gatewayNames: gatewayNames, isTLS: isTLS, offersHTTP3: offersHTTP3, meshConfig: meshConfig,
            features: features, service: service, destinationRule: destinationRule)
    }

    /// The name of the cluster that a destination means (istiod: `GetDestinationCluster`).
    func cluster(for destination: VirtualService.Destination) -> String {
        guard !destination.host.isEmpty else { return "UnknownService" }
        let service = service(destination.host)
        let host = service.flatMap { $0.isAlias ? $0.externalName : nil } ?? destination.host
        let port: Int
        if let given = destination.port {
            port = given
        } else if let service, service.ports.count == 1, let only = service.ports.first {
            port = only.number
        } else {
            port = listenPort
        }
        return ClusterName.outbound(port: port, subset: destination.subset, host: host)
    }
}

/// istiod's names of clusters.
enum ClusterName {
    static let blackHole = "BlackHoleCluster"
    static let passthrough = "PassthroughCluster"
    static let inboundPassthrough = "InboundPassthroughCluster"
    static let dynamicDNS = "AllowAnyDynamicDNSCluster"

    static func outbound(port: Int, subset: String = "", host: String) -> String {
        "outbound|\(port)|\(subset)|\(host)"
    }

    static func inbound(port: Int) -> String { "inbound|\(port)||" }

    /// What an SNI names across networks, and the cluster behind it.
    static func sniDNAT(port: Int, subset: String = "", host: String) -> String {
        "outbound_.\(port)_.\(subset)_.\(host)"
    }
}
