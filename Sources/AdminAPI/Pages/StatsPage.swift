import Documents
import EnvoyModel

extension AdminPages {
    /// `/stats` and `/stats/prometheus`.
    func stats(_ request: AdminRequest, prometheus: Bool) async -> AdminResponse {
        let stats = await currentStats(request)
        do throws(AdminError) {
            let selection = try StatsSelection(request)
            let format = prometheus ? "prometheus" : request.parameter("format") ?? "text"
            switch format {
            case "text", "": return AdminResponse(body: StatsText(stats: stats, selection).text)
            case "json":
                return AdminResponse(
                    contentType: "application/json", body: StatsText(stats: stats, selection).json.text())
            case "prometheus":
                let snapshot = await source.snapshot(request.parameter("proxy"))
                let names = (snapshot?.clusters ?? []).map { $0.altStatName.isEmpty ? $0.name : $0.altStatName }
                return AdminResponse(
                    contentType: "text/plain",
                    body: PrometheusPage(clusterNames: names).text(StatsText(stats: stats, selection)))
            default: return .badRequest("usage: /stats?format=(text|json|prometheus)\n")
            }
        } catch {
            return .badRequest(error.description)
        }
    }
}

/// Which statistics a request asks for, and how histograms are laid out.
struct StatsSelection {
    enum HistogramMode: String { case summary, cumulative, disjoint, detailed }

    let filter: NameFilter?
    let usedOnly: Bool
    let type: String
    let histograms: HistogramMode

    init(_ request: AdminRequest) throws(AdminError) {
        let pattern = request.parameter("filter") ?? ""
        filter = pattern.isEmpty ? nil : try NameFilter(pattern)
        usedOnly = request.parameter("usedonly") != nil
        type = request.parameter("type") ?? "All"
        guard ["All", "Counters", "Gauges", "Histograms", "TextReadouts"].contains(type) else {
            throw AdminError("usage: /stats?type=(All|Counters|Histograms|Gauges|TextReadouts)\n")
        }
        guard let mode = HistogramMode(rawValue: request.parameter("histogram_buckets") ?? "summary") else {
            throw AdminError("usage: /stats?histogram_buckets=(summary|cumulative|disjoint|detailed)\n")
        }
        histograms = mode
    }

    func includes(_ kind: String) -> Bool { type == "All" || type == kind }
    func includes(name: String) -> Bool { filter?.isFound(in: name) ?? true }
}

/// The statistics that were asked for, sorted.
struct StatsText {
    let textReadouts: [(name: String, value: String)]
    let counters: [(name: String, value: UInt64)]
    let gauges: [(name: String, value: UInt64)]
    let histograms: [(name: String, value: StatsSnapshot.Histogram)]
    private let selection: StatsSelection

    static let quantiles = [0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 100]

    init(stats: StatsSnapshot, _ selection: StatsSelection) {
        self.selection = selection
        func chosen<Value>(_ values: [String: Value], _ kind: String, isUsed: (Value) -> Bool)
            -> [(name: String, value: Value)]
        {
            guard selection.includes(kind) else { return [] }
            return values.filter { selection.includes(name: $0.key) && (!selection.usedOnly || isUsed($0.value)) }
                .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
        // A snapshot does not tell a gauge that came back to 0 from one that nobody touched: `usedonly` leaves out both.
        textReadouts = chosen(stats.textReadouts, "TextReadouts") { !$0.isEmpty }
        counters = chosen(stats.counters, "Counters") { $0 > 0 }
        gauges = chosen(stats.gauges, "Gauges") { $0 > 0 }
        histograms = chosen(stats.histograms, "Histograms") { $0.count > 0 }
    }

    private var numbers: [(name: String, value: UInt64)] { (counters + gauges).sorted { $0.name < $1.name } }

    var text: String {
        var lines = textReadouts.map { "\($0.name): \"\($0.value)\"" }
        lines += numbers.map { "\($0.name): \($0.value)" }
        lines += histograms.map { name, histogram in
            switch selection.histograms {
            case .summary: "\(name): \(Self.quantileText(histogram))"
            case .cumulative: "\(name): \(Self.bucketText(histogram.cumulativeBuckets))"
            case .disjoint: "\(name): \(Self.bucketText(histogram.disjointBuckets))"
            case .detailed:
                "\(name):\n  totals=\(Self.detailText(histogram))\n  intervals=\n"
                    + "  summary=\(Self.quantileText(histogram))"
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// `P50(interval,cumulative)`: an interval without values prints as `nan`.
    private static func quantileText(_ histogram: StatsSnapshot.Histogram) -> String {
        guard histogram.count > 0, let values = histogram.quantiles else { return "No recorded values" }
        let interval = (histogram.interval ?? []).map(\.jsonText)
        return zip(quantiles, values).enumerated().map { index, pair in
            "P\(pair.0.jsonText)(\(index < interval.count ? interval[index] : "nan"),\(pair.1.jsonText))"
        }.joined(separator: " ")
    }

    private static func bucketText(_ buckets: [BucketCount]) -> String {
        buckets.map { "B\(boundText($0.upperBound))(\($0.interval),\($0.cumulative))" }.joined(separator: " ")
    }

    private static func detailText(_ histogram: StatsSnapshot.Histogram) -> String {
        histogram.details.map { "\($0.lower.jsonText),\($0.width.jsonText):\($0.count)" }.joined(separator: ", ")
    }

    /// Six digits, as `%g` has them.
    static func boundText(_ bound: Double) -> String {
        guard bound >= 1_000_000 else { return bound.jsonText }
        var mantissa = bound
        var exponent = 0
        while mantissa >= 10 {
            mantissa /= 10
            exponent += 1
        }
        let digits = ((mantissa * 100_000).rounded() / 100_000).jsonText
        return "\(digits)e+\(exponent < 10 ? "0" : "")\(exponent)"
    }

    var json: JSON {
        var elements: [JSON] = textReadouts.map { ["name": .string($0.name), "value": .string($0.value)] }
        elements += numbers.map { ["name": .string($0.name), "value": .number(String($0.value))] }
        if selection.includes("Histograms") && !(selection.usedOnly && histograms.isEmpty) {
            elements.append(["histograms": histogramsJSON])
        }
        return ["stats": .array(elements)]
    }

    private var histogramsJSON: JSON {
        let quantiles = JSON.array(Self.quantiles.map { JSON.double($0) })
        switch selection.histograms {
        case .summary:
            let computed = histograms.map { name, histogram -> JSON in
                ["name": .string(name), "values": Self.quantilesJSON(histogram)]
            }
            return ["supported_quantiles": quantiles, "computed_quantiles": .array(computed)]
        case .cumulative: return .array(histograms.map { Self.bucketsJSON($0.name, $0.value.cumulativeBuckets) })
        case .disjoint: return .array(histograms.map { Self.bucketsJSON($0.name, $0.value.disjointBuckets) })
        case .detailed:
            let details = histograms.map { name, histogram -> JSON in
                [
                    "name": .string(name),
                    "totals": .array(
                        histogram.details.map {
                            [
                                "lower_bound": .double($0.lower), "width": .double($0.width),
                                "count": .number(String($0.count)),
                            ]
                        }),
                    "intervals": [], "percentiles": Self.quantilesJSON(histogram),
                ]
            }
            return ["supported_percentiles": quantiles, "details": .array(details)]
        }
    }

    private static func quantilesJSON(_ histogram: StatsSnapshot.Histogram) -> JSON {
        let values = histogram.count > 0 ? histogram.quantiles : nil
        return .array(
            quantiles.indices.map { index in
                let value = values.flatMap { index < $0.count ? JSON.double($0[index]) : nil }
                let interval = histogram.interval.flatMap { index < $0.count ? JSON.double($0[index]) : nil }
                return ["cumulative": value ?? .null, "interval": interval ?? .null]
            })
    }

    private static func bucketsJSON(_ name: String, _ buckets: [BucketCount]) -> JSON {
        let buckets = buckets.map { bucket -> JSON in
            [
                "upper_bound": .double(bucket.upperBound), "interval": .number(String(bucket.interval)),
                "cumulative": .number(String(bucket.cumulative)),
            ]
        }
        return ["name": .string(name), "buckets": .array(buckets)]
    }
}

/// What a bucket holds of the last interval, and of all time.
struct BucketCount {
    let upperBound: Double
    let interval: UInt64
    let cumulative: UInt64

    /// Without what the bucket below it holds.
    func without(_ lower: BucketCount?) -> BucketCount {
        guard let lower else { return self }
        return BucketCount(
            upperBound: upperBound, interval: interval >= lower.interval ? interval - lower.interval : 0,
            cumulative: cumulative >= lower.cumulative ? cumulative - lower.cumulative : 0)
    }
}

extension StatsSnapshot.Histogram {
    /// The counts of each bucket with all below it.
    var cumulativeBuckets: [BucketCount] {
        buckets.enumerated().map { index, bucket in
            BucketCount(
                upperBound: bucket.upperBound, interval: index < intervalBuckets.count ? intervalBuckets[index] : 0,
                cumulative: bucket.cumulative)
        }
    }

    /// The counts of each bucket alone.
    var disjointBuckets: [BucketCount] {
        let all = cumulativeBuckets
        return zip(all, [nil] + all).map { $0.without($1) }
    }

    /// The buckets that hold something, by their lower bound.
    var details: [(lower: Double, width: Double, count: UInt64)] {
        var lower = 0.0
        return disjointBuckets.compactMap { bucket in
            defer { lower = bucket.upperBound }
            return bucket.cumulative > 0 ? (lower, bucket.upperBound - lower, bucket.cumulative) : nil
        }
    }
}
