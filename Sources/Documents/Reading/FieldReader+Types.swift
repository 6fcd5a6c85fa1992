/// Fields of a known type. Each is `nil` (or empty) when the field is absent, null, or of another type; the last is
/// reported as an error at the value.
extension FieldReader {
    /// Text. A number or boolean without quotes is an error, as for Kubernetes.
    package mutating func string(_ name: String) -> String? {
        node(name).flatMap { $0.read(name, \.strictString, "a string", sink) }
    }

    package mutating func bool(_ name: String) -> Bool? {
        node(name).flatMap { $0.read(name, \.bool, "true or false", sink) }
    }

    /// A whole number.
    package mutating func int(_ name: String) -> Int? {
        int64(name).map { Int($0) }
    }

    /// A whole number; one in quotes is taken for one when the spelling is protobuf's.
    package mutating func int64(_ name: String) -> Int64? {
        guard let value = node(name) else { return nil }
        if spelling == .protobuf, value.kind == .string, let number = Int64(value.text) { return number }
        return value.read(name, \.int, "a whole number", sink)
    }

    /// A whole number from 0 to 2³² − 1.
    package mutating func uint32(_ name: String) -> UInt32? {
        guard let value = node(name) else { return nil }
        let number = spelling == .protobuf && value.kind == .string ? Int64(value.text) : value.int
        if let number, let small = UInt32(exactly: number) { return small }
        sink.wrongType(value, name, expected: "a whole number from 0 to \(UInt32.max)")
        return nil
    }

    /// A whole number from 0 to 2⁶⁴ − 1, in quotes or not where the spelling is protobuf's.
    package mutating func uint64(_ name: String) -> UInt64? {
        guard let value = node(name) else { return nil }
        let number = spelling == .protobuf && value.kind == .string ? UInt64(value.text) : value.unsigned
        if number == nil { sink.wrongType(value, name, expected: "a whole number, not negative") }
        return number
    }

    package mutating func double(_ name: String) -> Double? {
        guard let value = node(name) else { return nil }
        if spelling == .protobuf, value.kind == .string, let number = Double(value.text) { return number }
        return value.read(name, \.double, "a number", sink)
    }

    /// A number or text: a port by number or name.
    package mutating func intOrString(_ name: String) -> IntOrString? {
        guard let value = node(name) else { return nil }
        if let number = value.int, value.kind == .int { return .int(number) }
        if let text = value.strictString { return .string(text) }
        sink.wrongType(value, name, expected: "a whole number or a string")
        return nil
    }

    /// The nodes of a list; empty when it is absent.
    package mutating func list(_ name: String) -> Node.Elements {
        guard let value = node(name) else { return self.node.noElements }
        if !value.isSequence { sink.wrongType(value, name, expected: "a list") }
        return value.elements
    }

    /// A list of mappings, each read by `body` with a reader that is finished for it.
    package mutating func list<Value>(
        _ name: String, of type: String, _ body: (inout FieldReader) -> Value
    ) -> [Value] {
        list(name).map { element in
            var reader = FieldReader(element, type: type, sink: sink, spelling: spelling)
            defer { reader.finish() }
            return body(&reader)
        }
    }

    /// A mapping, read by `body` with a reader that is finished for it; `nil` when it is absent.
    package mutating func object<Value>(
        _ name: String, of type: String, _ body: (inout FieldReader) -> Value
    ) -> Value? {
        guard let value = node(name) else { return nil }
        guard value.isMapping else {
            sink.wrongType(value, name, expected: "a mapping")
            return nil
        }
        var reader = FieldReader(value, type: type, sink: sink, spelling: spelling)
        defer { reader.finish() }
        return body(&reader)
    }

    /// A mapping with free keys; empty when it is absent.
    package mutating func entries(_ name: String) -> Node.Entries {
        guard let value = node(name) else { return self.node.noEntries }
        if !value.isMapping { sink.wrongType(value, name, expected: "a mapping") }
        return value.entries
    }

    /// A list of strings; what is no string is reported and left out.
    package mutating func strings(_ name: String) -> [String] {
        list(name).compactMap { $0.read(name, \.strictString, "a string", sink) }
    }

    /// A mapping of strings to strings, such as labels.
    package mutating func stringMap(_ name: String) -> [String: String] {
        let entries = entries(name)
        guard !entries.isEmpty else { return [:] }
        var map: [String: String] = [:]
        map.reserveCapacity(entries.count)
        for entry in entries {
            if entry.value.isNull { continue }
            let key = entry.key
            if let value = entry.value.read(key, \.strictString, "a string", sink) { map[key] = value }
        }
        return map
    }
}

/// Kubernetes' `IntOrString`.
package enum IntOrString: Hashable, Sendable {
    case int(Int64)
    case string(String)
}

extension Node {
    /// The text of a scalar that is a string: quoted, or not to be taken for a number, boolean or null.
    package var strictString: String? { kind == .string ? text : nil }

    /// What a message calls this value: `the string "abc"`, `the number 80`, `a list`.
    package var shortDescription: String {
        switch kind {
        case .null: "nothing"
        case .bool: "the boolean \(text)"
        case .int, .float: "the number \(text)"
        case .string: "the string \(text.quotedForMessage)"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    func read<Value>(_ name: String, _ value: (Node) -> Value?, _ expected: String, _ sink: DiagnosticSink) -> Value? {
        if let value = value(self) { return value }
        sink.wrongType(self, name, expected: expected)
        return nil
    }

    var noElements: Elements { Elements(node: self, first: 0, endIndex: 0) }
    var noEntries: Entries { Entries(node: self, first: 0, endIndex: 0) }
}

extension DiagnosticSink {
    /// Reports that the value of a field is of the wrong type.
    package func wrongType(_ value: Node, _ name: String, expected: String) {
        var hint: String?
        if expected == "a string", value.isScalar { hint = "put it in quotes: \"\(value.text)\"" }
        error(
            "field \(name.quotedForMessage): expected \(expected), found \(value.shortDescription)", at: value.location,
            hint: hint)
    }
}
