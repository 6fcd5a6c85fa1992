import Documents
import EnvoyModel
import MeshModel

/// What the routes of a VirtualService depend on besides the VirtualService itself.
final class RouteContext {
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
    private let index: TranslationIndex
    /// The service of a destination's host, for default ports and aliases.
    let service: (String) -> Service?
    /// The DestinationRule that counts for a host, for hash policies.
    let destinationRule: (String) -> EffectiveDestinationRule?

    /// For the routes of a proxy at `listenPort`; `service` finds the service of a destination's host.
    init(
        _ context: ProxyContext, listenPort: Int, gateway: String, isTLS: Bool = false, offersHTTP3: Bool = false,
        service: @escaping (String) -> Service?
    ) {
        let scope = context.scope
        proxyLabels = context.proxy.labels
        proxyNamespace = context.proxy.metadataNamespace
        self.listenPort = listenPort
        gatewayNames = [gateway]
        self.isTLS = isTLS
        self.offersHTTP3 = offersHTTP3
        index = context.index
        self.service = service
        destinationRule = { scope.destinationRule(for: $0) }
    }

    private init(
        _ other: RouteContext, service: @escaping (String) -> Service?,
        destinationRule: @escaping (String) -> EffectiveDestinationRule?
    ) {
        proxyLabels = other.proxyLabels
        proxyNamespace = other.proxyNamespace
        listenPort = other.listenPort
        gatewayNames = other.gatewayNames
        isTLS = other.isTLS
        offersHTTP3 = other.offersHTTP3
        index = other.index
        self.service = service
        self.destinationRule = destinationRule
    }

    /// The same with other look-ups.
    func looking(
        up service: @escaping (String) -> Service?, _ destinationRule: @escaping (String) -> EffectiveDestinationRule?
    ) -> RouteContext {
        RouteContext(self, service: service, destinationRule: destinationRule)
    }
}

extension RouteContext {
    var meshConfig: MeshConfig { index.meshConfig }
    var features: Features { index.features }

    /// A host and port of a service that a destination means.
    struct Target {
        let host: String
        let port: Int
        let subset: String

        var cluster: String { ClusterName.outbound(port: port, subset: subset, host: host) }
    }

    static let unknownCluster = "UnknownService"

    /// The name of the cluster that a destination means.
    func cluster(for destination: VirtualService.Destination) -> String {
        target(of: destination)?.cluster ?? Self.unknownCluster
    }

    /// What a destination means; `nil` where it names no host (istiod: `GetDestinationCluster`).
    func target(of destination: VirtualService.Destination) -> Target? {
        guard !destination.host.isEmpty else { return nil }
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
        return Target(host: host, port: port, subset: destination.subset)
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
