import Documents
package import TrafficEngine

/// Where a repeated request lands: predicted shares beside the picks of one worker.
package struct DistributionText: Sendable {
    package struct Row: Hashable, Sendable {
        package var endpoint: String
        package var cluster: String
        /// From 0 to 1.
        package var share: Double
        package var picks: Int
        /// What the embedded proxy did; `nil` when nothing was sent.
        package var observed: Int?
    }

    package let rows: [Row]
    package let count: Int
    private let summary: String

    /// `observed` counts the requests of each endpoint that were really sent.
    package init(_ trace: TrafficTrace, count: Int, observed: [String: Int]? = nil) {
        self.count = count
        summary = RequestExplanation.summary(of: trace)
        var picks: [String: Int] = [:]
        for endpoint in trace.picks ?? [] { picks[endpoint, default: 0] += 1 }
        var rows: [Row] = []
        for candidate in trace.hops.first?.candidates ?? [] {
            let endpoint = candidate.host?.address ?? "no endpoint"
            if let index = rows.firstIndex(where: { $0.endpoint == endpoint && $0.cluster == candidate.cluster }) {
                rows[index].share += candidate.share
            } else {
                rows.append(Row(endpoint: endpoint, cluster: candidate.cluster, share: candidate.share, picks: 0))
            }
        }
        // An endpoint that two clusters share is credited to the first: picks do not say by which way they came.
        var observed = observed
        for index in rows.indices {
            rows[index].picks = picks.removeValue(forKey: rows[index].endpoint) ?? 0
            if observed != nil { rows[index].observed = observed?.removeValue(forKey: rows[index].endpoint) ?? 0 }
        }
        self.rows = rows.sorted { $0.share != $1.share ? $0.share > $1.share : $0.endpoint < $1.endpoint }
    }

    package var text: String {
        guard !rows.isEmpty else { return "\(count) x \(summary)\n" }
        let isObserved = rows.contains { $0.observed != nil }
        var lines = [["ENDPOINT", "SHARE", "EXPECTED", isObserved ? "OBSERVED" : "PICKED", "CLUSTER"]]
        for row in rows {
            let percent = Int((row.share * 1000).rounded())
            lines.append([
                row.endpoint, "\(percent / 10).\(percent % 10) %", "\(Int((row.share * Double(count)).rounded()))",
                "\(row.observed ?? row.picks)", row.cluster.sanitizedForTerminal,
            ])
        }
        let widths = (0..<5).map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            line.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 || column == 4 ? cell + (column == 4 ? "" : padding) : padding + cell
            }.joined(separator: "  ")
        }.joined(separator: "\n") + "\n" + fit
    }

    /// Whether what was observed is what was predicted, chance aside (MT0402); nothing where there is no choice.
    private var fit: String {
        let observed = rows.compactMap(\.observed)
        guard rows.count > 1, observed.count == rows.count,
            let fit = Fit(observed: observed, expected: rows.map(\.share))
        else { return "" }
        let hundredths = Int((fit.chiSquare * 100).rounded())
        let rest = hundredths % 100
        return "chi-square \(hundredths / 100).\(rest < 10 ? "0" : "")\(rest): \(fit.words)\n"
    }
}
