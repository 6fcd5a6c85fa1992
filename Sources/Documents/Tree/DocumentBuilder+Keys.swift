extension DocumentBuilder {
    private var keys: KeyIndex {
        KeyIndex(nodes: nodes.elements, children: children.elements, text: text.elements)
    }

    func bytes(of index: UInt32) -> UnsafeRawBufferPointer { keys.bytes(of: index) }

    /// Keeps the last of equal keys, in the place of the first, and notes the repetition.
    mutating func removeDuplicates(from start: Int) {
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
    mutating func addTable(to mapping: NodeRecord) {
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
