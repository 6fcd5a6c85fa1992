import Documents
import EnvoyModel
import MeshModel

/// The route configurations of a gateway proxy (istiod: `buildGatewayHTTPRouteConfig`).
struct GatewayRoutes {
    let context: ProxyContext
    let merged: MergedGateway

    /// What the virtual hosts of a route configuration are made of; `nil` where no server has one of that name.
    func virtualHosts(of name: String) -> GatewayVirtualHosts? {
        guard let servers = merged.serversByRouteName[name], !name.isEmpty else { return nil }
        return GatewayVirtualHosts(servers, context: context, previous: context.previous?.gatewayHosts[name])
    }

    func routeConfiguration(named name: String, _ hosts: GatewayVirtualHosts?) -> RouteConfiguration {
        var result = RouteConfiguration(name: name)
        result.validateClusters = false
        result.ignorePortInHostMatching = true
        result.maxDirectResponseBodySizeBytes = 1_048_576
        guard let hosts else { return result }
        result.sources = hosts.servers.map { $0.source() }
        result.virtualHosts = hosts.virtualHosts
        if result.virtualHosts.isEmpty {
            var none = VirtualHost(name: "blackhole:\(hosts.servers.first?.declaredPort ?? 0)", domains: ["*"])
            none.sources = result.sources
            result.virtualHosts = [none]
        }
        return result
    }
}
