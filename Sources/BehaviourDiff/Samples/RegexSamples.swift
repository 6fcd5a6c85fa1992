import EnvoyModel
import TrafficEngine

/// Texts that a regular expression takes: each alternative, repetitions at their least and one more. What RE2 itself does not take is
/// left out, so that a construct that is not known here costs samples, never a wrong one.
enum RegexSamples {
    private static let limit = 24

    static func of(_ pattern: String) -> [String] {
        var parser = RegexSampler(pattern)
        let made = parser.alternatives()
        let matcher = StringMatcher(.safeRegex(pattern))
        var samples: [String] = []
        for sample in made where !samples.contains(sample) && matcher.matches(sample) {
            samples.append(sample)
            if samples.count == limit { break }
        }
        return samples
    }
}

/// Walks through an expression and makes texts for it. Bounded in the number of texts and in depth.
private struct RegexSampler {
    private let pattern: [Character]
    private var place = 0
    private var depth = 0
    private static let most = 64

    init(_ pattern: String) { self.pattern = Array(pattern.prefix(4096)) }

    private var next: Character? { place < pattern.count ? pattern[place] : nil }

    /// `a|b|c`.
    mutating func alternatives() -> [String] {
        depth += 1
        defer { depth -= 1 }
        guard depth < 40 else {
            place = pattern.count
            return [""]
        }
        var result = sequence()
        while next == "|" {
            place += 1
            result += sequence()
        }
        return Array(result.prefix(Self.most))
    }

    private mutating func sequence() -> [String] {
        var result = [""]
        while let character = next, character != "|", character != ")" {
            let parts = repeated(atom())
            var longer: [String] = []
            for text in result {
                for part in parts where longer.count < Self.most { longer.append(text + part) }
            }
            result = longer
        }
        return result
    }

    private mutating func atom() -> [String] {
        guard let character = next else { return [""] }
        place += 1
        switch character {
        case "(":
            if next == "?" { skipGroupFlags() }
            let inner = alternatives()
            if next == ")" { place += 1 }
            return inner
        case "[": return characterClass()
        case ".": return ["a", "/"]
        case "^", "$": return [""]
        case "\\": return escaped()
        default: return [String(character)]
        }
    }

    /// `?:`, `?P<name>`, `?i`.
    private mutating func skipGroupFlags() {
        while let character = next {
            place += 1
            if character == ":" || character == ">" { return }
            if character == ")" {
                place -= 1
                return
            }
        }
    }

    private mutating func escaped() -> [String] {
        guard let character = next else { return [""] }
        place += 1
        switch character {
        case "d": return ["0", "7"]
        case "w": return ["a"]
        case "s": return [" "]
        case "D", "S": return ["a"]
        case "W": return ["-"]
        case "b", "B", "A", "z": return [""]
        default: return [String(character)]
        }
    }

    private mutating func characterClass() -> [String] {
        let isNegated = next == "^"
        if isNegated { place += 1 }
        var members: [Character] = []
        var isFirst = true
        while let character = next, character != "]" || isFirst {
            isFirst = false
            place += 1
            if character == "\\" {
                members += escaped().compactMap(\.first)
            } else if character == "[", next == ":" {
                members += named()
            } else {
                members.append(character)
                if next == "-", place + 1 < pattern.count, pattern[place + 1] != "]" {
                    members.append(pattern[place + 1])
                    place += 2
                }
            }
        }
        if next == "]" { place += 1 }
        if isNegated { return ["a", "0", "-", "/"].filter { !members.contains(Character($0)) } }
        return members.prefix(4).map { String($0) }
    }

    /// `[:alpha:]` inside a class.
    private mutating func named() -> [Character] {
        var name = ""
        place += 1
        while let character = next, character != ":" {
            name.append(character)
            place += 1
        }
        place = min(place + 2, pattern.count)
        return name == "digit" ? ["0"] : name == "space" ? [" "] : name == "upper" ? ["A"] : ["a"]
    }

    /// `*`, `+`, `?`, `{n,m}` behind an atom, lazy or not.
    private mutating func repeated(_ atom: [String]) -> [String] {
        var least = 1
        var more: Int?
        switch next {
        case "*": (least, more) = (0, 1)
        case "+": (least, more) = (1, 2)
        case "?": (least, more) = (0, 1)
        case "{":
            guard let bounds = bounds() else { return atom }
            (least, more) = bounds
            place -= 1
        default: return atom
        }
        place += 1
        if next == "?" { place += 1 }
        let wanted = [least, more].compactMap { $0 }.filter { $0 <= 64 }
        return wanted.flatMap { count in
            count == 0 ? [""] : atom.prefix(4).map { String(repeating: $0, count: count) }
        }
    }

    /// `{n}`, `{n,}`, `{n,m}`; leaves the place behind the brace.
    private mutating func bounds() -> (Int, Int?)? {
        guard let end = pattern[place...].firstIndex(of: "}") else { return nil }
        let parts = String(pattern[(place + 1)..<end]).split(separator: ",", omittingEmptySubsequences: false)
        guard let least = parts.first.flatMap({ Int($0) }) else { return nil }
        place = end + 1
        guard parts.count > 1 else { return (least, nil) }
        return (least, Int(parts[1]) ?? least + 1)
    }
}
