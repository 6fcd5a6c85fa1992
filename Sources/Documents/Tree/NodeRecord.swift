/// What a node is. Untyped scalars are resolved as Kubernetes' YAML reader resolves them (`ScalarResolution`).
package enum NodeKind: UInt8, Sendable, Hashable {
    case null, bool, int, float, string, sequence, mapping
}

/// One node of a document's arena. `first` and `count` are a range of the text bytes for a scalar, of the child indexes
/// for the others: an element per index in a sequence, a key and a value per entry in a mapping. A mapping with more
/// than `KeyIndex.threshold` entries has its hash table right behind its children.
struct NodeRecord: Sendable {
    var line: UInt32
    var column: UInt32
    var first: UInt32
    var count: UInt32
    var kind: NodeKind
    /// Written in quotes, as a block scalar, or tagged `!!str`.
    var isQuoted: Bool
}
