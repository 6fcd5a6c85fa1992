import EnvoyModel

/// Zone aware routing (rule book, section 20): which locality a request goes to.
struct ZoneChoice: Sendable {
    /// Places in the load assignment, the own one first.
    let places: [Int]
    /// Off: hosts are taken from the whole list.
    let isActive: Bool
    /// Parts of 10000 that stay in the own locality.
    private let kept: UInt64
    /// What the localities can take from others: `T - S`, cumulated.
    private let residual: [UInt64]
    private let enabledPercent: Double

    init(_ zone: ClusterBalancing.ZoneAware, hosts: [Int], of cluster: CompiledCluster) {
        let balancing = cluster.balancing
        let own = balancing.ownLocality
        var counts: [Int: Int] = [:]
        for host in hosts { counts[cluster.hosts[host].localityIndex, default: 0] += 1 }
        // Localities are those of the load assignment; two entries of one locality are one.
        places = balancing.localityOrder.filter { counts[$0] != nil }
        enabledPercent = zone.enabledPercent
        let localTotal = zone.local.values.reduce(0, +)
        let ownCount = places.first.map { balancing.localities[$0] == own ? counts[$0] ?? 0 : 0 } ?? 0
        isActive =
            own != Locality() && places.count >= 2 && zone.local.count { $0.value > 0 } >= 2
            && (zone.local[own] ?? 0) > 0 && hosts.count >= zone.minimumHosts && ownCount > 0
        guard isActive else {
            kept = 0
            residual = []
            return
        }
        let part = { (some: Int, all: Int) -> UInt64 in all == 0 ? 0 : UInt64(10000 * some / all) }
        let target = places.map { part(counts[$0] ?? 0, hosts.count) }
        let source = places.map { part(zone.local[balancing.localities[$0]] ?? 0, localTotal) }
        if target[0] >= source[0] {
            kept = 10000
            residual = []
        } else {
            kept = source[0] == 0 ? 0 : 10000 * target[0] / source[0]
            var sum: UInt64 = 0
            residual = places.indices.map { index in
                if index > 0, target[index] > source[index] { sum += target[index] - source[index] }
                return sum
            }
        }
    }

    /// The place in `places`; -1: from the whole list.
    func choose(_ first: UInt64, _ second: UInt64) -> Int {
        if enabledPercent < 100, Double(second % 10000) >= enabledPercent * 100 { return -1 }
        if first % 10000 < kept { return 0 }
        guard let total = residual.last, total > 0 else { return Int(second % UInt64(places.count)) }
        let place = second % total
        return residual.firstIndex { place < $0 } ?? 0
    }

    /// By place in `places`; what is missing to 1 is spread over the whole list.
    var shares: [Double] {
        let part = min(1, enabledPercent / 100)
        let own = Double(kept) / 10000
        var result = [Double](repeating: 0, count: places.count)
        if let total = residual.last, total > 0 {
            var previous: UInt64 = 0
            for (index, sum) in residual.enumerated() {
                result[index] = (1 - own) * Double(sum - previous) / Double(total) * part
                previous = sum
            }
        } else {
            for index in result.indices { result[index] = (1 - own) / Double(places.count) * part }
        }
        if !result.isEmpty { result[0] += own * part }
        return result
    }
}
