/// Grows one document's arena from events; kept between documents so that its buffers are made once.
struct DocumentBuilder {
    /// Deeper than this is refused: nothing that we read is, and those who walk the tree recurse.
    static let maximumDepth = 256

    private struct Container {
        let node: UInt32
        /// Where its children begin in `pending`.
        let pending: Int
        let anchor: Int?
        var hasMerge = false
    }

    private(set) var nodes: [NodeRecord] = []
    private(set) var children: [UInt32] = []
    private(set) var text: [UInt8] = []
    /// The children of the containers that are still open.
    private var pending: [UInt32] = []
    private var open: [Container] = []
    private var anchors = AnchorTable()
    private var root: UInt32?
    /// A key that is a sequence or mapping, which JSON has no name for.
    private(set) var unusableKey: UInt32?
    /// Keys that occur twice in one mapping: the later one and what it repeats.
    private(set) var duplicates: [(key: UInt32, first: UInt32)] = []
    /// The limit on `duplicates`, so that a hostile file does not fill memory with messages.
    private static let maximumDuplicates = 20

    var depth: Int { open.count }
    var isEmpty: Bool { root == nil }

    mutating func reset() {
        nodes.removeAll(keepingCapacity: true)
        children.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
        pending.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        duplicates.removeAll(keepingCapacity: true)
        anchors.reset()
        root = nil
        unusableKey = nil
    }

    /// The finished document; `nil` when nothing was added.
    func document(file: String, byteRange: Range<Int>) -> Document? {
        guard let root else { return nil }
        return Document(
            file: file, byteRange: byteRange, nodes: Array(nodes[...]), children: Array(children[...]),
            text: Array(text[...]), root: root)
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
        text.append(contentsOf: bytes)
        if let anchor {
            let slot = anchors.open(anchor, node: index, size: size - 1 - bytes.count / AnchorTable.bytesPerUnit)
            anchors.close(slot, size: size)
        }
        add(index)
    }

    mutating func begin(_ kind: NodeKind, line: UInt32, column: UInt32, anchor: String? = nil) {
        let index = UInt32(nodes.count)
        let slot = anchor.map { anchors.open($0, node: index, size: size) }
        nodes.append(
            NodeRecord(line: line, column: column, first: 0, count: 0, kind: kind, isQuoted: false))
        open.append(Container(node: index, pending: pending.count, anchor: slot))
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
        guard let container = open.popLast() else { return nil }
        var failure: MergeFailure?
        if nodes[Int(container.node)].kind == .mapping {
            if container.hasMerge { failure = merge(from: container.pending) }
            removeDuplicates(from: container.pending)
        }
        let first = children.count
        children.append(contentsOf: pending[container.pending...])
        let count = pending.count - container.pending
        pending.removeSubrange(container.pending...)
        nodes[Int(container.node)].first = UInt32(first)
        if nodes[Int(container.node)].kind == .mapping {
            nodes[Int(container.node)].count = UInt32(count / 2)
            addTable(to: nodes[Int(container.node)])
        } else {
            nodes[Int(container.node)].count = UInt32(count)
        }
        if let anchor = container.anchor { anchors.close(anchor, size: size) }
        add(container.node)
        return failure
    }

    /// The size of the tree so far when aliases are followed, in units of a node or so many bytes of text.
    private var size: Int { nodes.count + text.count / AnchorTable.bytesPerUnit }

    private mutating func add(_ index: UInt32) {
        if let last = open.indices.last {
            let container = open[last]
            let isKey = nodes[Int(container.node)].kind == .mapping && (pending.count - container.pending) % 2 == 0
            if isKey {
                let key = nodes[Int(index)]
                if key.kind == .sequence || key.kind == .mapping { unusableKey = unusableKey ?? index }
                if isMergeKey(key) { open[last].hasMerge = true }
            }
            pending.append(index)
        } else {
            root = index
        }
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
        let own = Array(pending[start...])
        pending.removeSubrange(start...)
        var sources: [UInt32] = []
        for position in stride(from: 0, to: own.count - 1, by: 2) {
            let (key, value) = (own[position], own[position + 1])
            if isMergeKey(nodes[Int(key)]) {
                sources.append(value)
            } else {
                pending.append(key)
                pending.append(value)
            }
        }
        var seen = Set<ArraySlice<UInt8>>()
        for position in stride(from: start, to: pending.count, by: 2) { seen.insert(bytes(of: pending[position])) }
        for source in sources {
            let record = nodes[Int(source)]
            let mappings =
                record.kind == .sequence
                ? Array(children[Int(record.first)..<Int(record.first + record.count)]) : [source]
            for mapping in mappings {
                if let failure = append(mapping, unless: &seen) { return failure }
            }
        }
        return nil
    }

    private mutating func append(_ mapping: UInt32, unless seen: inout Set<ArraySlice<UInt8>>) -> MergeFailure? {
        let record = nodes[Int(mapping)]
        guard record.kind == .mapping else { return MergeFailure(reason: .notAMapping, node: mapping) }
        guard anchors.spend(Int(record.count), size: size) else {
            return MergeFailure(reason: .tooLarge, node: mapping)
        }
        for entry in 0..<Int(record.count) {
            let key = children[Int(record.first) + 2 * entry]
            guard seen.insert(bytes(of: key)).inserted else { continue }
            pending.append(key)
            pending.append(children[Int(record.first) + 2 * entry + 1])
        }
        return nil
    }

    private func bytes(of index: UInt32) -> ArraySlice<UInt8> {
        let record = nodes[Int(index)]
        guard record.kind.rawValue < NodeKind.sequence.rawValue else { return [] }
        return text[Int(record.first)..<Int(record.first + record.count)]
    }
}

// MARK: - Keys

extension DocumentBuilder {
    /// Keeps the last of equal keys, in the place of the first, and notes the repetition.
    private mutating func removeDuplicates(from start: Int) {
        let count = (pending.count - start) / 2
        guard count > 1 else { return }
        var repeated: [(later: Int, earlier: Int)] = []
        if count <= KeyIndex.threshold {
            withKeys { keys, pending in
                for later in 1..<count {
                    let bytes = keys.bytes(of: pending[start + 2 * later])
                    if let earlier = (0..<later).first(where: { keys.isKey(pending[start + 2 * $0], bytes) }) {
                        repeated.append((later, earlier))
                    }
                }
            }
        } else {
            var places: [ArraySlice<UInt8>: Int] = [:]
            places.reserveCapacity(count)
            for later in 0..<count {
                let key = bytes(of: pending[start + 2 * later])
                if let earlier = places[key] { repeated.append((later, earlier)) } else { places[key] = later }
            }
        }
        guard !repeated.isEmpty else { return }
        for (later, earlier) in repeated {
            if duplicates.count < Self.maximumDuplicates {
                duplicates.append((pending[start + 2 * later], pending[start + 2 * earlier]))
            }
            pending[start + 2 * earlier + 1] = pending[start + 2 * later + 1]
        }
        let removed = Set(repeated.map(\.later))
        let kept = (0..<count).filter { !removed.contains($0) }
        let entries = kept.flatMap { [pending[start + 2 * $0], pending[start + 2 * $0 + 1]] }
        pending.replaceSubrange(start..., with: entries)
    }

    private func withKeys(_ body: (KeyIndex, UnsafeBufferPointer<UInt32>) -> Void) {
        nodes.withUnsafeBufferPointer { nodes in
            text.withUnsafeBufferPointer { text in
                pending.withUnsafeBufferPointer { pending in
                    body(KeyIndex(nodes: nodes, children: pending, text: text), pending)
                }
            }
        }
    }

    /// Puts the hash table of a large mapping behind its children.
    private mutating func addTable(to mapping: NodeRecord) {
        let count = Int(mapping.count)
        guard count > KeyIndex.threshold else { return }
        let slots = KeyIndex.slots(for: count)
        var table = [UInt32](repeating: 0, count: slots)
        for entry in 0..<count {
            let key = bytes(of: children[Int(mapping.first) + 2 * entry])
            var slot = key.withUnsafeBytes { KeyIndex.hash($0) } & (slots - 1)
            while table[slot] != 0 { slot = (slot + 1) & (slots - 1) }
            table[slot] = UInt32(entry + 1)
        }
        children.append(contentsOf: table)
    }
}
