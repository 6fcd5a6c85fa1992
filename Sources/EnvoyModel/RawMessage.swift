package import Documents

/// The message that a value was read from, kept so that output loses nothing. It takes no part in comparisons.
package struct RawMessage: Hashable, Sendable {
    package let node: Node

    package init(_ node: Node) { self.node = node }

    package static func == (left: Self, right: Self) -> Bool { true }
    package func hash(into hasher: inout Hasher) {}
}
