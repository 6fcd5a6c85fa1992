import Documents
import EnvoyModel
import MeshModel

/// The virtual hosts of one route configuration of a gateway, and what they were made of.
///
/// VirtualServices visit servers; each visit adds its routes to the hosts that both have. Hosts with the very same routes are
/// one virtual host.
final class GatewayVirtualHosts: Sendable {
    /// By name.
    let virtualHosts: [VirtualHost]
    private let servers: [GatewayServer]
    private let visits: [Visit]
    private let groups: HostGroups

    /// A VirtualService at a server.
    final class Visit: Sendable {
        let server: Int
        let prepared: PreparedVirtualService
        /// The hosts that both have; with none, or without routes, it adds nothing.
        let hosts: [String]
        let list: RouteList?

        init(server: Int, prepared: PreparedVirtualService, hosts: [String], list: RouteList?) {
            self.server = server
            self.prepared = prepared
            self.hosts = hosts
            self.list = list
        }

        var routes: [Route] { list?.routes ?? [] }

        /// Whether it adds other routes at most, to the same hosts.
        func isLike(_ other: Visit) -> Bool {
            self === other
                || server == other.server && hosts == other.hosts && routes.isEmpty == other.routes.isEmpty
                    && prepared.name == other.prepared.name
        }

        func source(of host: String) -> SourceReference {
            let object = prepared.object
            let index = object.hosts.firstIndex { HostName.isSubset(host, of: $0.lowercasedHost) }
            let place = index.flatMap { $0 < object.hostLocations.count ? object.hostLocations[$0] : nil }
            return object.reference(nil, at: place)
        }
    }

    init(_ servers: [GatewayServer], context: ProxyContext, previous: GatewayVirtualHosts?) {
        let before = previous.flatMap { $0.servers.elementsEqual(servers) { $0.isSame(as: $1) } ? $0 : nil }
        let visits = Self.visits(servers, context, previous: previous, canShare: before != nil)
        self.servers = servers
        self.visits = visits
        if let before, visits.elementsEqual(before.visits, by: { $0.isLike($1) }) {
            groups = before.groups
            var result = before.virtualHosts
            let changed = visits.indices.filter { visits[$0] !== before.visits[$0] }
            for group in Set(changed.flatMap { before.groups.groups(of: visits[$0].hosts) }) {
                result[group] = Self.virtualHost(before.groups.all[group], servers, visits)
            }
            virtualHosts = result
        } else {
            let groups = HostGroups(servers, visits, collapses: context.features.enableRouteCollapse)
            self.groups = groups
            virtualHosts = groups.all.map { group in
                before?.virtualHost(like: group, visits) ?? Self.virtualHost(group, servers, visits)
            }
        }
    }

    /// Takes over visits of before, all of them where the servers are the same, else at least their routes.
    private static func visits(
        _ servers: [GatewayServer], _ context: ProxyContext, previous: GatewayVirtualHosts?, canShare: Bool
    ) -> [Visit] {
        struct Key: Hashable {
            let gateway: String
            let name: NamespacedName
        }
        var visits: [Visit] = []
        /// The routes of a Gateway and VirtualService are made once, whatever other servers say.
        var lists: [Key: RouteList] = [:]
        var before = VisitsBefore(previous?.visits ?? [])
        for (number, server) in servers.enumerated() {
            let visible = context.index.virtualServices.virtualServices(
                for: context.proxy.namespace, gateway: server.gatewayKey)
            visits.reserveCapacity(visits.count + visible.count)
            for prepared in visible {
                let known = before.visit(of: prepared, server: number)
                let key = Key(gateway: server.gatewayKey, name: prepared.name)
                let shared = lists[key]
                if let known, canShare, Self.counts(known, shared, server, context) {
                    if let list = known.list { lists[key] = list }
                    visits.append(known)
                    continue
                }
                let hosts = HostName.intersection(server.hosts(for: prepared.name.namespace), prepared.object.hosts)
                var list = shared
                if list == nil, !hosts.isEmpty {
                    list =
                        known?.list.flatMap { $0.counts(for: prepared, at: server, in: context) ? $0 : nil }
                        ?? RouteList(prepared, at: server, context: context)
                }
                if let list, !hosts.isEmpty { lists[key] = list }
                visits.append(
                    Visit(
                        server: number, prepared: prepared, hosts: hosts.map(\.lowercasedHost),
                        list: hosts.isEmpty ? nil : list))
            }
        }
        return visits
    }

    /// Whether a visit of before would be made again just like this. `shared`: the routes that it shares with another server.
    private static func counts(
        _ visit: Visit, _ shared: RouteList?, _ server: GatewayServer, _ context: ProxyContext
    ) -> Bool {
        guard let list = visit.list else { return true }
        return shared.map { $0 === list } ?? list.counts(for: visit.prepared, at: server, in: context)
    }

    private func virtualHost(like group: HostGroups.Group, _ visits: [Visit]) -> VirtualHost? {
        guard let place = groups.groups(of: group.hosts.prefix(1).map(\.domain)).first else { return nil }
        let own = groups.all[place]
        let isSame =
            own.requiresTLS == group.requiresTLS
            && own.hosts.elementsEqual(group.hosts) { left, right in
                left.domain == right.domain && left.server == right.server
                    && left.visits.elementsEqual(right.visits) { self.visits[$0] === visits[$1] }
            }
        return isSame ? virtualHosts[place] : nil
    }

    private static func virtualHost(
        _ group: HostGroups.Group, _ servers: [GatewayServer], _ visits: [Visit]
    ) -> VirtualHost {
        var result = VirtualHost(name: group.name(servers), domains: group.hosts.map(\.domain))
        let lists = group.hosts.first?.visits.map { visits[$0].routes } ?? []
        if lists.count == 1 {
            result.routes = lists[0]
        } else {
            let routes = lists.flatMap(\.self)
            result.routes = routes.filter { !$0.match.isCatchAll } + routes.filter(\.match.isCatchAll)
        }
        result.requireTLS = group.requiresTLS ? .all : .none
        result.includeRequestAttemptCount = true
        var seen = Set<SourceReference>()
        for host in group.hosts {
            let sources =
                [servers[host.server].source(host: host.domain)]
                + host.visits.map { visits[$0].source(of: host.domain) }
            for source in sources where seen.insert(source).inserted { result.sources.append(source) }
        }
        return result
    }
}

/// Finds visits of before, which mostly come in the same order.
private struct VisitsBefore {
    private struct Key: Hashable {
        let server: Int
        let prepared: ObjectIdentifier
    }

    private let visits: [GatewayVirtualHosts.Visit]
    private var next = 0
    private var places: [Key: Int]?

    init(_ visits: [GatewayVirtualHosts.Visit]) { self.visits = visits }

    mutating func visit(of prepared: PreparedVirtualService, server: Int) -> GatewayVirtualHosts.Visit? {
        if next < visits.count, visits[next].prepared === prepared, visits[next].server == server {
            next += 1
            return visits[next - 1]
        }
        let known =
            places
            ?? Dictionary(
                visits.indices.map { place in
                    (Key(server: visits[place].server, prepared: ObjectIdentifier(visits[place].prepared)), place)
                }
            ) { first, _ in first }
        places = known
        guard let place = known[Key(server: server, prepared: ObjectIdentifier(prepared))] else {
            // One in its place, as after an edit.
            next += 1
            return nil
        }
        next = place + 1
        return visits[place]
    }
}
