/// A run of bytes in a `HeaderBlock`'s storage.
package struct ByteRange: Hashable, Sendable {
    package var start: UInt32
    package var count: UInt32

    package init(start: Int, count: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.count = UInt32(truncatingIfNeeded: count)
    }

    package static let empty = ByteRange(start: 0, count: 0)

    package var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
    package var isEmpty: Bool { count == 0 }
}

/// One header field: where its lower-case name and its trimmed value stand in the storage.
package struct HeaderField: Sendable {
    package var name: ByteRange
    package var value: ByteRange
    /// Removed fields stay in place, so that the runs between them can be written as they are.
    package var isRemoved = false
    /// It stands in the message as received (`name: value CRLF` in one run), so it can be relayed without being rebuilt.
    package var isOriginal: Bool

    package init(name: ByteRange, value: ByteRange, isOriginal: Bool) {
        self.name = name
        self.value = value
        self.isOriginal = isOriginal
    }
}

/// The header fields of a message as bytes and an index over them.
///
/// The storage only grows: received bytes first (names already in lower case), then whatever the decision adds. A block is
/// reused for message after message (`removeAll(keepingCapacity:)`), so a warm connection allocates nothing.
package struct HeaderBlock: Sendable {
    package var storage: [UInt8] = []
    package var fields: [HeaderField] = []

    package init() {}

    package mutating func removeAll() {
        storage.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
    }

    /// Puts bytes at the end of the storage and says where they are.
    package mutating func store(_ bytes: some Sequence<UInt8>) -> ByteRange {
        let start = storage.count
        storage.append(contentsOf: bytes)
        return ByteRange(start: start, count: storage.count - start)
    }

    package mutating func append(name: some Sequence<UInt8>, value: some Sequence<UInt8>) {
        let name = store(name)
        let value = store(value)
        fields.append(HeaderField(name: name, value: value, isOriginal: false))
    }

    package func string(_ range: ByteRange) -> String { String(decoding: storage[range.range], as: UTF8.self) }
}

/// A request as the decision sees and changes it: after `decide` it is the upstream's request.
///
/// The Host field is not one of the live fields: the codec leaves it out or marks it removed, sets `authority`, and writes
/// `host` first. `connection` and its like are still there when the decision begins, which removes them.
package struct RequestHead: Sendable {
    package var block = HeaderBlock()
    package var method = ByteRange.empty
    /// `:path` with its query.
    package var path = ByteRange.empty
    /// The Host header's value; `hasHost` tells an empty one from none.
    package var authority = ByteRange.empty
    package var hasHost = false
    package var isHTTPS = false

    package init() {}
}

/// A response as header operations see it.
package struct ResponseHead: Sendable {
    package var block = HeaderBlock()
    package var status = 0

    package init() {}
}
