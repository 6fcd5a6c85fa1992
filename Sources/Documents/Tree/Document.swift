import Glibc

/// One document: an immutable tree of nodes in flat arrays, each node with its place.
///
/// A file of 40,000 objects has 40,000 of these, so nothing in here is an object of its own and scalars stay bytes until
/// somebody asks for them. Documents that were read together share their arrays.
package final class Document: Sendable {
    private let source: SourceFile
    /// The bytes of the file that this document was read from.
    package let byteRange: Range<Int>
    let arena: Arena
    private let rootIndex: UInt32

    init(_ source: SourceFile, byteRange: Range<Int>, arena: Arena, root: UInt32) {
        self.source = source
        self.byteRange = byteRange
        self.arena = arena
        rootIndex = root
    }

    /// The file as the user named it, `-` for standard input.
    package var file: String { source.name }

    package var root: Node { Node(document: self, index: rootIndex, keyIndex: rootIndex) }

    func location(of node: UInt32) -> SourceLocation {
        let record = arena.nodes[Int(node)]
        return SourceLocation(source, line: record.line, column: record.column)
    }
}

/// The nodes of some documents, their children and the text of their scalars; never changes.
final class Arena: @unchecked Sendable {
    let nodes: UnsafeBufferPointer<NodeRecord>
    let children: UnsafeBufferPointer<UInt32>
    let text: UnsafeBufferPointer<UInt8>

    /// Takes the arrays over and frees them at its end.
    init(
        nodes: UnsafeBufferPointer<NodeRecord>, children: UnsafeBufferPointer<UInt32>, text: UnsafeBufferPointer<UInt8>
    ) {
        self.nodes = nodes
        self.children = children
        self.text = text
    }

    deinit {
        free(UnsafeMutableRawPointer(mutating: nodes.baseAddress))
        free(UnsafeMutableRawPointer(mutating: children.baseAddress))
        free(UnsafeMutableRawPointer(mutating: text.baseAddress))
    }

    var keys: KeyIndex { KeyIndex(nodes: nodes, children: children, text: text) }
}
