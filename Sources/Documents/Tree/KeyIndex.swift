import Glibc

/// Look-up of keys in a mapping's entries: by comparing when they are few, by a hash table behind the children when
/// they are many. The hash is seeded per process, so a document cannot be made to collide.
struct KeyIndex {
    /// With more entries than this a mapping has a table.
    static let threshold = 16

    let nodes: UnsafeBufferPointer<NodeRecord>
    let children: UnsafeBufferPointer<UInt32>
    let text: UnsafeBufferPointer<UInt8>

    /// The size of the table for so many entries: a power of two, at most half full.
    static func slots(for count: Int) -> Int {
        var slots = 64
        while slots < 2 * count { slots *= 2 }
        return slots
    }

    static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: bytes)
        return hasher.finalize()
    }

    /// The bytes of a scalar; empty for containers.
    func bytes(of node: UInt32) -> UnsafeRawBufferPointer {
        let record = nodes[Int(node)]
        guard record.kind.rawValue < NodeKind.sequence.rawValue else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(
            UnsafeBufferPointer(rebasing: text[Int(record.first)..<Int(record.first + record.count)]))
    }

    func isKey(_ node: UInt32, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let own = self.bytes(of: node)
        guard own.count == bytes.count else { return false }
        guard let left = own.baseAddress, let right = bytes.baseAddress else { return true }
        return memcmp(left, right, own.count) == 0
    }

    func position(of key: UnsafeRawBufferPointer, in mapping: NodeRecord) -> Int? {
        let first = Int(mapping.first)
        let count = Int(mapping.count)
        guard count > Self.threshold else {
            return (0..<count).first { isKey(children[first + 2 * $0], key) }
        }
        let slots = Self.slots(for: count)
        let table = first + 2 * count
        var slot = Self.hash(key) & (slots - 1)
        while true {
            let entry = children[table + slot]
            if entry == 0 { return nil }
            if isKey(children[first + 2 * Int(entry - 1)], key) { return Int(entry - 1) }
            slot = (slot + 1) & (slots - 1)
        }
    }

    /// The position of a key that spells a lowerCamelCase name in snake_case.
    func positionInSnakeCase(of name: UnsafeBufferPointer<UInt8>, in mapping: NodeRecord) -> Int? {
        let first = Int(mapping.first)
        return (0..<Int(mapping.count)).first { entry in
            Self.isSnakeCase(bytes(of: children[first + 2 * entry]), of: name)
        }
    }

    private static func isSnakeCase(_ key: UnsafeRawBufferPointer, of name: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        for letter in name {
            let isCapital = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= letter
            if isCapital {
                guard position < key.count, key[position] == UInt8(ascii: "_") else { return false }
                position += 1
            }
            guard position < key.count, key[position] == (isCapital ? letter | 0x20 : letter) else { return false }
            position += 1
        }
        return position == key.count
    }
}
