import Documents
import EnvoyModel
import MeshModel

/// Which VirtualServices visit which servers of a route configuration. What can be taken over from the state before is known at
/// once; the routes that are still to be made are made on all cores.
struct VisitPlan {
    typealias Visit = GatewayVirtualHosts.Visit

    private enum Step: Sendable {
        case known(Visit)
        /// `list`: the place of its routes; `nil` where it shares no host with the server.
        case new(server: Int, prepared: PreparedVirtualService, hosts: [String], list: Int?)
    }

    /// The routes of a Gateway and VirtualService: made once, whatever other servers say.
    private enum List: Sendable {
        case known(RouteList)
        case new(PreparedVirtualService, GatewayServer)
    }

    private struct Key: Hashable {
        let gateway: String
        let prepared: ObjectIdentifier
    }

    private let context: ProxyContext
    private var steps: [Step] = []
    private var lists: [List] = []
    /// Where they are, when there are several servers that could share them.
    private var places: [Key: Int] = [:]
    private let hasSeveralServers: Bool

    /// `canShare`: the servers are those of before, so that whole visits count again and not their routes alone.
    init(_ servers: [GatewayServer], _ context: ProxyContext, previous: [Visit], canShare: Bool) {
        self.context = context
        hasSeveralServers = servers.count > 1
        var before = VisitsBefore(previous)
        for (number, server) in servers.enumerated() {
            let visible = context.index.virtualServices.virtualServices(
                for: context.proxy.namespace, gateway: server.gatewayKey)
            steps.reserveCapacity(steps.count + visible.count)
            for prepared in visible {
                let known = before.visit(of: prepared, server: number)
                add(prepared, at: server, number, known: known, canShare: canShare)
            }
        }
    }

    private mutating func add(
        _ prepared: PreparedVirtualService, at server: GatewayServer, _ number: Int, known: Visit?, canShare: Bool
    ) {
        let key = Key(gateway: server.gatewayKey, prepared: ObjectIdentifier(prepared))
        let place = hasSeveralServers ? places[key] : nil
        if let known, canShare, counts(known, place.map { lists[$0] }, server) {
            if let list = known.list, place == nil, hasSeveralServers { note(.known(list), key) }
            steps.append(.known(known))
            return
        }
        let hosts = HostName.intersection(server.hosts(for: prepared.name.namespace), prepared.object.hosts)
        guard !hosts.isEmpty else {
            steps.append(.new(server: number, prepared: prepared, hosts: [], list: nil))
            return
        }
        let list =
            place
            ?? note(
                known?.list.flatMap { $0.counts(for: prepared, at: server, in: context) ? .known($0) : nil }
                    ?? .new(prepared, server), key)
        steps.append(.new(server: number, prepared: prepared, hosts: hosts.map(\.lowercasedHost), list: list))
    }

    @discardableResult
    private mutating func note(_ list: List, _ key: Key) -> Int {
        if hasSeveralServers { places[key] = lists.count }
        lists.append(list)
        return lists.count - 1
    }

    /// Whether a visit of before would be made again just like this. `shared`: the routes that it shares with another server.
    private func counts(_ visit: Visit, _ shared: List?, _ server: GatewayServer) -> Bool {
        guard let list = visit.list else { return true }
        return switch shared {
        case .known(let other): other === list
        case .new: false
        case nil: list.counts(for: visit.prepared, at: server, in: context)
        }
    }

    func visits() -> [Visit] {
        let context = context
        let made = lists.parallelMap(grain: 32) { list in
            switch list {
            case .known(let list): list
            case .new(let prepared, let server): RouteList(prepared, at: server, context: context)
            }
        }
        return steps.map { step in
            switch step {
            case .known(let visit): visit
            case .new(let server, let prepared, let hosts, let list):
                Visit(server: server, prepared: prepared, hosts: hosts, list: list.map { made[$0] })
            }
        }
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
