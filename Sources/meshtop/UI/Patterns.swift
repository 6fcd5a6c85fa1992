import TerminalUI

/// What filters mean by a regular expression.
enum Patterns {
    static let compile: Filter.Compiler = { pattern in
        guard let regex = try? Regex(pattern).ignoresCase() else { return nil }
        // `Regex` is not Sendable, but this one is only ever read by the main actor's model.
        nonisolated(unsafe) let shared = regex
        return { text in (try? shared.firstMatch(in: text)) != nil }
    }
}
