/// Bytes on their way to a socket: appended at the end, sent from the front, one buffer reused for ever.
///
/// The buffer is the queue's own and no array's: a head is put together of some twenty pieces, and an array would ask for each of
/// them whether somebody else refers to it too.
package struct ByteQueue: ~Copyable {
    private var buffer: UnsafeMutablePointer<UInt8>?
    private var capacity = 0
    /// Where the bytes are: in front of them is what was sent, behind them what was never used.
    private var start = 0
    private var end = 0

    /// A buffer that grew beyond this is given back when it runs empty.
    private static let keptCapacity = 64 * 1024

    package init() {}

    deinit { buffer?.deallocate() }

    package var count: Int { end - start }
    package var isEmpty: Bool { start == end }

    // MARK: Appending

    @inline(__always)
    package mutating func append(_ byte: UInt8) { room(for: 1).pointee = byte }

    @inline(__always)
    package mutating func append(_ bytes: Span<UInt8>) { bytes.withUnsafeBufferPointer { append($0) } }

    package mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { append($0) } }

    @inline(__always)
    package mutating func append(_ text: StaticString) { text.withUTF8Buffer { append($0) } }

    /// With a name of its own, so that literals are static strings, which need no counting of references.
    package mutating func append(text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    @inline(__always)
    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let first = bytes.baseAddress, bytes.count > 0 else { return }
        room(for: bytes.count).update(from: first, count: bytes.count)
    }

    package mutating func append(decimal value: UInt64) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(48 + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    package mutating func append(hexadecimal value: UInt64) {
        var shift = max(0, 60 - (value.leadingZeroBitCount / 4) * 4)
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 15
            append(digit < 10 ? 48 + digit : 87 + digit)
            shift -= 4
        }
    }

    /// The place for so many bytes more, which must be written.
    @inline(__always)
    private mutating func room(for count: Int) -> UnsafeMutablePointer<UInt8> {
        if let buffer, capacity - end >= count {
            end += count
            return buffer + (end - count)
        }
        return grownRoom(for: count)
    }

    @inline(never)
    private mutating func grownRoom(for count: Int) -> UnsafeMutablePointer<UInt8> {
        let kept = end - start
        let target: UnsafeMutablePointer<UInt8>
        if let buffer, start > kept, capacity - kept >= count {
            // Enough of it was sent: what is left moves to the front, at most once for as many bytes as it has.
            target = buffer
            target.update(from: buffer + start, count: kept)
        } else {
            capacity = max(512, 2 * capacity, kept + count)
            target = .allocate(capacity: capacity)
            if let buffer {
                target.initialize(from: buffer + start, count: kept)
                buffer.deallocate()
            }
            buffer = target
        }
        start = 0
        end = kept + count
        return target + kept
    }

    // MARK: Taking

    package mutating func removeFirst(_ count: Int) {
        start += min(max(count, 0), self.count)
        if start == end { removeAll() }
    }

    package mutating func removeAll() {
        start = 0
        end = 0
        guard capacity > Self.keptCapacity else { return }
        buffer?.deallocate()
        buffer = nil
        capacity = 0
    }

    /// Offers all bytes, which are not empty, and removes as many as were taken.
    @inline(__always)
    package mutating func send(_ body: (UnsafeRawBufferPointer) -> Int) -> Int {
        let taken = body(UnsafeRawBufferPointer(contents))
        if taken > 0 { removeFirst(taken) }
        return taken
    }

    @inline(__always)
    package func withBytes<R>(_ body: (Span<UInt8>) -> R) -> R { body(contents.span) }

    /// Goes on with the buffer of a queue that was read elsewhere, if it has nothing of its own yet.
    package mutating func takeBuffer(of other: inout ByteQueue) {
        guard isEmpty else { return }
        other.removeAll()
        swap(&self, &other)
    }

    /// A copy of all bytes.
    package var bytes: [UInt8] { Array(contents) }

    private var contents: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: buffer.map { UnsafePointer($0 + start) }, count: count)
    }
}
