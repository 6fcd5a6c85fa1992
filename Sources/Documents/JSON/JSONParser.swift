/// A strict JSON parser over bytes that feeds a `DocumentBuilder`.
struct JSONParser: ~Copyable {
    struct Problem: Error {
        let message: String
        let offset: Int
        var hint: String?
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let file: String
    private var builder: DocumentBuilder
    private var position = 0
    private let firstLine: Int
    /// The line at the position, where it begins, and how many bytes of it so far begin no character.
    private var line: UInt32
    private var lineStart = 0
    private var continuations = 0
    /// The text of the string that was read last, when it has escapes.
    private var unescaped: [UInt8] = []

    init(bytes: UnsafeBufferPointer<UInt8>, file: String, firstLine: Int) {
        self.bytes = bytes
        self.file = file
        self.firstLine = firstLine
        line = UInt32(clamping: firstLine)
        builder = DocumentBuilder(expecting: bytes.count)
    }

    mutating func parse() -> ParsedDocuments {
        var diagnostics: [Diagnostic] = []
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { (position, continuations) = (3, 2) }
        while true {
            skipBlanks()
            guard position < bytes.count else { break }
            let start = position
            builder.beginDocument()
            do throws(Problem) {
                try value()
                builder.endDocument(byteRange: start..<position)
            } catch {
                diagnostics.append(diagnostic(error))
                break
            }
        }
        return ParsedDocuments(documents: builder.takeDocuments(file: file), diagnostics: diagnostics)
    }

    private mutating func diagnostic(_ problem: Problem) -> Diagnostic {
        // The problem can lie before what was last counted, so count again.
        var places = PlaceCounter(bytes: bytes, line: firstLine)
        let (line, column) = places.place(of: min(problem.offset, bytes.count))
        return Diagnostic(
            .error, problem.message, at: SourceLocation(file: file, line: Int(line), column: Int(column)),
            hint: problem.hint)
    }

    // MARK: - Values

    private mutating func value() throws(Problem) {
        guard position < bytes.count else { throw endOfText }
        let (line, column) = place
        switch bytes[position] {
        case UInt8(ascii: "{"): try object(line, column)
        case UInt8(ascii: "["): try array(line, column)
        case UInt8(ascii: "\""): try string(line, column)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(line, column)
        case UInt8(ascii: "t"): try word("true", .bool, line, column)
        case UInt8(ascii: "f"): try word("false", .bool, line, column)
        case UInt8(ascii: "n"): try word("null", .null, line, column)
        default: throw unexpected("a value")
        }
    }

    private mutating func object(_ line: UInt32, _ column: UInt32) throws(Problem) {
        try begin(.mapping, line, column)
        skipBlanks()
        if !take(UInt8(ascii: "}")) {
            repeat {
                skipBlanks()
                guard position < bytes.count else { throw endOfText }
                guard bytes[position] == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes") }
                let (line, column) = place
                try string(line, column)
                skipBlanks()
                guard take(UInt8(ascii: ":")) else { throw unexpected("\":\"") }
                skipBlanks()
                try value()
                skipBlanks()
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { throw unexpected("\",\" or \"}\"") }
        }
        _ = builder.end()
    }

    private mutating func array(_ line: UInt32, _ column: UInt32) throws(Problem) {
        try begin(.sequence, line, column)
        skipBlanks()
        if !take(UInt8(ascii: "]")) {
            repeat {
                skipBlanks()
                try value()
                skipBlanks()
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw unexpected("\",\" or \"]\"") }
        }
        _ = builder.end()
    }

    private mutating func begin(_ kind: NodeKind, _ line: UInt32, _ column: UInt32) throws(Problem) {
        guard builder.depth < DocumentBuilder.maximumDepth else {
            throw Problem(
                message: "nested more than \(DocumentBuilder.maximumDepth) levels deep", offset: position)
        }
        builder.begin(kind, line: line, column: column)
        position += 1
    }

    private mutating func word(
        _ word: StaticString, _ kind: NodeKind, _ line: UInt32, _ column: UInt32
    ) throws(Problem) {
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        let end = position + expected.count
        guard end <= bytes.count, bytes[position..<end].elementsEqual(expected) else { throw unexpected("a value") }
        builder.scalar(
            UnsafeBufferPointer(rebasing: bytes[position..<end]), kind: kind, isQuoted: false, line: line,
            column: column)
        position = end
    }

    private mutating func number(_ line: UInt32, _ column: UInt32) throws(Problem) {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let whole = position
        guard digits() > 0 else { throw unexpected("a digit") }
        if bytes[whole] == UInt8(ascii: "0"), position - whole > 1 {
            throw Problem(message: "a number cannot begin with 0", offset: start)
        }
        if take(UInt8(ascii: ".")), digits() == 0 { throw unexpected("a digit") }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            if digits() == 0 { throw unexpected("a digit") }
        }
        let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
        builder.scalar(text, kind: ScalarResolution.kind(text), isQuoted: false, line: line, column: column)
    }

    private mutating func digits() -> Int {
        let start = position
        while position < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[position] { position += 1 }
        return position - start
    }

    // MARK: - Strings

    private mutating func string(_ line: UInt32, _ column: UInt32) throws(Problem) {
        let quote = position
        position += 1
        let start = position
        var hasEscapes = false
        var highBits: UInt8 = 0
        while true {
            guard position < bytes.count else {
                throw Problem(message: "this string is not closed", offset: quote)
            }
            if !hasEscapes { skipPlainText() }
            guard position < bytes.count else { continue }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") { break }
            if byte < 0x20 {
                throw Problem(
                    message: "control character U+\(Self.hex(UInt32(byte))) inside a string", offset: position,
                    hint: "write it as \"\\u\(Self.hex(UInt32(byte)))\", or close the string before it")
            }
            if byte == UInt8(ascii: "\\") {
                if !hasEscapes {
                    hasEscapes = true
                    unescaped.removeAll(keepingCapacity: true)
                    unescaped.append(contentsOf: bytes[start..<position])
                }
                try escape()
            } else {
                if hasEscapes { unescaped.append(byte) }
                highBits |= byte
                position += 1
            }
        }
        if hasEscapes || highBits >= 0x80 {
            if highBits >= 0x80 { continuations += bytes[start..<position].count { $0 & 0xC0 == 0x80 } }
            if !hasEscapes {
                unescaped.removeAll(keepingCapacity: true)
                unescaped.append(contentsOf: bytes[start..<position])
            }
            // What is no UTF-8 becomes U+FFFD, so that text of the tree always is.
            var text = String(decoding: unescaped, as: UTF8.self)
            text.withUTF8 {
                builder.scalar($0, kind: .string, isQuoted: true, line: line, column: column)
            }
        } else {
            builder.scalar(
                UnsafeBufferPointer(rebasing: bytes[start..<position]), kind: .string, isQuoted: true, line: line,
                column: column)
        }
        position += 1
    }

    private mutating func escape() throws(Problem) {
        let start = position
        guard position + 1 < bytes.count else { throw endOfText }
        let letter = bytes[position + 1]
        position += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(letter)
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"):
            guard var code = hexDigits(at: position) else {
                throw Problem(message: "\"\\u\" needs four hexadecimal digits", offset: start)
            }
            position += 4
            if 0xD800..<0xDC00 ~= code, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u"), let low = hexDigits(at: position + 2),
                0xDC00..<0xE000 ~= low
            {
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
                position += 6
            }
            unescaped.append(
                contentsOf: UTF8.encode(Unicode.Scalar(code) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter)
        default:
            throw Problem(
                message:
                    "there is no escape \(String(decoding: [0x5C, letter], as: UTF8.self).quotedForMessage) in JSON",
                offset: start, hint: "write a backslash as \"\\\\\"")
        }
    }

    private func hexDigits(at start: Int) -> UInt32? {
        guard start + 4 <= bytes.count else { return nil }
        var code: UInt32 = 0
        for byte in bytes[start..<start + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
            code = code << 4 + UInt32(digit)
        }
        return code
    }

    static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    // MARK: - Bytes

    private var place: (line: UInt32, column: UInt32) {
        (line, UInt32(clamping: position - lineStart - continuations + 1))
    }

    /// Blanks, and line feeds, which stand nowhere else in JSON.
    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20:
                position += 1
                while let word, word == 0x2020_2020_2020_2020 { position += 8 }
            case 0x0A:
                position += 1
                line += 1
                (lineStart, continuations) = (position, 0)
            case 0x09, 0x0D: position += 1
            default: return
            }
        }
    }

    /// The next eight bytes, if there are so many.
    private var word: UInt64? {
        guard position + 8 <= bytes.count, let base = bytes.baseAddress else { return nil }
        return UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self).littleEndian
    }

    /// Skips text of a string, eight bytes at a time, up to where one of them is not ASCII, a control, a quote or a backslash.
    private mutating func skipPlainText() {
        let ones: UInt64 = 0x0101_0101_0101_0101
        while let word {
            let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            let controls = word &- ones &* 0x20
            let special = ((quotes &- ones) | (backslashes &- ones) | controls | word) & (ones &* 0x80)
            guard special == 0 else {
                position += special.trailingZeroBitCount / 8
                return
            }
            position += 8
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private var endOfText: Problem { Problem(message: "the text ends too early", offset: bytes.count) }

    private func unexpected(_ expected: String) -> Problem {
        guard position < bytes.count else { return endOfText }
        var end = position + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        let found = String(decoding: bytes[position..<end], as: UTF8.self)
        let hint: String? =
            switch bytes[position] {
            case UInt8(ascii: "'"): "JSON quotes with \""
            case UInt8(ascii: "/"), UInt8(ascii: "#"): "JSON has no comments"
            case UInt8(ascii: "]"), UInt8(ascii: "}"): "is there a \",\" too many before it?"
            default: nil
            }
        return Problem(message: "expected \(expected), found \(found.quotedForMessage)", offset: position, hint: hint)
    }
}
