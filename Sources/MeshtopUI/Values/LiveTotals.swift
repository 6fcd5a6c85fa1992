import EnvoyModel

/// What a running proxy has counted of all its requests since it started, taken from Envoy's own counters. Its admin listener's are not
/// among them.
struct LiveTotals: Hashable, Sendable {
    var requests: UInt64 = 0
    /// By hundreds: `classes[2]` are the 2xx.
    var classes: [UInt64] = [0, 0, 0, 0, 0, 0]
    /// By response flag, as far as a counter tells.
    var flags: [String: UInt64] = [:]
    /// Envoy's quantiles of the time that requests took at the busiest listener: of the last interval, else of all time.
    var latencies: [Double] = []

    private static let classNames = [
        "downstream_rq_1xx": 1, "downstream_rq_2xx": 2, "downstream_rq_3xx": 3, "downstream_rq_4xx": 4,
        "downstream_rq_5xx": 5,
    ]
    private static let httpFlags = ["no_route": "NR", "no_cluster": "NC", "downstream_rq_idle_timeout": "SI"]
    private static let clusterFlags = [
        "upstream_cx_connect_fail": "UF", "upstream_cx_none_healthy": "UH", "upstream_rq_timeout": "UT",
        "upstream_rq_pending_overflow": "UO", "upstream_rq_retry_limit_exceeded": "URX", "upstream_rq_rx_reset": "UR",
    ]

    init(_ stats: StatsSnapshot) {
        var busiest: (prefix: Substring, count: UInt64) = ("", 0)
        for (name, value) in stats.counters {
            guard let dot = name.lastIndex(of: ".") else { continue }
            let last = String(name[name.index(after: dot)...])
            let prefix = name[..<dot]
            if prefix.hasPrefix("http."), prefix != "http.admin" {
                if last == "downstream_rq_total" {
                    requests &+= value
                    if value > busiest.count { busiest = (prefix, value) }
                } else if let index = Self.classNames[last] {
                    classes[index] &+= value
                } else if let flag = Self.httpFlags[last] {
                    flags[flag, default: 0] &+= value
                }
            } else if prefix.hasPrefix("cluster."), let flag = Self.clusterFlags[last] {
                flags[flag, default: 0] &+= value
            }
        }
        let histogram = stats.histograms[busiest.prefix + ".downstream_rq_time"]
        latencies = histogram?.interval ?? histogram?.quantiles ?? []
        flags = flags.filter { $0.value > 0 }
    }

    /// What came since; a counter that fell belongs to a proxy that has restarted, and counts from 0.
    func since(_ before: LiveTotals) -> LiveTotals {
        func difference(_ now: UInt64, _ then: UInt64) -> UInt64 { now >= then ? now - then : now }
        var result = self
        result.requests = difference(requests, before.requests)
        for index in classes.indices { result.classes[index] = difference(classes[index], before.classes[index]) }
        result.flags = flags.reduce(into: [:]) { sum, entry in
            let count = difference(entry.value, before.flags[entry.key] ?? 0)
            if count > 0 { sum[entry.key] = count }
        }
        return result
    }
}
