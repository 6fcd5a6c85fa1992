import CurlCommand
import Documents
import EnvoyModel
package import Paths
package import TrafficEngine

extension RequestExplanation {
    /// Puts a trace into words. `line` is the request as the user gave it (empty leaves it out), `way` how the
    /// connection gets to the first proxy.
    /// `arrivals`: the request as it arrives at each hop, where that is known. `answerer`: who wrote the answer, where that is none of the proxies.
    package init(
        _ trace: TrafficTrace, line: String = "", way: [ReplayDestination.Part] = [], answerer: String? = nil,
        arrivals: [Int: SyntheticRequest] = [:]
    ) {
        var writer = ExplanationWriter(trace: trace, answerer: answerer)
        writer.arrivals = arrivals
        writer.write(line: line, way: way)
        self.init(
            lines: writer.lines, steps: writer.number, stoppedAt: writer.stoppedAt, summary: Self.summary(of: trace))
    }

    /// A connection that arrives nowhere.
    package init(_ problem: UnreachableDestination, line: String) {
        var lines: [ExplanationLine] = []
        if !line.isEmpty { lines.append(ExplanationLine(.request, [ExplanationSpan(line, .value)])) }
        lines.append(
            ExplanationLine(
                .step,
                [
                    ExplanationSpan("1 "), ExplanationSpan("XX ", .bad), ExplanationSpan("resolve   ", .label),
                    ExplanationSpan(problem.message, .bad),
                ], source: problem.source))
        if let hint = problem.hint {
            lines.append(ExplanationLine(.advice, [ExplanationSpan("hint: "), ExplanationSpan(hint)]))
        }
        self.init(lines: lines, steps: 1, stoppedAt: 1, summary: problem.message)
    }

    /// The trace in one line.
    package static func summary(of trace: TrafficTrace) -> String {
        if let response = trace.response {
            let status = response.status.map { "\($0)" } ?? "-"
            let flags = response.flags == "-" ? "" : " \(response.flags)"
            let details = response.details.isEmpty || response.details == "via_upstream" ? "" : " \(response.details)"
            let cluster = trace.hops.first?.clusterReference.map { " -> \($0)" } ?? ""
            return status + flags + details + (trace.hops.first?.host == nil ? "" : cluster)
        }
        return trace.error?.rawValue ?? "no answer"
    }
}

/// Writes the lines of an explanation.
struct ExplanationWriter {
    let trace: TrafficTrace
    private let answerer: String?
    var arrivals: [Int: SyntheticRequest] = [:]
    private(set) var lines: [ExplanationLine] = []
    private(set) var number = 0
    private(set) var stoppedAt: Int?

    init(trace: TrafficTrace, answerer: String? = nil) {
        self.trace = trace
        self.answerer = answerer
    }

    mutating func write(line: String, way: [ReplayDestination.Part]) {
        if !line.isEmpty {
            lines.append(ExplanationLine(.request, [ExplanationSpan(line.sanitizedForTerminal, .value)]))
        }
        if let first = way.first {
            step(.good, "resolve", [ExplanationSpan(first.text.sanitizedForTerminal)], source: first.source)
            for part in way.dropFirst() {
                detail([ExplanationSpan(part.text.sanitizedForTerminal)], source: part.source)
            }
        }
        for (index, hop) in trace.hops.enumerated() {
            if trace.hops.count > 1 || index > 0 {
                lines.append(
                    ExplanationLine(
                        .request,
                        [ExplanationSpan("at ", .label), ExplanationSpan(hop.proxy.sanitizedForTerminal, .value)]))
            }
            write(hop)
            if let request = arrivals[index] ?? (index == 0 ? trace.request : nil) {
                lines += RouteWords(hop, request).lines
                lines += BalancingWords(hop, request, client: trace.request.sourceIP).lines
            }
        }
        answer()
        advice()
    }

    private enum Verdict { case good, bad, unreached }

    private mutating func step(
        _ verdict: Verdict, _ name: String, _ spans: [ExplanationSpan], source: SourceReference? = nil
    ) {
        number += 1
        let mark: ExplanationSpan =
            switch verdict {
            case .good: ExplanationSpan("ok ", .good)
            case .bad: ExplanationSpan("XX ", .bad)
            case .unreached: ExplanationSpan("-  ", .dim)
            }
        if verdict == .bad, stoppedAt == nil { stoppedAt = number }
        let padded = name + String(repeating: " ", count: max(1, 10 - name.count))
        lines.append(
            ExplanationLine(
                .step, indent: 0,
                [ExplanationSpan("\(number) "), mark, ExplanationSpan(padded, .label)] + spans, source: source))
    }

    private mutating func detail(_ spans: [ExplanationSpan], source: SourceReference? = nil) {
        lines.append(ExplanationLine(.detail, indent: 3, spans, source: source))
    }

    private static let stages: [(Step.Stage, String)] = [
        (.listener, "listener"), (.filterChain, "chain"), (.virtualHost, "host"), (.route, "route"),
        (.cluster, "cluster"), (.endpoint, "endpoint"),
    ]

    private mutating func write(_ hop: TraceHop) {
        for (stage, name) in Self.stages {
            if stage == .virtualHost, let error = trace.error, [.tlsError, .protocolError, .mtlsError].contains(error) {
                step(.bad, "protocol", [ExplanationSpan(ConnectionErrorText.meaning(of: error), .bad)])
            }
            let steps = hop.steps.filter { $0.stage == stage }
            if stage == .filterChain, steps.count == 1, steps[0].matched, hop.filterChain?.match == nil { continue }
            guard !steps.isEmpty else {
                if stoppedAt != nil, stage != .filterChain, !isLocal(hop) {
                    step(.unreached, name, [ExplanationSpan("not reached", .dim)])
                }
                continue
            }
            write(name, steps, stage)
        }
    }

    /// Answered by the route itself: nothing further is meant to be reached.
    private func isLocal(_ hop: TraceHop) -> Bool {
        hop.route != nil && hop.clusterReference == nil && trace.error == nil
    }

    private mutating func write(_ name: String, _ steps: [Step], _ stage: Step.Stage) {
        let matched = steps.first { $0.matched }
        let failed = steps.filter { !$0.matched }
        if let matched {
            var spans = [ExplanationSpan(matched.candidate.sanitizedForTerminal, .value)]
            if !matched.reason.isEmpty { spans.append(ExplanationSpan("  " + matched.reason.sanitizedForTerminal)) }
            step(.good, name, spans, source: matched.source)
            // What came before the winner matters for routes, which are tried in order.
            if stage == .route { for candidate in failed.prefix(8) { candidateLine(candidate) } }
            for further in steps.filter({ $0.matched }).dropFirst() where further.candidate != matched.candidate {
                detail(
                    [
                        ExplanationSpan(further.candidate.sanitizedForTerminal, .value),
                        ExplanationSpan("  " + further.reason.sanitizedForTerminal),
                    ], source: further.source)
            }
            return
        }
        if failed.count == 1, failed[0].evidence.allSatisfy({ $0.isMet }) {
            step(
                .bad, name,
                [
                    ExplanationSpan(failed[0].candidate.sanitizedForTerminal, .value),
                    ExplanationSpan("  " + failed[0].reason.sanitizedForTerminal, .bad),
                ], source: failed[0].source)
            return
        }
        let order = stage == .route ? ", in order" : ""
        step(.bad, name, [ExplanationSpan("0 of \(failed.count) matched\(order)", .bad)])
        let shown = stage == .virtualHost ? nearestHosts(failed) : Array(failed.prefix(24))
        for candidate in shown { candidateLine(candidate) }
        if failed.count > shown.count {
            detail([ExplanationSpan("… and \(failed.count - shown.count) more", .dim)])
        }
    }

    private func nearestHosts(_ steps: [Step]) -> [Step] {
        let host = (trace.request.authority ?? "").lowercased()
        return Array(
            steps.map { ($0, HostDistance.between(host, $0)) }.sorted { $0.1 < $1.1 }.prefix(6).map(\.0))
    }

    private mutating func candidateLine(_ step: Step) {
        var spans: [ExplanationSpan] = []
        if let position = step.position { spans.append(ExplanationSpan("#\(position + 1) ")) }
        spans.append(ExplanationSpan("XX ", .bad))
        let conditions = step.evidence.filter { $0.condition != .domain }.map(\.expected)
        if step.isUnnamed {
            spans.append(ExplanationSpan(conditions.joined(separator: ", ").sanitizedForTerminal, .value))
        } else {
            spans.append(ExplanationSpan(step.candidate.sanitizedForTerminal, .value))
            if !conditions.isEmpty {
                spans.append(ExplanationSpan("  " + conditions.joined(separator: ", ").sanitizedForTerminal))
            }
        }
        lines.append(ExplanationLine(.detail, indent: 3, spans, source: step.source))
        let failures = step.evidence.filter { !$0.isMet }
        if failures.isEmpty, !step.reason.isEmpty {
            lines.append(
                ExplanationLine(.detail, indent: 5, [ExplanationSpan(step.reason.sanitizedForTerminal, .bad)]))
        }
        for failure in failures.prefix(6) where failure.condition != .domain {
            lines.append(
                ExplanationLine(.detail, indent: 5, [ExplanationSpan(failure.failureText.sanitizedForTerminal, .bad)]))
        }
    }

    // MARK: The answer

    private mutating func answer() {
        guard let response = trace.response else {
            let meaning = trace.error.map { ConnectionErrorText.meaning(of: $0) } ?? "no answer"
            lines.append(
                ExplanationLine(
                    .answer,
                    [
                        ExplanationSpan("=> ", .label), ExplanationSpan(trace.error?.rawValue ?? "none", .bad),
                        ExplanationSpan("  " + meaning),
                    ]))
            return
        }
        let isGood = (response.status ?? 200) < 400
        let status = response.status.map {
            "\(trace.usesHTTP2 ? "HTTP/2" : "HTTP/1.1") \($0) \(StatusWords.reason($0))"
        }
        var spans = [
            ExplanationSpan("=> ", .label),
            ExplanationSpan((status ?? "the connection is forwarded").trimmingTrailingBlanks, isGood ? .good : .bad),
        ]
        if response.flags != "-" { spans.append(ExplanationSpan("  flags \(response.flags)", .bad)) }
        if !response.details.isEmpty { spans.append(ExplanationSpan("  \(response.details.sanitizedForTerminal)")) }
        spans.append(ExplanationSpan("  answered by \(answeredBy(response))", .dim))
        lines.append(ExplanationLine(.answer, spans))
        if let meaning = ResponseFlag.meaning(of: response.flags) {
            lines.append(ExplanationLine(.answer, indent: 1, [ExplanationSpan(meaning)]))
        }
        for hop in trace.hops where hop.candidates.count > 1 {
            shares(hop)
        }
    }

    private func answeredBy(_ response: TraceResponse) -> String {
        if let answerer { return answerer.sanitizedForTerminal }
        guard response.details == "via_upstream" || response.details.isEmpty else { return "the proxy" }
        return trace.hops.last?.host.map { "the endpoint \($0.address)" } ?? "the endpoint"
    }

    private mutating func shares(_ hop: TraceHop) {
        lines.append(ExplanationLine(.detail, indent: 1, [ExplanationSpan("where such requests land", .label)]))
        for candidate in hop.candidates.sorted(by: { $0.share > $1.share }).prefix(12) {
            let percent = Int((candidate.share * 1000).rounded())
            let text = "\(percent / 10).\(percent % 10) %"
            let padding = String(repeating: " ", count: max(0, 8 - text.count))
            lines.append(
                ExplanationLine(
                    .detail, indent: 2,
                    [
                        ExplanationSpan(padding + text + "  "),
                        ExplanationSpan(candidate.host?.address ?? "no endpoint", .value),
                        ExplanationSpan("  " + candidate.cluster.sanitizedForTerminal, .dim),
                    ]))
        }
    }

    // MARK: Advice

    private mutating func advice() {
        guard let hop = trace.hops.last, stoppedAt != nil else { return }
        if let error = trace.error,
            [.noListener, .noFilterChain, .tlsError, .protocolError, .mtlsError].contains(error)
        {
            for text in ConnectionErrorText.advice(for: error, trace.request) {
                lines.append(ExplanationLine(.advice, [ExplanationSpan("try       ", .label), ExplanationSpan(text)]))
            }
        }
        if let host = HostAdvice(trace, hop) {
            lines += host.lines
        } else if !hop.steps.contains(where: { $0.stage == .route && $0.matched }),
            let miss = NearestMiss.among(hop.steps, at: .route)
        {
            routeAdvice(miss)
        } else if let advice = ClusterAdvice(trace, hop) {
            lines += advice.lines
        }
    }

    private mutating func routeAdvice(_ miss: NearestMiss) {
        let name = miss.step.isUnnamed ? "" : miss.step.candidate + ": "
        let conditions = miss.step.evidence.map(\.expected).joined(separator: ", ")
        let place = miss.step.position.map { "#\($0 + 1) " } ?? ""
        lines.append(
            ExplanationLine(
                .advice,
                [
                    ExplanationSpan("nearest   ", .label), ExplanationSpan(place),
                    ExplanationSpan((name + conditions).sanitizedForTerminal, .value),
                ], source: miss.step.source))
        let path = String(
            trace.request.path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).first ?? "/")
        let changes = miss.failures.compactMap { $0.proposal(path: path) }
        if changes.count == miss.failures.count {
            lines.append(
                ExplanationLine(
                    .advice,
                    [
                        ExplanationSpan("request   ", .label),
                        ExplanationSpan(changes.joined(separator: ", and ").sanitizedForTerminal, .value),
                    ]))
        }
        guard miss.failures.count == 1, case .path = miss.failures[0].condition, let source = miss.step.source else {
            return
        }
        let text: String? =
            switch source.kind {
            case "VirtualService": "add - uri: {prefix: \(path)} to the match"
            case "HTTPRoute": "add - path: {type: PathPrefix, value: \(path)} to the matches"
            default: nil
            }
        guard let text else { return }
        lines.append(
            ExplanationLine(
                .advice, [ExplanationSpan("manifest  ", .label), ExplanationSpan(text.sanitizedForTerminal, .value)],
                source: source))
    }
}

extension String {
    fileprivate var trimmingTrailingBlanks: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
