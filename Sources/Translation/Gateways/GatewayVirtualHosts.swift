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
    let servers: [GatewayServer]
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
        let visits = VisitPlan(servers, context, previous: previous?.visits ?? [], canShare: before != nil).visits()
        let countsAttempts = context.proxyConfig.headers.hasAttemptCount
        self.servers = servers
        self.visits = visits
        if let before, visits.elementsEqual(before.visits, by: { $0.isLike($1) }) {
            groups = before.groups
            var result = before.virtualHosts
            let changed = visits.indices.filter { visits[$0] !== before.visits[$0] }
            for group in Set(changed.flatMap { before.groups.groups(of: visits[$0].hosts) }) {
                result[group] = Self.virtualHost(before.groups.all[group], servers, visits, countsAttempts)
            }
            virtualHosts = result
        } else {
            let groups = HostGroups(servers, visits, collapses: context.features.enableRouteCollapse)
            self.groups = groups
            virtualHosts = groups.all.parallelMap { group in
                before?.virtualHost(like: group, visits) ?? Self.virtualHost(group, servers, visits, countsAttempts)
            }
        }
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
        _ group: HostGroups.Group, _ servers: [GatewayServer], _ visits: [Visit], _ countsAttempts: Bool
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
        result.includeRequestAttemptCount = countsAttempts
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
