/// Comparisons and look-ups on the bytes of a block. None of them allocates.
extension HeaderBlock {
    @inline(__always)
    func byte(_ range: ByteRange, _ offset: Int) -> UInt8 { storage[Int(range.start) + offset] }

    @inline(__always)
    func equals(_ range: ByteRange, _ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard Int(range.count) == count else { return false }
        return storage.withUnsafeBufferPointer { bytes in
            let start = Int(range.start)
            for offset in 0..<count where bytes[start + offset] != text.utf8Start[offset] { return false }
            return true
        }
    }

    @inline(__always)
    func equals(_ range: ByteRange, _ other: [UInt8]) -> Bool {
        guard Int(range.count) == other.count else { return false }
        return hasPrefix(range, other)
    }

    @inline(__always)
    func hasPrefix(_ range: ByteRange, _ prefix: [UInt8]) -> Bool {
        guard Int(range.count) >= prefix.count else { return false }
        return storage.withUnsafeBufferPointer { bytes in
            let start = Int(range.start)
            return prefix.withUnsafeBufferPointer { prefix in
                for offset in 0..<prefix.count where bytes[start + offset] != prefix[offset] { return false }
                return true
            }
        }
    }

    /// `prefix` must be in lower case.
    func hasPrefixIgnoringCase(_ range: ByteRange, _ prefix: [UInt8]) -> Bool {
        guard Int(range.count) >= prefix.count else { return false }
        for offset in 0..<prefix.count where byte(range, offset).lowercased != prefix[offset] { return false }
        return true
    }

    func hasSuffix(_ range: ByteRange, _ suffix: [UInt8], ignoringCase: Bool = false) -> Bool {
        guard Int(range.count) >= suffix.count else { return false }
        let start = Int(range.count) - suffix.count
        for offset in 0..<suffix.count {
            let byte = byte(range, start + offset)
            if (ignoringCase ? byte.lowercased : byte) != suffix[offset] { return false }
        }
        return true
    }

    func contains(_ range: ByteRange, _ part: [UInt8], ignoringCase: Bool = false) -> Bool {
        let count = Int(range.count)
        guard count >= part.count else { return false }
        for start in 0...(count - part.count) {
            var offset = 0
            while offset < part.count {
                let byte = byte(range, start + offset)
                if (ignoringCase ? byte.lowercased : byte) != part[offset] { break }
                offset += 1
            }
            if offset == part.count { return true }
        }
        return false
    }

    /// The offset of the first such byte inside the range.
    @inline(__always)
    func firstIndex(of byte: UInt8, in range: ByteRange) -> Int? {
        storage.withUnsafeBufferPointer { bytes in
            let start = Int(range.start)
            for offset in 0..<Int(range.count) where bytes[start + offset] == byte { return offset }
            return nil
        }
    }

    func lastIndex(of byte: UInt8, in range: ByteRange) -> Int? {
        var offset = Int(range.count) - 1
        while offset >= 0 {
            if self.byte(range, offset) == byte { return offset }
            offset -= 1
        }
        return nil
    }

    /// The part of a range from one offset to another; clamped to it.
    @inline(__always)
    func part(_ range: ByteRange, from: Int, to: Int) -> ByteRange {
        let lower = min(max(0, from), Int(range.count))
        let upper = min(max(lower, to), Int(range.count))
        return ByteRange(start: Int(range.start) + lower, count: upper - lower)
    }

    /// Without blanks and tabs at both ends.
    func trimmed(_ range: ByteRange) -> ByteRange {
        var lower = 0
        var upper = Int(range.count)
        while lower < upper, byte(range, lower).isBlank { lower += 1 }
        while upper > lower, byte(range, upper - 1).isBlank { upper -= 1 }
        return part(range, from: lower, to: upper)
    }

    /// The place of the first live field of that name.
    func first(_ name: StaticString) -> Int? { next(name, from: 0) }

    func next(_ name: StaticString, from start: Int) -> Int? {
        var index = start
        while index < fields.count {
            if !fields[index].isRemoved, equals(fields[index].name, name) { return index }
            index += 1
        }
        return nil
    }

    func first(_ name: [UInt8]) -> Int? { next(name, from: 0) }

    func next(_ name: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < fields.count {
            if !fields[index].isRemoved, equals(fields[index].name, name) { return index }
            index += 1
        }
        return nil
    }

    /// The value of the first live field of that name.
    func value(_ name: StaticString) -> ByteRange? { first(name).map { fields[$0].value } }

    @discardableResult
    mutating func remove(_ name: StaticString) -> Bool {
        var index = 0
        var found = false
        while let next = next(name, from: index) {
            fields[next].isRemoved = true
            found = true
            index = next + 1
        }
        return found
    }

    @discardableResult
    mutating func remove(_ name: [UInt8]) -> Bool {
        var index = 0
        var found = false
        while let next = next(name, from: index) {
            fields[next].isRemoved = true
            found = true
            index = next + 1
        }
        return found
    }

    /// Puts a text at the end of the storage.
    mutating func store(_ text: StaticString) -> ByteRange {
        let start = storage.count
        storage.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        return ByteRange(start: start, count: text.utf8CodeUnitCount)
    }

    /// Puts a copy of a part of the storage at its end, growing a value that is being built there.
    mutating func storeCopy(_ range: ByteRange) {
        storage.reserveCapacity(storage.count + Int(range.count))
        for offset in 0..<Int(range.count) { storage.append(storage[Int(range.start) + offset]) }
    }

    mutating func store(decimal value: UInt64) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            storage.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    /// What has been put at the end of the storage since it had that size.
    func since(_ start: Int) -> ByteRange { ByteRange(start: start, count: storage.count - start) }

    @discardableResult
    mutating func append(_ name: StaticString, _ value: ByteRange) -> Int {
        let name = store(name)
        fields.append(HeaderField(name: name, value: value, isOriginal: false))
        return fields.count - 1
    }

    mutating func append(_ name: StaticString, text: StaticString) { append(name, store(text)) }

    /// Replaces the first field of that name in its place and removes the others; adds it at the end if there is none.
    @discardableResult
    mutating func set(_ name: StaticString, _ value: ByteRange) -> Int {
        guard let index = first(name) else { return append(name, value) }
        fields[index].value = value
        fields[index].isOriginal = false
        var later = index + 1
        while let next = next(name, from: later) {
            fields[next].isRemoved = true
            later = next + 1
        }
        return index
    }
}

extension UInt8 {
    @inline(__always)
    var lowercased: UInt8 { self &- 65 < 26 ? self | 0x20 : self }
    @inline(__always)
    var isBlank: Bool { self == 0x20 || self == 0x09 }
    @inline(__always)
    var isDigit: Bool { self &- 48 < 10 }

    /// The value of a hexadecimal digit.
    var hexValue: UInt8? {
        switch self {
        case 48...57: self - 48
        case 65...70: self - 55
        case 97...102: self - 87
        default: nil
        }
    }

    /// RFC 3986: letters, digits, `-._~`.
    var isUnreserved: Bool {
        switch self {
        case 48...57, 65...90, 97...122, 45, 46, 95, 126: true
        default: false
        }
    }
}

extension Array where Element == UInt8 {
    init(_ text: String, lowercased: Bool = false) {
        self = lowercased ? text.utf8.map(\.lowercased) : Array(text.utf8)
    }
}
