/// Picks from a flat list of hosts in turn, by load or by chance: round robin, least request, random (rule book, sections 15, 17, 18).
final class HostPicker {
    let hosts: [Int]
    private let weights: [UInt32]
    private let hasEqualWeights: Bool
    private var counter: UInt64
    private var queue: DeadlineQueue?
    private var changing: ChangingDeadlineQueue?

    init(
        _ hosts: [Int], in cluster: CompiledCluster, startsAtRandom: Bool, start: UInt64, random: inout RandomSource
    ) {
        self.hosts = hosts
        let weights = hosts.map { cluster.hosts[$0].weight }
        self.weights = weights
        hasEqualWeights = weights.allSatisfy { $0 == weights.first }
        counter = start
        guard !hasEqualWeights else { return }
        switch cluster.balancing.policy {
        case .roundRobin:
            let total = weights.reduce(0) { $0 + UInt64($1) }
            let skipped = startsAtRandom ? random.next() % max(1, min(total, 1 << 20)) : 0
            queue = DeadlineQueue(weights.map { ExactWeight(UInt64($0)) }, skipping: skipped)
        case .leastRequest: changing = ChangingDeadlineQueue(weights.map { Double($0) })
        case .random, .ringHash, .maglev: break
        }
    }

    func pick(_ policy: ClusterBalancing.Policy, active: borrowing [UInt32], random: inout RandomSource) -> Int {
        guard !hosts.isEmpty else { return -1 }
        switch policy {
        case .roundRobin:
            if queue != nil { return hosts[queue?.next() ?? 0] }
            let index = Int(counter % UInt64(hosts.count))
            counter &+= 1
            return hosts[index]
        case .leastRequest(let choices, let bias, let fullScan):
            if changing != nil { return pickByWeight(bias: bias, active: active) }
            return fullScan ? scan(active, &random) : draw(choices, active, &random)
        case .random, .ringHash, .maglev: return hosts[Int(random.next() % UInt64(hosts.count))]
        }
    }

    private func draw(_ choices: Int, _ active: borrowing [UInt32], _ random: inout RandomSource) -> Int {
        var best = hosts[Int(random.next() % UInt64(hosts.count))]
        for _ in 1..<max(2, choices) {
            let other = hosts[Int(random.next() % UInt64(hosts.count))]
            if active[other] < active[best] { best = other }
        }
        return best
    }

    private func scan(_ active: borrowing [UInt32], _ random: inout RandomSource) -> Int {
        var best = hosts[0]
        var ties: UInt64 = 1
        for host in hosts.dropFirst() {
            if active[host] < active[best] {
                (best, ties) = (host, 1)
            } else if active[host] == active[best] {
                ties += 1
                if random.next() % ties == 0 { best = host }
            }
        }
        return best
    }

    private func pickByWeight(bias: Double, active: borrowing [UInt32]) -> Int {
        let place =
            changing?.next { index in
                let load = Double(active[hosts[index]]) + 1
                let factor = bias == 1 ? load : power(load, bias)
                return Double(weights[index]) / factor
            } ?? 0
        return hosts[place]
    }

    /// The chance of each host while nothing is active.
    func shares(_ policy: ClusterBalancing.Policy) -> [Double] {
        let count = Double(max(1, hosts.count))
        switch policy {
        case .random, .ringHash, .maglev: return hosts.map { _ in 1 / count }
        case .roundRobin, .leastRequest:
            if hasEqualWeights { return hosts.map { _ in 1 / count } }
            let total = weights.reduce(0) { $0 + Double($1) }
            return weights.map { Double($0) / total }
        }
    }
}

/// `base ^ exponent` for base >= 1, without a mathematics library: by squaring for whole exponents, else by logarithm series.
func power(_ base: Double, _ exponent: Double) -> Double {
    if exponent == 0 { return 1 }
    var result = 1.0
    var whole = Int(exponent.rounded(.down))
    var fraction = exponent - Double(whole)
    var square = base
    while whole > 0 {
        if whole & 1 == 1 { result *= square }
        square *= square
        whole >>= 1
    }
    // The binary digits of the fraction: each is a square root more.
    var root = base
    for _ in 0..<40 where fraction > 0 {
        root = root.squareRoot()
        fraction *= 2
        if fraction >= 1 {
            result *= root
            fraction -= 1
        }
    }
    return result
}
