import Documents
package import Paths
package import TrafficEngine

extension RequestExplanation {
    /// Puts a whole path into words: the ladder, then the steps of its proxies.
    package init(_ path: RequestPath, line: String = "", way: [ReplayDestination.Part] = []) {
        let ladder = Ladder(path)
        self.init(path.trace, line: "", way: way, answerer: path.answerer, arrivals: path.arrivals)
        var front: [ExplanationLine] = []
        if !line.isEmpty {
            front.append(ExplanationLine(.request, [ExplanationSpan(line.sanitizedForTerminal, .value)]))
        }
        front += ladder.lines
        front.append(ExplanationLine(.blank, []))
        lines = front + lines
        lines += ladder.healthLines
    }
}

extension RequestPath {
    /// The request as it arrives at each proxy, by the proxy's place in the trace.
    package var arrivals: [Int: SyntheticRequest] {
        var result: [Int: SyntheticRequest] = [:]
        for hop in hops { if let index = hop.traceIndex { result[index] = hop.arrives } }
        return result
    }

    /// The load balancer that wrote the answer, if it was one; or a proxy in the middle of the way.
    package var answerer: String? {
        guard let answeredBy, hops.indices.contains(answeredBy) else { return nil }
        let hop = hops[answeredBy]
        switch hop.kind {
        case .cloudLoadBalancer, .networkLoadBalancer, .ingress: return hop.name
        case .gateway, .sidecar: return hop.traceIndex == 0 ? nil : hop.name
        case .client, .node, .endpoint, .outside, .loop: return nil
        }
    }
}

extension Ladder {
    /// The rungs as lines, with what stands below each.
    package var lines: [ExplanationLine] {
        var lines = [
            ExplanationLine(.path, [ExplanationSpan("path ", .label), ExplanationSpan(summary, .value)])
        ]
        let width = rungs.map { $0.title.count }.max() ?? 0
        for (index, rung) in rungs.enumerated() {
            lines.append(rung.line(number: index + 1, width: min(width, 44)))
            lines += rung.details(after: index > 0 ? rungs[index - 1] : nil)
        }
        return lines
    }

    /// Health checks of the load balancers, a line a target.
    package var healthLines: [ExplanationLine] {
        health.flatMap { report -> [ExplanationLine] in
            let isGood = report.healthyCount == report.targets.count && !report.targets.isEmpty
            var lines = [
                ExplanationLine(
                    .path,
                    [
                        ExplanationSpan("health ", .label),
                        ExplanationSpan(report.question.sanitizedForTerminal, .value),
                        ExplanationSpan(
                            "  \(report.healthyCount) of \(report.targets.count) healthy", isGood ? .good : .bad),
                        ExplanationSpan("  \(report.checker), \(report.origin)".sanitizedForTerminal, .dim),
                    ], source: report.source)
            ]
            for target in report.targets.prefix(8) {
                lines.append(
                    ExplanationLine(
                        .path, indent: 1,
                        [
                            ExplanationSpan(target.isHealthy ? "ok " : "XX ", target.isHealthy ? .good : .bad),
                            ExplanationSpan(target.name.sanitizedForTerminal, .value),
                            ExplanationSpan("  " + target.reason.sanitizedForTerminal),
                        ], source: target.source))
            }
            if report.targets.count > 8 {
                lines.append(
                    ExplanationLine(.path, indent: 1, [ExplanationSpan("… and \(report.targets.count - 8) more", .dim)])
                )
            }
            return lines + report.facts.map { $0.line(indent: 1) }
        }
    }
}

extension Ladder.Rung {
    /// `AWS ALB of Ingress istio-system/test-alb`, with its cluster where there are several.
    package var title: String {
        (kind == "client" || kind == "endpoint" || kind == "sidecar" || kind == "gateway" || kind == "outside"
            ? "\(kind) " : "")
            + name + (cluster.isEmpty ? "" : " in \(cluster)")
    }

    fileprivate func line(number: Int, width: Int) -> ExplanationLine {
        let mark: ExplanationSpan =
            switch verdict {
            case .good, .note: ExplanationSpan("ok ", .good)
            case .warning: ExplanationSpan("!! ", .bad)
            case .bad: ExplanationSpan("XX ", .bad)
            }
        var spans = [
            ExplanationSpan("\(number) "), mark,
            ExplanationSpan(title + String(repeating: " ", count: max(0, width - title.count)), .value),
        ]
        if !arrives.isEmpty { spans.append(ExplanationSpan("  " + arrives)) }
        if !ports.isEmpty { spans.append(ExplanationSpan("  " + ports)) }
        if !sends.isEmpty, kind != "client" { spans.append(ExplanationSpan("  -> \(sends)", .dim)) }
        if answers { spans.append(ExplanationSpan("  answers", .label)) }
        return ExplanationLine(.path, indent: 1, spans, source: source)
    }

    /// What differs from the hop before: Host, SNI, source, forwarded headers; then the facts.
    fileprivate func details(after previous: Ladder.Rung?) -> [ExplanationLine] {
        let before = Dictionary((previous?.request ?? []).map { ($0.name, $0.value) }) { first, _ in first }
        let told = request.filter { $0.name != "request" && before[$0.name] != $0.value || previous == nil }
        var lines: [ExplanationLine] = []
        if !told.isEmpty {
            let words = told.map { $0.name == "request" ? $0.value : "\($0.name) \($0.value)" }
            lines.append(ExplanationLine(.path, indent: 4, [ExplanationSpan(words.joined(separator: ", "), .dim)]))
        }
        if !server.isEmpty { lines.append(ExplanationLine(.path, indent: 4, [ExplanationSpan(server, .dim)])) }
        return lines + facts.map { $0.line(indent: 4) }
    }
}

extension PathFact {
    fileprivate func line(indent: Int) -> ExplanationLine {
        let mark: String =
            switch verdict {
            case .note, .good: ""
            case .warning: "!! "
            case .bad: "XX "
            }
        let isGood = verdict == .note || verdict == .good
        return ExplanationLine(
            .path, indent: indent,
            [
                ExplanationSpan(mark, .bad), ExplanationSpan(text.sanitizedForTerminal, isGood ? .plain : .bad),
                ExplanationSpan(code.map { " [\($0)]" } ?? "", .dim),
            ], source: source)
    }
}
