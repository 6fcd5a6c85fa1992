/// How the load is spread over priorities (rule book, section 19).
struct PriorityLoads: Sendable, Equatable {
    struct Counts: Sendable {
        var hosts: UInt64 = 0
        var healthy: UInt64 = 0
        var degraded: UInt64 = 0
        /// The same by weight.
        var weight: UInt64 = 0
        var healthyWeight: UInt64 = 0
        var degradedWeight: UInt64 = 0
    }

    /// Percent by priority; all of them sum to 100, or to 0 when there are no hosts.
    private(set) var healthy: [UInt64]
    private(set) var degraded: [UInt64]
    private(set) var panics: [Bool]

    init(_ counts: [Counts], overprovisioning: UInt64, byWeight: Bool, panicThreshold: Double) {
        let part = { (some: UInt64, all: UInt64) -> UInt64 in all == 0 ? 0 : min(100, overprovisioning * some / all) }
        let health = counts.map { byWeight ? part($0.healthyWeight, $0.weight) : part($0.healthy, $0.hosts) }
        let lesser = counts.map { byWeight ? part($0.degradedWeight, $0.weight) : part($0.degraded, $0.hosts) }
        let total = min(100, health.reduce(0, +) + lesser.reduce(0, +))
        healthy = Array(repeating: 0, count: counts.count)
        degraded = healthy
        panics = Array(repeating: false, count: counts.count)
        if total < 100 {
            for (index, count) in counts.enumerated() {
                let usable = count.hosts == 0 ? 0 : 100 * Double(count.healthy + count.degraded) / Double(count.hosts)
                panics[index] = usable < panicThreshold
            }
        }
        if !counts.isEmpty, total < 100, panics.allSatisfy({ $0 }) {
            spreadByHosts(counts)
            return
        }
        guard total > 0 else {
            if !counts.isEmpty { healthy[0] = 100 }
            return
        }
        var left: UInt64 = 100
        for index in counts.indices {
            healthy[index] = min(left, health[index] * 100 / total)
            left -= healthy[index]
        }
        for index in counts.indices {
            degraded[index] = min(left, lesser[index] * 100 / total)
            left -= degraded[index]
        }
        if left > 0 {
            if let first = health.firstIndex(where: { $0 > 0 }) {
                healthy[first] += left
            } else if let first = lesser.firstIndex(where: { $0 > 0 }) {
                degraded[first] += left
            }
        }
    }

    private mutating func spreadByHosts(_ counts: [Counts]) {
        let all = counts.reduce(0) { $0 + $1.hosts }
        guard all > 0 else { return }
        var left: UInt64 = 100
        for (index, count) in counts.enumerated() {
            healthy[index] = 100 * count.hosts / all
            left -= healthy[index]
        }
        if left > 0, let first = counts.firstIndex(where: { $0.hosts > 0 }) { healthy[first] += left }
    }

    /// The priority for a value from 1 to 100; `nil` when there are no hosts at all.
    func choose(_ value: UInt64) -> (priority: Int, isDegraded: Bool)? {
        let place = value % 100 + 1
        var sum: UInt64 = 0
        for index in healthy.indices {
            sum += healthy[index]
            if place <= sum { return (index, false) }
        }
        for index in degraded.indices {
            sum += degraded[index]
            if place <= sum { return (index, true) }
        }
        return nil
    }
}
