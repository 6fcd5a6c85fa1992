package import Documents

/// The message that a value was read from, kept so that output loses nothing. It takes no part in comparisons.
package struct RawMessage: Hashable, Sendable {
    package let node: Node

    package init(_ node: Node) { self.node = node }

    package static func == (left: Self, right: Self) -> Bool { true }
    package func hash(into hasher: inout Hasher) {}

    /// The message as it was, but for private keys, which are never shown.
    package var json: JSON { Self.withoutKeys(node.json) }

    private static func withoutKeys(_ value: JSON) -> JSON {
        switch value {
        case .array(let elements): return .array(elements.map(withoutKeys))
        case .object(let object):
            var kept = JSONObject()
            for member in object.members {
                let isSecret = ["private_key", "privateKey", "password"].contains(member.key)
                kept.add(member.key, isSecret ? ["inline_string": "[redacted]"] : withoutKeys(member.value))
            }
            return .object(kept)
        case .null, .bool, .int, .double, .number, .string: return value
        }
    }
}
