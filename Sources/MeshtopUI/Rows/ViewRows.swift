import EnvoyModel
import Presentation

/// The rows that screens share, made once for a snapshot. The next snapshot's take over what has not changed, for meshes with
/// ten thousands of routes.
struct ViewRows: Sendable {
    private var snapshot = XDSSnapshot()
    /// No name of a cluster or of endpoints is there twice.
    private var isUnambiguous = true
    private(set) var routes: [RouteItem] = []
    private(set) var clusters: [ClusterItem] = []
    /// By cluster name.
    private(set) var assignments: [String: ClusterLoadAssignment] = [:]
    /// The clusters that the routes of a configuration lead to, each once, by the configuration's name.
    private(set) var targets: [String: [String]] = [:]
    /// The last snapshot has the routes, or the clusters, of the one before: some say something else at most.
    private(set) var keepsRoutes = false
    private(set) var keepsClusters = false

    mutating func show(_ next: XDSSnapshot) {
        keepsClusters = changeClusters(to: next)
        if !keepsClusters {
            assignments = next.assignmentsByCluster
            clusters = ClusterItem.items(of: next, assignments: assignments)
            isUnambiguous =
                Set(next.clusters.map(\.name)).count == next.clusters.count
                && Set(next.endpoints.map(\.clusterName)).count == next.endpoints.count
        }
        let change = changeRoutes(to: next)
        keepsRoutes = change.map { !$0.hasNewHosts } ?? false
        if change == nil { routes = RouteItem.items(of: next) }
        snapshot = next
        if change?.leadsElsewhere ?? true { showTargets() }
    }

    private mutating func showTargets() {
        targets = [:]
        var seen: [String: Set<String>] = [:]
        for route in routes {
            for target in route.targets where !target.cluster.hasPrefix("header ") {
                guard seen[route.configuration, default: []].insert(target.cluster).inserted else { continue }
                targets[route.configuration, default: []].append(target.cluster)
            }
        }
    }

    /// Exchanges the rows of clusters that have changed; `false` where some have come or gone.
    private mutating func changeClusters(to next: XDSSnapshot) -> Bool {
        let (old, new) = (snapshot.clusters, next.clusters)
        guard isUnambiguous, old.count == new.count, snapshot.endpoints.count == next.endpoints.count else {
            return false
        }
        var changedEndpoints: [String: ClusterLoadAssignment] = [:]
        for place in Self.differences(snapshot.endpoints, next.endpoints).sorted() {
            let assignment = next.endpoints[place]
            guard snapshot.endpoints[place].clusterName == assignment.clusterName else { return false }
            changedEndpoints[assignment.clusterName] = assignment
        }
        let others = Self.differences(old, new)
        let places =
            changedEndpoints.isEmpty
            ? others.sorted()
            : new.indices.filter { others.contains($0) || changedEndpoints[new[$0].endpointsName] != nil }
        for place in places {
            guard old[place].name == new[place].name, old[place].endpointsName == new[place].endpointsName,
                old[place].type == new[place].type
            else { return false }
            if new[place].type != .eds {
                assignments[new[place].name] = new[place].loadAssignment
            } else if let assignment = changedEndpoints[new[place].endpointsName] {
                assignments[new[place].name] = assignment
            }
            clusters[place] = ClusterItem(new[place], assignments[new[place].name], order: place)
        }
        return true
    }

    /// The places at which lists of one length differ; in the arrays themselves, since the values are large.
    private static func differences<Value: Equatable>(_ old: [Value], _ new: [Value]) -> Set<Int> {
        var places: Set<Int> = []
        old.withUnsafeBufferPointer { old in
            new.withUnsafeBufferPointer { new in
                guard old.baseAddress != new.baseAddress else { return }
                for place in 0..<min(old.count, new.count) where old[place] != new[place] { places.insert(place) }
            }
        }
        return places
    }

    /// What the exchange of some routes' rows means for the rest.
    private struct RouteChange {
        /// One of them leads to other clusters than before.
        var leadsElsewhere = false
        /// One of them is of a virtual host of another name.
        var hasNewHosts = false
    }

    /// Exchanges the rows of virtual hosts that have changed; `nil` where the number of rows has, or the listeners'.
    private mutating func changeRoutes(to next: XDSSnapshot) -> RouteChange? {
        guard snapshot.listeners == next.listeners, snapshot.routes.count == next.routes.count,
            zip(snapshot.routes, next.routes).allSatisfy({ $0.name == $1.name })
        else { return nil }
        var first = 0
        var change = RouteChange()
        for index in RouteRow.order(of: next.routes) where next.routes.indices.contains(index) {
            let (old, new) = (snapshot.routes[index].virtualHosts, next.routes[index].virtualHosts)
            guard old.count == new.count else { return nil }
            let changed = Self.differences(old, new)
            for place in new.indices {
                let count = max(1, new[place].routes.count)
                guard max(1, old[place].routes.count) == count, first + count <= routes.count else { return nil }
                if changed.contains(place) {
                    let name = next.routes[index].name
                    if old[place].name != new[place].name { change.hasNewHosts = true }
                    let items = RouteItem.items(of: new[place], configuration: name, isInline: false, order: first)
                    for (target, item) in zip(first..., items) {
                        if routes[target].targets.map(\.cluster) != item.targets.map(\.cluster) {
                            change.leadsElsewhere = true
                        }
                        routes[target] = item
                    }
                }
                first += count
            }
        }
        return change
    }
}
