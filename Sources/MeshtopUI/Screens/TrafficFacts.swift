import EnvoyModel
import TerminalUI
import TrafficEngine

/// What a proxy has counted of what is selected.
extension AppModel {
    /// Puts requests and observed shares into the rows of the endpoints.
    mutating func countEndpoints() {
        predictPage()
        let (meters, predicted) = (meters, predictedShares)
        guard !meters.isIdle || !predicted.isEmpty else { return }
        var totals: [String: Int] = [:]
        endpoints.updateRows { item in
            let total = totals[item.cluster] ?? meters.requests(cluster: item.cluster)
            totals[item.cluster] = total
            item.requests = meters.requests(cluster: item.cluster, endpoint: item.address)
            item.share = total > 0 ? Double(item.requests) / Double(total) : nil
            item.isEjected = meters.isEjected(cluster: item.cluster, endpoint: item.address)
            let shares = predicted[item.cluster] ?? []
            item.predicted = shares.indices.contains(item.index) ? shares[item.index] : nil
        }
    }

    /// Works out the shares of the clusters on the page; of ten thousands of others nobody sees them.
    private mutating func predictPage() {
        let names = Set(endpoints.page.map(\.cluster)).subtracting(predictedShares.keys)
        guard !names.isEmpty else { return }
        for cluster in view.snapshot.clusters where names.contains(cluster.name) {
            predictedShares[cluster.name] = WorkerState.shares(of: cluster, assignments[cluster.name])
        }
    }

    func trafficLines(of item: ClusterItem) -> [TextLine] {
        guard item.requests > 0 || item.rate > 0 else { return [] }
        var lines = [
            fact("traffic", "\(Words.grouped(item.requests)) requests, \(Words.fixed(item.rate)) rps", .observed)
        ]
        let name = item.cluster.altStatName.isEmpty ? item.id : item.cluster.altStatName
        lines += counts(
            [
                ("upstream_rq_2xx", "2xx"), ("upstream_rq_3xx", "3xx"), ("upstream_rq_4xx", "4xx"),
                ("upstream_rq_5xx", "5xx"), ("upstream_rq_timeout", "timeouts"), ("upstream_rq_retry", "retries"),
                ("upstream_rq_pending_overflow", "overflows"), ("upstream_cx_connect_fail", "failed connections"),
                ("outlier_detection.ejections_active", "ejected now"),
            ], under: "cluster.\(name).", called: "answers")
        return lines
    }

    func trafficLines(of item: EndpointItem) -> [TextLine] {
        guard let stats = meters.stats(cluster: item.cluster, endpoint: item.address) else { return [] }
        let share = item.share.map { ", \(Words.fixed($0 * 100)) % of the cluster's" } ?? ""
        return [
            fact("requests", Words.grouped(item.requests) + share, item.requests > 0 ? .observed : .textDim),
            fact(
                "answers",
                "\(Words.grouped(Int(clamping: stats.rqSuccess))) good, \(Words.grouped(Int(clamping: stats.rqError))) "
                    + "bad, \(Words.grouped(Int(clamping: stats.rqTimeout))) timed out, \(stats.rqActive) active"),
            fact(
                "connections",
                "\(Words.grouped(Int(clamping: stats.cxTotal))) opened, \(stats.cxActive) open, \(stats.cxConnectFail) "
                    + "failed"),
        ]
    }

    func trafficLines(of listener: Listener) -> [TextLine] {
        guard let name = listener.statName else { return [] }
        return counts(
            [("downstream_cx_total", "opened"), ("downstream_cx_active", "open")], under: "listener.\(name).",
            called: "connections")
            + listener.statPrefixes.flatMap { prefix in
                counts(
                    [
                        ("downstream_rq_completed", "requests"), ("downstream_rq_2xx", "2xx"),
                        ("downstream_rq_3xx", "3xx"), ("downstream_rq_4xx", "4xx"), ("downstream_rq_5xx", "5xx"),
                    ], under: "listener.\(name).http.\(prefix).", called: "traffic")
            }
    }

    /// `12 2xx, 3 4xx` of the counters that are not 0; nothing where no proxy gave any.
    private func counts(_ names: [(String, String)], under prefix: String, called title: String) -> [TextLine] {
        let words = names.compactMap { name, word -> String? in
            guard let value = meters.value(prefix + name), value > 0 else { return nil }
            return "\(Words.grouped(Int(clamping: value))) \(word)"
        }
        return words.isEmpty ? [] : [fact(title, words.joined(separator: ", "), .observed)]
    }
}

extension Listener {
    /// The prefixes of its HTTP connection managers, each once.
    var statPrefixes: [String] {
        var seen: Set<String> = []
        return managers.map(\.statPrefix).filter { seen.insert($0).inserted }
    }
}
