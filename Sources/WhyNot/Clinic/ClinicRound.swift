import Documents
package import MeshModel
package import TrafficEngine

/// The causes of a flag over whole proxies: every row of their tables is asked, with a request that it takes.
package struct ClinicRound {
    /// A cause, and the rows that it concerns.
    package struct Found: Sendable {
        package let cause: Diagnosis.Cause
        package var rows: [String]
        /// A request that meets it, and the proxy that it comes to.
        package let request: SyntheticRequest
        package let proxy: ProxyNode
    }

    package private(set) var found: [Found] = []
    /// So many rows were asked.
    package private(set) var asked = 0
    /// Not all rows were asked: there was no time left.
    package private(set) var wasCut = false

    package init(_ flag: String, at proxies: [ProxyNode], in state: MeshState, isOutOfTime: () -> Bool) {
        var places: [String: Int] = [:]
        for proxy in proxies {
            let query = ReverseQuery(proxy, in: state)
            for row in query.rows where row.route != nil {
                if isOutOfTime() {
                    wasCut = true
                    break
                }
                guard case .request(let request) = query.answer(for: row) else { continue }
                asked += 1
                let attempt = SyntheticRequester(request, at: proxy).attempt([], in: state)
                guard Self.concerns(flag, attempt.outcome),
                    let context = RepairContext(attempt, goal: .anywhere, in: state),
                    let diagnosis = Clinic(context: context, observed: flag).diagnosis
                else { continue }
                for cause in diagnosis.causes where cause.verdict == .yes {
                    let key = [cause.text, cause.evidence].joined(separator: "|")
                    if let place = places[key] {
                        found[place].rows.append(row.words)
                    } else {
                        places[key] = found.count
                        found.append(Found(cause: cause, rows: [row.words], request: request, proxy: proxy))
                    }
                }
            }
        }
    }

    /// What is predicted is looked for where it is predicted; the rest can happen to whatever arrives.
    private static func concerns(_ flag: String, _ outcome: Outcome) -> Bool {
        switch flag.uppercased() {
        case "NC": outcome == .clusterNotFound
        case "UH": outcome == .noHealthyHost
        default: true
        }
    }
}
