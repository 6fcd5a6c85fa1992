package import Documents

/// Writes the fields of one message in the order in which they are given, leaving out what proto3 JSON leaves out: defaults of plain
/// fields, absent wrappers, empty lists.
struct MessageWriter {
    private(set) var object = JSONObject()

    init() {}

    /// An `Any`: `@type` first.
    init(type: String) { object.add("@type", .string("type.googleapis.com/" + type)) }

    var json: JSON { .object(object) }

    mutating func text(_ name: String, _ value: String?) {
        if let value, !value.isEmpty { object.add(name, .string(value)) }
    }

    /// A plain boolean, or a wrapper whose default is false.
    mutating func flag(_ name: String, _ value: Bool) {
        if value { object.add(name, .bool(true)) }
    }

    /// A `BoolValue`.
    mutating func flag(_ name: String, wrapped value: Bool?) {
        if let value { object.add(name, .bool(value)) }
    }

    mutating func number(_ name: String, _ value: UInt32?) {
        if let value { object.add(name, .int(Int64(value))) }
    }

    /// A plain number: not written when it is 0.
    mutating func number(_ name: String, plain value: Int64) {
        if value != 0 { object.add(name, .int(value)) }
    }

    /// A 64-bit wrapper: written as a string.
    mutating func number(_ name: String, wide value: UInt64?) {
        if let value { object.add(name, .string(String(value))) }
    }

    mutating func duration(_ name: String, _ value: Duration?) {
        if let value { object.add(name, .string(value.protoJSON)) }
    }

    mutating func message(_ name: String, _ value: JSON?) {
        if let value { object.add(name, value) }
    }

    /// A message that is left out when it has no fields.
    mutating func message(_ name: String, unlessEmpty value: JSON) {
        if case .object(let object) = value, object.isEmpty { return }
        object.add(name, value)
    }

    mutating func list(_ name: String, _ values: [JSON]) {
        if !values.isEmpty { object.add(name, .array(values)) }
    }

    mutating func strings(_ name: String, _ values: [String]) { list(name, values.map { .string($0) }) }

    mutating func sub(_ name: String, _ body: (inout MessageWriter) -> Void) {
        var writer = MessageWriter()
        body(&writer)
        object.add(name, writer.json)
    }

    /// An `Any` under `typed_config`.
    mutating func typed(_ name: String, _ type: String, _ body: (inout MessageWriter) -> Void = { _ in }) {
        var writer = MessageWriter(type: type)
        body(&writer)
        object.add(name, writer.json)
    }
}

extension JSON {
    /// A message written by `body`.
    static func message(_ body: (inout MessageWriter) -> Void) -> JSON {
        var writer = MessageWriter()
        body(&writer)
        return writer.json
    }

    /// A map with sorted keys.
    static func map(_ values: [String: JSON]) -> JSON {
        var object = JSONObject()
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { object.add(key, value) }
        return .object(object)
    }

    /// A double as a whole number where it is one.
    static func plainNumber(_ value: Double) -> JSON {
        Int64(exactly: value).map { .int($0) } ?? .double(value)
    }
}

extension Duration {
    /// `google.protobuf.Duration` in JSON: 0, 3, 6 or 9 decimals.
    package var protoJSON: String {
        let (seconds, attoseconds) = components
        let nanoseconds = (attoseconds / 1_000_000_000).magnitude
        let sign = seconds < 0 || attoseconds < 0 ? "-" : ""
        let whole = sign + String(seconds.magnitude)
        if nanoseconds == 0 { return whole + "s" }
        let (digits, width) =
            nanoseconds % 1_000_000 == 0
            ? (nanoseconds / 1_000_000, 3) : nanoseconds % 1000 == 0 ? (nanoseconds / 1000, 6) : (nanoseconds, 9)
        let text = String(digits)
        return whole + "." + String(repeating: "0", count: max(0, width - text.count)) + text + "s"
    }
}

extension ExtensionConfig {
    /// `{"name", "typed_config"}`.
    package var json: JSON {
        .message {
            $0.text("name", name)
            if let typed = typedConfig { $0.message("typed_config", typed) }
        }
    }

    /// The `Any` alone.
    package var typedConfig: JSON? {
        if typeURL.isEmpty, config == nil { return nil }
        var object = JSONObject()
        if !typeURL.isEmpty { object.add("@type", .string(typeURL)) }
        if case .object(let members)? = config {
            for member in members.members where member.key != "@type" { object.add(member.key, member.value) }
        }
        return .object(object)
    }
}
