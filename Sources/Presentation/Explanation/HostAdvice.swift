import CurlCommand
import Documents
import EnvoyModel
import TrafficEngine

/// How far a host is from the domains of a virtual host.
enum HostDistance {
    static func between(_ host: String, _ step: Step) -> Int {
        let domains = step.evidence.filter { $0.condition == .domain }.map(\.wantedText)
        let names = domains.isEmpty ? [step.candidate] : domains
        return names.map { between(host, $0) }.min() ?? .max
    }

    /// Edits between the names; a wildcard covers its part.
    static func between(_ host: String, _ domain: String) -> Int {
        let bare = host.split(separator: ":").first.map(String.init) ?? host
        if domain.hasPrefix("*.") {
            let suffix = domain.dropFirst(1)
            let tail = bare.firstIndex(of: ".").map { String(bare[$0...]) } ?? bare
            return EditDistance.between(tail, String(suffix)) + (bare == domain.dropFirst(2) ? 1 : 0)
        }
        return EditDistance.between(bare, domain)
    }
}

/// What to say when no virtual host took the request: the nearest host, and what would make it fit.
struct HostAdvice {
    private(set) var lines: [ExplanationLine] = []

    init?(_ trace: TrafficTrace, _ hop: TraceHop) {
        let steps = hop.steps.filter { $0.stage == .virtualHost }
        guard !steps.isEmpty, !steps.contains(where: { $0.matched }) else { return nil }
        let host = (trace.request.authority ?? "").lowercased()
        let ranked = steps.map { ($0, HostDistance.between(host, $0)) }.sorted { $0.1 < $1.1 }
        guard let best = ranked.first else { return nil }
        let domain =
            best.0.evidence.filter { $0.condition == .domain }.map(\.wantedText)
            .min { HostDistance.between(host, $0) < HostDistance.between(host, $1) } ?? best.0.candidate
        lines.append(
            ExplanationLine(
                .advice, [ExplanationSpan("nearest   ", .label), ExplanationSpan(domain.sanitizedForTerminal, .value)],
                source: best.0.source))
        let wish = domain.hasPrefix("*.") ? "name" + domain.dropFirst() : domain
        lines.append(
            ExplanationLine(
                .advice,
                [
                    ExplanationSpan("request   ", .label),
                    ExplanationSpan("-H 'Host: \(wish)'".sanitizedForTerminal, .value),
                ]))
        if !host.isEmpty {
            lines.append(
                ExplanationLine(
                    .advice,
                    [
                        ExplanationSpan("manifest  ", .label),
                        ExplanationSpan(
                            "add \(host) to the hosts of the Gateway and of its routes".sanitizedForTerminal, .value),
                    ],
                    source: best.0.source))
        }
    }
}
