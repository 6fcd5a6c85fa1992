import EnvoyModel

/// What of a compiled configuration can be taken over into the next.
///
/// A cluster depends on its own value and endpoints, a virtual host on its own value, on what its configuration hands down, and
/// on the clusters that its routes name. Where something was reported, all is compiled again, to be reported again.
struct CompilerReuse {
    private let previous: CompiledSnapshot
    /// Clusters that are not the ones of before.
    private var changedClusters: Set<String> = []

    init?(_ previous: CompiledSnapshot, for next: XDSSnapshot) {
        // Zone-aware routing depends on another cluster's hosts.
        guard previous.diagnostics.isEmpty, previous.snapshot.node == next.node,
            previous.snapshot.localClusterName.isEmpty, next.localClusterName.isEmpty
        else { return nil }
        self.previous = previous
    }

    func cluster(_ value: Cluster, _ assignment: ClusterLoadAssignment?, index: Int) -> CompiledCluster? {
        guard previous.clusters.indices.contains(index) else { return nil }
        let known = previous.clusters[index]
        return known.value == value && known.assignment == assignment ? known : nil
    }

    /// The same when the clusters are these.
    func changing(to clusters: [CompiledCluster]) -> CompilerReuse {
        var result = self
        for (old, new) in zip(previous.clusters, clusters) where old !== new {
            result.changedClusters.formUnion([old.name, new.name])
        }
        let shorter = min(previous.clusters.count, clusters.count)
        result.changedClusters.formUnion(previous.clusters[shorter...].map(\.name))
        result.changedClusters.formUnion(clusters[shorter...].map(\.name))
        return result
    }

    /// The virtual hosts of a route configuration of the same name, where it hands the same down to them.
    func virtualHosts(of next: RouteConfiguration) -> KnownVirtualHosts? {
        let found = previous.listeners.lazy.flatMap { listener in
            (listener.chains + [listener.defaultChain].compactMap(\.self)).compactMap { $0.manager?.routes }
        }.first { $0.value.name == next.name }
        guard let found, found.value.requestMirrorPolicies == next.requestMirrorPolicies,
            found.value.perFilterConfig == next.perFilterConfig
        else { return nil }
        return KnownVirtualHosts(hosts: found.virtualHosts, changedClusters: changedClusters)
    }
}

/// Finds virtual hosts, which mostly come in the same order.
struct KnownVirtualHosts {
    private let hosts: [CompiledVirtualHost]
    private let changedClusters: Set<String>
    private var next = 0
    private var places: [String: Int]?

    init(hosts: [CompiledVirtualHost], changedClusters: Set<String>) {
        self.hosts = hosts
        self.changedClusters = changedClusters
    }

    mutating func virtualHost(_ value: VirtualHost) -> CompiledVirtualHost? {
        var place = next
        if !hosts.indices.contains(place) || hosts[place].name != value.name {
            let known = places ?? Dictionary(hosts.enumerated().map { ($1.name, $0) }) { first, _ in first }
            places = known
            guard let found = known[value.name] else { return nil }
            place = found
        }
        next = place + 1
        let host = hosts[place]
        return host.value == value && !host.routes.contains(where: { $0.action.names(anyOf: changedClusters) })
            ? host : nil
    }
}

extension CompiledRouteAction {
    /// Whether it leads to one of the clusters.
    fileprivate func names(anyOf clusters: Set<String>) -> Bool {
        if clusters.isEmpty { return false }
        switch clusterChoice {
        case .one: return clusters.contains(clusterName)
        case .weighted: return entries.contains { clusters.contains($0.name) }
        case .header, .none: return false
        }
    }
}
