import Documents

/// What readers of messages share: where to tell of wrong types, and of fields that are read and not modelled.
final class ReadingContext {
    let sink = DiagnosticSink()
    var unmodelled: [UnmodelledField] = []
    /// Route configurations and the like that are being read, outermost first: the owner of an unmodelled field.
    private var owners: [String] = []

    func owned<Value>(by owner: String, _ body: () -> Value) -> Value {
        owners.append(owner)
        defer { owners.removeLast() }
        return body()
    }

    func report(_ field: String, at location: SourceLocation) {
        unmodelled.append(
            UnmodelledField(owner: owners.joined(separator: ", "), field: field, location: location))
    }
}

/// The fields that lead from an owner to a message; words are made of them only when there is something to tell.
indirect enum MessagePath {
    case start
    case field(MessagePath, String)
    case element(MessagePath, String, Int)

    /// In snake_case, with a dot behind.
    var text: String {
        switch self {
        case .start: ""
        case .field(let parent, let name): "\(parent.text)\(name.snakeCased)."
        case .element(let parent, let name, let position): "\(parent.text)\(name.snakeCased)[\(position)]."
        }
    }
}

/// Reads one message of Envoy's proto JSON, in snake_case or lowerCamelCase. Names are asked for in lowerCamelCase.
struct MessageReader {
    private var fields: FieldReader
    let context: ReadingContext
    /// The path from the owner.
    let path: MessagePath

    init(_ node: Node, type: String = "message", path: MessagePath = .start, _ context: ReadingContext) {
        fields = FieldReader(node, type: type, sink: context.sink, spelling: .protobuf)
        self.context = context
        self.path = path
    }

    var node: Node { fields.node }

    /// Reports what was not asked for. To be called last.
    mutating func finish() {
        for entry in fields.unread where entry.key != "@type" {
            context.report(path.text + entry.key.snakeCased, at: entry.keyLocation)
        }
        fields.ignoreOthers()
        fields.finish()
    }

    mutating func node(_ name: String) -> Node? { fields.node(name) }
    mutating func has(_ name: String) -> Bool { fields.node(name) != nil }
    mutating func ignore(_ names: String...) { for name in names { _ = fields.node(name) } }

    mutating func text(_ name: String) -> String { optionalText(name) ?? "" }
    /// Text; a YAML number or boolean without quotes is taken as it is written, as protobuf's YAML loader does.
    mutating func optionalText(_ name: String) -> String? {
        guard let node = fields.node(name) else { return nil }
        if node.isScalar { return node.text }
        context.sink.error("expected a string, found \(node.shortDescription)", at: node.location)
        return nil
    }

    mutating func flag(_ name: String) -> Bool { fields.bool(name) ?? false }
    mutating func wrapped(_ name: String) -> Bool? { fields.bool(name) }
    mutating func number(_ name: String) -> UInt32? { fields.uint32(name) }
    mutating func wide(_ name: String) -> UInt64? { fields.uint64(name) }
    mutating func signed(_ name: String) -> Int64? { fields.int64(name) }
    mutating func double(_ name: String) -> Double? { fields.double(name) }

    mutating func strings(_ name: String) -> [String] {
        fields.list(name).compactMap { $0.isScalar ? $0.text : nil }
    }

    mutating func duration(_ name: String) -> Duration? {
        guard let node = fields.node(name) else { return nil }
        if let duration = Duration(protoJSON: node.text) { return duration }
        context.sink.error(
            "field \"\(path.text)\(name.snakeCased)\": expected a duration such as \"1.5s\", found \(node.shortDescription)",
            at: node.location)
        return nil
    }

    mutating func list<Value>(_ name: String, _ body: (inout MessageReader) -> Value) -> [Value] {
        let nodes = fields.list(name)
        return nodes.enumerated().map { position, node in
            var reader = MessageReader(node, type: name, path: .element(path, name, position), context)
            defer { reader.finish() }
            return body(&reader)
        }
    }

    mutating func nodes(_ name: String) -> [Node] { Array(fields.list(name)) }

    mutating func sub<Value>(_ name: String, _ body: (inout MessageReader) -> Value) -> Value? {
        guard let node = fields.node(name) else { return nil }
        var reader = MessageReader(node, type: name, path: .field(path, name), context)
        defer { reader.finish() }
        return body(&reader)
    }

    mutating func entries(_ name: String) -> [(key: String, value: Node)] {
        fields.entries(name).map { ($0.key, $0.value) }
    }

    mutating func json(_ name: String) -> JSON? { fields.node(name)?.json }

    /// A field that is kept to be shown, and decides nothing: reported.
    mutating func unmodelled(_ name: String) -> JSON? {
        guard let node = fields.node(name) else { return nil }
        context.report(path.text + name.snakeCased, at: node.location)
        return node.json
    }

    mutating func map(_ name: String) -> [String: JSON] {
        Dictionary(entries(name).map { ($0.key, $0.value.json) }) { _, last in last }
    }

    mutating func choice<Value: RawRepresentable<String>>(_ name: String, _ fallback: Value) -> Value {
        guard let text = optionalText(name), !text.isEmpty else { return fallback }
        if let value = Value(rawValue: text) { return value }
        if let node = fields.node(name) { context.report(path.text + name.snakeCased + ": " + text, at: node.location) }
        return fallback
    }

    /// `typed_config` of an extension with the last part of its type (`HttpConnectionManager`); the reader is for the fields of the `Any`.
    mutating func typed<Value>(_ name: String, _ body: (_ type: String, inout MessageReader) -> Value) -> Value? {
        guard let node = fields.node(name) else { return nil }
        let url = node["@type"]?.text ?? ""
        var reader = MessageReader(node, type: name, path: .field(path, name), context)
        reader.ignore("@type")
        defer { reader.finish() }
        return body(String(url.split(separator: ".").last ?? ""), &reader)
    }

    /// Takes all that is left for read: the message is kept whole somewhere.
    mutating func keepWhole() { fields.ignoreOthers() }
}

extension Duration {
    /// `"1.5s"`; `nil` for anything else, and for what does not fit protobuf's range.
    package init?(protoJSON text: String) {
        guard text.hasSuffix("s") else { return nil }
        var body = text.dropLast()
        let isNegative = body.hasPrefix("-")
        if isNegative { body = body.dropFirst() }
        let parts = body.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, let seconds = Int64(whole.isEmpty ? "0" : whole), seconds >= 0,
            seconds <= 315_576_000_000, body.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }), body != ".",
            !body.isEmpty
        else { return nil }
        var nanoseconds: Int64 = 0
        if parts.count == 2 {
            let digits = parts[1].prefix(9)
            guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
            let padded = digits + String(repeating: "0", count: 9 - digits.count)
            nanoseconds = Int64(padded) ?? 0
        }
        let sign: Int64 = isNegative ? -1 : 1
        self = .seconds(sign * seconds) + .nanoseconds(sign * nanoseconds)
    }
}

extension ExtensionConfig {
    /// Keeps the extension whole.
    init(_ reader: inout MessageReader) {
        let node = reader.node("typedConfig")
        self.init(name: reader.text("name"))
        if let node {
            typeURL = node["@type"]?.text ?? ""
            var members = JSONObject()
            for entry in node.entries where entry.key != "@type" { members.add(entry.key, entry.value.json) }
            config = .object(members)
        }
    }
}
