package import Documents

extension StatsSnapshot {
    /// The answer to `/stats?format=json` with histograms as summaries, which is Envoy's default.
    ///
    /// The answer tells counters and gauges not apart: all numbers are among `counters`. Numbers that are none, and what has
    /// another shape, are left out.
    package init(statsJSON root: Node) {
        self.init()
        let entries = root["stats"].map { Array($0.elements) } ?? []
        for entry in entries {
            if let name = entry["name"]?.string, let value = entry["value"] {
                if let number = value.unsigned {
                    counters[name] = number
                } else if value.kind == .string {
                    textReadouts[name] = value.text
                }
            } else if let quantiles = entry["histograms"]?["computed_quantiles"] {
                for histogram in quantiles.elements { read(histogram: histogram) }
            }
        }
        if let seconds = counters["server.uptime"] { uptime = Double(seconds) }
    }

    private mutating func read(histogram: Node) {
        guard let name = histogram["name"]?.string, let values = histogram["values"]?.elements else { return }
        let cumulative = values.compactMap { $0["cumulative"]?.double }
        let interval = values.compactMap { $0["interval"]?.double }
        histograms[name] = Histogram(
            quantiles: cumulative.isEmpty || cumulative.count < values.count ? nil : cumulative,
            interval: interval.isEmpty || interval.count < values.count ? nil : interval, buckets: [], count: 0, sum: 0)
    }
}
