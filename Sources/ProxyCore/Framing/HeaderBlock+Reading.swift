package import TrafficEngine

/// Bounds-checked looks at the fields of a block.
extension HeaderBlock {
    @inline(__always)
    package func byte(_ range: ByteRange, _ index: Int) -> UInt8 {
        index < Int(range.count) ? storage[Int(range.start) + index] : 0
    }

    package func equals(_ range: ByteRange, _ text: StaticString) -> Bool {
        let count = Int(range.count)
        guard count == text.utf8CodeUnitCount, Int(range.start) + count <= storage.count else { return false }
        return text.withUTF8Buffer { text in
            var index = 0
            while index < count {
                if storage[Int(range.start) + index] != text[index] { return false }
                index += 1
            }
            return true
        }
    }

    /// `text` is in lower case.
    package func equalsIgnoringCase(_ range: ByteRange, _ text: StaticString) -> Bool {
        Int(range.count) == text.utf8CodeUnitCount && startsIgnoringCase(range, text)
    }

    package func startsIgnoringCase(_ range: ByteRange, _ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard Int(range.count) >= count, Int(range.start) + count <= storage.count else { return false }
        return text.withUTF8Buffer { text in
            for index in 0..<count {
                guard ByteClass.lowercased(storage[Int(range.start) + index]) == text[index] else { return false }
            }
            return true
        }
    }

    package func contains(_ range: ByteRange, _ byte: UInt8) -> Bool { storage[range.range].contains(byte) }

    /// A number of digits alone that fits into 64 bits.
    package func unsigned(_ range: ByteRange) -> UInt64? {
        guard !range.isEmpty else { return nil }
        var value: UInt64 = 0
        for byte in storage[range.range] {
            guard ByteClass.isDigit(byte) else { return nil }
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = product.addingReportingOverflow(UInt64(byte - 48))
            guard !overflowed, !carried else { return nil }
            value = sum
        }
        return value
    }

    /// The items of a comma list, blanks trimmed, empty ones left out.
    package func forEachListItem(_ range: ByteRange, _ body: (ByteRange) -> Void) {
        var start = range.range.lowerBound
        let end = range.range.upperBound
        while start < end {
            var stop = start
            while stop < end, storage[stop] != 44 { stop += 1 }
            var first = start
            var last = stop
            while first < last, storage[first] == 32 || storage[first] == 9 { first += 1 }
            while last > first, storage[last - 1] == 32 || storage[last - 1] == 9 { last -= 1 }
            if first < last { body(ByteRange(start: first, count: last - first)) }
            start = stop + 1
        }
    }

    /// The two values with a comma between them, as Envoy joins repeated Host fields.
    package mutating func joined(_ first: ByteRange, _ second: ByteRange) -> ByteRange {
        let start = storage.count
        storage.reserveCapacity(start + Int(first.count) + Int(second.count) + 1)
        for index in first.range { storage.append(storage[index]) }
        storage.append(44)
        for index in second.range { storage.append(storage[index]) }
        return ByteRange(start: start, count: storage.count - start)
    }

    package mutating func removeAll(named name: StaticString) {
        for index in fields.indices where equals(fields[index].name, name) { fields[index].isRemoved = true }
    }

    /// The value of the first live field of that name.
    package func first(_ name: StaticString) -> ByteRange? {
        for field in fields where !field.isRemoved && equals(field.name, name) { return field.value }
        return nil
    }
}
