import Documents
package import Presentation
import TrafficEngine

extension WhyNotAnswer {
    /// What was found, as lines below a request's steps. The patch of the smallest fix is its own text: `patch`.
    package var lines: [ExplanationLine] {
        var lines: [ExplanationLine] = []
        if isMet { return [.advice("wanted", "it goes \(goal.words)")] }
        lines += attachmentLines
        lines += causeLines
        for (index, proposal) in (fixes.first?.proposals ?? []).enumerated() {
            lines.append(.advice(index == 0 ? "because" : "and", proposal.reason, source: proposal.object))
        }
        if fixes.isEmpty, let reason = firstReason {
            lines.append(.advice("perhaps", reason.text, source: reason.objects.first))
        }
        for fix in requestFixes.prefix(1) {
            lines.append(.advice("request", fix.text, role: .value))
            lines.append(.advice("", "tried: " + fix.attempt.summary))
        }
        for (index, fix) in fixes.enumerated() {
            for (position, proposal) in fix.proposals.enumerated() {
                let label = position > 0 ? "and" : index == 0 ? "fix" : "or"
                let text = "\(proposal.object.kind) \(proposal.object.fullName): \(proposal.summary)"
                lines.append(.advice(label, text, role: .value, source: proposal.object))
            }
            lines.append(.advice("", "tried: " + fix.attempt.summary))
        }
        if fixes.isEmpty, requestFixes.isEmpty, goal != .anywhere || tried > 0 {
            lines.append(.advice("fix", "none of \(tried) changes that were tried brings it \(goal.words)"))
        }
        if wasCut { lines.append(.advice("", "the search was cut after \(tried) changes: more may help")) }
        return lines
    }

    /// The reason and the smallest changes alone, for where there is little room.
    package var shortLines: [ExplanationLine] {
        if isMet { return goal == .anywhere ? [] : [.advice("wanted", "it goes \(goal.words)")] }
        var lines: [ExplanationLine] = []
        if let fix = requestFixes.first { lines.append(.advice("request", fix.text, role: .value)) }
        for (position, proposal) in (fixes.first?.proposals ?? []).enumerated() {
            lines.append(
                .advice(
                    position > 0 ? "and" : "fix", "\(proposal.object.fullName) \(proposal.summary)", role: .value,
                    source: proposal.object))
        }
        if let fix = fixes.first?.proposals.first {
            lines.append(.advice("because", fix.reason, source: fix.object))
        } else if let reason = firstReason {
            lines.append(.advice("perhaps", reason.text, source: reason.objects.first))
        }
        if fixes.isEmpty, requestFixes.isEmpty {
            lines.append(.advice("fix", "none of \(tried) changes that were tried"))
        }
        return lines
    }

    /// The smallest fix, to be applied with `patch -p0`; empty without one.
    package var patch: String { fixes.first?.patch ?? "" }

    private var attachmentLines: [ExplanationLine] {
        attachments.prefix(6).map { attachment in
            let name = "\(attachment.object.kind) \(attachment.object.fullName)"
            switch attachment.state {
            case .attached(let count):
                return .advice(
                    "route", "\(name) attached, \(count == 1 ? "1 row" : "\(count) rows")", source: attachment.object)
            case .detached(let why):
                return .advice("route", "\(name) not attached: \(why)", source: attachment.object)
            }
        }
    }

    /// What the response flag can come from here.
    package var causeLines: [ExplanationLine] {
        guard let clinic else { return [] }
        // What it is not is worth a line where nothing says what it is.
        let certain = clinic.causes.filter { $0.verdict != .no }
        return (certain.isEmpty ? clinic.causes : certain).prefix(4).map { cause in
            .advice(
                cause.verdict == .yes ? "cause" : cause.verdict == .no ? "not" : "maybe",
                "\(cause.text): \(cause.evidence)", source: cause.source)
        }
    }
}

extension Attempt {
    /// `200 -> outbound|8000||httpbin…`.
    package var summary: String {
        trace.map { RequestExplanation.summary(of: $0) } ?? problem ?? "no answer"
    }
}

extension SourceReference {
    /// `namespace/name`.
    var fullName: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
}

extension ExplanationLine {
    fileprivate static func advice(
        _ label: String, _ text: String, role: ExplanationSpan.Role = .plain, source: SourceReference? = nil
    ) -> ExplanationLine {
        let padded = label + String(repeating: " ", count: max(1, 10 - label.count))
        return ExplanationLine(
            .advice, [ExplanationSpan(padded, .label), ExplanationSpan(text.sanitizedForTerminal, role)], source: source
        )
    }
}
