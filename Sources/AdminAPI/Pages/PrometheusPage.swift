import EnvoyModel

/// `/stats/prometheus`: names with their variable parts moved into labels, as Istio's tag rules do (a cluster's name is a label
/// whole, dots and all).
struct PrometheusPage {
    private let clusterNames: [String]

    init(clusterNames: [String]) { self.clusterNames = clusterNames.sorted { $0.utf8.count > $1.utf8.count } }

    /// A metric's name and its labels.
    struct Metric: Hashable {
        var name: String
        var labels: [String]
    }

    func text(_ stats: StatsText) -> String {
        lines(stats.counters, "counter") + lines(stats.gauges, "gauge") + histogramLines(stats.histograms)
    }

    private func lines(_ values: [(name: String, value: UInt64)], _ type: String) -> String {
        grouped(values).map { name, members in
            "# TYPE \(name) \(type)\n" + members.map { "\(name)\(Self.braces($0.labels)) \($0.value)\n" }.joined()
        }.joined()
    }

    private func histogramLines(_ values: [(name: String, value: StatsSnapshot.Histogram)]) -> String {
        grouped(values).map { name, members in
            "# TYPE \(name) histogram\n"
                + members.map { labels, histogram in
                    let buckets = histogram.buckets.map { bucket in
                        "\(name)_bucket\(Self.braces(labels + ["le=\"\(bucket.upperBound.plainText)\""])) "
                            + "\(bucket.cumulative)\n"
                    }
                    return buckets.joined()
                        + "\(name)_bucket\(Self.braces(labels + ["le=\"+Inf\""])) \(histogram.count)\n"
                        + "\(name)_sum\(Self.braces(labels)) \(histogram.sum.plainText)\n"
                        + "\(name)_count\(Self.braces(labels)) \(histogram.count)\n"
                }.joined()
        }.joined()
    }

    private func grouped<Value>(_ values: [(name: String, value: Value)])
        -> [(name: String, members: [(labels: [String], value: Value)])]
    {
        var groups: [String: [(labels: [String], value: Value)]] = [:]
        for (name, value) in values {
            let metric = metric(name)
            groups[metric.name, default: []].append((metric.labels, value))
        }
        return groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Cuts a statistic's name into the metric and its labels.
    func metric(_ name: String) -> Metric {
        var labels: [String] = []
        var rest = Substring(name)
        var parts = ["envoy"]
        if rest.hasPrefix("cluster."), let (cluster, after) = clusterName(rest.dropFirst(8)) {
            parts.append("cluster")
            labels.append("envoy_cluster_name=\"\(Self.escaped(cluster))\"")
            rest = after
        } else if rest.hasPrefix("http."), let dot = rest.range(ofFirst: ".downstream_", after: 5) ?? rest.lastDot {
            parts.append("http")
            labels.append(
                "envoy_http_conn_manager_prefix=\"\(Self.escaped(rest[rest.index(rest.startIndex, offsetBy: 5)..<dot]))\""
            )
            rest = rest[rest.index(after: dot)...]
        } else if rest.hasPrefix("listener."), let dot = rest.range(ofFirst: ".downstream_", after: 9) ?? rest.lastDot,
            rest.distance(from: rest.startIndex, to: dot) > 9
        {
            parts.append("listener")
            labels.append(
                "envoy_listener_address=\"\(Self.escaped(rest[rest.index(rest.startIndex, offsetBy: 9)..<dot]))\"")
            rest = rest[rest.index(after: dot)...]
        }
        if let (base, label) = Self.responseCode(rest) {
            rest = base
            labels.insert(label, at: 0)
        }
        return Metric(name: (parts + [Self.sanitized(rest)]).joined(separator: "_"), labels: labels)
    }

    private func clusterName(_ rest: Substring) -> (Substring, Substring)? {
        for name in clusterNames where rest.hasPrefix(name + ".") {
            let end = rest.index(rest.startIndex, offsetBy: name.count)
            return (rest[..<end], rest[rest.index(after: end)...])
        }
        guard let dot = rest.firstIndex(of: ".") else { return nil }
        return (rest[..<dot], rest[rest.index(after: dot)...])
    }

    /// `…rq_200` and `…rq_2xx` have their code as a label.
    private static func responseCode(_ rest: Substring) -> (Substring, String)? {
        guard let bar = rest.lastIndex(of: "_") else { return nil }
        let code = rest[rest.index(after: bar)...].utf8
        guard rest[..<bar].hasSuffix("rq"), code.count == 3, let first = code.first,
            (UInt8(ascii: "1")...UInt8(ascii: "5")).contains(first)
        else { return nil }
        if code.elementsEqual("\(Character(Unicode.Scalar(first)))xx".utf8) {
            return (rest[..<bar] + "_xx", "envoy_response_code_class=\"\(Character(Unicode.Scalar(first)))\"")
        }
        guard code.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return (rest[..<bar], "envoy_response_code=\"\(rest[rest.index(after: bar)...])\"")
    }

    private static func sanitized(_ name: Substring) -> String {
        String(
            name.unicodeScalars.map { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar))
                    ? Character(scalar) : "_"
            })
    }

    private static func escaped(_ value: Substring) -> String {
        var text = ""
        for character in value {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
        return text
    }

    private static func braces(_ labels: [String]) -> String { "{" + labels.joined(separator: ",") + "}" }
}

extension Substring {
    /// Where a text first occurs behind so many characters.
    fileprivate func range(ofFirst text: String, after offset: Int) -> Index? {
        guard var index = self.index(startIndex, offsetBy: offset, limitedBy: endIndex) else { return nil }
        while index < endIndex {
            if self[index...].hasPrefix(text) { return index }
            formIndex(after: &index)
        }
        return nil
    }

    fileprivate var lastDot: Index? { lastIndex(of: ".") }
}

extension Double {
    /// Without an exponent, as Prometheus labels have their bounds.
    fileprivate var plainText: String {
        self == rounded() && magnitude < 1e15 ? String(Int64(self)) : description
    }
}
