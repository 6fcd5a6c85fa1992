/// What an unquoted scalar is, by the rules of `sigs.k8s.io/yaml` (go-yaml v2: YAML 1.1 without base 60, timestamps as
/// strings). Numbers of JSON are a subset of these.
enum ScalarResolution {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// The kind of an unquoted scalar.
    static func kind(_ bytes: Bytes) -> NodeKind {
        guard let first = bytes.first else { return .null }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return numberKind(bytes)
        case UInt8(ascii: "~"): return bytes.count == 1 ? .null : .string
        case UInt8(ascii: "n"), UInt8(ascii: "N"):
            if bytes.count == 4, isWord(bytes, "null") { return .null }
            return bool(bytes) == nil ? .string : .bool
        case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"),
            UInt8(ascii: "F"), UInt8(ascii: "o"), UInt8(ascii: "O"):
            return bool(bytes) == nil ? .string : .bool
        default: return .string
        }
    }

    static func bool(_ bytes: Bytes) -> Bool? {
        switch bytes.count {
        case 1:
            switch bytes[0] | 0x20 {
            case UInt8(ascii: "y"): true
            case UInt8(ascii: "n"): false
            default: nil
            }
        case 2: isWord(bytes, "on") ? true : isWord(bytes, "no") ? false : nil
        case 3: isWord(bytes, "yes") ? true : isWord(bytes, "off") ? false : nil
        case 4: isWord(bytes, "true") ? true : nil
        case 5: isWord(bytes, "false") ? false : nil
        default: nil
        }
    }

    /// The word in lower case, in capitals or with one capital at its beginning.
    private static func isWord(_ bytes: Bytes, _ word: StaticString) -> Bool {
        let word = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes.count == word.count, !bytes.isEmpty else { return false }
        let lower = zip(bytes, word).dropFirst().allSatisfy { $0 == $1 }
        let upper = zip(bytes, word).dropFirst().allSatisfy { $0 == $1 & 0xDF }
        return bytes[0] == word[0] ? lower : bytes[0] == word[0] & 0xDF && (lower || upper)
    }

    private static func numberKind(_ bytes: Bytes) -> NodeKind {
        if special(bytes) != nil { return .float }
        if bytes.first == UInt8(ascii: ".") {
            return isDecimalFloat(bytes, underscores: false) && number(bytes) != nil ? .float : .string
        }
        switch integer(bytes) {
        case .value: return .int
        case .tooLarge(isDecimal: false): return .int
        case .tooLarge(isDecimal: true), .none: break
        }
        return isDecimalFloat(bytes, underscores: true) && number(bytes) != nil ? .float : .string
    }

    static func int(_ bytes: Bytes) -> Int64? {
        guard let (isNegative, value) = magnitude(bytes) else { return nil }
        guard isNegative else { return Int64(exactly: value) }
        return value == 1 << 63 ? Int64.min : Int64(exactly: value).map { -$0 }
    }

    static func unsigned(_ bytes: Bytes) -> UInt64? {
        guard let (isNegative, value) = magnitude(bytes), !isNegative || value == 0 else { return nil }
        return value
    }

    static func double(_ bytes: Bytes) -> Double? {
        if let (isNegative, value) = magnitude(bytes) { return isNegative ? -Double(value) : Double(value) }
        return special(bytes) ?? number(bytes)
    }

    private enum Integer {
        case value(isNegative: Bool, UInt64)
        /// Written like one, but for more than 64 bits. (Decimal ones are floats then.)
        case tooLarge(isDecimal: Bool)
    }

    private static func magnitude(_ bytes: Bytes) -> (isNegative: Bool, value: UInt64)? {
        guard case .value(let isNegative, let value) = integer(bytes) else { return nil }
        return (isNegative, value)
    }

    /// A whole number: decimal, `0x`, `0o`, `0b`, or octal after a leading 0. Underscores do not count, wherever they
    /// stand. One with a sign has to fit `Int64`.
    private static func integer(_ bytes: Bytes) -> Integer? {
        var rest = bytes.dropFirst(0)
        func skipUnderscores() { while rest.first == UInt8(ascii: "_") { rest.removeFirst() } }
        let isNegative = bytes.first == UInt8(ascii: "-")
        let isSigned = isNegative || bytes.first == UInt8(ascii: "+")
        if isSigned { rest.removeFirst() }
        skipUnderscores()
        var radix: UInt64 = 10
        var hasPrefix = false
        var digits = 0
        if rest.first == UInt8(ascii: "0") {
            radix = 8
            digits = 1
            rest.removeFirst()
            skipUnderscores()
            if let letter = rest.first, let prefixed = Self.radix(after: letter) {
                radix = prefixed
                hasPrefix = true
                digits = 0
                rest.removeFirst()
            }
        }
        var value: UInt64 = 0
        var overflows = false
        for byte in rest where byte != UInt8(ascii: "_") {
            guard let digit = digitValue(byte), digit < radix else { return nil }
            digits += 1
            let (product, overflow) = value.multipliedReportingOverflow(by: radix)
            let (sum, carry) = product.addingReportingOverflow(digit)
            overflows = overflows || overflow || carry
            value = sum
        }
        if digits == 0 { return nil }
        if overflows || (isSigned && value > (isNegative ? 1 << 63 : (1 << 63) - 1)) {
            return .tooLarge(isDecimal: !hasPrefix)
        }
        return .value(isNegative: isNegative, value)
    }

    private static func radix(after zero: UInt8) -> UInt64? {
        switch zero | 0x20 {
        case UInt8(ascii: "x"): 16
        case UInt8(ascii: "o"): 8
        case UInt8(ascii: "b"): 2
        default: nil
        }
    }

    private static func digitValue(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// `.inf` and `.nan` in the spellings of YAML 1.1.
    private static func special(_ bytes: Bytes) -> Double? {
        guard bytes.count == 4 || bytes.count == 5 else { return nil }
        let isNegative = bytes[0] == UInt8(ascii: "-")
        let isSigned = isNegative || bytes[0] == UInt8(ascii: "+")
        guard isSigned == (bytes.count == 5), bytes[bytes.count - 4] == UInt8(ascii: ".") else { return nil }
        let word = Bytes(rebasing: bytes[(bytes.count - 3)...])
        if isWord(word, "inf") { return isNegative ? -.infinity : .infinity }
        let isNaN = isWord(word, "nan") || word.elementsEqual("NaN".utf8)
        return isNaN && !isSigned ? .nan : nil
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, without underscores.
    private static func isDecimalFloat(_ bytes: Bytes, underscores: Bool) -> Bool {
        var rest = bytes.lazy.filter { !underscores || $0 != UInt8(ascii: "_") }.makeIterator()
        var next = rest.next()
        func digits() -> Int {
            var count = 0
            while let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
                count += 1
                next = rest.next()
            }
            return count
        }
        func sign() {
            if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { next = rest.next() }
        }
        sign()
        let whole = digits()
        if next == UInt8(ascii: ".") {
            next = rest.next()
            if digits() + whole == 0 { return false }
        } else if whole == 0 {
            return false
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            next = rest.next()
            sign()
            if digits() == 0 { return false }
        }
        return next == nil
    }

    /// The value of a decimal float; `nil` when it is too large for a double.
    private static func number(_ bytes: Bytes) -> Double? {
        let text = String(decoding: bytes.lazy.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}
