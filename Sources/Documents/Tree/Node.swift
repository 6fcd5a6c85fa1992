/// A place in a document's tree: cheap to copy, keeps its document alive.
package struct Node: Sendable {
    package let document: Document
    let index: UInt32
    /// The node of the key that led here; the node itself where no key did.
    let keyIndex: UInt32

    var record: NodeRecord { document.arena.nodes[Int(index)] }

    package var kind: NodeKind { record.kind }
    package var isNull: Bool { kind == .null }
    package var isMapping: Bool { kind == .mapping }
    package var isSequence: Bool { kind == .sequence }
    /// A scalar other than null.
    package var isScalar: Bool {
        switch kind {
        case .bool, .int, .float, .string: true
        case .null, .sequence, .mapping: false
        }
    }
    /// Whether the scalar was written in quotes, as a block scalar, or with the tag `!!str`: a string whatever it holds.
    package var scalarIsQuoted: Bool { record.isQuoted }

    /// The entries of a mapping, the elements of a sequence; 0 for scalars.
    package var count: Int {
        switch kind {
        case .sequence, .mapping: Int(record.count)
        case .null, .bool, .int, .float, .string: 0
        }
    }

    /// Where the value begins. What an alias stands for has the place of its anchor.
    package var location: SourceLocation { document.location(of: index) }
    /// Where the key of this value begins; the value's own place where there is no key.
    package var keyLocation: SourceLocation { document.location(of: keyIndex) }

    /// Two nodes are the same place of the same document.
    package static func === (left: Node, right: Node) -> Bool {
        left.document === right.document && left.index == right.index
    }
}
