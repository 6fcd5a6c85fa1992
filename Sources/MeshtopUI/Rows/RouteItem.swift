package import Documents
package import EnvoyModel
import Presentation

/// A route, as the routes screen shows it.
package struct RouteItem: Hashable, Sendable, Identifiable {
    package var configuration: String
    package var virtualHost: String
    package var domains: [String]
    /// Its place in the virtual host, from 0; routes are tried in this order.
    package var position: Int
    /// How many routes the virtual host has.
    package var siblings: Int
    @Shared package var route: Route
    package var isInline: Bool
    /// Where this row stands among all, in evaluation order.
    package var order: Int
    /// Requests that took it since the start, as far as can be told.
    package var hits: Int? = 0
    /// No request can take it: rows above take them all.
    package var isHidden = false

    package var id: String { "\(configuration)|\(virtualHost)|\(position)" }

    package var domainsText: String { RouteRow.domainsText(domains) }

    /// The path, and how many other conditions there are.
    package var matchText: String {
        let path = route.match.text.isEmpty ? "/*" : route.match.text
        var extra: [String] = []
        let headers = route.match.headers.count
        let query = route.match.queryParameters.count
        if headers > 0 { extra.append(Words.count(headers, "header")) }
        if query > 0 { extra.append("\(query) query") }
        if route.match.runtimeFraction != nil { extra.append("fraction") }
        return ([path] + extra).joined(separator: " & ")
    }

    package var virtualService: String { route.metadata.istioConfigText }
    package var source: SourceReference? { route.sources.first }

    /// The clusters that it can go to, with their shares (0...1).
    package var targets: [(cluster: String, share: Double)] {
        guard case .route(let action) = route.action else { return [] }
        switch action.cluster {
        case .cluster(let name): return [(name, 1)]
        case .weighted(let weighted):
            let total = weighted.clusters.reduce(0.0) { $0 + Double($1.weight) }
            return weighted.clusters.map { ($0.name, total > 0 ? Double($0.weight) / total : 0) }
        case .header(let name): return [("header " + name, 1)]
        case .other: return []
        }
    }

    /// Where it leads, short: `httpbin.default:8000`, `reviews:9080/v1 80%`, `301 https`, `404`.
    package var destinationText: String {
        switch route.action {
        case .route:
            let targets = targets
            if targets.count == 1, let only = targets.first { return ClusterName(only.cluster).short }
            return targets.map { ClusterName($0.cluster).short + " " + Words.fixed($0.share * 100, 0) + "%" }
                .joined(separator: ", ")
        case .redirect(let redirect): return redirect.words
        case .directResponse(let response): return "answers \(response.status)"
        case .nonForwarding, .none: return "-"
        }
    }

    /// The routes of a virtual host; one row that says so where it has none.
    static func items(of host: VirtualHost, configuration: String, isInline: Bool, order: Int) -> [RouteItem] {
        if host.routes.isEmpty {
            var route = Route(name: "", match: RouteMatch(.prefix("/")), action: .none)
            route.sources = host.sources
            return [
                RouteItem(
                    configuration: configuration, virtualHost: host.name, domains: host.domains, position: 0,
                    siblings: 0, route: route, isInline: isInline, order: order)
            ]
        }
        return host.routes.enumerated().map { position, route in
            RouteItem(
                configuration: configuration, virtualHost: host.name, domains: host.domains, position: position,
                siblings: host.routes.count, route: route, isInline: isInline, order: order + position)
        }
    }

    /// All routes in the order in which they are tried: those by RDS, then those of listeners themselves.
    package static func items(of snapshot: XDSSnapshot) -> [RouteItem] {
        var items: [RouteItem] = []
        func take(_ configuration: RouteConfiguration, _ name: String, inline: Bool) {
            for host in configuration.virtualHosts {
                items += Self.items(of: host, configuration: name, isInline: inline, order: items.count)
            }
        }
        for index in RouteRow.order(of: snapshot.routes) where snapshot.routes.indices.contains(index) {
            take(snapshot.routes[index], snapshot.routes[index].name, inline: false)
        }
        // A proxy that gets its routes by RDS has only routes for itself in its listeners.
        let hasOwn = !snapshot.routes.isEmpty
        var seen: Set<String> = []
        for listener in snapshot.listeners {
            for manager in listener.managers {
                guard case .inline(let routes) = manager.routeSource,
                    let name = manager.routesName(listener: listener.name), seen.insert(name).inserted
                else { continue }
                take(routes, name, inline: hasOwn || listener.isProbe)
            }
        }
        return items
    }

    package static func == (left: RouteItem, right: RouteItem) -> Bool {
        left.id == right.id && left.order == right.order && left.route == right.route
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension RedirectAction {
    /// `301 to https`, `302 to example.com/new`.
    var words: String {
        var target = ""
        switch schemeRewrite {
        case .none: break
        case .https: target += "https"
        case .scheme(let scheme): target += scheme
        }
        if !hostRedirect.isEmpty { target += (target.isEmpty ? "" : "://") + hostRedirect }
        if let portRedirect { target += ":\(portRedirect)" }
        switch pathRewrite {
        case .path(let path): target += path
        case .prefix(let prefix): target += prefix + "*"
        case .regex, .none: break
        }
        return "\(responseCode) to " + (target.isEmpty ? "itself" : target)
    }
}

/// A cluster's name in its parts.
package struct ClusterName: Hashable, Sendable {
    package let full: String
    package let host: String
    package let port: Int
    package let subset: String
    package let direction: String

    package init(_ name: String) {
        full = name
        let key = SubsetKey(name)
        host = key?.hostname ?? ""
        port = key?.port ?? 0
        subset = key?.subset ?? ""
        direction = key?.direction ?? ""
    }

    /// `httpbin.default:8000`, with `/v1` for a subset; the name itself when it is not of Istio's form.
    package var short: String {
        guard !host.isEmpty else { return full }
        return Words.shortHost(host) + ":\(port)" + (subset.isEmpty ? "" : "/" + subset)
    }
}
