package import EnvoyModel

extension WorkerState {
    /// The chance of each host of a cluster, in the order of its hosts, for a request of which nothing is known: over
    /// all keys where a hash decides.
    package mutating func shares(of cluster: CompiledCluster) -> [Double] {
        var result = [Double](repeating: 0, count: cluster.hosts.count)
        for (host, _, share) in state(of: cluster).shares(hash: nil, metadata: nil, random: &random) {
            result[host] += share
        }
        return result
    }

    /// The same for a cluster on its own, with some hosts (by their place) taken for ejected.
    package static func shares(
        of cluster: Cluster, _ assignment: ClusterLoadAssignment?, ejected: Set<Int> = []
    ) -> [Double] {
        let snapshot = XDSSnapshot(clusters: [cluster], endpoints: assignment.map { [$0] } ?? [])
        let compiled = CompiledSnapshot(snapshot)
        guard let own = compiled.clusters.first else { return [] }
        var worker = WorkerState(compiled, seed: 1, startsAtRandom: false)
        for host in own.hosts where ejected.contains(host.index) { worker.setHealth(.unhealthy, of: host, in: own) }
        return worker.shares(of: own)
    }
}
