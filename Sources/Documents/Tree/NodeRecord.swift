/// What a node is. Untyped scalars are resolved as Kubernetes' YAML reader resolves them (`ScalarResolution`).
package enum NodeKind: UInt8, Sendable, Hashable, BitwiseCopyable {
    case null, bool, int, float, string, sequence, mapping
}

/// One node of a document's arena. `first` and `count` are a range of the text bytes for a scalar, of the child indexes
/// for the others: an element per index in a sequence, a key and a value per entry in a mapping. A mapping with more
/// than `KeyIndex.threshold` entries has its hash table right behind its children.
struct NodeRecord: Sendable, BitwiseCopyable {
    let line: UInt32
    /// From the lowest bit: the kind (3 bits), whether it is quoted, the column.
    private let packed: UInt32
    var first: UInt32
    var count: UInt32

    init(line: UInt32, column: UInt32, first: UInt32, count: UInt32, kind: NodeKind, isQuoted: Bool) {
        self.line = line
        packed = UInt32(kind.rawValue) | (isQuoted ? 8 : 0) | min(column, UInt32.max >> 4) << 4
        self.first = first
        self.count = count
    }

    var column: UInt32 { packed >> 4 }
    var kind: NodeKind { NodeKind(rawValue: UInt8(packed & 7)) ?? .null }
    /// Written in quotes, as a block scalar, or tagged `!!str`.
    var isQuoted: Bool { packed & 8 != 0 }
    var isContainer: Bool { packed & 7 >= UInt32(NodeKind.sequence.rawValue) }
}
