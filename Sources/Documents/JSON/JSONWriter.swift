extension JSON {
    /// The value as JSON text, without a newline at the end.
    ///
    /// `indent` is the number of blanks per level, laid out as Go's `json.MarshalIndent` and jsonpb do; `nil` is one line
    /// without blanks. With `escapesHTML`, `<`, `>` and `&` are written `\u003c`, `\u003e` and `\u0026`, as Go does.
    package func text(indent: Int? = nil, escapesHTML: Bool = false) -> String {
        var writer = JSONWriter(indent: indent, escapesHTML: escapesHTML)
        writer.write(self, level: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// Writes JSON values as bytes.
struct JSONWriter {
    private let indent: Int?
    private let escapesHTML: Bool
    private(set) var bytes: [UInt8] = []

    init(indent: Int?, escapesHTML: Bool) {
        self.indent = indent
        self.escapesHTML = escapesHTML
    }

    mutating func write(_ value: JSON, level: Int) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .int(let number): append(String(number))
        case .double(let number): append(number.jsonText)
        case .number(let text): append(text)
        case .string(let text): write(string: text)
        case .array(let elements):
            writeContainer(elements, "[", "]", level: level) { writer, element in
                writer.write(element, level: level + 1)
            }
        case .object(let object):
            writeContainer(object.members, "{", "}", level: level) { writer, member in
                writer.write(string: member.key)
                writer.append(writer.indent == nil ? ":" : ": ")
                writer.write(member.value, level: level + 1)
            }
        }
    }

    private mutating func writeContainer<Element>(
        _ elements: [Element], _ open: StaticString, _ close: StaticString, level: Int,
        _ write: (inout JSONWriter, Element) -> Void
    ) {
        append(open)
        for (position, element) in elements.enumerated() {
            if position > 0 { append(",") }
            newLine(level + 1)
            write(&self, element)
        }
        if !elements.isEmpty { newLine(level) }
        append(close)
    }

    private mutating func newLine(_ level: Int) {
        guard let indent else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: indent * level))
    }

    private mutating func write(string: String) {
        var string = string
        bytes.append(UInt8(ascii: "\""))
        string.withUTF8 { text in
            var start = 0
            for position in text.indices where !isPlain(text[position]) {
                // All that follows the first character beyond plain ASCII is taken letter by letter.
                if text[position] >= 0x80 { break }
                bytes.append(contentsOf: text[start..<position])
                append(escaped: Unicode.Scalar(text[position]))
                start = position + 1
            }
            let rest = text[start...]
            guard let beyond = rest.firstIndex(where: { $0 >= 0x80 }) else {
                bytes.append(contentsOf: rest)
                return
            }
            bytes.append(contentsOf: rest[..<beyond])
            for scalar in String(decoding: rest[beyond...], as: UTF8.self).unicodeScalars { append(escaped: scalar) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether a byte stands for itself in a string.
    private func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x00..<0x20, 0x7F..., UInt8(ascii: "\""), UInt8(ascii: "\\"): false
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): !escapesHTML
        default: true
        }
    }

    private mutating func append(escaped scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": append("\\\"")
        case "\\": append("\\\\")
        case "\n": append("\\n")
        case "\r": append("\\r")
        case "\t": append("\\t")
        case "\u{8}": append("\\b")
        case "\u{C}": append("\\f")
        case "<" where escapesHTML: append("\\u003c")
        case ">" where escapesHTML: append("\\u003e")
        case "&" where escapesHTML: append("\\u0026")
        case _ where scalar.steersTerminals: appendEscape(scalar.value)
        default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }

    private mutating func appendEscape(_ value: UInt32) {
        let digits = String(value, radix: 16)
        append("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}

extension Double {
    /// The shortest text that reads back as this number, laid out as Go's `encoding/json` and JavaScript do: an exponent
    /// only below 10⁻⁶ and from 10²¹ on. What is no number is written in quotes, as protobuf does.
    package var jsonText: String {
        if isNaN { return "\"NaN\"" }
        if isInfinite { return self < 0 ? "\"-Infinity\"" : "\"Infinity\"" }
        if self == 0 { return sign == .minus ? "-0" : "0" }
        let (digits, exponent) = shortestDigits
        let sign = self < 0 ? "-" : ""
        if magnitude < 1e-6 || magnitude >= 1e21 {
            let mantissa = digits.prefix(1) + (digits.count > 1 ? "." + digits.dropFirst() : "")
            return "\(sign)\(mantissa)e\(exponent < 0 ? "-" : "+")\(exponent.magnitude)"
        }
        return sign + Self.plain(digits, exponent)
    }

    /// Digits without a point, and the power of ten of the first of them.
    var shortestDigits: (digits: String, exponent: Int) {
        let text = magnitude.description
        let parts = text.split(separator: "e")
        let number = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let fraction = number.count > 1 ? String(number[1]) : ""
        let written = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let all = String(number[0]) + fraction
        let leadingZeros = all.prefix { $0 == "0" }.count
        var digits = String(all.dropFirst(leadingZeros))
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        return (digits, number[0].count - 1 - leadingZeros + written)
    }

    static func plain(_ digits: String, _ exponent: Int) -> String {
        if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + digits }
        if digits.count <= exponent + 1 { return digits + String(repeating: "0", count: exponent + 1 - digits.count) }
        return digits.prefix(exponent + 1) + "." + digits.dropFirst(exponent + 1)
    }
}
