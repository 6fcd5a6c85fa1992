/// Bytes on their way to a socket: appended at the end, sent from the front, one buffer reused for ever.
package struct ByteQueue: Sendable {
    private var storage: [UInt8] = []
    private var start = 0

    /// A buffer that grew beyond this is given back when it runs empty.
    private static let keptCapacity = 64 * 1024

    package init() {}

    package var count: Int { storage.count - start }
    package var isEmpty: Bool { start == storage.count }

    package mutating func append(_ byte: UInt8) { storage.append(byte) }

    package mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { storage.append(contentsOf: $0) }
    }

    package mutating func append(_ bytes: ArraySlice<UInt8>) { storage.append(contentsOf: bytes) }

    package mutating func append(_ bytes: [UInt8]) { storage.append(contentsOf: bytes) }

    package mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { storage.append(contentsOf: $0) }
    }

    package mutating func append(_ text: String) { storage.append(contentsOf: text.utf8) }

    package mutating func append(decimal value: UInt64) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            storage.append(48 + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    package mutating func append(hexadecimal value: UInt64) {
        var shift = max(0, 60 - (value.leadingZeroBitCount / 4) * 4)
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 15
            storage.append(digit < 10 ? 48 + digit : 87 + digit)
            shift -= 4
        }
    }

    package mutating func removeFirst(_ count: Int) {
        start += min(max(count, 0), self.count)
        if start == storage.count { removeAll() }
    }

    package mutating func removeAll() {
        start = 0
        storage.removeAll(keepingCapacity: storage.capacity <= Self.keptCapacity)
    }

    /// Offers all bytes, which are not empty, and removes as many as were taken.
    @inline(__always)
    package mutating func send(_ body: (UnsafeRawBufferPointer) -> Int) -> Int {
        let start = start
        let taken = storage.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        if taken > 0 { removeFirst(taken) }
        return taken
    }

    package func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try storage.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }

    package var bytes: ArraySlice<UInt8> { storage[start...] }
}
