/// One document: an immutable tree of nodes in flat arrays, each node with its place.
///
/// A file of 40,000 objects has 40,000 of these, so nothing in here is an object of its own and scalars stay bytes until
/// somebody asks for them.
package final class Document: Sendable {
    /// The file as the user named it, `-` for standard input.
    package let file: String
    /// The bytes of the file that this document was read from.
    package let byteRange: Range<Int>
    let nodes: [NodeRecord]
    let children: [UInt32]
    let text: [UInt8]
    private let rootIndex: UInt32

    init(
        file: String, byteRange: Range<Int>, nodes: [NodeRecord], children: [UInt32], text: [UInt8], root: UInt32
    ) {
        self.file = file
        self.byteRange = byteRange
        self.nodes = nodes
        self.children = children
        self.text = text
        rootIndex = root
    }

    package var root: Node { Node(document: self, index: rootIndex, keyIndex: rootIndex) }
}
