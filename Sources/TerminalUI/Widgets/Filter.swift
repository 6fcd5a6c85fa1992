/// What the user typed behind `/`, understood: product.md 3.3.
///
/// `text` is a regular expression without regard to case (plain text when it is none), `!text` the inverse, `-f text`
/// fuzzy, `-l app=x,version!=v2` labels as kubectl writes them, `col:text` one column, `col>=N` a comparison. Terms are separated by blanks only for the last two.
package struct Filter: Sendable {
    /// Makes a matcher of a regular expression, `nil` when it is none; case does not count.
    package typealias Compiler = @Sendable (String) -> (@Sendable (String) -> Bool)?

    private enum Test: Sendable {
        case text(@Sendable (String) -> Bool)
        /// The whole row holds this, in small letters.
        case plain(String)
        case column(String, @Sendable (String) -> Bool)
        case compare(String, Comparison, Double)
    }

    private enum Comparison: String, CaseIterable, Sendable {
        case atLeast = ">="
        case atMost = "<="
        case above = ">"
        case below = "<"

        func holds(_ left: Double, _ right: Double) -> Bool {
            switch self {
            case .atLeast: left >= right
            case .atMost: left <= right
            case .above: left > right
            case .below: left < right
            }
        }
    }

    package let source: String
    /// The pattern is no regular expression and was taken as plain text.
    package let isPlain: Bool
    private let isInverse: Bool
    private let tests: [Test]

    /// `columns` are the names that may stand before a colon or a comparison.
    package init(_ source: String, columns: [String], compile: Compiler) {
        self.source = source
        var text = source.trimmedBlanks
        isInverse = text.hasPrefix("!")
        if isInverse { text = String(text.dropFirst()).trimmedBlanks }
        var tests: [Test] = []
        var plain = false
        if text.hasPrefix("-f ") {
            let wanted = Array(text.dropFirst(3).trimmedBlanks.lowercased())
            // Within one word: over a whole row nearly everything would fit.
            tests.append(.text { row in row.split(separator: " ").contains { Filter.isFuzzy($0, wanted) } })
        } else if text.hasPrefix("-l ") {
            let labels = columns.first { $0 == "LABELS" } ?? ""
            tests = text.dropFirst(3).split(separator: ",").map { Filter.label(String($0).trimmedBlanks, labels) }
        } else if !text.isEmpty {
            var rest: [String] = []
            for word in text.split(separator: " ") {
                if let test = Filter.term(String(word), columns, compile) {
                    tests.append(test)
                } else {
                    rest.append(String(word))
                }
            }
            if !rest.isEmpty {
                let pattern = rest.joined(separator: " ")
                if let match = Filter.expression(pattern, compile) {
                    tests.append(.text(match))
                } else {
                    plain = Filter.isExpression(pattern)
                    tests.append(.plain(pattern.lowercased()))
                }
            }
        }
        isPlain = plain
        self.tests = tests
    }

    package var isEmpty: Bool { tests.isEmpty }

    /// What a row must hold, or must not, in small letters, where that is all that is asked.
    var onlyText: (wanted: [UInt8], isInverse: Bool)? {
        guard tests.count == 1, case .plain(let wanted)? = tests.first else { return nil }
        return (Array(wanted.utf8), isInverse)
    }

    /// Whether a row passes: `text` gives a column's text by its name, or all columns for `nil`; `number` a value.
    package func accepts(text: (String?) -> String, number: (String) -> Double?) -> Bool {
        let passes = tests.allSatisfy { test in
            switch test {
            case .text(let match): match(text(nil))
            case .plain(let wanted): text(nil).lowercased().firstRange(of: wanted) != nil
            case .column(let name, let match): match(text(name))
            case .compare(let name, let comparison, let limit):
                number(name).map { comparison.holds($0, limit) } ?? false
            }
        }
        return passes != isInverse || tests.isEmpty
    }

    /// One requirement on labels: `app=x`, `app==x`, `app!=x`, `app`, `!app`.
    private static func label(_ text: String, _ column: String) -> Test {
        func has(_ wanted: @escaping @Sendable (Substring) -> Bool) -> @Sendable (String) -> Bool {
            { $0.split(separator: ",").contains(where: wanted) }
        }
        if text.hasPrefix("!") {
            let test = has { [key = text.dropFirst()] in $0.prefix { $0 != "=" } == key }
            return .column(column) { !test($0) }
        }
        guard let equals = text.firstIndex(of: "=") else {
            return .column(column, has { $0.prefix { $0 != "=" } == text })
        }
        let isInverse = text[..<equals].hasSuffix("!")
        let key = isInverse ? text[..<equals].dropLast() : text[..<equals]
        let value = text[text.index(after: equals)...].drop { $0 == "=" }
        let wanted = String(key) + "=" + String(value)
        let test = has { $0 == wanted }
        return isInverse ? .column(column) { !test($0) } : .column(column, test)
    }

    private static func term(_ word: String, _ columns: [String], _ compile: Compiler) -> Test? {
        func column(_ name: Substring) -> String? {
            let wanted = name.lowercased()
            guard !wanted.isEmpty else { return nil }
            return columns.first { $0.lowercased() == wanted } ?? columns.first { $0.lowercased().hasPrefix(wanted) }
        }
        for comparison in Comparison.allCases {
            guard let range = word.firstRange(of: comparison.rawValue) else { continue }
            guard let name = column(word[..<range.lowerBound]) else { return nil }
            guard let value = amount(String(word[range.upperBound...])) else { return nil }
            return .compare(name, comparison, value)
        }
        guard let colon = word.firstIndex(of: ":"), let name = column(word[..<colon]) else { return nil }
        let wanted = String(word[word.index(after: colon)...])
        guard !wanted.isEmpty else { return nil }
        return .column(name, expression(wanted, compile) ?? containing(wanted))
    }

    /// A number with a unit of time or size, in milliseconds or as it is.
    private static func amount(_ text: String) -> Double? {
        let units: [(String, Double)] = [("ms", 1), ("us", 0.001), ("s", 1000), ("m", 60_000), ("%", 1), ("k", 1000)]
        if let value = Double(text) { return value }
        for (unit, factor) in units where text.hasSuffix(unit) {
            if let value = Double(text.dropLast(unit.count)) { return value * factor }
        }
        return nil
    }

    private static func isExpression(_ pattern: String) -> Bool {
        let special: Set<Character> = ["^", "$", "*", "+", "?", "(", ")", "[", "]", "{", "}", "|", "\\"]
        return pattern.contains { special.contains($0) }
    }

    /// The matcher of a regular expression; `nil` for plain text, and for what is none.
    private static func expression(_ pattern: String, _ compile: Compiler) -> (@Sendable (String) -> Bool)? {
        isExpression(pattern) ? compile(pattern) : nil
    }

    private static func containing(_ pattern: String) -> @Sendable (String) -> Bool {
        let wanted = pattern.lowercased()
        return { $0.lowercased().firstRange(of: wanted) != nil }
    }

    private static func isFuzzy(_ text: Substring, _ wanted: [Character]) -> Bool {
        var index = 0
        for character in text.lowercased() where index < wanted.count && character == wanted[index] { index += 1 }
        return index == wanted.count
    }
}
