import Documents
import EnvoyModel
import MeshModel

/// One proxy whose configuration is computed: what it is, what it can see, and what is known from another state of the mesh.
final class ProxyContext: Sendable {
    let index: TranslationIndex
    let proxy: ProxyNode
    let scope: ProxyScope
    /// The network that the proxy is on; empty where there is only one.
    let network: String
    /// Services that select the proxy, oldest first.
    let targets: [ServiceTarget]

    /// What was computed for the proxy in another state of the mesh; `nil` where nothing of it counts.
    let previous: ConfigurationParts?
    /// The hosts of which the proxy may see another service or rule than before; `nil` when it may be any.
    let changedHosts: Set<String>?

    init(index: TranslationIndex, proxy: ProxyNode, previous: ConfigurationParts? = nil) {
        self.index = index
        self.proxy = proxy
        let known = previous.flatMap { $0.proxy == proxy && $0.index.hasSameSettings(as: index) ? $0 : nil }
        self.previous = known
        changedHosts = known.flatMap { index.changedHosts(since: $0.index) }
        scope = ProxyScope(index: index, proxy: proxy, previous: known, changedHosts: changedHosts)
        network =
            proxy.text("NETWORK")
            ?? index.networks.network(
                labels: proxy.labels, cluster: proxy.cluster, address: proxy.ipAddresses.first ?? "")
        targets = ServiceTarget.targets(of: proxy, index: index)
    }

    var meshConfig: MeshConfig { index.meshConfig }
    var features: Features { index.features }
    var proxyConfig: ProxyConfig { proxy.proxyConfig ?? meshConfig.defaultConfig }

    /// Where traffic to unknown destinations goes.
    var outboundPolicy: OutboundTrafficPolicy {
        scope.sidecar?.outboundTrafficPolicy ?? meshConfig.outboundTrafficPolicy
    }

    /// `0.0.0.0`, or `::` for a proxy with IPv6 alone.
    var wildcardAddress: String { proxy.isIPv6Only ? "::" : "0.0.0.0" }
}

/// A proxy's configuration while it is put together.
struct ConfigurationDraft {
    var snapshot = XDSSnapshot()
    var diagnostics: [Diagnostic] = []
    /// What the virtual hosts of a gateway's route configurations are made of, by their names.
    var gatewayHosts: [String: GatewayVirtualHosts] = [:]
    /// A server forwards by SNI what comes from other networks, which needs clusters of its own.
    var hasAutoPassthrough = false
    /// Hosts of the services that need clusters; `nil`: all that the proxy can see.
    var usedHosts: Set<String>?
}
