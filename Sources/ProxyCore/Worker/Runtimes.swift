package import EnvoyModel
import TrafficEngine

/// The nanoseconds of a time limit; zero and none are no limit.
func nanoseconds(_ duration: Duration?, default fallback: Duration? = nil) -> UInt64 {
    guard let duration = duration ?? fallback, duration > .zero else { return .max }
    let parts = duration.components
    let (seconds, overflowed) = UInt64(clamping: parts.seconds).multipliedReportingOverflow(by: 1_000_000_000)
    return overflowed ? .max : seconds.addingCapped(UInt64(clamping: parts.attoseconds / 1_000_000_000))
}

/// The statistics of the connection managers with one `stat_prefix`.
final class HTTPRuntime {
    let prefix: String
    let stats = StatBlock<HTTPStat>()
    var requestTime = LatencyHistogram()
    var connectionLength = LatencyHistogram()

    init(prefix: String) { self.prefix = prefix }
}

/// A listener of one proxy in one worker. It outlives changes of its configuration, and its removal while connections drain.
package final class ListenerRuntime {
    package let name: String
    var compiled: CompiledListener?
    let stats = StatBlock<ListenerStat>()
    var connectionLength = LatencyHistogram()
    var statName = ""
    /// Where the configuration says it listens: what chains are matched with.
    var address = SocketAddress("0.0.0.0", 0)
    var isDraining = false

    init(name: String) { self.name = name }

    func install(_ compiled: CompiledListener) {
        self.compiled = compiled
        isDraining = false
        if case .socket(let socket)? = compiled.value.address { address = socket }
        let prefix = compiled.value.statPrefix
        statName = prefix.isEmpty ? "\(address.address)_\(address.port)" : prefix
    }
}

/// An endpoint of a cluster in one worker: its pool and counters.
package final class HostRuntime {
    /// `ip:port` as Envoy logs it.
    package let address: String
    package let socketAddress: SocketAddress?
    package let workload: WorkloadReference?
    package internal(set) var stats = HostStats()
    var idle: [UpstreamConnection] = []
    /// Gone from the configuration: connections close when their request ends.
    var isRemoved = false

    init(_ host: CompiledHost) {
        address = host.address
        socketAddress = host.socketAddress
        workload = host.value.workload
    }
}

/// A cluster in one worker, found by name, so that counters and pools outlive a change of the configuration.
package final class ClusterRuntime {
    let name: String
    let stats = StatBlock<ClusterStat>()
    var requestTime = LatencyHistogram()
    var connectTime = LatencyHistogram()
    var connectionLength = LatencyHistogram()
    private(set) var hosts: [String: HostRuntime] = [:]
    private var compiled: CompiledCluster?
    /// The hosts at their places in `compiled`.
    private var byIndex: [HostRuntime?] = []
    private(set) var connectTimeout: UInt64 = .max
    private(set) var idleTimeout: UInt64 = .max
    private(set) var maxRequestsPerConnection: UInt32 = 0
    private(set) var statName: String

    init(name: String) {
        self.name = name
        statName = name
    }

    /// - Returns: hosts that are gone.
    func install(_ cluster: CompiledCluster) -> [HostRuntime] {
        guard compiled !== cluster else { return [] }
        compiled = cluster
        connectTimeout = nanoseconds(cluster.value.connectTimeout, default: .seconds(5))
        idleTimeout = nanoseconds(cluster.value.idleTimeout, default: .seconds(3600))
        maxRequestsPerConnection = cluster.value.maxRequestsPerConnection ?? 0
        statName = cluster.value.altStatName.isEmpty ? name : cluster.value.altStatName
        byIndex = Array(repeating: nil, count: cluster.hosts.count)
        stats[.membershipTotal] = UInt64(cluster.hosts.count)
        var healthy = 0
        for host in cluster.hosts {
            switch host.value.healthStatus {
            case .healthy, .unknown: healthy += 1
            case .unhealthy, .draining, .timeout, .degraded: break
            }
        }
        stats[.membershipHealthy] = UInt64(healthy)
        var gone: [HostRuntime] = []
        let kept = Set(cluster.hosts.map(\.address))
        for (address, host) in hosts where !kept.contains(address) {
            host.isRemoved = true
            hosts[address] = nil
            gone.append(host)
        }
        return gone
    }

    func runtime(of host: CompiledHost) -> HostRuntime {
        if host.index < byIndex.count, let found = byIndex[host.index], found.address == host.address { return found }
        let runtime: HostRuntime
        if let known = hosts[host.address] {
            runtime = known
        } else {
            runtime = HostRuntime(host)
            // A host of an older snapshot, for a request that began with it, is not taken back.
            if compiled?.hosts.indices.contains(host.index) == true, compiled?.hosts[host.index] === host {
                hosts[host.address] = runtime
            } else {
                runtime.isRemoved = true
            }
        }
        if compiled?.hosts.indices.contains(host.index) == true, compiled?.hosts[host.index] === host {
            byIndex[host.index] = runtime
        }
        return runtime
    }
}
