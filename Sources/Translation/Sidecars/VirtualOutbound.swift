import Documents
import EnvoyModel
import MeshModel

/// The listener that all captured outbound connections come to (istiod: `buildVirtualOutboundListener`).
struct VirtualOutbound {
    let context: ProxyContext

    init(_ context: ProxyContext) { self.context = context }

    var listener: Listener {
        let port = context.meshConfig.proxyListenPort
        var listener = Listener(
            name: "virtualOutbound",
            address: .socket(SocketAddress(context.wildcardAddress, UInt16(clamping: port))))
        listener.useOriginalDst = true
        listener.trafficDirection = .outbound
        listener.transparent = context.proxy.interception == .tproxy
        listener.filterChains = [Self.blackHole("virtualOutbound-blackhole", port: port, context)]
        if context.outboundPolicy.mode == .allowAnyDynamicDNS {
            listener.filterChains.append(httpChain)
            listener.listenerFilters = [ListenerFilter(kind: .httpInspector, config: IstioExtensions.httpInspector)]
            listener.listenerFiltersTimeout = context.meshConfig.protocolDetectionTimeout ?? .zero
            listener.continueOnListenerFiltersTimeout = true
        }
        var rest = passthroughChain
        rest.name = "virtualOutbound-catchall-tcp"
        listener.filterChains.append(rest)
        listener.maxConnectionsToAcceptPerSocketEvent = 1
        listener.accessLog = IstioExtensions.accessLog(context.meshConfig)
        return listener
    }

    /// What comes for Envoy's own port would go round in circles.
    static func blackHole(_ name: String, port: Int, _ context: ProxyContext) -> FilterChain {
        var match = FilterChainMatch()
        match.destinationPort = UInt16(clamping: port)
        return FilterChain(
            name: name, match: match,
            filters: [
                .tcp(TCPProxy(cluster: ClusterName.blackHole, meshConfig: context.meshConfig, sources: []))
            ])
    }

    /// Where connections of listeners go that no chain is for.
    var passthroughChain: FilterChain {
        let cluster =
            switch context.outboundPolicy.mode {
            case .registryOnly: ClusterName.blackHole
            case .allowAny: context.passthroughCluster
            case .allowAnyDynamicDNS: ClusterName.passthrough
            }
        return FilterChain(
            name: "PassthroughFilterChain",
            filters: [.tcp(TCPProxy(cluster: cluster, meshConfig: context.meshConfig, sources: []))])
    }

    private var httpChain: FilterChain {
        var match = FilterChainMatch()
        match.applicationProtocols = ["http/1.1", "h2c"]
        var action = RouteAction(.cluster(ClusterName.dynamicDNS))
        action.timeout = .zero
        let route = Route(
            name: "allow_any_dynamic_dns", match: RouteMatch(.prefix("/")), action: .route(action))
        var routes = RouteConfiguration(name: "allow_any_dynamic_dns")
        routes.validateClusters = false
        routes.virtualHosts = [VirtualHost(name: "allow_any_dynamic_dns", domains: ["*"], routes: [route])]
        let manager = HTTPConnectionManager(
            statPrefix: "virtualOutbound-catchall-tcp-http", routeSource: .inline(routes), port: .http,
            isInbound: false, meshConfig: context.meshConfig)
        return FilterChain(name: "virtualOutbound-catchall-tcp-http", match: match, filters: [.http(manager)])
    }
}
