/// The filters of a pipeline, for those whose effect on lines can be told.
struct OutputFilters {
    private let commands: [[String]]

    init(_ commands: [[String]]) { self.commands = commands }

    /// The lines that come out; `nil` where a command is not known.
    func apply(_ lines: [PredictedLine]) -> [PredictedLine]? {
        var lines = lines
        for command in commands {
            guard let next = Self.apply(command, lines) else { return nil }
            lines = next
        }
        return lines
    }

    private static func apply(_ command: [String], _ lines: [PredictedLine]) -> [PredictedLine]? {
        let options = command.dropFirst().filter { $0.hasPrefix("-") }
        let operands = command.dropFirst().filter { !$0.hasPrefix("-") }
        switch command.first {
        case "cat", "tee": return operands.isEmpty || command.first == "tee" ? lines : nil
        case "head", "tail":
            let count = Int((options + operands).joined().filter(\.isNumber)) ?? 10
            return command.first == "head" ? Array(lines.prefix(count)) : Array(lines.suffix(count))
        case "sort": return options.isEmpty ? lines.sorted { $0.text < $1.text } : nil
        case "tr": return command.contains("\\r") || command.contains("\r") ? lines : nil
        case "grep", "egrep", "fgrep":
            let letters = Set(options.joined().filter { $0 != "-" })
            guard letters.isSubset(of: ["i", "v", "E", "F"]), let pattern = operands.first, operands.count == 1 else {
                return nil
            }
            let choices = pattern.split(separator: "|").map { String($0).replacing("\\", with: "") }
            // Patterns with more in them than choices of words are not for us.
            guard !choices.joined().contains(where: { "[]*+?^$(){}".contains($0) }) else { return nil }
            let ignoresCase = letters.contains("i")
            return lines.filter { line in
                let text = ignoresCase ? line.text.lowercased() : line.text
                let isFound = choices.contains { choice in text.contains(ignoresCase ? choice.lowercased() : choice) }
                return isFound != letters.contains("v")
            }
        default: return nil
        }
    }
}
