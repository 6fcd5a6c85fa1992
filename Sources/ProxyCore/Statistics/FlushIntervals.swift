package import EnvoyModel

/// What histograms recorded between the last two flushes, by proxy. Envoy flushes every five seconds and shows the interval that is
/// over, beside all time.
package struct FlushIntervals: Sendable {
    /// Envoy's `stats_flush_interval`.
    package static let length = Duration.seconds(5)

    private var before: [String: StatsShard] = [:]
    private var histograms: [String: [String: StatsSnapshot.Histogram]] = [:]

    package init() {}

    /// Ends an interval; `shards` are the counters of each proxy, and under an empty name their sum.
    package mutating func flush(_ shards: [String: StatsShard]) {
        histograms = shards.reduce(into: [:]) { result, entry in
            result[entry.key] = entry.value.histograms(since: before[entry.key] ?? StatsShard())
        }
        before = shards
    }

    /// Puts the last interval of a proxy beside its histograms.
    package func add(to snapshot: inout StatsSnapshot, proxy: String) {
        for (name, interval) in histograms[proxy] ?? [:] {
            snapshot.histograms[name]?.interval = interval.quantiles
            snapshot.histograms[name]?.intervalBuckets = interval.buckets.map(\.cumulative)
        }
    }
}
