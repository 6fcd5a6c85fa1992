extension Node {
    /// The scalar as it is written, without quotes; `nil` for null, mappings and sequences.
    package var string: String? { isScalar ? text : nil }

    /// A boolean: an unquoted `true`, `yes`, `on`, … of YAML 1.1.
    package var bool: Bool? {
        guard kind == .bool else { return nil }
        return withUTF8 { ScalarResolution.bool($0) }
    }

    /// A whole number of 64 bits, `1.0` and `1e3` included; `nil` for strings and for what does not fit.
    package var int: Int64? {
        switch kind {
        case .int: withUTF8 { ScalarResolution.int($0) }
        case .float: double.flatMap { Int64(exactly: $0) }
        default: nil
        }
    }

    /// A whole number from 0 to 2⁶⁴ − 1.
    package var unsigned: UInt64? {
        switch kind {
        case .int: withUTF8 { ScalarResolution.unsigned($0) }
        case .float: double.flatMap { UInt64(exactly: $0) }
        default: nil
        }
    }

    /// A number; infinities and NaN as YAML writes them.
    package var double: Double? {
        guard kind == .int || kind == .float else { return nil }
        return withUTF8 { ScalarResolution.double($0) }
    }

    /// The text of any scalar, null included; empty for mappings and sequences.
    package var text: String {
        withUTF8 { String(decoding: $0, as: UTF8.self) }
    }

    /// Calls `body` with the bytes of the scalar's text, without copying them.
    package func withUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        let record = record
        let first = Int(record.first)
        let range = record.isContainer ? 0..<0 : first..<first + Int(record.count)
        return try withExtendedLifetime(document) {
            try body(UnsafeBufferPointer(rebasing: document.arena.text[range]))
        }
    }

    /// Whether the scalar's text is this, without making a string.
    package func isText(_ text: StaticString) -> Bool {
        withUTF8 { bytes in
            bytes.count == text.utf8CodeUnitCount
                && bytes.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        }
    }
}
