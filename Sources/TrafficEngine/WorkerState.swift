import EnvoyModel

/// What one worker (an event loop, as a thread of Envoy) keeps between requests: balancers, dice, active requests, health.
/// It is not shared; each worker makes its own.
package struct WorkerState {
    package private(set) var snapshot: CompiledSnapshot
    var random: RandomSource
    private var clusters: [ClusterState?]
    private let startsAtRandom: Bool

    /// With `startsAtRandom` false round robin starts at its first host, as the contract's `picks` want it.
    package init(_ snapshot: CompiledSnapshot, seed: UInt64, startsAtRandom: Bool = true) {
        self.snapshot = snapshot
        random = RandomSource(seed: seed)
        self.startsAtRandom = startsAtRandom
        clusters = Array(repeating: nil, count: snapshot.clusters.count)
    }

    /// Goes over to a new snapshot. Balancers of clusters whose hosts are the same go on where they were.
    package mutating func install(_ snapshot: CompiledSnapshot) {
        var next = [ClusterState?](repeating: nil, count: snapshot.clusters.count)
        for state in clusters {
            guard let state, let index = snapshot.clusterIndex[state.cluster.name] else { continue }
            state.move(to: snapshot.clusters[index], random: &random)
            next[index] = state
        }
        clusters = next
        self.snapshot = snapshot
    }

    /// Counts a request that has been given to a host (least request and hash balance factor look at it).
    package mutating func requestStarted(at host: CompiledHost, of cluster: CompiledCluster) {
        state(of: cluster).started(host.index)
    }

    package mutating func requestFinished(at host: CompiledHost, of cluster: CompiledCluster) {
        guard cluster.index < clusters.count, let state = clusters[cluster.index], state.cluster === cluster else {
            return
        }
        state.finished(host.index)
    }

    /// Overrides the configured health of a host (outlier ejection, active health checks); `nil` takes the override away.
    package mutating func setHealth(_ health: HostHealth?, of host: CompiledHost, in cluster: CompiledCluster) {
        let state = state(of: cluster)
        state.setHealth(health, of: host.index, random: &random)
    }

    mutating func state(of cluster: CompiledCluster) -> ClusterState {
        if cluster.index < clusters.count, let state = clusters[cluster.index], state.cluster === cluster {
            return state
        }
        let state = ClusterState(cluster, startsAtRandom: startsAtRandom, random: &random)
        // A request decided with an older snapshot does not leave its cluster behind in the new table.
        if cluster.index < snapshot.clusters.count, snapshot.clusters[cluster.index] === cluster {
            clusters[cluster.index] = state
        }
        return state
    }
}

/// What the load balancer makes of a host's state.
package enum HostHealth: UInt8, Sendable {
    case healthy, degraded, unhealthy

    init(_ status: LbEndpoint.HealthStatus) {
        switch status {
        case .healthy, .unknown: self = .healthy
        case .degraded: self = .degraded
        case .unhealthy, .draining, .timeout: self = .unhealthy
        }
    }
}
