/// Why a line cannot be replayed: the first mistake, with its place in the text.
package struct CurlError: Error, Hashable, Sendable {
    /// What is wrong, in curl's or the shell's words; lower case, no full stop.
    package var message: String
    /// 1-based line and column in the text that was given; columns count Unicode scalars. For a list of words (a command
    /// line of the program) the line is 1 and the column counts in the words joined by single blanks.
    package var line: Int
    package var column: Int
    /// The next step.
    package var hint: String?
    /// The exit code that curl itself would end with: 2 usage, 3 URL, 26 read, 49 `--resolve`.
    package var exitCode: Int
    /// The variables and command substitutions that nothing gives a value for, each once, in order.
    package var unresolved: [String]

    package init(
        _ message: String, at place: TextPlace, hint: String? = nil, exitCode: Int = 2, unresolved: [String] = []
    ) {
        self.message = message
        line = place.line
        column = place.column
        self.hint = hint
        self.exitCode = exitCode
        self.unresolved = unresolved
    }
}

extension CurlError: CustomStringConvertible {
    package var description: String {
        let first = "\(line):\(column): error: \(message)"
        guard let hint else { return first }
        return first + "\n  hint: " + hint
    }
}

/// A place in the text that was given.
package struct TextPlace: Hashable, Sendable {
    package var line: Int
    package var column: Int

    package init(line: Int = 1, column: Int = 1) {
        self.line = line
        self.column = column
    }
}

/// Something that was repaired, left out or only recorded while reading a line: it does not stop the replay.
package struct CurlNote: Hashable, Sendable {
    package var message: String
    package var place: TextPlace

    package init(_ message: String, at place: TextPlace) {
        self.message = message
        self.place = place
    }
}
