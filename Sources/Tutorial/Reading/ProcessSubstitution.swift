/// bash's `<(command)` as an operand of `-f`: the same as a pipe into `-f -`.
enum ProcessSubstitution {
    /// The text with `kubectl apply -f <(command)` written as `command | kubectl apply -f -`; on one line, so that places stay
    /// on their lines.
    static func unfolded(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (index, line) in lines.enumerated() {
            guard let open = line.firstRange(of: "-f <("), let close = line.lastIndex(of: ")"),
                open.upperBound <= close
            else { continue }
            let inner = line[open.upperBound..<close]
            // One substitution, with nothing in it that would need a shell of its own.
            guard !inner.contains("<("), line[..<open.lowerBound].trimmed.hasPrefix("kubectl ") else { continue }
            lines[index] =
                "\(inner) | \(line[..<open.lowerBound].trimmed) -f -\(line[line.index(after: close)...])"
        }
        return lines.joined(separator: "\n")
    }
}
