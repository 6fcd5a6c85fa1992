package import EnvoyModel
import Histogram

/// The counters of one thing in one worker: a worker writes its own, readers add them up.
///
/// The numbers stand in memory of their own, which is never shared: an array would be asked for that with each count. Names are the
/// cases of an enumeration whose raw values count from 0, so that every name has its place.
package final class StatBlock<Name: StatName> {
    private let values: UnsafeMutablePointer<UInt64>

    package init() {
        values = .allocate(capacity: Name.allCases.count)
        values.initialize(repeating: 0, count: Name.allCases.count)
    }

    deinit { values.deallocate() }

    @inline(__always)
    package func increment(_ name: Name, by amount: UInt64 = 1) { values[name.rawValue] &+= amount }

    @inline(__always)
    package func decrement(_ name: Name, by amount: UInt64 = 1) {
        let value = values[name.rawValue]
        values[name.rawValue] = value >= amount ? value - amount : 0
    }

    package subscript(_ name: Name) -> UInt64 {
        get { values[name.rawValue] }
        set { values[name.rawValue] = newValue }
    }
}

/// Times in milliseconds as an HdrHistogram with two digits.
package struct LatencyHistogram {
    fileprivate(set) var histogram = Histogram<UInt32>(
        highestTrackableValue: LatencyHistogram.longest, numberOfSignificantValueDigits: .two)
    fileprivate(set) var sum: UInt64 = 0

    /// An hour: longer ones count as that.
    private static let longest: UInt64 = 3_600_000

    package init() {}

    package mutating func record(milliseconds: UInt64) {
        let value = min(milliseconds, Self.longest)
        histogram.record(value)
        sum &+= value
    }

    mutating func record(milliseconds: UInt64, count: UInt32) {
        histogram.record(min(milliseconds, Self.longest), count: count)
    }

    /// Envoy's default bucket bounds.
    private static let bounds: [Double] = [
        0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300_000, 600_000, 1_800_000,
        3_600_000,
    ]

    func snapshot() -> StatsSnapshot.Histogram {
        guard histogram.totalCount > 0 else {
            return StatsSnapshot.Histogram(
                quantiles: nil, buckets: Self.bounds.map { ($0, 0) }, count: 0, sum: 0)
        }
        let quantiles = [0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 100].map {
            Double(histogram.valueAtPercentile($0))
        }
        let buckets = Self.bounds.map { bound in
            (upperBound: bound, cumulative: UInt64(histogram.count(within: 0...UInt64(bound))))
        }
        return StatsSnapshot.Histogram(
            quantiles: quantiles, buckets: buckets, count: histogram.totalCount, sum: Double(sum))
    }
}

/// What one worker has counted for one proxy, on its way to be added to the others'.
package struct StatsShard: Sendable {
    private(set) var snapshot = StatsSnapshot()
    private var histograms: [String: SendableHistogram] = [:]

    private struct SendableHistogram: Sendable {
        var value: Histogram<UInt32>
        var sum: UInt64
    }

    package init() {}

    mutating func add<Name>(_ block: StatBlock<Name>, prefix: String) {
        for name in Name.allCases {
            let value = block[name]
            if name.isGauge {
                snapshot.gauges[prefix + name.envoyName, default: 0] &+= value
            } else {
                snapshot.counters[prefix + name.envoyName, default: 0] &+= value
            }
        }
    }

    mutating func add(_ histogram: LatencyHistogram, named name: String) {
        merge(SendableHistogram(value: histogram.histogram, sum: histogram.sum), named: name)
    }

    mutating func addCounter(_ name: String, _ value: UInt64) { snapshot.counters[name, default: 0] &+= value }

    mutating func setGauge(_ name: String, _ value: UInt64) { snapshot.gauges[name] = value }

    mutating func add(_ host: HostStats, of address: String, in cluster: String) {
        snapshot.hosts[cluster, default: [:]][address, default: HostStats()] += host
    }

    private mutating func merge(_ histogram: SendableHistogram, named name: String) {
        guard var existing = histograms[name] else {
            histograms[name] = histogram
            return
        }
        existing.value.add(histogram.value)
        existing.sum &+= histogram.sum
        histograms[name] = existing
    }

    /// Adds what another worker counted. Membership gauges are the same in all workers, so they are not added.
    package mutating func add(_ other: StatsShard) {
        for (name, value) in other.snapshot.counters { snapshot.counters[name, default: 0] &+= value }
        for (name, value) in other.snapshot.gauges {
            if name.contains(".membership_") {
                snapshot.gauges[name] = value
            } else {
                snapshot.gauges[name, default: 0] &+= value
            }
        }
        for (cluster, hosts) in other.snapshot.hosts {
            for (address, stats) in hosts { add(stats, of: address, in: cluster) }
        }
        for (name, histogram) in other.histograms { merge(histogram, named: name) }
    }

    /// The histograms of what was recorded since `earlier`, an older state of the same counters.
    func histograms(since earlier: StatsShard) -> [String: StatsSnapshot.Histogram] {
        histograms.reduce(into: [:]) { result, entry in
            var difference = LatencyHistogram()
            let before = earlier.histograms[entry.key]?.value
            for recorded in entry.value.value.recordedValues() {
                let old = before?.countForValue(recorded.value) ?? 0
                guard recorded.count > old else { continue }
                difference.record(milliseconds: recorded.value, count: recorded.count - old)
            }
            result[entry.key] = difference.snapshot()
        }
    }

    /// The sum under Envoy's names.
    package var statsSnapshot: StatsSnapshot {
        var result = snapshot
        for (name, histogram) in histograms {
            var latency = LatencyHistogram()
            latency.restore(histogram.value, sum: histogram.sum)
            result.histograms[name] = latency.snapshot()
        }
        return result
    }
}

extension LatencyHistogram {
    mutating func restore(_ histogram: Histogram<UInt32>, sum: UInt64) {
        self.histogram = histogram
        self.sum = sum
    }
}
