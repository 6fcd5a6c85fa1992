import Documents
import MeshModel

/// The hosts of a route configuration, those with the very same routes together.
struct HostGroups: Sendable {
    struct Host: Sendable {
        let domain: String
        /// The server that had it first.
        let server: Int
        /// The visits that add routes to it, in order.
        var visits: [Int] = []
        var requiresTLS = false
    }

    struct Group: Sendable {
        /// The most specific first.
        var hosts: [Host]
        var requiresTLS: Bool { hosts.first?.requiresTLS ?? false }

        func name(_ servers: [GatewayServer]) -> String {
            hosts.first.map { "\($0.domain):\(servers[$0.server].declaredPort)" } ?? ""
        }
    }

    /// By the names of the virtual hosts.
    let all: [Group]
    private let groupsByDomain: [String: Int]

    /// `collapses`: hosts with the same routes are together (istiod: `collapseDuplicateRoutes`).
    init(_ servers: [GatewayServer], _ visits: [GatewayVirtualHosts.Visit], collapses: Bool) {
        let hosts = Self.hosts(servers, visits)
        let groups = collapses ? Self.collapsed(hosts, visits) : hosts.map { Group(hosts: [$0]) }
        let names = groups.enumerated().map { ($1.name(servers), $0) }
        all = names.sorted { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }.map { groups[$0.1] }
        var groupsByDomain: [String: Int] = Dictionary(minimumCapacity: hosts.count)
        for (place, group) in all.enumerated() { for host in group.hosts { groupsByDomain[host.domain] = place } }
        self.groupsByDomain = groupsByDomain
    }

    /// The groups that have some of the hosts.
    func groups(of domains: [String]) -> [Int] { domains.compactMap { groupsByDomain[$0] } }

    private static func hosts(_ servers: [GatewayServer], _ visits: [GatewayVirtualHosts.Visit]) -> [Host] {
        var hosts: [Host] = []
        var places: [String: Int] = Dictionary(minimumCapacity: visits.count)
        func place(of domain: String, server: Int) -> Int {
            if let known = places[domain] { return known }
            places[domain] = hosts.count
            hosts.append(Host(domain: domain, server: server))
            return hosts.count - 1
        }
        var next = 0
        for (number, server) in servers.enumerated() {
            let redirects = server.tls?.httpsRedirect ?? false
            while next < visits.count, visits[next].server == number {
                if !visits[next].routes.isEmpty {
                    for domain in visits[next].hosts {
                        let place = place(of: domain, server: number)
                        hosts[place].visits.append(next)
                        if redirects { hosts[place].requiresTLS = true }
                    }
                }
                next += 1
            }
            guard redirects else { continue }
            for domain in server.hosts.map(\.lowercasedHost) {
                hosts[place(of: domain, server: number)].requiresTLS = true
            }
        }
        return hosts
    }

    private static func collapsed(_ hosts: [Host], _ visits: [GatewayVirtualHosts.Visit]) -> [Group] {
        var groups: [Group] = []
        /// Those whose routes begin with a list's.
        var byFirstList: [ObjectIdentifier?: [Int]] = Dictionary(minimumCapacity: hosts.count)
        for host in hosts {
            let first = host.visits.first.flatMap { visits[$0].list }.map { ObjectIdentifier($0) }
            let place = byFirstList[first]?.first { groups[$0].hosts[0].hasRoutes(of: host, visits) }
            if let place {
                groups[place].hosts.append(host)
            } else {
                byFirstList[first, default: []].append(groups.count)
                groups.append(Group(hosts: [host]))
            }
        }
        for place in groups.indices where groups[place].hosts.count > 1 {
            groups[place].hosts.sort { HostName.isMoreSpecific($0.domain, than: $1.domain) }
        }
        return groups
    }
}

extension HostGroups.Host {
    fileprivate func hasRoutes(of other: Self, _ visits: [GatewayVirtualHosts.Visit]) -> Bool {
        requiresTLS == other.requiresTLS
            && self.visits.elementsEqual(other.visits) { visits[$0].list === visits[$1].list }
    }
}
