import Documents
import EnvoyModel

/// The state of one cluster in one worker: balancers, active requests, overridden health.
final class ClusterState {
    private(set) var cluster: CompiledCluster
    private var active: [UInt32]
    private var health: [HostHealth]
    private var overrides: [Int: HostHealth] = [:]
    private let startsAtRandom: Bool
    private var main: BalancerGroup
    private var subsets: [[String: JSON]: BalancerGroup] = [:]

    init(_ cluster: CompiledCluster, startsAtRandom: Bool, random: inout RandomSource) {
        self.cluster = cluster
        self.startsAtRandom = startsAtRandom
        active = Array(repeating: 0, count: cluster.hosts.count)
        health = cluster.hosts.map { HostHealth($0.value.healthStatus) }
        main = BalancerGroup(
            cluster, members: Array(cluster.hosts.indices), health: health, startsAtRandom: startsAtRandom,
            random: &random)
    }

    /// Goes over to the cluster of a new snapshot. With the same hosts everything goes on where it was.
    func move(to next: CompiledCluster, random: inout RandomSource) {
        if next === cluster { return }
        let isSame =
            cluster.hosts.elementsEqual(next.hosts) { $0.value == $1.value && $0.priority == $1.priority }
            && cluster.value.lbPolicy == next.value.lbPolicy && cluster.value.common == next.value.common
        var nextActive = [UInt32](repeating: 0, count: next.hosts.count)
        var nextOverrides: [Int: HostHealth] = [:]
        var places: [String: Int] = [:]
        for host in next.hosts { places[host.address] = host.index }
        for host in cluster.hosts {
            guard let place = places[host.address] else { continue }
            nextActive[place] = active[host.index]
            nextOverrides[place] = overrides[host.index]
        }
        cluster = next
        active = nextActive
        overrides = nextOverrides
        if !isSame || !subsets.isEmpty { rebuild(&random) }
    }

    func started(_ host: Int) { if host < active.count { active[host] += 1 } }
    func finished(_ host: Int) { if host < active.count, active[host] > 0 { active[host] -= 1 } }

    func setHealth(_ health: HostHealth?, of host: Int, random: inout RandomSource) {
        guard host < cluster.hosts.count else { return }
        overrides[host] = health
        rebuild(&random)
    }

    private func rebuild(_ random: inout RandomSource) {
        health = cluster.hosts.map { overrides[$0.index] ?? HostHealth($0.value.healthStatus) }
        main = BalancerGroup(
            cluster, members: Array(cluster.hosts.indices), health: health, startsAtRandom: startsAtRandom,
            random: &random)
        subsets.removeAll()
    }

    /// A host for a request; `nil` when none is usable.
    func pick(
        hash: UInt64?, metadata: Metadata?, attempt: Int, random: inout RandomSource
    ) -> BalancerGroup.Pick? {
        guard cluster.balancing.subsets != nil else {
            return main.pick(hash: hash, attempt: attempt, active: active, random: &random)
        }
        return group(for: metadata, &random)?.pick(hash: hash, attempt: attempt, active: active, random: &random)
    }

    func shares(
        hash: UInt64?, metadata: Metadata?, random: inout RandomSource
    ) -> [(host: Int, priority: Int, share: Double)] {
        guard cluster.balancing.subsets != nil else { return main.shares(hash: hash) }
        return group(for: metadata, &random)?.shares(hash: hash) ?? []
    }

    /// The subset that the route's metadata asks for, else the fallback's (rule book, section 21).
    private func group(for metadata: Metadata?, _ random: inout RandomSource) -> BalancerGroup? {
        guard let config = cluster.balancing.subsets else { return main }
        if case .object(let wanted)? = metadata?.filterMetadata["envoy.lb"] {
            let keys = Set(wanted.keys)
            if config.selectors.contains(where: { Set($0) == keys }) {
                var values: [String: JSON] = [:]
                for member in wanted.members { values[member.key] = member.value }
                if let group = subset(values, &random) { return group }
            }
        }
        switch config.fallbackPolicy {
        case .noFallback: return nil
        case .anyEndpoint: return main
        case .defaultSubset: return subset(config.defaultSubset, &random)
        }
    }

    private func subset(_ values: [String: JSON], _ random: inout RandomSource) -> BalancerGroup? {
        if let known = subsets[values] { return known }
        let members = cluster.hosts.filter { host in
            let own = host.value.metadata.filterMetadata["envoy.lb"]
            return values.allSatisfy { own?[$0.key] == $0.value }
        }.map(\.index)
        guard !members.isEmpty else { return nil }
        let group = BalancerGroup(
            cluster, members: members, health: health, startsAtRandom: startsAtRandom, random: &random)
        // Bounded, however many combinations hostile metadata may name.
        if subsets.count >= 1024 { subsets.removeAll() }
        subsets[values] = group
        return group
    }
}
