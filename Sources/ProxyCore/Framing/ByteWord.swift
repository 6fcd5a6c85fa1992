/// Eight bytes looked at as one number: a head is read several times faster than byte by byte. The byte that comes first is the lowest.
///
/// A mask has the top bit of each byte that is meant, and no other bit.
struct ByteWord {
    static let count = 8
    /// The mask of all bytes.
    static let all: UInt64 = tops
    private static let tops: UInt64 = 0x8080_8080_8080_8080
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    let value: UInt64

    @inline(__always)
    init(_ bytes: RawSpan, at offset: Int) {
        value = UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)
    init(_ value: UInt64) { self.value = value }

    /// How many bytes stand in front of the first that a mask means; 8 without one.
    @inline(__always)
    static func firstPlace(in mask: UInt64) -> Int { mask.trailingZeroBitCount >> 3 }

    /// Not zero if a byte is a line feed; its first place is that of the first one. (Later places may be wrong: a borrow runs on.)
    @inline(__always)
    var firstLineFeed: UInt64 {
        let difference = value ^ (Self.ones &* UInt64(ByteClass.lineFeed))
        return (difference &- Self.ones) & ~difference & Self.tops
    }

    /// Whether all bytes may stand in a field value, tabs left aside: none is below the blank, none is DEL.
    @inline(__always)
    var isPlainValue: Bool {
        let deletes = value ^ (Self.ones &* 127)
        let isLow = (value &- (Self.ones &* 32)) & ~value
        let isDelete = (deletes &- Self.ones) & ~deletes
        return (isLow | isDelete) & Self.tops == 0
    }

    /// Whether all bytes are visible ASCII, as in a request's target.
    @inline(__always)
    var isVisible: Bool {
        let deletes = value ^ (Self.ones &* 127)
        let isLow = (value &- (Self.ones &* 33)) & ~value
        let isDelete = (deletes &- Self.ones) & ~deletes
        return (isLow | isDelete | value) & Self.tops == 0
    }

    /// The ASCII capitals.
    @inline(__always)
    private var capitals: UInt64 { inside(65, 90) }

    /// The bytes from one ASCII character to another. Sums stay within their bytes, since their top bits are cleared.
    @inline(__always)
    private func inside(_ first: UInt64, _ last: UInt64) -> UInt64 {
        let ascii = value & ~Self.tops
        let reachFirst = ascii &+ Self.ones &* (128 - first)
        let passLast = ascii &+ Self.ones &* (127 - last)
        return reachFirst & ~passLast & ~value & Self.tops
    }

    /// With capitals made small.
    @inline(__always)
    var lowercased: ByteWord { ByteWord(value | capitals >> 2) }

    /// The small letters, digits and hyphens: what nearly all field names are made of, if they are lowercased.
    @inline(__always)
    var nameBytes: UInt64 { inside(97, 122) | inside(48, 57) | inside(45, 45) }

    /// The first bytes of this word, the others of another.
    @inline(__always)
    func prefix(_ count: Int, then other: ByteWord) -> ByteWord {
        guard count < Self.count else { return self }
        let own = (UInt64(1) << UInt64(8 * count)) &- 1
        return ByteWord(value & own | other.value & ~own)
    }
}

extension MutableSpan<UInt8> {
    /// The eight bytes from an offset on, which must be inside.
    @inline(__always)
    func word(at offset: Int) -> ByteWord { ByteWord(bytes, at: offset) }

    @inline(__always)
    mutating func store(_ word: ByteWord, at offset: Int) {
        var bytes = mutableBytes
        bytes.storeBytes(of: word.value.littleEndian, toByteOffset: offset, as: UInt64.self)
    }
}
