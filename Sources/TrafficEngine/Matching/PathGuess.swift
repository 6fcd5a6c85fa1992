/// The first bytes of a request's path as a number, made once for all the routes of a virtual host.
struct PathStart {
    fileprivate let count: Int
    /// The first byte is the lowest; what a shorter path leaves free is not zero but unspecified.
    fileprivate let word: UInt64

    init(_ block: borrowing HeaderBlock, _ path: ByteRange) {
        count = Int(path.count)
        let start = Int(path.start)
        let bytes = block.storage.span.bytes
        if start <= bytes.byteCount - 8 {
            word = UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
        } else {
            var word: UInt64 = 0
            for offset in 0..<min(8, count) { word |= UInt64(block.byte(path, offset)) << UInt64(8 * offset) }
            self.word = word
        }
    }
}

/// A condition that every path which a route takes fulfils: so long at least, and with these first bytes. Most of many routes are ruled
/// out by it without a look at the routes themselves, which stand all over the memory, and whose references would be counted.
struct PathGuess: Sendable {
    private let count: Int
    private let word: UInt64
    private let mask: UInt64

    init(_ match: CompiledPathMatch) {
        var word: UInt64 = 0
        var mask: UInt64 = 0
        switch match.kind {
        case .prefix, .exact, .separatedPrefix:
            count = match.text.count
            if !match.ignoresCase {
                for (offset, byte) in match.text.prefix(8).enumerated() {
                    word |= UInt64(byte) << UInt64(8 * offset)
                    mask |= 0xff << UInt64(8 * offset)
                }
            }
        case .regex, .connect, .never: count = 0
        }
        self.word = word
        self.mask = mask
    }

    @inline(__always)
    func mayMatch(_ path: PathStart) -> Bool { path.count >= count && path.word & mask == word }
}
