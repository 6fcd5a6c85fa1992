extension Node {
    /// One `key: value` of a mapping. The key's text is made only when asked for.
    package struct Entry: Sendable {
        package let keyNode: Node
        package let value: Node
        /// The key's text; for a key that is a sequence or mapping, an empty string.
        package var key: String { keyNode.text }
        package var keyLocation: SourceLocation { keyNode.location }
    }

    /// The entries of a mapping in the order of the document; nothing for other nodes.
    package struct Entries: RandomAccessCollection, Sendable {
        let node: Node
        let first: Int
        package let endIndex: Int
        package var startIndex: Int { 0 }

        package subscript(position: Int) -> Entry {
            precondition(position >= 0 && position < endIndex)
            let children = node.document.arena.children
            let key = children[first + 2 * position]
            return Entry(
                keyNode: Node(document: node.document, index: key, keyIndex: key),
                value: Node(document: node.document, index: children[first + 2 * position + 1], keyIndex: key))
        }
    }

    /// The elements of a sequence; nothing for other nodes.
    package struct Elements: RandomAccessCollection, Sendable {
        let node: Node
        let first: Int
        package let endIndex: Int
        package var startIndex: Int { 0 }

        package subscript(position: Int) -> Node {
            precondition(position >= 0 && position < endIndex)
            let index = node.document.arena.children[first + position]
            return Node(document: node.document, index: index, keyIndex: index)
        }
    }

    package var entries: Entries {
        let record = record
        return Entries(node: self, first: Int(record.first), endIndex: record.kind == .mapping ? Int(record.count) : 0)
    }

    package var elements: Elements {
        let record = record
        return Elements(
            node: self, first: Int(record.first), endIndex: record.kind == .sequence ? Int(record.count) : 0)
    }

    /// The value of a key in a mapping, null values included; `nil` without that key and for other nodes.
    package subscript(_ key: String) -> Node? {
        guard let position = position(of: key) else { return nil }
        return entries[position].value
    }

    /// The node at the end of a path of keys.
    package subscript(path keys: String...) -> Node? {
        var node = self
        for key in keys {
            guard let next = node[key] else { return nil }
            node = next
        }
        return node
    }

    /// The element of a sequence, `nil` outside its bounds.
    package subscript(_ position: Int) -> Node? {
        let elements = elements
        return elements.indices.contains(position) ? elements[position] : nil
    }

    package func hasKey(_ key: String) -> Bool { position(of: key) != nil }

    /// The position of a key among `entries`.
    func position(of key: String) -> Int? {
        let record = record
        guard record.kind == .mapping else { return nil }
        var key = key
        return key.withUTF8 { document.arena.keys.position(of: UnsafeRawBufferPointer($0), in: record) }
    }
}
