import TerminalUI

/// mitmproxy's filter language for requests that ended, with comparisons: `~c 404 & !(~m GET | dur > 100)`.
///
/// `!` binds before `&` (which may be left out), `&` before `|`.
indirect enum TapFilter: Sendable {
    case all
    case test(@Sendable (TapEntry) -> Bool)
    case not(TapFilter)
    case and(TapFilter, TapFilter)
    case or(TapFilter, TapFilter)

    struct Problem: Error, Hashable, CustomStringConvertible {
        let description: String
    }

    func accepts(_ entry: TapEntry) -> Bool {
        switch self {
        case .all: true
        case .test(let test): test(entry)
        case .not(let inner): !inner.accepts(entry)
        case .and(let left, let right): left.accepts(entry) && right.accepts(entry)
        case .or(let left, let right): left.accepts(entry) || right.accepts(entry)
        }
    }

    static func parse(_ text: String, compile: @escaping Filter.Compiler) -> Result<TapFilter?, Problem> {
        var parser = Parser(words: words(of: text), compile: compile)
        guard !parser.words.isEmpty else { return .success(nil) }
        do {
            let filter = try parser.either(depth: 0)
            guard parser.isAtEnd else {
                return .failure(Problem(description: "\(parser.next ?? "") is not expected here"))
            }
            return .success(filter)
        } catch {
            return .failure(error)
        }
    }

    /// Words, with `( ) ! & |` and comparisons on their own; quotes keep blanks together.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var current = ""
        var quote: Character?
        func end() {
            if !current.isEmpty { words.append(current) }
            current = ""
        }
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { current.append(character) }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == " " {
                end()
            } else if "()!&|".contains(character) {
                end()
                words.append(String(character))
            } else if "<>=".contains(character) {
                if let last = words.last, current.isEmpty, ["<", ">"].contains(last), character == "=" {
                    words[words.count - 1] = last + "="
                } else {
                    end()
                    words.append(String(character))
                }
            } else {
                current.append(character)
            }
        }
        end()
        return words
    }

    private struct Parser {
        let words: [String]
        let compile: Filter.Compiler
        var index = 0

        init(words: [String], compile: @escaping Filter.Compiler) {
            self.words = words
            self.compile = compile
        }

        var next: String? { index < words.count ? words[index] : nil }
        var isAtEnd: Bool { index >= words.count }

        mutating func take() -> String? {
            defer { index += 1 }
            return next
        }

        mutating func either(depth: Int) throws(Problem) -> TapFilter {
            var left = try both(depth: depth)
            while next == "|" {
                index += 1
                left = .or(left, try both(depth: depth))
            }
            return left
        }

        private mutating func both(depth: Int) throws(Problem) -> TapFilter {
            var left = try single(depth: depth)
            while let word = next, word != "|", word != ")" {
                if word == "&" { index += 1 }
                left = .and(left, try single(depth: depth))
            }
            return left
        }

        private mutating func single(depth: Int) throws(Problem) -> TapFilter {
            guard depth < 50 else { throw Problem(description: "too many parentheses") }
            guard let word = take() else { throw Problem(description: "the filter ends too early") }
            if word == "!" { return .not(try single(depth: depth + 1)) }
            if word == "(" {
                let inner = try either(depth: depth + 1)
                guard take() == ")" else { throw Problem(description: "a ) is missing") }
                return inner
            }
            if ["&", "|", ")"].contains(word) { throw Problem(description: "\(word) is not expected here") }
            if let comparison = next, ["<", ">", "<=", ">=", "="].contains(comparison) {
                index += 1
                return try compare(word, comparison)
            }
            if word.hasPrefix("~") { return try tilde(String(word.dropFirst())) }
            let match = matcher(word)
            return .test { match($0.authority + $0.path) }
        }

        private mutating func tilde(_ name: String) throws(Problem) -> TapFilter {
            switch name {
            case "e": return .test { $0.flags != "-" || $0.status >= 500 }
            case "q": return .test { $0.status == 0 }
            case "s": return .test { $0.status != 0 }
            default: break
            }
            guard TapFilter.fields.contains(name) else {
                throw Problem(description: "~\(name) is not known: ~m ~c ~d ~u ~flag ~route ~cluster ~ep ~src ~vs ~e")
            }
            guard let value = take(), !["&", "|", "(", ")"].contains(value) else {
                throw Problem(description: "~\(name) needs a value")
            }
            let match = matcher(value)
            switch name {
            case "m": return .test { match($0.method) }
            case "c": return .test { String($0.status).hasPrefix(value) }
            case "d": return .test { match($0.authority) }
            case "u": return .test { match($0.authority + $0.path) }
            case "flag": return .test { $0.flags.split(separator: ",").contains { $0 == value.uppercased() } }
            case "route", "vs": return .test { match($0.route + " " + $0.virtualHost) }
            case "cluster": return .test { match($0.cluster) }
            case "ep", "dst": return .test { match($0.endpoint) }
            default: return .test { match($0.downstream) }
            }
        }

        private mutating func compare(_ field: String, _ sign: String) throws(Problem) -> TapFilter {
            guard let text = take() else { throw Problem(description: "\(field) \(sign) needs a number") }
            let isSeconds = text.hasSuffix("s") && !text.hasSuffix("ms")
            let digits = text.filter { $0.isNumber || $0 == "." }
            guard let number = Double(digits) else { throw Problem(description: "\(text) is not a number") }
            let limit = isSeconds ? number * 1000 : number
            let value: @Sendable (TapEntry) -> Double
            switch field {
            case "code", "status": value = { Double($0.status) }
            case "dur", "ms", "duration": value = { $0.milliseconds }
            case "in": value = { Double($0.bytesReceived) }
            case "out", "size": value = { Double($0.bytesSent) }
            case "attempts": value = { Double($0.attempts) }
            default: throw Problem(description: "\(field) is not known: code dur in out attempts")
            }
            switch sign {
            case "<": return .test { value($0) < limit }
            case ">": return .test { value($0) > limit }
            case "<=": return .test { value($0) <= limit }
            case ">=": return .test { value($0) >= limit }
            default: return .test { value($0) == limit }
            }
        }

        private func matcher(_ pattern: String) -> @Sendable (String) -> Bool {
            if let match = compile(pattern) { return match }
            let wanted = pattern.lowercased()
            return { $0.lowercased().contains(text: wanted) }
        }
    }

    private static let fields: Set<String> = ["m", "c", "d", "u", "flag", "route", "vs", "cluster", "ep", "dst", "src"]
}

extension String {
    fileprivate func contains(text: String) -> Bool { text.isEmpty || firstRange(of: text) as Range<Index>? != nil }
}
