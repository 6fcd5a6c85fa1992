package import Documents

/// A piece of an explanation's line with the part that it plays: screens give it a style, plain text ignores it.
package struct ExplanationSpan: Hashable, Sendable {
    package enum Role: Hashable, Sendable {
        case plain
        /// `ok`, a matched candidate.
        case good
        /// A candidate that failed, and why.
        case bad
        /// The name of a step or a heading.
        case label
        /// What the user may copy: hosts, paths, clusters.
        case value
        /// `file:line`.
        case place
        /// What was not reached.
        case dim
    }

    package var text: String
    package var role: Role

    package init(_ text: String, _ role: Role = .plain) {
        self.text = text
        self.role = role
    }
}

/// One line of an explanation.
package struct ExplanationLine: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The request, before the steps.
        case request
        /// A hop of the way, or something about it.
        case path
        /// A step of the decision.
        case step
        /// A candidate or a detail under a step.
        case detail
        /// What is answered.
        case answer
        /// The nearest miss and the proposals.
        case advice
        case blank
    }

    package var kind: Kind
    /// How far the line is set in, in steps.
    package var indent: Int
    package var spans: [ExplanationSpan]
    /// The manifest behind the line: where Enter goes.
    package var source: SourceReference?

    package init(
        _ kind: Kind, indent: Int = 0, _ spans: [ExplanationSpan], source: SourceReference? = nil
    ) {
        self.kind = kind
        self.indent = indent
        self.spans = spans
        self.source = source
    }

    /// The place behind the line as text, `vs.yaml:12`; empty without one.
    package var place: String {
        guard let location = source?.location else { return "" }
        return "\(location.file):\(location.line)".sanitizedForTerminal
    }

    /// The line without its place.
    package var text: String {
        String(repeating: "  ", count: indent) + spans.map(\.text).joined()
    }
}

/// Why a request goes where it goes: plain values, drawn by the command line and the Simulator alike.
package struct RequestExplanation: Hashable, Sendable {
    package var lines: [ExplanationLine]
    /// How many steps there are and which one was the last that was reached.
    package var steps: Int
    package var stoppedAt: Int?
    /// The trace in one line: `404 NR route_not_found` or `200 -> outbound|8000||httpbin…`.
    package var summary: String

    package init(lines: [ExplanationLine], steps: Int = 0, stoppedAt: Int? = nil, summary: String = "") {
        self.lines = lines
        self.steps = steps
        self.stoppedAt = stoppedAt
        self.summary = summary
    }

    /// Puts what was tried in the place of what is only guessed at: the changes that the nearest miss suggests.
    package mutating func replaceGuesses(with proven: [ExplanationLine]) {
        let guesses: Set<String> = ["request", "manifest", "why"]
        lines.removeAll { line in
            line.kind == .advice && guesses.contains(String(line.spans.first?.text.prefix { $0 != " " } ?? ""))
        }
        lines += proven
    }

    /// The whole as text, the places in a column on the right.
    package func text(width: Int = 120, isColoured: Bool = false) -> String {
        // The places stand in one column, as near as the texts allow.
        let longest = lines.map { $0.place.isEmpty ? 0 : $0.text.count + 2 + $0.place.count }.max() ?? 0
        let width = min(width, longest)
        return lines.map { line in
            let text = line.text
            let shown = isColoured ? Self.coloured(line) : text
            guard !line.place.isEmpty else { return shown }
            let room = width - text.count - line.place.count
            let gap = String(repeating: " ", count: max(2, room))
            return shown + gap + (isColoured ? "\u{1B}[2m\(line.place)\u{1B}[0m" : line.place)
        }.joined(separator: "\n") + "\n"
    }

    private static func coloured(_ line: ExplanationLine) -> String {
        String(repeating: "  ", count: line.indent)
            + line.spans.map { span in
                let code: String? =
                    switch span.role {
                    case .plain: nil
                    case .good: "32"
                    case .bad: "31"
                    case .label: "1"
                    case .value: "36"
                    case .place, .dim: "2"
                    }
                return code.map { "\u{1B}[\($0)m\(span.text)\u{1B}[0m" } ?? span.text
            }.joined()
    }
}
