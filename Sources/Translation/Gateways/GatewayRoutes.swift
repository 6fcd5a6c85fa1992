import Documents
import EnvoyModel
import MeshModel

/// The route configurations of a gateway proxy (istiod: `buildGatewayHTTPRouteConfig`).
struct GatewayRoutes {
    let context: ProxyContext
    let merged: MergedGateway

    /// A virtual host while it grows; routes are kept by whose they are, so that equal hosts can be told.
    private struct Host {
        var domain: String
        var name: String
        /// Indices into the lists of routes.
        var routeLists: [Int] = []
        var requiresTLS = false
        var sources: [SourceReference]
    }

    func routeConfiguration(named name: String) -> RouteConfiguration? {
        var result = RouteConfiguration(name: name)
        result.validateClusters = false
        result.ignorePortInHostMatching = true
        result.maxDirectResponseBodySizeBytes = 1_048_576
        guard let servers = merged.serversByRouteName[name], !name.isEmpty else { return result }
        result.sources = servers.map { $0.source() }
        var builder = Builder(context: context)
        for server in servers { builder.add(server) }
        result.virtualHosts = builder.virtualHosts(port: servers.first?.declaredPort ?? 0)
        if result.virtualHosts.isEmpty {
            var none = VirtualHost(name: "blackhole:\(servers.first?.declaredPort ?? 0)", domains: ["*"])
            none.sources = result.sources
            result.virtualHosts = [none]
        }
        return result
    }

    private struct Builder {
        let context: ProxyContext
        private var order: [String] = []
        private var hosts: [String: Host] = [:]
        private var lists: [[Route]] = []
        /// The list of a gateway and VirtualService: made once, whatever other servers say.
        private var known: [String: Int] = [:]

        init(context: ProxyContext) { self.context = context }

        mutating func add(_ server: GatewayServer) {
            let visible = context.index.virtualServices.virtualServices(
                for: context.proxy.namespace, gateway: server.gatewayKey)
            let redirects = server.tls?.httpsRedirect ?? false
            for prepared in visible {
                let object = prepared.object
                let shared = HostName.intersection(server.hosts(for: object.namespace), object.hosts)
                guard !shared.isEmpty else { continue }
                let list = self.list(server, object)
                guard !lists[list].isEmpty else { continue }
                for host in shared { add(list, host.lowercasedHost, server, object, redirects: redirects) }
            }
            guard redirects else { return }
            for host in server.hosts.map(\.lowercasedHost) {
                if hosts[host] != nil {
                    hosts[host]?.requiresTLS = true
                } else {
                    insert(host, server)
                    hosts[host]?.requiresTLS = true
                }
            }
        }

        private mutating func list(_ server: GatewayServer, _ object: VirtualService) -> Int {
            let key = "\(server.gatewayKey)|\(object.namespace)/\(object.name)"
            if let index = known[key] { return index }
            let routes = VirtualServiceRoutes(
                virtualService: object,
                context: GatewayTranslation.routeContext(context, server: server, virtualService: object)
            ).build()
            lists.append(routes)
            known[key] = lists.count - 1
            return lists.count - 1
        }

        private mutating func add(
            _ list: Int, _ host: String, _ server: GatewayServer, _ object: VirtualService, redirects: Bool
        ) {
            if hosts[host] == nil { insert(host, server) }
            hosts[host]?.routeLists.append(list)
            if redirects { hosts[host]?.requiresTLS = true }
            let index = object.hosts.firstIndex { HostName.isSubset(host, of: $0.lowercasedHost) }
            let place = index.flatMap { $0 < object.hostLocations.count ? object.hostLocations[$0] : nil }
            hosts[host]?.sources.append(object.reference(nil, at: place))
        }

        private mutating func insert(_ host: String, _ server: GatewayServer) {
            order.append(host)
            hosts[host] = Host(
                domain: host, name: "\(host):\(server.declaredPort)", sources: [server.source(host: host)])
        }

        func virtualHosts(port: Int) -> [VirtualHost] {
            let all = order.compactMap { hosts[$0] }
            let groups = context.features.enableRouteCollapse ? collapsed(all) : all.map { [$0] }
            return groups.compactMap(virtualHost).sorted { $0.name < $1.name }
        }

        /// Hosts with the very same routes, the most specific first (istiod: `collapseDuplicateRoutes`).
        private func collapsed(_ all: [Host]) -> [[Host]] {
            struct Key: Hashable {
                let lists: [Int]
                let requiresTLS: Bool
            }
            var order: [Key] = []
            var groups: [Key: [Host]] = [:]
            for host in all.sorted(by: { HostName.isMoreSpecific($0.domain, than: $1.domain) }) {
                let key = Key(lists: host.routeLists, requiresTLS: host.requiresTLS)
                if groups[key] == nil { order.append(key) }
                groups[key, default: []].append(host)
            }
            return order.compactMap { groups[$0] }
        }

        private func virtualHost(_ group: [Host]) -> VirtualHost? {
            guard let first = group.first else { return nil }
            var result = VirtualHost(name: first.name, domains: group.map(\.domain))
            let routes = first.routeLists.flatMap { lists[$0] }
            result.routes = routes.filter { !$0.match.isCatchAll } + routes.filter(\.match.isCatchAll)
            result.requireTLS = first.requiresTLS ? .all : .none
            result.includeRequestAttemptCount = true
            var seen = Set<SourceReference>()
            result.sources = group.flatMap(\.sources).filter { seen.insert($0).inserted }
            return result
        }
    }
}
