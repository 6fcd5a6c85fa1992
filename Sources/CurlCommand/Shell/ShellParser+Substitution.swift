extension ShellParser {
    /// The commands of `$(…)` with the closing bracket.
    mutating func substitution() throws(CurlError) -> [ShellStatement] {
        let start = place
        let first = position
        var nested = 0
        var quote: Unicode.Scalar?
        while let scalar = scalar(at: 0) {
            advance(1)
            if scalar == "\\" && quote != "'" {
                advance(1)
            } else if let open = quote {
                if scalar == open { quote = nil }
            } else if scalar == "'" || scalar == "\"" {
                quote = scalar
            } else if scalar == "(" {
                nested += 1
            } else if scalar == ")" {
                if nested == 0 { return try inner(from: first, to: position - 1) }
                nested -= 1
            }
        }
        throw CurlError("\"$(\" is not closed", at: start)
    }

    /// `` `…` ``
    mutating func backticks(quoted: Bool) throws(CurlError) -> ShellWord.Part {
        let start = place
        advance(1)
        let first = position
        while let scalar = scalar(at: 0) {
            if scalar == "`" {
                let end = position
                advance(1)
                return .output(try inner(from: first, to: end), source: source(from: first, to: end), quoted: quoted)
            }
            advance(scalar == "\\" ? 2 : 1)
        }
        throw CurlError("the quote ` is not closed", at: start)
    }

    private mutating func inner(from first: Int, to end: Int) throws(CurlError) -> [ShellStatement] {
        guard level + 1 < Self.deepest else { throw CurlError("nested too deeply", at: place) }
        var parser = ShellParser(slice(from: first, to: end), depth: level + 1)
        return try parser.parse()
    }

    /// `{a,b}` and `{1..3}` at the current place; `nil` when the braces are plain text.
    mutating func braceExpansion() throws(CurlError) -> ShellWord.Part? {
        let start = position
        var choices: [[ShellWord.Part]] = []
        advance(1)
        if let range = sequence() { return .braces(range.map { [.text($0, quoted: false)] }) }
        while true {
            guard let parts = try braceChoice() else { break }
            choices.append(parts)
            let end = scalar(at: 0)
            advance(1)
            if end == "}" {
                guard choices.count > 1 else { break }
                return .braces(choices)
            }
        }
        move(to: start)
        return nil
    }

    /// One alternative, up to a comma or the closing brace; `nil` when neither comes.
    private mutating func braceChoice() throws(CurlError) -> [ShellWord.Part]? {
        var parts: [ShellWord.Part] = []
        var text = ""
        while let scalar = scalar(at: 0) {
            switch scalar {
            case ",", "}":
                if !text.isEmpty { parts.append(.text(text, quoted: false)) }
                return parts
            case " ", "\t", "\n", ";", "|", "&", "(", ")", "<", ">", "{", "'", "\"", "$", "`": return nil
            case "\\":
                guard let next = self.scalar(at: 1), next != "\n" else { return nil }
                text.unicodeScalars.append(next)
                advance(2)
            default:
                text.unicodeScalars.append(scalar)
                advance(1)
            }
        }
        return nil
    }

    /// `1..10`, `01..10`, `1..9..2` or `a..e` with its closing brace.
    private mutating func sequence() -> [String]? {
        let start = position
        var text = ""
        while let scalar = scalar(at: 0), scalar != "}" {
            guard scalar.isASCII, text.unicodeScalars.count < 32, scalar != " ", scalar != "\n" else {
                move(to: start)
                return nil
            }
            text.unicodeScalars.append(scalar)
            advance(1)
        }
        let pieces = Self.split(text)
        guard scalar(at: 0) == "}", pieces.count == 2 || pieces.count == 3,
            let values = Self.sequence(pieces[0], pieces[1], step: pieces.count == 3 ? pieces[2] : nil)
        else {
            move(to: start)
            return nil
        }
        advance(1)
        return values
    }

    private static func split(_ text: String) -> [String] {
        var pieces: [String] = [""]
        var rest = text[...]
        while let first = rest.first {
            if rest.hasPrefix("..") {
                pieces.append("")
                rest = rest.dropFirst(2)
            } else {
                pieces[pieces.count - 1].append(first)
                rest = rest.dropFirst()
            }
        }
        return pieces
    }

    private static func sequence(_ first: String, _ last: String, step: String?) -> [String]? {
        if let from = Int(first), let to = Int(last) {
            let by = max(1, abs(step.flatMap { Int($0) } ?? 1))
            guard abs(from) < 1 << 40, abs(to) < 1 << 40, abs(to - from) / by < ReplayContext.mostRequests else {
                return nil
            }
            let pads = [first, last].contains { $0.count > 1 && $0.hasPrefix("0") }
            let width = max(first.count, last.count)
            return stride(from: from, through: to, by: from <= to ? by : -by).map { value in
                let text = "\(value)"
                return pads && text.count < width ? String(repeating: "0", count: width - text.count) + text : text
            }
        }
        guard first.unicodeScalars.count == 1, last.unicodeScalars.count == 1, let from = first.unicodeScalars.first,
            let to = last.unicodeScalars.first, from.isASCII, to.isASCII
        else { return nil }
        let by = from <= to ? 1 : -1
        return stride(from: Int(from.value), through: Int(to.value), by: by).compactMap {
            Unicode.Scalar(UInt32($0)).map { String(Swift.Character($0)) }
        }
    }
}
