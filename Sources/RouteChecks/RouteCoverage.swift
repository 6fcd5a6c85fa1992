package import EnvoyModel
import TrafficEngine

/// Which routes tests reach, and which of their properties.
///
/// Two figures: the plain one counts routes that a passing or failing test's request took. The comprehensive one is
/// router_check_tool's `--covall`: of a route that forwards, how many of cluster, virtual cluster, virtual host, path rewrite and host
/// rewrite a passing test asserts; of one that answers itself, whether its redirect's path is asserted.
package struct RouteCoverage: Sendable {
    package struct Row: Sendable {
        package var routeConfiguration: String
        package var virtualHost: String
        package var position: Int
        package var route: Route
        package fileprivate(set) var hits = 0
        fileprivate(set) var asserted: Set<Property> = []

        /// What a complete set of tests asserts of the route.
        package var properties: [Property] {
            switch route.action {
            case .route: [.cluster, .virtualCluster, .virtualHost, .pathRewrite, .hostRewrite]
            case .redirect, .directResponse, .nonForwarding, .none: [.redirectPath]
            }
        }

        package var missing: [Property] { properties.filter { !asserted.contains($0) } }
    }

    package enum Property: String, Hashable, Sendable {
        case cluster, virtualCluster = "virtual cluster", virtualHost = "virtual host", pathRewrite = "path rewrite"
        case hostRewrite = "host rewrite", redirectPath = "redirect path"
    }

    private struct Key: Hashable {
        let proxy, routeConfiguration, virtualHost: String
        let position: Int
    }

    package private(set) var rows: [Row] = []
    private var places: [Key: Int] = [:]

    package init() {}

    /// Adds the routes of a proxy, once; those of its bootstrap's own listeners (health checks, statistics) are nobody's to test.
    package mutating func add(_ snapshot: XDSSnapshot, proxy: String) {
        for configuration in snapshot.routes + snapshot.inlineRoutes {
            for host in configuration.virtualHosts {
                for (position, route) in host.routes.enumerated() {
                    let key = Key(
                        proxy: proxy, routeConfiguration: configuration.name, virtualHost: host.name, position: position
                    )
                    guard places[key] == nil else { continue }
                    places[key] = rows.count
                    rows.append(
                        Row(
                            routeConfiguration: configuration.name, virtualHost: host.name, position: position,
                            route: route))
                }
            }
        }
    }

    /// Counts the route that a test's request took at its first proxy.
    package mutating func count(_ result: RouteCheckResult) {
        guard let hop = result.trace?.hops.first, let host = hop.virtualHost,
            let position = hop.steps.last(where: { $0.stage == .route && $0.matched })?.position,
            let place = places[
                Key(
                    proxy: hop.proxy, routeConfiguration: hop.routeConfiguration?.name ?? "", virtualHost: host.name,
                    position: position)]
        else { return }
        rows[place].hits += 1
        guard result.hasPassed else { return }
        for expectation in result.check.expectations {
            if let property = expectation.subject.property { rows[place].asserted.insert(property) }
        }
    }

    package var hitCount: Int { rows.filter { $0.hits > 0 }.count }

    /// Of all routes, how many were taken: 0 to 1.
    package var share: Double { rows.isEmpty ? 1 : Double(hitCount) / Double(rows.count) }

    /// router_check_tool's `--covall`: 0 to 1.
    package var comprehensiveShare: Double {
        guard !rows.isEmpty else { return 1 }
        let sum = rows.reduce(0) { sum, row in
            sum + Double(row.properties.count - row.missing.count) / Double(row.properties.count)
        }
        return sum / Double(rows.count)
    }
}

extension Expectation.Subject {
    /// What router_check_tool counts of an expectation.
    fileprivate var property: RouteCoverage.Property? {
        switch self {
        case .cluster: .cluster
        case .virtualHost: .virtualHost
        case .path: .pathRewrite
        case .authority: .hostRewrite
        case .redirect: .redirectPath
        default: nil
        }
    }
}

extension XDSSnapshot {
    /// The route configurations that connection managers carry themselves.
    fileprivate var inlineRoutes: [RouteConfiguration] {
        listeners.dropLast(staticListenerCount).flatMap { $0.filterChains + [$0.defaultFilterChain].compactMap { $0 } }
            .flatMap(\.filters)
            .compactMap { filter in
                guard case .httpConnectionManager(let manager) = filter.config,
                    case .inline(let routes) = manager.routeSource
                else { return nil }
                return routes
            }
    }
}
