import EnvoyModel
import Synchronization

/// Balances over some hosts of a cluster: all of them, or a subset.
final class BalancerGroup {
    struct Pick {
        var host: Int
        var priority: Int
        var isPanic: Bool
    }

    /// The hosts of one priority that may be used: the healthy ones, the degraded ones, or all (panic).
    private final class Source {
        let hosts: [Int]
        /// Places in the load assignment with a queue over them, when localities have weights.
        var localityQueue: DeadlineQueue?
        var localities: [HostPicker] = []
        var localityShares: [Double] = []
        let flat: HostPicker
        var zones: ZoneChoice?
        /// Of ring hash and Maglev.
        var table: HashTable?
        var tableWeights: [Double] = []

        init(_ flat: HostPicker) {
            hosts = flat.hosts
            self.flat = flat
        }
    }

    private let cluster: CompiledCluster
    private let members: [Int]
    private let start: UInt64
    private let startsAtRandom: Bool
    private(set) var loads: PriorityLoads
    /// Three sources a priority: healthy, degraded, all.
    private var sources: [Source] = []
    private let isSimple: Bool

    init(
        _ cluster: CompiledCluster, members: [Int], health: borrowing [HostHealth], startsAtRandom: Bool,
        random: inout RandomSource
    ) {
        self.cluster = cluster
        self.members = members
        self.startsAtRandom = startsAtRandom
        start = startsAtRandom ? random.next() : 0
        let count = (members.map { Int(cluster.hosts[$0].priority) }.max() ?? -1) + 1
        var counts = [PriorityLoads.Counts](repeating: .init(), count: min(count, 128))
        var lists = [[Int]](repeating: [], count: counts.count * 3)
        for member in members {
            let priority = Int(cluster.hosts[member].priority)
            guard priority < counts.count else { continue }
            let weight = UInt64(cluster.hosts[member].weight)
            counts[priority].hosts += 1
            counts[priority].weight += weight
            lists[priority * 3 + 2].append(member)
            switch health[member] {
            case .healthy:
                counts[priority].healthy += 1
                counts[priority].healthyWeight += weight
                lists[priority * 3].append(member)
            case .degraded:
                counts[priority].degraded += 1
                counts[priority].degradedWeight += weight
                lists[priority * 3 + 1].append(member)
            case .unhealthy: break
            }
        }
        let balancing = cluster.balancing
        loads = PriorityLoads(
            counts, overprovisioning: balancing.overprovisioning, byWeight: balancing.weightsPriorityHealth,
            panicThreshold: balancing.panicThreshold)
        isSimple = loads.healthy.count == 1 && loads.healthy[0] == 100
        for (place, list) in lists.enumerated() {
            sources.append(
                makeSource(list, kind: place % 3, all: lists[place / 3 * 3 + 2], priority: place / 3, random: &random))
        }
    }

    private func makeSource(
        _ hosts: [Int], kind: Int, all: [Int], priority: Int, random: inout RandomSource
    ) -> Source {
        let source = Source(picker(hosts, &random))
        let balancing = cluster.balancing
        if balancing.policy.isHashing {
            if kind != 1 { source.tableWeights = tableWeights(hosts, all: all, isPanic: kind == 2) }
            return source
        }
        if balancing.isLocalityWeighted, kind != 2 {
            var weights: [ExactWeight] = []
            for place in balancing.localityOrder {
                let inside = hosts.filter { cluster.hosts[$0].localityIndex == place }
                let total = all.count { cluster.hosts[$0].localityIndex == place }
                let weight = UInt64(balancing.localityWeights[place])
                if inside.isEmpty || weight == 0 || total == 0 { continue }
                let full = 100 * UInt64(total)
                weights.append(
                    ExactWeight(
                        weight * min(full, balancing.overprovisioning * UInt64(inside.count)), over: full))
                source.localities.append(picker(inside, &random))
            }
            let sum = weights.reduce(0) { $0 + $1.value }
            source.localityShares = weights.map { $0.value / sum }
            let skipped = startsAtRandom ? random.next() % 1024 : 0
            source.localityQueue = DeadlineQueue(weights, skipping: skipped)
        } else if kind == 0, priority == 0, let zoneAware = balancing.zoneAware {
            source.zones = ZoneChoice(zoneAware, hosts: hosts, of: cluster)
            for place in source.zones?.places ?? [] {
                source.localities.append(picker(hosts.filter { cluster.hosts[$0].localityIndex == place }, &random))
            }
        }
        return source
    }

    private func picker(_ hosts: [Int], _ random: inout RandomSource) -> HostPicker {
        HostPicker(hosts, in: cluster, startsAtRandom: startsAtRandom, start: start, random: &random)
    }

    /// Normalised weights for rings and Maglev tables; a host of a locality without weight gets 0.
    private func tableWeights(_ hosts: [Int], all: [Int], isPanic: Bool) -> [Double] {
        let balancing = cluster.balancing
        guard balancing.isLocalityWeighted, !isPanic else {
            let sum = hosts.reduce(0) { $0 + Double(cluster.hosts[$1].weight) }
            return hosts.map { Double(cluster.hosts[$0].weight) / sum }
        }
        let present = Set(all.map { cluster.hosts[$0].localityIndex })
        let localitySum = present.reduce(0) { $0 + Double(balancing.localityWeights[$1]) }
        var hostSums: [Int: Double] = [:]
        for host in hosts {
            hostSums[cluster.hosts[host].localityIndex, default: 0] += Double(cluster.hosts[host].weight)
        }
        return hosts.map { host in
            let place = cluster.hosts[host].localityIndex
            guard localitySum > 0, let sum = hostSums[place] else { return 0 }
            return Double(cluster.hosts[host].weight) * (Double(balancing.localityWeights[place]) / localitySum) / sum
        }
    }

    private func table(_ source: Source) -> HashTable {
        if let table = source.table { return table }
        let cluster = cluster
        var order = Array(source.hosts.indices)
        if cluster.balancing.isLocalityWeighted {
            var rank = [Int](repeating: 0, count: cluster.balancing.localities.count)
            for (position, place) in cluster.balancing.localityOrder.enumerated() { rank[place] = position }
            let localityRank = order.map { rank[cluster.hosts[source.hosts[$0]].localityIndex] }
            order.sort { (localityRank[$0], $0) < (localityRank[$1], $1) }
        }
        order.removeAll { source.tableWeights[$0] <= 0 }
        let hosts = order.map { source.hosts[$0] }
        let weights = order.map { source.tableWeights[$0] }
        let table = cluster.tables.withLock { tables in
            tables.table(for: SharedTables.Key(hosts: hosts, weights: weights)) {
                switch cluster.balancing.policy {
                case .maglev(let size): .maglev(hosts, weights: weights, of: cluster, size: size)
                case .ringHash(let minimum, let maximum, let function):
                    .ring(
                        hosts, weights: weights, of: cluster, minimum: minimum, maximum: maximum,
                        usesMurmur: function == .murmurHash2)
                case .roundRobin, .leastRequest, .random:
                    .ring([], weights: [], of: cluster, minimum: 1, maximum: 1, usesMurmur: false)
                }
            }
        }
        source.table = table
        return table
    }

    /// A host; `nil` when none is usable.
    func pick(
        hash: UInt64?, attempt: Int, active: borrowing [UInt32], random: inout RandomSource
    ) -> Pick? {
        let isHashing = cluster.balancing.policy.isHashing
        let value = isHashing ? hash ?? random.next() : isSimple ? 0 : random.next()
        guard let (priority, isDegraded) = isSimple ? (0, false) : loads.choose(value) else { return nil }
        let isPanic = loads.panics[priority]
        if isPanic, cluster.balancing.failsOnPanic { return nil }
        let source = sources[priority * 3 + (isPanic ? 2 : isDegraded ? 1 : 0)]
        guard !source.hosts.isEmpty else { return nil }
        if isHashing {
            if isDegraded, !isPanic { return nil }
            let table = table(source)
            var host = table.host(for: value, attempt: attempt)
            guard host >= 0 else { return nil }
            if cluster.balancing.hashBalanceFactor > 0 {
                host = balanced(host, hash: value, source: source, active: active)
            }
            return Pick(host: host, priority: priority, isPanic: isPanic)
        }
        let host = picker(of: source, &random).pick(cluster.balancing.policy, active: active, random: &random)
        return host < 0 ? nil : Pick(host: host, priority: priority, isPanic: isPanic)
    }

    private func picker(of source: Source, _ random: inout RandomSource) -> HostPicker {
        if source.localityQueue != nil, let place = source.localityQueue?.next(), place >= 0 {
            return source.localities[place]
        }
        if let zones = source.zones, zones.isActive {
            let place = zones.choose(random.next(), random.next())
            if place >= 0 { return source.localities[place] }
        }
        return source.flat
    }

    /// The hash balance factor (rule book, section 14).
    private func balanced(_ hashed: Int, hash: UInt64, source: Source, active: borrowing [UInt32]) -> Int {
        var total: UInt64 = 0
        for host in members { total += UInt64(active[host]) }
        let allowed = ((total + 1) * cluster.balancing.hashBalanceFactor + 99) / 100
        let load = { (place: Int, active: borrowing [UInt32]) -> Double in
            let slots = max(1, (Double(allowed) * source.tableWeights[place]).rounded(.up))
            return Double(active[source.hosts[place]]) / slots
        }
        guard let hashedPlace = source.hosts.firstIndex(of: hashed), load(hashedPlace, active) > 1 else {
            return hashed
        }
        var places = Array(source.hosts.indices)
        var twister = MersenneTwister(seed: UInt32(truncatingIfNeeded: hash))
        var best = hashedPlace
        var bestLoad = load(hashedPlace, active)
        for index in places.indices {
            let other = index + Int(twister.uniform(UInt32(places.count - index)))
            places.swapAt(index, other)
            let place = places[index]
            if place == hashedPlace { continue }
            let value = load(place, active)
            if value <= 1 { return source.hosts[place] }
            if value < bestLoad { (best, bestLoad) = (place, value) }
        }
        return source.hosts[best]
    }

    /// The chance of each host while nothing is active; with a hash, of the one that it leads to.
    func shares(hash: UInt64?) -> [(host: Int, priority: Int, share: Double)] {
        var result: [(host: Int, priority: Int, share: Double)] = []
        let isHashing = cluster.balancing.policy.isHashing
        let loads = [(loads.healthy, false), (loads.degraded, true)]
        if isHashing, let hash {
            var random = RandomSource(seed: 0)
            let idle = [UInt32](repeating: 0, count: cluster.hosts.count)
            return pick(hash: hash, attempt: 0, active: idle, random: &random).map { [($0.host, $0.priority, 1)] } ?? []
        }
        for (percents, isDegraded) in loads {
            for (priority, percent) in percents.enumerated() where percent > 0 {
                let isPanic = self.loads.panics[priority]
                if isPanic, cluster.balancing.failsOnPanic { continue }
                if isHashing, isDegraded, !isPanic { continue }
                let source = sources[priority * 3 + (isPanic ? 2 : isDegraded ? 1 : 0)]
                for (host, share) in shares(of: source, isHashing: isHashing) where share > 0 {
                    result.append((host, priority, share * Double(percent) / 100))
                }
            }
        }
        return result
    }

    private func shares(of source: Source, isHashing: Bool) -> [(host: Int, share: Double)] {
        if isHashing { return table(source).shares() }
        let policy = cluster.balancing.policy
        let inside = { (picker: HostPicker, share: Double) in
            zip(picker.hosts, picker.shares(policy)).map { ($0, $1 * share) }
        }
        if source.localityQueue?.isEmpty == false {
            return zip(source.localities, source.localityShares).flatMap { inside($0, $1) }
        }
        if let zones = source.zones, zones.isActive {
            var sums: [Int: Double] = [:]
            for (picker, share) in zip(source.localities, zones.shares) {
                for (host, share) in inside(picker, share) { sums[host, default: 0] += share }
            }
            let rest = 1 - zones.shares.reduce(0, +)
            if rest > 1e-12 { for (host, share) in inside(source.flat, rest) { sums[host, default: 0] += share } }
            return sums.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
        }
        return inside(source.flat, 1)
    }
}
