package import Documents
import EnvoyModel
import TrafficEngine

/// What all tests of a run came to.
package struct RouteCheckReport: Sendable {
    package var results: [RouteCheckResult]
    package var coverage: RouteCoverage

    package init(_ results: [RouteCheckResult], coverage: RouteCoverage) {
        self.results = results
        self.coverage = coverage
    }

    package var failedCount: Int { results.filter { !$0.hasPassed }.count }

    package struct TextOptions: Sendable {
        package var onlyFailures = false
        /// Every route that no test reaches, or of which a property is not asserted.
        package var listsUncovered = false
        /// The figure of router_check_tool's `--covall`.
        package var isComprehensive = false

        package init() {}
    }

    /// A line a test, below a failed one what was expected and what there is.
    package func text(_ options: TextOptions = TextOptions()) -> String {
        var text = ""
        for result in results where !options.onlyFailures || !result.hasPassed {
            let place = "\(result.check.location.file):\(result.check.location.line)"
            text += "\(result.hasPassed ? "ok  " : "FAIL")  \(place)  \(result.check.name)\n"
            if let problem = result.problem, !result.hasPassed { text += "        \(problem)\n" }
            for failure in result.failures where failure.actual != result.problem || result.problem == nil {
                text += "        \(failure.subject): expected \(failure.expected), got \(failure.actual ?? "none")"
                text += "   \(failure.location.file):\(failure.location.line)\n"
            }
            if !result.hasPassed, let why = result.why { text += "        why: \(why)\n" }
        }
        text += "\(results.count) \(results.count == 1 ? "test" : "tests"), "
        text += "\(results.count - failedCount) passed, \(failedCount) failed\n"
        text += "Current route coverage: \(percentage(options.isComprehensive)) %"
        text += options.isComprehensive ? "\n" : " (\(coverage.hitCount) of \(coverage.rows.count) routes)\n"
        if options.listsUncovered { text += uncovered(options.isComprehensive) }
        return text.sanitizedLines
    }

    private func percentage(_ isComprehensive: Bool) -> String {
        let hundredths = Int(((isComprehensive ? coverage.comprehensiveShare : coverage.share) * 10_000).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }

    private func uncovered(_ isComprehensive: Bool) -> String {
        var text = ""
        for row in coverage.rows where isComprehensive ? !row.missing.isEmpty : row.hits == 0 {
            text += "  not covered: \(row.routeConfiguration) | \(row.virtualHost) | #\(row.position + 1)"
            if !row.route.name.isEmpty { text += " \(row.route.name)" }
            if isComprehensive { text += ": " + row.missing.map(\.rawValue).joined(separator: ", ") }
            if let place = row.route.sources.first?.location { text += "   \(place.file):\(place.line)" }
            text += "\n"
        }
        return text
    }

    /// One object; the traces of failed tests are in it.
    package var json: JSON {
        let tests = results.map { result -> JSON in
            var object = JSONObject()
            object.add("name", .string(result.check.name))
            object.add("file", .string(result.check.location.file))
            object.add("line", .int(Int64(result.check.location.line)))
            object.add("passed", .bool(result.hasPassed))
            object.add(
                "failures",
                .array(
                    result.failures.map { failure in
                        [
                            "subject": .string(failure.subject), "expected": .string(failure.expected),
                            "actual": failure.actual.map(JSON.string) ?? .null,
                            "line": .int(Int64(failure.location.line)),
                        ]
                    }))
            object.add("problem", result.problem.map(JSON.string))
            if !result.hasPassed { object.add("trace", result.trace?.json) }
            return .object(object)
        }
        return [
            "tests": .array(tests), "passed": .int(Int64(results.count - failedCount)),
            "failed": .int(Int64(failedCount)),
            "coverage": [
                "routes": .int(Int64(coverage.rows.count)), "hit": .int(Int64(coverage.hitCount)),
                "share": .double(coverage.share), "comprehensive_share": .double(coverage.comprehensiveShare),
            ],
        ]
    }
}

extension RouteCheckResult {
    /// Why the request went where it went: the last step's reason, with the manifest's line.
    fileprivate var why: String? {
        guard let hop = trace?.hops.first else { return nil }
        let step = hop.steps.last { !$0.matched && $0.stage != .endpoint } ?? hop.steps.last
        guard let step else { return nil }
        let place = step.source?.location.map { "   \($0.file):\($0.line)" } ?? ""
        return "\(step.stage.rawValue) \(step.candidate): \(step.reason)\(place)"
    }
}

extension String {
    /// Names come from files: no control characters but line ends.
    fileprivate var sanitizedLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { String($0).sanitizedForTerminal }
            .joined(separator: "\n")
    }
}
