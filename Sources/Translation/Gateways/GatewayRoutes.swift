import Documents
import EnvoyModel
import MeshModel

/// The route configurations of a gateway proxy (istiod: `buildGatewayHTTPRouteConfig`).
struct GatewayRoutes {
    let context: ProxyContext
    let merged: MergedGateway

    func routeConfiguration(named name: String) -> RouteConfiguration? {
        var result = RouteConfiguration(name: name)
        result.validateClusters = false
        result.ignorePortInHostMatching = true
        result.maxDirectResponseBodySizeBytes = 1_048_576
        guard let servers = merged.serversByRouteName[name], !name.isEmpty else { return result }
        result.sources = servers.map { $0.source() }
        let hosts = GatewayVirtualHosts(servers, context: context, previous: context.previous?.gatewayHosts[name])
        context.gatewayHosts[name] = hosts
        result.virtualHosts = hosts.virtualHosts
        if result.virtualHosts.isEmpty {
            var none = VirtualHost(name: "blackhole:\(servers.first?.declaredPort ?? 0)", domains: ["*"])
            none.sources = result.sources
            result.virtualHosts = [none]
        }
        return result
    }
}
