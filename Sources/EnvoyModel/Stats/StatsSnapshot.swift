/// Statistics of a proxy at one moment, under Envoy's names.
package struct StatsSnapshot: Sendable {
    /// Quantiles of a histogram in Envoy's order 0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 100; `nil` is an empty one.
    package struct Histogram: Sendable {
        package var quantiles: [Double]?
        /// The same of what came in the last flush interval; `nil` where nothing came, or nobody keeps it.
        package var interval: [Double]?
        /// The cumulative counts of the buckets in that interval; empty where nobody keeps it.
        package var intervalBuckets: [UInt64] = []
        /// Upper bounds and cumulative counts of Envoy's default buckets.
        package var buckets: [(upperBound: Double, cumulative: UInt64)]
        package var count: UInt64
        package var sum: Double

        package init(
            quantiles: [Double]?, interval: [Double]? = nil, buckets: [(upperBound: Double, cumulative: UInt64)],
            count: UInt64, sum: Double
        ) {
            self.quantiles = quantiles
            self.interval = interval
            self.buckets = buckets
            self.count = count
            self.sum = sum
        }
    }

    /// Seconds since the proxy started.
    package var uptime: Double = 0
    package var counters: [String: UInt64] = [:]
    package var gauges: [String: UInt64] = [:]
    package var textReadouts: [String: String] = [:]
    package var histograms: [String: Histogram] = [:]
    /// Per cluster name, per endpoint `ip:port`.
    package var hosts: [String: [String: HostStats]] = [:]

    package init() {}
}

/// The counters of one endpoint in one cluster, as `/clusters` has them.
package struct HostStats: Hashable, Sendable {
    package var cxTotal: UInt64 = 0
    package var cxActive: UInt64 = 0
    package var cxConnectFail: UInt64 = 0
    package var rqTotal: UInt64 = 0
    package var rqActive: UInt64 = 0
    package var rqSuccess: UInt64 = 0
    package var rqError: UInt64 = 0
    package var rqTimeout: UInt64 = 0
    package var rqPendingActive: UInt64 = 0
    package var isEjected = false
    package var failedActiveHealthCheck = false

    package init() {}
}
