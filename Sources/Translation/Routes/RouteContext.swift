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
    let gateway: String
    let isTLS: Bool
    /// The listener also offers HTTP/3.
    let offersHTTP3: Bool
    private let index: TranslationIndex
    private let scope: ProxyScope
    private let findService: (String) -> Service?
    /// All destinations that were looked up, and what was found; one that was looked up again may be there twice.
    private(set) var destinations: [Destination] = []

    /// What is known of a destination's host.
    struct Destination: Sendable {
        let host: String
        /// For default ports and aliases.
        let service: Service?
        /// For hash policies.
        let rule: EffectiveDestinationRule?
    }

    /// For the routes of a proxy at `listenPort`; `service` finds the service of a destination's host.
    init(
        _ context: ProxyContext, listenPort: Int, gateway: String, isTLS: Bool = false, offersHTTP3: Bool = false,
        service: @escaping (String) -> Service?
    ) {
        scope = context.scope
        proxyLabels = context.proxy.labels
        proxyNamespace = context.proxy.metadataNamespace
        self.listenPort = listenPort
        self.gateway = gateway
        self.isTLS = isTLS
        self.offersHTTP3 = offersHTTP3
        index = context.index
        findService = service
    }

    func destination(_ host: String) -> Destination {
        // Mostly the rules of a VirtualService lead to the same service one after the other.
        if let last = destinations.last, last.host == host { return last }
        let found = Destination(host: host, service: findService(host), rule: scope.destinationRule(for: host))
        destinations.append(found)
        return found
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
        let service = self.destination(destination.host).service
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
        joined("outbound|", port, "|", subset, "|", host)
    }

    static func inbound(port: Int) -> String { "inbound|\(port)||" }

    /// What an SNI names across networks, and the cluster behind it.
    static func sniDNAT(port: Int, subset: String = "", host: String) -> String {
        joined("outbound_.", port, "_.", subset, "_.", host)
    }

    /// In one piece: every cluster and route has such a name, which does not fit into the small form of a string.
    private static func joined(
        _ start: String, _ port: Int, _ before: String, _ subset: String, _ behind: String, _ host: String
    ) -> String {
        var name = ""
        name.reserveCapacity(24 + subset.utf8.count + host.utf8.count)
        name += start
        name += String(port)
        name += before
        name += subset
        name += behind
        name += host
        return name
    }
}
