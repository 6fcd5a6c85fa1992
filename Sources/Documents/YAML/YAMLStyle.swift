/// How go-yaml v2 decides what a string looks like, and in which order keys come.
enum YAMLStyle {
    /// Whether a string would be read as something else without quotes, by us or by a YAML 1.1 reader.
    static func needsQuotes(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        ScalarResolution.kind(bytes) != .string || bytes.elementsEqual("<<".utf8) || isBase60(bytes)
            || isTimestamp(bytes)
    }

    /// `190:20:30.15`: a number to base 60 in YAML 1.1.
    static func isBase60(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var scan = Scanner(bytes[...])
        _ = scan.take("-") || scan.take("+")
        guard scan.digit() != nil else { return false }
        while scan.digit() != nil || scan.take("_") {}
        guard scan.rest.first == UInt8(ascii: ":") else { return false }
        while scan.take(":") {
            guard let first = scan.digit() else { return false }
            if scan.digit() != nil, first > 5 { return false }
        }
        if scan.take(".") { while scan.digit() != nil || scan.take("_") {} }
        return scan.rest.isEmpty
    }

    /// A date, with or without a time, as go-yaml reads it.
    static func isTimestamp(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var scan = Scanner(bytes[...])
        guard let year = scan.number(4...4), scan.take("-"), let month = scan.number(1...2), 1...12 ~= month,
            scan.take("-"), let day = scan.number(1...2), day >= 1, day <= days(in: month, of: year)
        else { return false }
        if scan.rest.isEmpty { return true }
        let hasZone = scan.take("T") || scan.take("t")
        guard hasZone || scan.take(" ") else { return false }
        guard let hour = scan.number(1...2), hour < 24, scan.take(":"), let minute = scan.number(1...2), minute < 60,
            scan.take(":"), let second = scan.number(1...2), second < 60
        else { return false }
        if scan.take("."), scan.number(1...) == nil { return false }
        if hasZone, !scan.take("Z") {
            guard scan.take("+") || scan.take("-"), let hours = scan.number(2...2), hours <= 24, scan.take(":"),
                let minutes = scan.number(2...2), minutes < 60
            else { return false }
        }
        return scan.rest.isEmpty
    }

    private static func days(in month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// The order of keys: runs of digits as numbers, what is no letter before letters, else by code point.
    static func isKey(_ left: String, before right: String) -> Bool {
        let left = Array(left.unicodeScalars)
        let right = Array(right.unicodeScalars)
        guard let place = zip(left, right).enumerated().first(where: { $1.0 != $1.1 })?.offset else {
            return left.count < right.count
        }
        let (a, b) = (left[place], right[place])
        switch (a.isLetter, b.isLetter) {
        case (true, true): return a < b
        case (true, false): return false
        case (false, true): return true
        case (false, false): break
        }
        var start = place
        while start > 0, left[start - 1].isDecimalDigit { start -= 1 }
        let (leftRun, rightRun) = (left[start...].digitRun, right[start...].digitRun)
        let (leftDigits, rightDigits) = (leftRun.drop { $0 == "0" }, rightRun.drop { $0 == "0" })
        if leftDigits.count != rightDigits.count { return leftDigits.count < rightDigits.count }
        if !leftDigits.elementsEqual(rightDigits) { return leftDigits.lexicographicallyPrecedes(rightDigits) }
        if leftRun.count != rightRun.count { return leftRun.count < rightRun.count }
        return a < b
    }

    private struct Scanner {
        var rest: UnsafeBufferPointer<UInt8>.SubSequence

        init(_ rest: UnsafeBufferPointer<UInt8>.SubSequence) { self.rest = rest }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard let byte = rest.first, UInt32(byte) == character.value else { return false }
            rest.removeFirst()
            return true
        }

        mutating func digit() -> Int? {
            guard let byte = rest.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
            rest.removeFirst()
            return Int(byte - UInt8(ascii: "0"))
        }

        /// A number of so many digits (of a long one, only the last digits count).
        mutating func number(_ count: some RangeExpression<Int>) -> Int? {
            var value = 0
            var digits = 0
            while let digit = digit() {
                value = (value * 10 + digit) % 1_000_000_000
                digits += 1
            }
            return count.contains(digits) ? value : nil
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isDecimalDigit: Bool { "0"..."9" ~= self }

    fileprivate var isLetter: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }
}

extension ArraySlice<Unicode.Scalar> {
    fileprivate var digitRun: ArraySlice<Unicode.Scalar> { prefix { $0.isDecimalDigit } }
}
