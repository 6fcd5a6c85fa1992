extension ShellParser {
    private static let metacharacters = " \t\n;&|()<>".unicodeScalars

    /// The next word, `nil` when an operator or the end comes first.
    mutating func word() throws(CurlError) -> ShellWord? {
        let start = place
        var parts: [ShellWord.Part] = []
        var text = ""
        var hasQuotes = false
        func flush(_ text: inout String, _ parts: inout [ShellWord.Part]) {
            guard !text.isEmpty else { return }
            parts.append(.text(text, quoted: false))
            text = ""
        }
        while let scalar = scalar(at: 0) {
            switch scalar {
            case "\\":
                if let length = lineContinuation() {
                    advance(length)
                    continue
                }
                advance(1)
                guard let next = self.scalar(at: 0) else { break }
                flush(&text, &parts)
                parts.append(.text(String(Swift.Character(next)), quoted: true))
                advance(1)
            case "'":
                flush(&text, &parts)
                hasQuotes = true
                parts.append(.text(try singleQuoted(), quoted: true))
            case "\"":
                flush(&text, &parts)
                hasQuotes = true
                advance(1)
                parts += try quotedParts(until: ["\""], from: start)
            case "\u{2018}", "\u{2019}", "\u{201A}":
                flush(&text, &parts)
                hasQuotes = true
                parts.append(.text(try typographic(["\u{2018}", "\u{2019}", "'"]), quoted: true))
            case "\u{201C}", "\u{201D}", "\u{201E}":
                flush(&text, &parts)
                hasQuotes = true
                remark("took typographic quotes for plain ones", at: place)
                advance(1)
                parts += try quotedParts(until: ["\u{201C}", "\u{201D}", "\""], from: start)
            case "$":
                flush(&text, &parts)
                let before = parts.count
                try dollar(quoted: false, into: &parts)
                if parts.count > before, case .text(_, quoted: true) = parts[before] { hasQuotes = true }
            case "`":
                flush(&text, &parts)
                parts.append(try backticks(quoted: false))
            case "{":
                flush(&text, &parts)
                if let braces = try braceExpansion() {
                    parts.append(braces)
                } else {
                    text.unicodeScalars.append(scalar)
                    advance(1)
                }
            case "\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}":
                remark("left out invisible characters", at: place)
                advance(1)
            case "\u{2013}", "\u{2014}":
                if parts.isEmpty && text.isEmpty {
                    remark("took a dash for \"--\"", at: place)
                    advance(1)
                    if self.scalar(at: 0) == "-" { advance(1) }
                    // One letter alone is a short option.
                    let isShort = self.scalar(at: 1).map { Self.metacharacters.contains($0) } ?? true
                    text += isShort ? "-" : "--"
                } else {
                    text.unicodeScalars.append(scalar)
                    advance(1)
                }
            case "\u{A0}", "\u{3000}", "\u{2009}", "\u{202F}":
                flush(&text, &parts)
                return parts.isEmpty ? nil : ShellWord(parts: parts, place: start)
            default:
                if Self.metacharacters.contains(scalar) {
                    if scalar == "&", let entity = ampersandEntity() {
                        text += "&"
                        advance(entity)
                        continue
                    }
                    flush(&text, &parts)
                    if parts.isEmpty && hasQuotes { parts.append(.text("", quoted: true)) }
                    return parts.isEmpty ? nil : ShellWord(parts: parts, place: start)
                }
                text.unicodeScalars.append(scalar)
                advance(1)
            }
        }
        flush(&text, &parts)
        if parts.isEmpty && hasQuotes { parts.append(.text("", quoted: true)) }
        return parts.isEmpty ? nil : ShellWord(parts: parts, place: start)
    }

    /// `&amp;` in an address without quotes.
    private mutating func ampersandEntity() -> Int? {
        let wanted = "&amp;".unicodeScalars
        guard wanted.indices.enumerated().allSatisfy({ scalar(at: $0.offset) == wanted[$0.element] }) else {
            return nil
        }
        remark("decoded HTML entities", at: place)
        return wanted.count
    }

    private mutating func singleQuoted() throws(CurlError) -> String {
        let start = place
        advance(1)
        var text = String.UnicodeScalarView()
        while let scalar = scalar(at: 0) {
            advance(1)
            if scalar == "'" { return String(text) }
            text.append(scalar)
        }
        throw CurlError("the quote ' is not closed", at: start)
    }

    private mutating func typographic(_ ends: [Unicode.Scalar]) throws(CurlError) -> String {
        let start = place
        remark("took typographic quotes for plain ones", at: start)
        advance(1)
        var text = String.UnicodeScalarView()
        while let scalar = scalar(at: 0) {
            advance(1)
            if ends.contains(scalar) { return String(text) }
            text.append(scalar)
        }
        throw CurlError("a typographic quote is not closed", at: start)
    }

    /// What stands between double quotes (or in a here-document when `ends` is `nil`), without the closing quote.
    mutating func quotedParts(until ends: [Unicode.Scalar]?, from start: TextPlace = TextPlace()) throws(CurlError)
        -> [ShellWord.Part]
    {
        var parts: [ShellWord.Part] = []
        var text = ""
        func flush() {
            guard !text.isEmpty else { return }
            parts.append(.text(text, quoted: true))
            text = ""
        }
        while let scalar = scalar(at: 0) {
            if let ends, ends.contains(scalar) {
                advance(1)
                flush()
                if parts.isEmpty { parts.append(.text("", quoted: true)) }
                return parts
            }
            switch scalar {
            case "\\":
                let next = self.scalar(at: 1)
                switch next {
                case "\n": advance(2)
                case "$", "`", "\\":
                    text.unicodeScalars.append(next ?? scalar)
                    advance(2)
                case let next? where ends?.contains(next) == true || (next == "\"" && ends != nil):
                    text.unicodeScalars.append(next)
                    advance(2)
                default:
                    text.unicodeScalars.append(scalar)
                    advance(1)
                }
            case "$":
                flush()
                try dollar(quoted: true, into: &parts)
            case "`":
                flush()
                parts.append(try backticks(quoted: true))
            default:
                text.unicodeScalars.append(scalar)
                advance(1)
            }
        }
        guard ends == nil else { throw CurlError("the quote \" is not closed", at: start) }
        flush()
        return parts
    }

    // MARK: Dollars

    private mutating func dollar(quoted: Bool, into parts: inout [ShellWord.Part]) throws(CurlError) {
        let start = place
        switch scalar(at: 1) {
        case "'" where !quoted:
            advance(1)
            parts.append(.text(try ansiQuoted(), quoted: true))
        case "\"" where !quoted:
            advance(2)
            parts += try quotedParts(until: ["\""], from: start)
        case "(":
            if scalar(at: 2) == "(" {
                throw CurlError("arithmetic is not evaluated", at: start, hint: "write the number")
            }
            advance(2)
            let first = position
            let inner = try substitution()
            parts.append(.output(inner, source: source(from: first, to: position - 1), quoted: quoted))
        case "{":
            advance(2)
            parts.append(.parameter(try bracedParameter(at: start), quoted: quoted))
        case let next? where next == "_" || (next.isASCII && next.properties.isAlphabetic):
            advance(1)
            let name = try name()
            parts.append(.parameter(ShellParameter(name: name, operation: .value, place: start), quoted: quoted))
        case let next? where "0123456789?$!#@*".unicodeScalars.contains(next):
            advance(2)
            parts.append(
                .parameter(
                    ShellParameter(name: String(Swift.Character(next)), operation: .value, place: start), quoted: quoted
                ))
        default:
            advance(1)
            parts.append(.text("$", quoted: true))
        }
    }

    private mutating func name() throws(CurlError) -> String {
        var name = ""
        while let next = scalar(at: 0),
            next == "_" || (next.isASCII && (next.properties.isAlphabetic || next.properties.numericType != nil))
        {
            name.unicodeScalars.append(next)
            advance(1)
        }
        return name
    }

    private mutating func bracedParameter(at start: TextPlace) throws(CurlError) -> ShellParameter {
        if scalar(at: 0) == "#", scalar(at: 1) != "}" {
            advance(1)
            let name = try name()
            try closeBrace(start)
            return ShellParameter(name: name, operation: .length, place: start)
        }
        let name = try name()
        guard !name.isEmpty else { throw CurlError("\"${\" needs the name of a variable", at: start) }
        if scalar(at: 0) == "}" {
            advance(1)
            return ShellParameter(name: name, operation: .value, place: start)
        }
        var emptyToo = false
        if scalar(at: 0) == ":" {
            emptyToo = true
            advance(1)
        }
        let sign = scalar(at: 0)
        advance(1)
        var longest = false
        if (sign == "%" || sign == "#") && scalar(at: 0) == sign {
            longest = true
            advance(1)
        }
        let word = ShellWord(parts: try bracedWord(start), place: start)
        switch sign {
        case "-": return ShellParameter(name: name, operation: .fallback(word, emptyToo: emptyToo), place: start)
        case "=": return ShellParameter(name: name, operation: .assign(word, emptyToo: emptyToo), place: start)
        case "?": return ShellParameter(name: name, operation: .require(word, emptyToo: emptyToo), place: start)
        case "+": return ShellParameter(name: name, operation: .alternative(word, emptyToo: emptyToo), place: start)
        case "%" where !emptyToo:
            return ShellParameter(name: name, operation: .removeSuffix(word, longest: longest), place: start)
        case "#" where !emptyToo:
            return ShellParameter(name: name, operation: .removePrefix(word, longest: longest), place: start)
        default:
            throw CurlError("this form of \"${\(name)…}\" is not read", at: start, hint: "write the value itself")
        }
    }

    private mutating func closeBrace(_ start: TextPlace) throws(CurlError) {
        guard scalar(at: 0) == "}" else { throw CurlError("\"${\" is not closed", at: start) }
        advance(1)
    }

    /// The word of `${NAME:-word}` with its closing brace.
    private mutating func bracedWord(_ start: TextPlace) throws(CurlError) -> [ShellWord.Part] {
        var parts: [ShellWord.Part] = []
        var text = ""
        func flush() {
            guard !text.isEmpty else { return }
            parts.append(.text(text, quoted: true))
            text = ""
        }
        while let scalar = scalar(at: 0) {
            switch scalar {
            case "}":
                advance(1)
                flush()
                return parts
            case "'":
                flush()
                parts.append(.text(try singleQuoted(), quoted: true))
            case "\"":
                flush()
                advance(1)
                parts += try quotedParts(until: ["\""], from: start)
            case "$":
                flush()
                try dollar(quoted: true, into: &parts)
            case "\\":
                advance(1)
                if let next = self.scalar(at: 0) {
                    text.unicodeScalars.append(next)
                    advance(1)
                }
            default:
                text.unicodeScalars.append(scalar)
                advance(1)
            }
        }
        throw CurlError("\"${\" is not closed", at: start)
    }

    /// `$'…'`.
    private mutating func ansiQuoted() throws(CurlError) -> String {
        let start = place
        advance(1)
        var bytes: [UInt8] = []
        while let scalar = scalar(at: 0) {
            advance(1)
            if scalar == "'" { return String(decoding: bytes, as: UTF8.self) }
            guard scalar == "\\", let escape = self.scalar(at: 0) else {
                bytes += Array(String(Swift.Character(scalar)).utf8)
                continue
            }
            advance(1)
            switch escape {
            case "n": bytes.append(0x0A)
            case "t": bytes.append(0x09)
            case "r": bytes.append(0x0D)
            case "a": bytes.append(0x07)
            case "b": bytes.append(0x08)
            case "e", "E": bytes.append(0x1B)
            case "f": bytes.append(0x0C)
            case "v": bytes.append(0x0B)
            case "\\", "'", "\"", "?": bytes += Array(String(Swift.Character(escape)).utf8)
            case "x":
                if let value = digits(radix: 16, most: 2) {
                    bytes.append(UInt8(truncatingIfNeeded: value))
                } else {
                    bytes += [0x5C, 0x78]
                }
            case "0", "1", "2", "3", "4", "5", "6", "7":
                advance(-1)
                bytes.append(UInt8(truncatingIfNeeded: digits(radix: 8, most: 3) ?? 0))
            case "u", "U":
                if let value = digits(radix: 16, most: escape == "u" ? 4 : 8), let scalar = Unicode.Scalar(value) {
                    bytes += Array(String(Swift.Character(scalar)).utf8)
                } else {
                    bytes += Array("\u{FFFD}".utf8)
                }
            case "c":
                if let control = self.scalar(at: 0), control.isASCII {
                    bytes.append(UInt8(truncatingIfNeeded: control.value) & 0x1F)
                    advance(1)
                }
            default: bytes += [0x5C] + Array(String(Swift.Character(escape)).utf8)
            }
        }
        throw CurlError("the quote $' is not closed", at: start)
    }

    private mutating func digits(radix: UInt32, most: Int) -> UInt32? {
        var value: UInt32 = 0
        var count = 0
        while count < most, let scalar = scalar(at: 0), scalar.isASCII,
            let digit = Swift.Character(scalar).hexDigitValue, UInt32(digit) < radix
        {
            value = value &* radix &+ UInt32(digit)
            count += 1
            advance(1)
        }
        return count == 0 ? nil : value
    }
}
