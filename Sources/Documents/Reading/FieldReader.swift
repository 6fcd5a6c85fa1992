/// Reads the fields of one mapping by name, keeps count of those that were asked for, and reports at its end those that
/// nobody knows and on its way those of the wrong type.
///
/// ```swift
/// var fields = FieldReader(node, type: "HTTPRetry", sink: sink)
/// attempts = fields.int("attempts")
/// retryOn = fields.string("retryOn")
/// fields.finish()
/// ```
///
/// A field whose value is `null` counts as not there, as for Kubernetes.
package struct FieldReader {
    /// How names of fields are spelled.
    package enum Spelling: Sendable {
        /// As asked for.
        case exact
        /// As protobuf reads JSON: asked for in lowerCamelCase, written so or in snake_case.
        case protobuf
    }

    package let node: Node
    /// The name of what is read, for messages: `HTTPRetry`.
    package let type: String
    package let sink: DiagnosticSink
    package let spelling: Spelling
    private let entries: Node.Entries
    /// A bit for each of the first 64 entries that was read.
    private var seen: UInt64 = 0
    /// The other entries that were read, in a mapping that large.
    private var seenBeyond: Set<Int> = []
    private let firstMissed: Int

    /// Reports an error when the node is neither a mapping nor null; then all fields are absent.
    package init(_ node: Node, type: String, sink: DiagnosticSink, spelling: Spelling = .exact) {
        self.node = node
        self.type = type
        self.sink = sink
        self.spelling = spelling
        entries = node.entries
        firstMissed = sink.missedNames.count
        if !node.isMapping, !node.isNull {
            sink.error("expected \(type) to be a mapping, found \(node.shortDescription)", at: node.location)
        }
    }

    /// The value of a field, whatever its type; `nil` when it is absent or null.
    package mutating func node(_ name: String) -> Node? {
        guard let value = nodeOrNull(name), !value.isNull else { return nil }
        return value
    }

    /// The value of a field, null included.
    package mutating func nodeOrNull(_ name: String) -> Node? {
        guard let position = position(of: name) else {
            sink.missedNames.append(name)
            return nil
        }
        if position < 64 { seen |= 1 << UInt64(position) } else { seenBeyond.insert(position) }
        return entries[position].value
    }

    /// Takes note of fields that are known and not needed.
    package mutating func ignore(_ names: String...) {
        for name in names { _ = nodeOrNull(name) }
    }

    /// Takes all fields for known.
    package mutating func ignoreOthers() {
        seen = .max
        seenBeyond = Set(entries.indices.dropFirst(64))
    }

    /// The entries that were not asked for.
    package var unread: [Node.Entry] {
        guard !areAllSeen else { return [] }
        return entries.indices.filter { !isSeen($0) }.map { entries[$0] }
    }

    /// Reports the fields that were not asked for, each with the nearest name that was. To be called once, last.
    package mutating func finish() {
        defer { if sink.missedNames.count > firstMissed { sink.missedNames.removeSubrange(firstMissed...) } }
        guard !areAllSeen else { return }
        for position in entries.indices where !isSeen(position) {
            let entry = entries[position]
            let nearest = nearestName(to: entry.key, among: sink.missedNames.dropFirst(firstMissed))
            sink.warning(
                "field \(entry.key.quotedForMessage) is not part of \(type)"
                    + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""),
                at: entry.keyLocation)
        }
    }

    private var areAllSeen: Bool {
        let count = entries.count
        if count < 64 { return seen & ((1 << UInt64(count)) - 1) == (1 << UInt64(count)) - 1 }
        return seen == .max && seenBeyond.count == count - 64
    }

    private func isSeen(_ position: Int) -> Bool {
        position < 64 ? seen & (1 << UInt64(position)) != 0 : seenBeyond.contains(position)
    }

    private func position(of name: String) -> Int? {
        if let position = node.position(of: name) { return position }
        guard spelling == .protobuf, node.isMapping else { return nil }
        var name = name
        return name.withUTF8 { bytes in
            guard bytes.contains(where: { $0 & 0x20 == 0 }) else { return nil }
            return node.document.arena.keys.positionInSnakeCase(of: bytes, in: node.record)
        }
    }
}

extension String {
    /// `routeConfigName` as `route_config_name`.
    package var snakeCased: String {
        var text = ""
        for byte in utf8 {
            if UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte {
                text += "_"
                text.unicodeScalars.append(Unicode.Scalar(byte | 0x20))
            } else {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return text
    }
}
