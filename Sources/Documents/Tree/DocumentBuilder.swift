/// Grows the arena of some documents from events, one document after the other.
struct DocumentBuilder: ~Copyable {
    /// Deeper than this is refused: nothing that we read is, and those who walk the tree recurse.
    static let maximumDepth = 256
    /// The limit on `duplicates`, so that a hostile file does not fill memory with messages.
    private static let maximumDuplicates = 20

    private(set) var nodes = GrowingBuffer<NodeRecord>()
    private(set) var children = GrowingBuffer<UInt32>()
    private(set) var text = GrowingBuffer<UInt8>()
    /// The children of the containers that are still open.
    private var pending = GrowingBuffer<UInt32>()
    private var open = GrowingBuffer<OpenContainer>()
    private var finished: [(root: UInt32, byteRange: Range<Int>)] = []

    // Of the document that is being built:
    private var start = (nodes: 0, children: 0, text: 0)
    private var anchors = AnchorTable()
    private var root: UInt32?
    /// A key that is a sequence or mapping, which JSON has no name for.
    private(set) var unusableKey: UInt32?
    /// Keys that occur twice in one mapping: the later one and what it repeats.
    private(set) var duplicates: [(key: UInt32, first: UInt32)] = []

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
        // A string of their own: threads that read parts of one file would else count references on the same one.
        let ownFile = String(decoding: Array(file.utf8), as: UTF8.self)
        let documents = finished.map {
            Document(file: ownFile, byteRange: $0.byteRange, arena: arena, root: $0.root)
        }
        removeAll()
        return documents
    }

    mutating func scalar(
        _ bytes: UnsafeBufferPointer<UInt8>, kind: NodeKind, isQuoted: Bool, line: UInt32, column: UInt32,
        anchor: String? = nil
    ) {
        let index = UInt32(nodes.count)
        nodes.append(
            NodeRecord(
                line: line, column: column, first: UInt32(text.count), count: UInt32(bytes.count), kind: kind,
                isQuoted: isQuoted))
        text.append(bytes)
        if let anchor {
            let slot = anchors.open(anchor, node: index, size: size - 1 - bytes.count / AnchorTable.bytesPerUnit)
            anchors.close(slot, size: size)
        }
        add(index)
    }

    mutating func begin(_ kind: NodeKind, line: UInt32, column: UInt32, anchor: String? = nil) {
        let index = UInt32(nodes.count)
        var slot = -1
        if let anchor { slot = anchors.open(anchor, node: index, size: size) }
        nodes.append(
            NodeRecord(line: line, column: column, first: 0, count: 0, kind: kind, isQuoted: false))
        open.append(
            OpenContainer(node: index, isMapping: kind == .mapping, anchor: slot, pending: pending.count))
    }

    /// Adds what an anchor stands for; says what is wrong if it cannot be added.
    mutating func alias(_ name: String) -> AnchorTable.Failure? {
        switch anchors.use(name, size: size) {
        case .failure(let failure): return failure
        case .success(let node):
            add(node)
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
        add(container.node)
        return failure
    }

    /// The size of the tree so far when aliases are followed, in units of a node or so many bytes of text.
    private var size: Int {
        nodes.count - start.nodes + (text.count - start.text) / AnchorTable.bytesPerUnit
    }

    private mutating func add(_ index: UInt32) {
        guard open.count > 0 else {
            root = index
            return
        }
        let container = open[open.count - 1]
        if container.isMapping, (pending.count - container.pending) & 1 == 0 {
            let key = nodes[Int(index)]
            if key.kind == .sequence || key.kind == .mapping { unusableKey = unusableKey ?? index }
            if isMergeKey(key) { open[open.count - 1].hasMerge = true }
        }
        pending.append(index)
    }

    private func isMergeKey(_ record: NodeRecord) -> Bool {
        guard record.count == 2, record.kind == .string, !record.isQuoted else { return false }
        return text[Int(record.first)] == UInt8(ascii: "<") && text[Int(record.first) + 1] == UInt8(ascii: "<")
    }
}

// MARK: - Merge keys

extension DocumentBuilder {
    /// Why a `<<` cannot be followed, and at which node.
    struct MergeFailure {
        enum Reason { case notAMapping, tooLarge }
        let reason: Reason
        let node: UInt32
    }

    /// Replaces `<<: *anchor` and `<<: [*a, *b]` by the entries they bring: keys of the mapping itself win over merged
    /// ones, earlier merged ones over later ones (YAML 1.1, "Merge Key Language-Independent Type").
    private mutating func merge(from start: Int) -> MergeFailure? {
        let own = Array(pending.elements[start...])
        pending.truncate(to: start)
        var sources: [UInt32] = []
        var seen = Set<[UInt8]>()
        for position in stride(from: 0, to: own.count - 1, by: 2) {
            let (key, value) = (own[position], own[position + 1])
            if isMergeKey(nodes[Int(key)]) {
                sources.append(value)
            } else {
                pending.append(key)
                pending.append(value)
                seen.insert(Array(bytes(of: key)))
            }
        }
        for source in sources {
            let record = nodes[Int(source)]
            guard record.kind == .sequence else {
                if let failure = append(source, unless: &seen) { return failure }
                continue
            }
            for element in 0..<Int(record.count) {
                if let failure = append(children[Int(record.first) + element], unless: &seen) { return failure }
            }
        }
        return nil
    }

    private mutating func append(_ mapping: UInt32, unless seen: inout Set<[UInt8]>) -> MergeFailure? {
        let record = nodes[Int(mapping)]
        guard record.kind == .mapping else { return MergeFailure(reason: .notAMapping, node: mapping) }
        guard anchors.spend(Int(record.count), size: size) else {
            return MergeFailure(reason: .tooLarge, node: mapping)
        }
        for entry in 0..<Int(record.count) {
            let key = children[Int(record.first) + 2 * entry]
            guard seen.insert(Array(bytes(of: key))).inserted else { continue }
            pending.append(key)
            pending.append(children[Int(record.first) + 2 * entry + 1])
        }
        return nil
    }
}

// MARK: - Keys

extension DocumentBuilder {
    private var keys: KeyIndex {
        KeyIndex(nodes: nodes.elements, children: children.elements, text: text.elements)
    }

    private func bytes(of index: UInt32) -> UnsafeRawBufferPointer { keys.bytes(of: index) }

    /// Keeps the last of equal keys, in the place of the first, and notes the repetition.
    private mutating func removeDuplicates(from start: Int) {
        let count = (pending.count - start) / 2
        guard count > 1 else { return }
        let repeated = count <= KeyIndex.threshold ? repeatedFewKeys(start, count) : repeatedManyKeys(start, count)
        guard !repeated.isEmpty else { return }
        for (later, earlier) in repeated {
            if duplicates.count < Self.maximumDuplicates {
                duplicates.append((pending[start + 2 * later], pending[start + 2 * earlier]))
            }
            pending[start + 2 * earlier + 1] = pending[start + 2 * later + 1]
        }
        var kept = start
        var removed = repeated[...]
        for entry in 0..<count {
            if entry == removed.first?.later {
                removed.removeFirst()
                continue
            }
            pending[kept] = pending[start + 2 * entry]
            pending[kept + 1] = pending[start + 2 * entry + 1]
            kept += 2
        }
        pending.truncate(to: kept)
    }

    private func repeatedFewKeys(_ start: Int, _ count: Int) -> [(later: Int, earlier: Int)] {
        let (keys, pending) = (keys, pending.elements)
        var repeated: [(later: Int, earlier: Int)] = []
        for later in 1..<count {
            let bytes = keys.bytes(of: pending[start + 2 * later])
            for earlier in 0..<later where keys.isKey(pending[start + 2 * earlier], bytes) {
                repeated.append((later, earlier))
                break
            }
        }
        return repeated
    }

    private func repeatedManyKeys(_ start: Int, _ count: Int) -> [(later: Int, earlier: Int)] {
        let (keys, pending) = (keys, pending.elements)
        let slots = KeyIndex.slots(for: count)
        var table = [UInt32](repeating: 0, count: slots)
        var repeated: [(later: Int, earlier: Int)] = []
        for later in 0..<count {
            let key = keys.bytes(of: pending[start + 2 * later])
            var slot = KeyIndex.hash(key) & (slots - 1)
            while table[slot] != 0, !keys.isKey(pending[start + 2 * Int(table[slot] - 1)], key) {
                slot = (slot + 1) & (slots - 1)
            }
            if table[slot] == 0 {
                table[slot] = UInt32(later + 1)
            } else {
                repeated.append((later, Int(table[slot] - 1)))
            }
        }
        return repeated
    }

    /// Puts the hash table of a large mapping behind its children.
    private mutating func addTable(to mapping: NodeRecord) {
        let count = Int(mapping.count)
        guard count > KeyIndex.threshold else { return }
        let slots = KeyIndex.slots(for: count)
        var table = [UInt32](repeating: 0, count: slots)
        for entry in 0..<count {
            var slot = KeyIndex.hash(bytes(of: children[Int(mapping.first) + 2 * entry])) & (slots - 1)
            while table[slot] != 0 { slot = (slot + 1) & (slots - 1) }
            table[slot] = UInt32(entry + 1)
        }
        table.withUnsafeBufferPointer { children.append($0) }
    }
}

/// A sequence or mapping that has begun.
struct OpenContainer: BitwiseCopyable {
    let node: UInt32
    let isMapping: Bool
    var hasMerge = false
    /// Its anchor's place in the table; -1 without one.
    let anchor: Int
    /// Where its children begin among those that are pending.
    let pending: Int
}
