import Documents
import EnvoyModel
import MeshModel

/// What Istio's bootstrap gives every proxy besides what istiod sends: the listeners of statistics and health, and the clusters
/// of the agent beside it.
struct BootstrapResources {
    let proxy: ProxyNode

    init(_ proxy: ProxyNode) { self.proxy = proxy }

    var snapshot: XDSSnapshot {
        var result = XDSSnapshot(node: NodeInfo(proxy))
        let prometheus = proxy.number("ENVOY_PROMETHEUS_PORT")
        let status = proxy.number("ENVOY_STATUS_PORT")
        guard prometheus != nil || status != nil else { return result }
        if let status {
            result.listeners.append(
                listener(port: status, statPrefix: "agent", path: "/healthz/ready", cluster: "agent"))
            result.clusters.append(cluster("agent", .socket(SocketAddress("127.0.0.1", 15020))))
        }
        if let prometheus {
            result.listeners.append(
                listener(port: prometheus, statPrefix: "stats", path: "/stats/prometheus", cluster: "prometheus_stats"))
            result.clusters.append(cluster("prometheus_stats", .socket(SocketAddress("127.0.0.1", 15000))))
        }
        for (name, path) in [
            ("sds-grpc", "./var/run/secrets/workload-spiffe-uds/socket"), ("xds-grpc", "./etc/istio/proxy/XDS"),
        ] {
            var cluster = cluster(name, .pipe(path))
            cluster.upstreamProtocol = .http2
            cluster.connectTimeout = .seconds(1)
            result.clusters.append(cluster)
        }
        return result
    }

    private func listener(port: Int, statPrefix: String, path: String, cluster: String) -> Listener {
        var action = RouteAction(.cluster(cluster))
        action.timeout = nil
        let route = Route(name: "", match: RouteMatch(.prefix(path)), action: .route(action))
        var routes = RouteConfiguration(name: "")
        routes.virtualHosts = [VirtualHost(name: "backend", domains: ["*"], routes: [route])]
        var manager = HTTPConnectionManager(statPrefix: statPrefix, routeSource: .inline(routes))
        manager.httpFilters = [HTTPFilter(name: "envoy.filters.http.router", config: .router(RouterFilter()))]
        let address = proxy.isIPv6Only ? "::" : "0.0.0.0"
        // Istio gives these no name and Envoy makes one up; what is served and traced has to be told apart by name.
        var listener = Listener(
            name: "\(address)_\(port)", address: .socket(SocketAddress(address, UInt16(clamping: port))))
        listener.filterChains = [FilterChain(filters: [.http(manager)])]
        return listener
    }

    private func cluster(_ name: String, _ address: Address) -> Cluster {
        var cluster = Cluster(name: name, type: .static)
        cluster.connectTimeout = .milliseconds(250)
        cluster.loadAssignment = ClusterLoadAssignment(
            clusterName: name,
            localities: [LocalityLbEndpoints(locality: nil, endpoints: [LbEndpoint(address: address)])])
        return cluster
    }
}
