import EnvoyModel

/// Reading and writing the values of particular headers.
extension HeaderBlock {
    /// `text` must be in lower case.
    func equalsIgnoringCase(_ range: ByteRange, _ text: StaticString) -> Bool {
        guard Int(range.count) == text.utf8CodeUnitCount else { return false }
        for offset in 0..<text.utf8CodeUnitCount where byte(range, offset).lowercased != text.utf8Start[offset] {
            return false
        }
        return true
    }

    func equalsIgnoringCase(_ range: ByteRange, _ other: ByteRange) -> Bool {
        guard range.count == other.count else { return false }
        for offset in 0..<Int(range.count) where byte(range, offset).lowercased != byte(other, offset).lowercased {
            return false
        }
        return true
    }

    func hasToken(_ token: StaticString, in list: ByteRange) -> Bool {
        var tokens = TokenIterator(list)
        while let next = tokens.next(self) {
            if equalsIgnoringCase(next, token) { return true }
        }
        return false
    }

    @inline(__always)
    func hasXEnvoyPrefix(_ name: ByteRange) -> Bool {
        name.count >= 8 && byte(name, 0) == UInt8(ascii: "x") && equals(part(name, from: 0, to: 8), "x-envoy-")
    }

    /// `application/grpc`, also with `+` and something.
    func isGRPC(_ value: ByteRange) -> Bool {
        guard value.count >= 16, equals(part(value, from: 0, to: 16), "application/grpc") else { return false }
        return value.count == 16 || byte(value, 16) == UInt8(ascii: "+")
    }

    /// The entry of a comma list that stands so many places from its right end.
    func entryFromRight(_ list: ByteRange, _ places: Int) -> ByteRange? {
        var end = Int(list.count)
        var left = places
        while true {
            var start = end
            while start > 0, byte(list, start - 1) != UInt8(ascii: ",") { start -= 1 }
            if left == 0 { return trimmed(part(list, from: start, to: end)) }
            if start == 0 { return nil }
            end = start - 1
            left -= 1
        }
    }

    func isBareIP(_ range: ByteRange, allowsIPv6: Bool) -> Bool {
        guard range.count > 0, range.count <= 45 else { return false }
        if firstIndex(of: UInt8(ascii: ":"), in: range) == nil { return isBareIPv4(range) }
        return allowsIPv6 && IPAddress(storage[range.range]) != nil
    }

    private func isBareIPv4(_ range: ByteRange) -> Bool {
        var dots = 0
        var digits = 0
        var value = 0
        for offset in 0..<Int(range.count) {
            let byte = byte(range, offset)
            if byte == UInt8(ascii: ".") {
                guard digits > 0 else { return false }
                (dots, digits, value) = (dots + 1, 0, 0)
            } else {
                guard byte.isDigit, digits < 3 else { return false }
                value = value * 10 + Int(byte - 48)
                digits += 1
                guard value <= 255 else { return false }
            }
        }
        return dots == 3 && digits > 0
    }

    /// A UUID, version 4, from 128 random bits.
    mutating func storeUUID(_ high: UInt64, _ low: UInt64) -> ByteRange {
        let start = storage.count
        let first = high & 0xffff_ffff_ffff_0fff | 0x4000
        let second = low & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        var text = InlineArray<36, UInt8>(repeating: UInt8(ascii: "-"))
        var place = 0
        for position in 0..<32 {
            if position == 8 || position == 12 || position == 16 || position == 20 { place += 1 }
            let word = position < 16 ? first : second
            let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (position & 15)) & 15)
            text[place] = digit < 10 ? digit + 48 : digit + 87
            place += 1
        }
        text.span.withUnsafeBufferPointer { storage.append(contentsOf: $0) }
        return since(start)
    }
}

/// The trimmed parts of a comma list.
struct TokenIterator {
    private let list: ByteRange
    private var position = 0

    init(_ list: ByteRange) { self.list = list }

    mutating func next(_ block: borrowing HeaderBlock) -> ByteRange? {
        while position < Int(list.count) {
            var end = position
            while end < Int(list.count), block.byte(list, end) != UInt8(ascii: ",") { end += 1 }
            let token = block.trimmed(block.part(list, from: position, to: end))
            position = end + 1
            if !token.isEmpty { return token }
        }
        return nil
    }
}
