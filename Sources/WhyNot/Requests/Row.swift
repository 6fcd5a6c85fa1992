package import EnvoyModel
package import TrafficEngine

/// One way through a proxy's tables: a listener, one of its filter chains, a virtual host, a route. A TCP chain has no more than
/// itself.
package struct Row: Sendable {
    package let listener: Listener
    package let chain: FilterChain
    package var virtualHost: VirtualHost?
    package var route: Route?
    /// The position of the route in its virtual host.
    package var position = 0

    /// Where it leads.
    package var clusters: [String] {
        if let route {
            guard case .route(let action) = route.action else { return [] }
            switch action.cluster {
            case .cluster(let name): return [name]
            case .weighted(let weighted): return weighted.clusters.filter { $0.weight > 0 }.map(\.name)
            case .header, .other: return []
            }
        }
        for filter in chain.filters {
            if case .tcpProxy(let proxy) = filter.config {
                return proxy.weightedClusters.isEmpty ? [proxy.cluster] : proxy.weightedClusters.map(\.name)
            }
        }
        return []
    }
}

/// All rows of a proxy.
package struct RowIndex {
    private let snapshot: CompiledSnapshot
    /// More rows than these are not looked at.
    private static let limit = 20_000

    package init(_ snapshot: CompiledSnapshot) { self.snapshot = snapshot }

    package var rows: [Row] {
        let tables = Dictionary(snapshot.snapshot.routes.map { ($0.name, $0) }) { first, _ in first }
        var rows: [Row] = []
        for listener in snapshot.snapshot.listeners {
            for chain in listener.filterChains + (listener.defaultFilterChain.map { [$0] } ?? []) {
                guard rows.count < Self.limit else { return rows }
                guard let configuration = table(of: chain, tables) else {
                    rows.append(Row(listener: listener, chain: chain))
                    continue
                }
                for host in configuration.virtualHosts {
                    for (position, route) in host.routes.enumerated() {
                        rows.append(
                            Row(
                                listener: listener, chain: chain, virtualHost: host, route: route, position: position))
                    }
                }
            }
        }
        return rows
    }

    private func table(of chain: FilterChain, _ tables: [String: RouteConfiguration]) -> RouteConfiguration? {
        for filter in chain.filters {
            guard case .httpConnectionManager(let manager) = filter.config else { continue }
            switch manager.routeSource {
            case .rds(let name): return tables[name] ?? RouteConfiguration(name: name)
            case .inline(let configuration): return configuration
            case .scoped, .none: return RouteConfiguration(name: "")
            }
        }
        return nil
    }
}
