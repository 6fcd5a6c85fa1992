import EnvoyModel
import Testing

@testable import ProxyCore

@Suite("histograms of the last interval")
struct FlushIntervalsTests {
    private func shard(_ values: [UInt64]) -> StatsShard {
        var histogram = LatencyHistogram()
        for value in values { histogram.record(milliseconds: value) }
        var shard = StatsShard()
        shard.add(histogram, named: "time")
        return shard
    }

    @Test("an interval holds what came since the flush before it; all time stays beside it")
    func intervals() throws {
        var intervals = FlushIntervals()
        func read(_ values: [UInt64]) throws -> StatsSnapshot.Histogram {
            var snapshot = shard(values).statsSnapshot
            intervals.add(to: &snapshot, proxy: "a")
            return try #require(snapshot.histograms["time"])
        }
        #expect(try read([3]).interval == nil)
        intervals.flush(["a": shard([3, 3])])
        #expect(try read([3, 3]).interval == Array(repeating: 3, count: 10))
        intervals.flush(["a": shard([3, 3, 40])])
        let second = try read([3, 3, 40, 90])
        #expect(second.interval == Array(repeating: 40, count: 10))
        #expect(second.quantiles?.first == 3 && second.count == 4)
        #expect(second.buckets.first { $0.upperBound == 50 }?.cumulative == 3)
        #expect(second.intervalBuckets.last == 1 && second.intervalBuckets.first == 0)
        intervals.flush(["a": shard([3, 3, 40])])
        #expect(try read([3, 3, 40]).interval == nil)
        // Another proxy has none of it.
        var other = shard([1]).statsSnapshot
        intervals.add(to: &other, proxy: "b")
        #expect(other.histograms["time"]?.interval == nil)
    }
}
