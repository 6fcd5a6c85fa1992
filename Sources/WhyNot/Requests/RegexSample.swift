/// A text that a regular expression takes whole: the shortest that is easily found. Constructs that it does not know give `nil`.
package enum RegexSample {
    package static func of(_ pattern: String) -> String? {
        var reader = Reader(Array(pattern.unicodeScalars))
        guard let text = reader.alternatives(), reader.isAtEnd else { return nil }
        return text
    }

    private struct Reader {
        let scalars: [Unicode.Scalar]
        var position = 0
        private var depth = 0

        init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

        var isAtEnd: Bool { position >= scalars.count }
        private var next: Unicode.Scalar? { isAtEnd ? nil : scalars[position] }

        /// The first branch that gives more than nothing.
        mutating func alternatives() -> String? {
            depth += 1
            defer { depth -= 1 }
            guard depth < 64, var best = sequence() else { return nil }
            while next == "|" {
                position += 1
                guard let other = sequence() else { return nil }
                if best.isEmpty { best = other }
            }
            return best
        }

        private mutating func sequence() -> String? {
            var text = ""
            while let scalar = next, scalar != "|", scalar != ")" {
                guard let part = atom(), let times = repetition() else { return nil }
                text += String(repeating: part, count: times)
            }
            return text
        }

        private mutating func atom() -> String? {
            guard let scalar = next else { return nil }
            position += 1
            switch scalar {
            case "^", "$": return ""
            case ".": return "x"
            case "[": return characterClass()
            case "\\": return escape().map(String.init)
            case "(":
                if next == "?" {
                    // (?:…), (?i), (?P<name>…)
                    while let option = next, option != ":", option != ")", option != ">" { position += 1 }
                    guard let end = next else { return nil }
                    position += 1
                    if end == ")" { return "" }
                }
                guard let text = alternatives(), next == ")" else { return nil }
                position += 1
                return text
            case "*", "+", "?", "{": return nil
            default: return String(scalar)
            }
        }

        private mutating func escape() -> Unicode.Scalar? {
            guard let scalar = next else { return nil }
            position += 1
            switch scalar {
            case "d": return "1"
            case "w", "S", "D": return "x"
            case "s", "W": return " "
            case "n": return "\n"
            case "t": return "\t"
            case "b", "B", "A", "z", "p", "P", "Q", "E", "x": return nil
            default: return scalar
            }
        }

        private mutating func characterClass() -> String? {
            var isNegated = false
            if next == "^" {
                isNegated = true
                position += 1
            }
            var members: [ClosedRange<UInt32>] = []
            var isFirst = true
            while let scalar = next, scalar != "]" || isFirst {
                isFirst = false
                position += 1
                var low = scalar
                if scalar == "[", next == ":" { return nil }
                if scalar == "\\" {
                    guard let escaped = escape() else { return nil }
                    low = escaped
                }
                if next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
                    let high = scalars[position + 1]
                    position += 2
                    guard low.value <= high.value else { return nil }
                    members.append(low.value...high.value)
                } else {
                    members.append(low.value...low.value)
                }
            }
            guard next == "]" else { return nil }
            position += 1
            if !isNegated { return members.first.flatMap { Unicode.Scalar($0.lowerBound) }.map { String($0) } }
            let free = "x1a/-_b2".unicodeScalars.first { scalar in !members.contains { $0.contains(scalar.value) } }
            return free.map { String($0) }
        }

        /// How often the part in front is written: as often as it must be, at least once where it may.
        private mutating func repetition() -> Int? {
            var times = 1
            switch next {
            case "*", "+", "?": position += 1
            case "{":
                position += 1
                var digits = ""
                while let scalar = next, scalar != "}" {
                    digits.unicodeScalars.append(scalar)
                    position += 1
                }
                guard next == "}" else { return nil }
                position += 1
                let bounds = digits.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
                guard let low = bounds.first.flatMap({ $0 }), low <= 64 else { return nil }
                times = bounds.count > 1 ? max(low, bounds[1] == 0 ? 0 : 1) : low
            default: return 1
            }
            if next == "?" { position += 1 }
            return times
        }
    }
}
