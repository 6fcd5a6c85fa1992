package import EnvoyModel
package import TrafficEngine

extension XDSSnapshot {
    /// The part of a configuration that one request can get to see: virtual hosts of other names cannot match, and clusters that no
    /// route or chain names cannot be chosen. The decision is the same, and what is left is compiled in no time.
    package func seen(by request: SyntheticRequest) -> XDSSnapshot {
        let full = (request.authority ?? "").lowercased()
        let hosts = [full, full.withoutPort]
        var result = self
        var names: Set<String> = []
        var needsAll = false
        for index in result.routes.indices {
            result.routes[index].virtualHosts = routes[index].virtualHosts.filter { host in
                host.domains.contains { domain in hosts.contains { Self.takes(domain.lowercased(), $0) } }
            }
            Self.collect(result.routes[index], &names, &needsAll)
        }
        for listener in listeners {
            for chain in listener.filterChains + (listener.defaultFilterChain.map { [$0] } ?? []) {
                Self.collect(chain, &names, &needsAll)
            }
        }
        guard !needsAll else { return result }
        result.clusters = clusters.filter { names.contains($0.name) }
        let endpointNames = Set(result.clusters.map(\.endpointsName)).union(names)
        result.endpoints = endpoints.filter { endpointNames.contains($0.clusterName) }
        // Static ones come last; what is left of them still does.
        result.staticClusterCount = clusters.suffix(staticClusterCount).count { names.contains($0.name) }
        return result
    }

    private static func takes(_ domain: String, _ host: String) -> Bool {
        if domain == host || domain == "*" { return true }
        if domain.hasPrefix("*") { return host.hasSuffix(domain.dropFirst()) }
        return domain.hasSuffix("*") && host.hasPrefix(domain.dropLast())
    }

    private static func collect(_ table: RouteConfiguration, _ names: inout Set<String>, _ needsAll: inout Bool) {
        for mirror in table.requestMirrorPolicies { names.insert(mirror.cluster) }
        for host in table.virtualHosts {
            for mirror in host.requestMirrorPolicies { names.insert(mirror.cluster) }
            for route in host.routes {
                guard case .route(let action) = route.action else { continue }
                for mirror in action.requestMirrorPolicies { names.insert(mirror.cluster) }
                switch action.cluster {
                case .cluster(let name): names.insert(name)
                case .weighted(let weighted): names.formUnion(weighted.clusters.map(\.name))
                // A header may name any cluster.
                case .header, .other: needsAll = true
                }
            }
        }
    }

    private static func collect(_ chain: FilterChain, _ names: inout Set<String>, _ needsAll: inout Bool) {
        for filter in chain.filters {
            switch filter.config {
            case .tcpProxy(let proxy):
                names.insert(proxy.cluster)
                names.formUnion(proxy.weightedClusters.map(\.name))
            case .httpConnectionManager(let manager):
                if case .inline(let table) = manager.routeSource { collect(table, &names, &needsAll) }
            case .other: continue
            }
        }
    }
}
