import Documents
import EnvoyModel
import MeshModel

/// What the configuration of a proxy was put together from: its next state takes over what depends on nothing that has
/// changed since.
final class ConfigurationParts: Sendable {
    let index: TranslationIndex
    let proxy: ProxyNode
    let scope: ProxyScope.Parts
    let outbound: OutboundParts
    let gatewayHosts: [String: GatewayVirtualHosts]
    /// With the bootstrap's behind them.
    let clusters: [Cluster]
    let assignments: [ClusterLoadAssignment]

    init(
        _ context: ProxyContext, gatewayHosts: [String: GatewayVirtualHosts], outbound: OutboundParts,
        complete: XDSSnapshot
    ) {
        index = context.index
        proxy = context.proxy
        scope = context.scope.parts
        self.outbound = outbound
        self.gatewayHosts = gatewayHosts
        clusters = complete.clusters
        assignments = complete.endpoints
    }
}
