package import Documents

/// One command or block of a page, and what became of it.
package struct TutorialStep: Sendable {
    package enum Verdict: String, Hashable, Sendable {
        /// What the document prints is what is predicted.
        case equal
        case differs
        /// The document prints nothing for it.
        case notPrinted = "not-printed"
        /// Not run; `reason` says why.
        case skipped
    }

    package var location: SourceLocation
    /// As the page has it, without its prompt.
    package var command: String
    /// What it does to the objects and variables, or why it does nothing.
    package var effects: [String] = []
    package var predicted: [PredictedLine] = []
    package var content = Comparison.Content.lines
    /// What the document prints below it.
    package var printed: [String]?
    package var printedLine = 0
    package var comparison: Comparison?
    package var verdict = Verdict.notPrinted
    package var reason: String?
    /// The box that it stands in: what it changes there is forgotten at its end.
    package var aside: String?
    package var notes: [Diagnostic] = []
    /// Whether it was not its turn: the statement before succeeded or failed.
    var isNotDue = false

    package init(location: SourceLocation, command: String) {
        self.location = location
        self.command = command
    }
}

extension TutorialStep {
    /// One step for several statements.
    init(merging steps: ArraySlice<TutorialStep>, command: String) {
        self.init(location: steps.first?.location ?? SourceLocation(file: "-", line: 1, column: 1), command: command)
        effects = steps.flatMap(\.effects)
        predicted = steps.flatMap(\.predicted)
        notes = steps.flatMap(\.notes)
        content = steps.last { $0.content != .lines }?.content ?? .lines
        // What one of them prints is not known: then what all of them print is not.
        if let open = steps.first(where: { $0.verdict == .skipped && !$0.isNotDue }) {
            verdict = .skipped
            reason = open.reason
        }
    }
}

/// One way through a page.
package struct TutorialRun: Sendable {
    /// The tab that was chosen; `nil` for a page without tabs.
    package var tab: String?
    package var steps: [TutorialStep] = []
    /// What is wrong with the page's objects, seen on the way, each once.
    package var findings: [Diagnostic] = []

    package init(tab: String?) { self.tab = tab }

    package func count(_ verdict: TutorialStep.Verdict) -> Int { steps.count { $0.verdict == verdict } }
}
