import Documents
import EnvoyModel

/// What of a cluster decides about its hosts, the same for all workers.
struct ClusterBalancing: Sendable {
    enum Policy: Sendable {
        case roundRobin
        case leastRequest(choices: Int, bias: Double, fullScan: Bool)
        case random
        case ringHash(minimum: UInt64, maximum: UInt64, function: Cluster.RingHash.Function)
        case maglev(size: UInt64)

        var isHashing: Bool {
            switch self {
            case .ringHash, .maglev: true
            case .roundRobin, .leastRequest, .random: false
            }
        }
    }

    struct ZoneAware: Sendable {
        /// The hosts of the local cluster that are healthy, per locality.
        var local: [Locality: Int]
        var enabledPercent: Double
        var minimumHosts: Int
    }

    var policy = Policy.roundRobin
    /// Percent.
    var overprovisioning: UInt64 = 140
    var weightsPriorityHealth = false
    /// Percent.
    var panicThreshold = 50.0
    var failsOnPanic = false
    var isLocalityWeighted = false
    /// By place in the load assignment: a locality's weight, 0 without one.
    var localityWeights: [UInt32] = []
    /// By place in the load assignment.
    var localities: [Locality] = []
    /// Places in the load assignment, in Envoy's order of localities.
    var localityOrder: [Int] = []
    var ownLocality = Locality()
    var zoneAware: ZoneAware?
    var subsets: SubsetConfig?
    var hashBalanceFactor: UInt64 = 0
    var hashPolicies: [CompiledHashPolicy]?
}

extension SnapshotCompiler {
    mutating func cluster(_ value: Cluster, index: Int) -> CompiledCluster {
        let assignment = assignment(of: value)
        var hosts: [CompiledHost] = []
        var balancing = ClusterBalancing()
        for (place, group) in (assignment?.localities ?? []).enumerated() {
            balancing.localities.append(group.locality ?? Locality())
            balancing.localityWeights.append(group.loadBalancingWeight ?? 0)
            for endpoint in group.endpoints {
                hosts.append(
                    host(endpoint, of: value, index: hosts.count, group: group, place: place))
            }
        }
        let localities = balancing.localities
        let own = node.locality
        balancing.localityOrder = localities.indices.sorted { left, right in
            let (one, other) = (localities[left], localities[right])
            if one == other { return left < right }
            if own != Locality(), one == own || other == own { return one == own }
            return one < other
        }
        balancing.ownLocality = own
        balancing.overprovisioning = UInt64(assignment?.overprovisioningFactor ?? 140)
        balancing.weightsPriorityHealth = assignment?.weightedPriorityHealth ?? false
        balancing.panicThreshold = value.common.healthyPanicThreshold ?? 50
        balancing.failsOnPanic = value.common.failTrafficOnPanic
        balancing.isLocalityWeighted = value.common.locality == .localityWeighted
        balancing.hashBalanceFactor = UInt64(value.hashBalanceFactor ?? 0)
        balancing.hashPolicies = value.lbHashPolicies.map { policies in
            policies.map { CompiledHashPolicy($0, compiler: &self) }
        }
        if let subsets = value.subsetConfig, !subsets.selectors.isEmpty { balancing.subsets = subsets }
        balancing.zoneAware = zoneAware(value)
        balancing.policy = policy(value)
        return CompiledCluster(value, assignment, index: index, hosts: hosts, balancing: balancing)
    }

    private mutating func policy(_ value: Cluster) -> ClusterBalancing.Policy {
        switch value.lbPolicy {
        case .roundRobin: return .roundRobin
        case .leastRequest(let choices, let bias, let fullScan, _):
            return .leastRequest(choices: max(1, Int(choices)), bias: bias, fullScan: fullScan)
        case .random: return .random
        case .ringHash(let ring):
            let maximum = min(ring.maximumRingSize ?? 8_388_608, 8_388_608)
            return .ringHash(
                minimum: min(ring.minimumRingSize ?? 1024, maximum), maximum: max(1, maximum), function: ring.function)
        case .maglev(let size):
            guard let size else { return .maglev(size: 65537) }
            if size <= 5_000_011, size.isPrime { return .maglev(size: size) }
            report("Maglev table size \(size) of cluster \"\(value.name)\" is no prime up to 5000011; 65537 is used")
            return .maglev(size: 65537)
        case .clusterProvided: return .roundRobin
        case .other(let config):
            report(
                "load balancing policy \"\(config.name)\" of cluster \"\(value.name)\" is not known; round robin is used"
            )
            return .roundRobin
        }
    }

    private func host(
        _ endpoint: LbEndpoint, of cluster: Cluster, index: Int, group: LocalityLbEndpoints, place: Int
    ) -> CompiledHost {
        var text = endpoint.hostname
        var socketAddress: SocketAddress?
        switch endpoint.address {
        case .socket(let socket):
            socketAddress = socket
            let ip = IPAddress(socket.address)?.text ?? socket.address
            text = ip.utf8.contains(UInt8(ascii: ":")) ? "[\(ip)]:\(socket.port)" : "\(ip):\(socket.port)"
        case .pipe(let path): text = path
        case .envoyInternal(let listener, let endpointID):
            text = "envoy://\(listener)/" + endpointID
        case nil: break
        }
        var key = text
        if let given = endpoint.metadata.filterMetadata["envoy.lb"]?["hash_key"]?.string {
            key = given
        } else if cluster.useHostnameForHashing {
            key = endpoint.hostname
        }
        return CompiledHost(
            endpoint, index: index, address: text, socketAddress: socketAddress,
            locality: group.locality ?? Locality(), priority: group.priority, localityIndex: place,
            hashKey: Array(key.utf8))
    }

    /// Zone aware routing needs a local cluster; its own hosts are counted by locality.
    private func zoneAware(_ value: Cluster) -> ClusterBalancing.ZoneAware? {
        guard !snapshot.localClusterName.isEmpty, value.common.locality != .localityWeighted,
            let local = snapshot.clusters.first(where: { $0.name == snapshot.localClusterName })
        else { return nil }
        var counts: [Locality: Int] = [:]
        for group in (local.loadAssignment ?? assignments[local.endpointsName])?.localities ?? []
        where group.priority == 0 {
            let healthy = group.endpoints.count { HostHealth($0.healthStatus) == .healthy }
            counts[group.locality ?? Locality(), default: 0] += healthy
        }
        var result = ClusterBalancing.ZoneAware(local: counts, enabledPercent: 100, minimumHosts: 6)
        if case .zoneAware(let percent, let size, _, _) = value.common.locality {
            result.enabledPercent = percent ?? 100
            result.minimumHosts = Int(clamping: size ?? 6)
        }
        return result
    }
}

extension UInt64 {
    /// By trial division: for sizes of tables.
    fileprivate var isPrime: Bool {
        if self < 2 { return false }
        var divisor: UInt64 = 2
        while divisor * divisor <= self {
            if self % divisor == 0 { return false }
            divisor += 1
        }
        return true
    }
}
