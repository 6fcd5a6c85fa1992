import EnvoyModel
import TrafficEngine

/// One proxy as one worker runs it: its snapshot, balancers, listeners, clusters and counters.
package final class ProxyInstance {
    package let name: String
    var state: WorkerState
    private(set) var compiled: CompiledSnapshot
    /// Rises with each snapshot.
    private(set) var generation: UInt64 = 1
    package private(set) var listeners: [String: ListenerRuntime] = [:]
    private var clusters: [String: ClusterRuntime] = [:]
    private var clusterByIndex: [ClusterRuntime?]
    private var managers: [String: HTTPRuntime] = [:]
    private var updates: UInt64 = 0
    private(set) var isRemoved = false

    init(name: String, compiled: CompiledSnapshot, seed: UInt64) {
        self.name = name
        self.compiled = compiled
        state = WorkerState(compiled, seed: seed)
        clusterByIndex = Array(repeating: nil, count: compiled.clusters.count)
        installListeners()
    }

    /// - Returns: hosts that are gone; their idle connections close.
    func install(_ next: CompiledSnapshot) -> [HostRuntime] {
        compiled = next
        generation += 1
        updates += 1
        state.install(next)
        clusterByIndex = Array(repeating: nil, count: next.clusters.count)
        installListeners()
        var gone: [HostRuntime] = []
        for (name, runtime) in clusters {
            if let cluster = next.cluster(named: name) {
                gone += runtime.install(cluster)
            } else {
                gone += runtime.hosts.values
            }
        }
        return gone
    }

    func remove() {
        isRemoved = true
        for listener in listeners.values { listener.isDraining = true }
    }

    private func installListeners() {
        var kept: Set<String> = []
        for listener in compiled.listeners {
            kept.insert(listener.value.name)
            let runtime = listeners[listener.value.name] ?? ListenerRuntime(name: listener.value.name)
            listeners[listener.value.name] = runtime
            runtime.install(listener)
        }
        for (name, runtime) in listeners where !kept.contains(name) { runtime.isDraining = true }
    }

    func runtime(of cluster: CompiledCluster) -> ClusterRuntime {
        let isCurrent = cluster.index < compiled.clusters.count && compiled.clusters[cluster.index] === cluster
        if isCurrent, let found = clusterByIndex[cluster.index] { return found }
        let runtime = clusters[cluster.name] ?? ClusterRuntime(name: cluster.name)
        clusters[cluster.name] = runtime
        if isCurrent {
            clusterByIndex[cluster.index] = runtime
            _ = runtime.install(cluster)
        } else if runtime.hosts.isEmpty, compiled.cluster(named: cluster.name) == nil {
            _ = runtime.install(cluster)
        }
        return runtime
    }

    func manager(prefix: String) -> HTTPRuntime {
        if let found = managers[prefix] { return found }
        let made = HTTPRuntime(prefix: prefix)
        managers[prefix] = made
        return made
    }

    /// What this worker has counted. Stats of clusters that no request has reached are all zero and left to the reader.
    package func shard() -> StatsShard {
        var shard = StatsShard()
        for listener in listeners.values {
            let prefix = "listener.\(listener.statName)."
            shard.add(listener.stats, prefix: prefix)
            shard.add(listener.connectionLength, named: prefix + "downstream_cx_length_ms")
        }
        for manager in managers.values {
            let prefix = "http.\(manager.prefix)."
            shard.add(manager.stats, prefix: prefix)
            shard.add(manager.requestTime, named: prefix + "downstream_rq_time")
            shard.add(manager.connectionLength, named: prefix + "downstream_cx_length_ms")
        }
        for cluster in clusters.values {
            let prefix = "cluster.\(cluster.statName)."
            shard.add(cluster.stats, prefix: prefix)
            shard.add(cluster.requestTime, named: prefix + "upstream_rq_time")
            shard.add(cluster.connectTime, named: prefix + "upstream_cx_connect_ms")
            shard.add(cluster.connectionLength, named: prefix + "upstream_cx_length_ms")
            for host in cluster.hosts.values { shard.add(host.stats, of: host.address, in: cluster.name) }
        }
        return shard
    }
}
