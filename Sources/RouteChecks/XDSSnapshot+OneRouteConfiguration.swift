package import EnvoyModel

extension XDSSnapshot {
    /// A proxy that serves one route configuration, as router_check_tool sees it: in plaintext on port 80, with TLS on port 443. Every
    /// cluster that a route names is there, with one endpoint, so that requests get as far as their route lets them.
    package init(serving routes: RouteConfiguration) {
        self.init(clusters: routes.clusterNames.sorted().map { Cluster(placeholder: $0) })
        let manager = NetworkFilter(
            name: "envoy.filters.network.http_connection_manager",
            config: .httpConnectionManager(
                HTTPConnectionManager(statPrefix: "routes", routeSource: .inline(routes))))
        for (port, isTLS) in [(UInt16(80), false), (443, true)] {
            var chain = FilterChain(filters: [manager])
            if isTLS { chain.transportSocket = .tls(DownstreamTLSContext()) }
            var listener = Listener(name: "0.0.0.0_\(port)", address: .socket(SocketAddress("0.0.0.0", port)))
            listener.filterChains = [chain]
            listeners.append(listener)
        }
    }
}

extension RouteConfiguration {
    fileprivate var clusterNames: Set<String> {
        var names: Set<String> = []
        for route in virtualHosts.flatMap(\.routes) {
            guard case .route(let action) = route.action else { continue }
            switch action.cluster {
            case .cluster(let name): names.insert(name)
            case .weighted(let weighted): names.formUnion(weighted.clusters.map(\.name))
            case .header, .other: break
            }
            names.formUnion(action.requestMirrorPolicies.map(\.cluster))
        }
        names.remove("")
        return names
    }
}

extension Cluster {
    fileprivate init(placeholder name: String) {
        self.init(name: name, type: .static)
        let endpoint = LbEndpoint(address: .socket(SocketAddress("192.0.2.1", 80)))
        loadAssignment = ClusterLoadAssignment(
            clusterName: name, localities: [LocalityLbEndpoints(locality: nil, endpoints: [endpoint])])
    }
}
