/// Grows the arena of some documents from events, one document after the other.
struct DocumentBuilder: ~Copyable {
    /// Deeper than this is refused: nothing that we read is, and those who walk the tree recurse.
    static let maximumDepth = 256
    /// The limit on `duplicates`, so that a hostile file does not fill memory with messages.
    static let maximumDuplicates = 20

    private(set) var nodes = GrowingBuffer<NodeRecord>()
    var children = GrowingBuffer<UInt32>()
    private(set) var text = GrowingBuffer<UInt8>()
    /// The children of the containers that are still open.
    var pending = GrowingBuffer<UInt32>()
    private var open = GrowingBuffer<OpenContainer>()
    private var finished: [(root: UInt32, byteRange: Range<Int>)] = []

    // Of the document that is being built:
    private var start = (nodes: 0, children: 0, text: 0)
    var anchors = AnchorTable()
    private var root: UInt32?
    /// A key that is a sequence or mapping, which JSON has no name for.
    private(set) var unusableKey: UInt32?
    /// Keys that occur twice in one mapping: the later one and what it repeats.
    var duplicates: [(key: UInt32, first: UInt32)] = []

    /// Makes room for the documents of so many bytes, so that large arrays do not move while they grow.
    init(expecting bytes: Int = 0) {
        let expected = min(bytes, 64 << 20)
        nodes.reserve(expected / 8)
        children.reserve(expected / 8)
        text.reserve(expected / 2)
    }

    var depth: Int { open.count }

    /// Begins a document; one that was begun and not finished is dropped.
    mutating func beginDocument() {
        nodes.truncate(to: start.nodes)
        children.truncate(to: start.children)
        text.truncate(to: start.text)
        pending.truncate(to: 0)
        open.truncate(to: 0)
        if !duplicates.isEmpty { duplicates.removeAll() }
        anchors.reset()
        root = nil
        unusableKey = nil
    }

    /// Keeps the document, unless it is empty or null.
    mutating func endDocument(byteRange: Range<Int>) {
        if let root, nodes[Int(root)].kind != .null {
            finished.append((root, byteRange))
            start = (nodes.count, children.count, text.count)
        }
        beginDocument()
    }

    /// How many documents were kept.
    var checkpoint: Int { finished.count }

    /// Drops the documents that were kept since, and what is being built.
    mutating func restore(_ checkpoint: Int) {
        finished.removeSubrange(checkpoint...)
        beginDocument()
    }

    /// Drops all that was kept.
    mutating func removeAll() {
        finished = []
        start = (0, 0, 0)
        beginDocument()
    }

    /// The documents that were kept; the builder is empty then.
    mutating func takeDocuments(file: String) -> [Document] {
        guard !finished.isEmpty else { return [] }
        beginDocument()
        let arena = Arena(nodes: nodes.take(), children: children.take(), text: text.take())
        let source = SourceFile(file)
        let documents = finished.map {
            Document(source, byteRange: $0.byteRange, arena: arena, root: $0.root)
        }
        removeAll()
        return documents
    }

    mutating func scalar(
        _ bytes: UnsafeBufferPointer<UInt8>, kind: NodeKind, isQuoted: Bool, line: UInt32, column: UInt32
    ) {
        let index = UInt32(nodes.count)
        nodes.append(
            NodeRecord(
                line: line, column: column, first: UInt32(text.count), count: UInt32(bytes.count), kind: kind,
                isQuoted: isQuoted))
        text.append(bytes)
        add(index, isContainer: false, isMergeKey: kind == .string && !isQuoted && Self.isMergeKey(bytes))
    }

    mutating func begin(_ kind: NodeKind, line: UInt32, column: UInt32) {
        let index = UInt32(nodes.count)
        nodes.append(
            NodeRecord(line: line, column: column, first: 0, count: 0, kind: kind, isQuoted: false))
        open.append(OpenContainer(node: index, isMapping: kind == .mapping, pending: pending.count))
    }

    /// Gives an anchor to the scalar that was just added.
    mutating func nameScalar(_ anchor: String) {
        let index = nodes.count - 1
        let own = 1 + Int(nodes[index].count) / AnchorTable.bytesPerUnit
        let slot = anchors.open(anchor, node: UInt32(index), size: size - own)
        anchors.close(slot, size: size)
    }

    /// Gives an anchor to the sequence or mapping that has just begun.
    mutating func nameContainer(_ anchor: String) {
        let container = open[open.count - 1].node
        open[open.count - 1].anchor = anchors.open(anchor, node: container, size: size - 1)
    }

    /// Adds what an anchor stands for; says what is wrong if it cannot be added.
    mutating func alias(_ name: String) -> AnchorTable.Failure? {
        switch anchors.use(name, size: size) {
        case .failure(let failure): return failure
        case .success(let node):
            let record = nodes[Int(node)]
            add(node, isContainer: record.isContainer, isMergeKey: isMergeKey(record))
            return nil
        }
    }

    /// Ends the innermost sequence or mapping; says what is wrong with its merge keys.
    mutating func end() -> MergeFailure? {
        guard open.count > 0 else { return nil }
        let container = open[open.count - 1]
        open.truncate(to: open.count - 1)
        var failure: MergeFailure?
        if container.isMapping {
            if container.hasMerge { failure = merge(from: container.pending) }
            removeDuplicates(from: container.pending)
        }
        let count = pending.count - container.pending
        var record = nodes[Int(container.node)]
        record.first = UInt32(children.count)
        record.count = UInt32(container.isMapping ? count / 2 : count)
        nodes[Int(container.node)] = record
        children.append(UnsafeBufferPointer(rebasing: pending.elements[container.pending...]))
        pending.truncate(to: container.pending)
        if container.isMapping { addTable(to: record) }
        if container.anchor >= 0 { anchors.close(container.anchor, size: size) }
        add(container.node, isContainer: true, isMergeKey: false)
        return failure
    }

    /// The size of the tree so far when aliases are followed, in units of a node or so many bytes of text.
    var size: Int {
        nodes.count - start.nodes + (text.count - start.text) / AnchorTable.bytesPerUnit
    }

    /// The node itself is not read again: what has just been written in parts is slow to read as a whole.
    @inline(__always)
    private mutating func add(_ index: UInt32, isContainer: Bool, isMergeKey: Bool) {
        guard open.count > 0 else {
            root = index
            return
        }
        let container = open[open.count - 1]
        if isContainer || isMergeKey, container.isMapping, (pending.count - container.pending) & 1 == 0 {
            if isContainer { unusableKey = unusableKey ?? index }
            if isMergeKey { open[open.count - 1].hasMerge = true }
        }
        pending.append(index)
    }

    func isMergeKey(_ record: NodeRecord) -> Bool {
        guard record.kind == .string, !record.isQuoted else { return false }
        let range = Int(record.first)..<Int(record.first) + Int(record.count)
        return Self.isMergeKey(UnsafeBufferPointer(rebasing: text.elements[range]))
    }

    private static func isMergeKey(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.count == 2 && bytes[0] == UInt8(ascii: "<") && bytes[1] == UInt8(ascii: "<")
    }
}

/// A sequence or mapping that has begun.
struct OpenContainer: BitwiseCopyable {
    let node: UInt32
    let isMapping: Bool
    var hasMerge = false
    /// Its anchor's place in the table; -1 without one.
    var anchor = -1
    /// Where its children begin among those that are pending.
    let pending: Int
}
