package import EnvoyModel

/// An IP address as 16 bytes; IPv4 in the last four.
struct IPAddress: Hashable, Sendable {
    var high: UInt64
    var low: UInt64
    var isIPv4: Bool

    /// A bare address: no port, no brackets, no zone.
    init?(_ text: some Collection<UInt8>) {
        if text.contains(UInt8(ascii: ":")) {
            guard let (high, low) = Self.parseIPv6(text) else { return nil }
            (self.high, self.low, isIPv4) = (high, low, false)
        } else {
            guard let value = Self.parseIPv4(text) else { return nil }
            (high, low, isIPv4) = (0, UInt64(value), true)
        }
    }

    init?(_ text: String) { self.init(text.utf8) }

    private static func parseIPv4(_ text: some Collection<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        var part: UInt32 = 0
        var digits = 0
        var parts = 0
        for byte in text {
            if byte == UInt8(ascii: ".") {
                guard digits > 0, parts < 3 else { return nil }
                value = value << 8 | part
                (part, digits) = (0, 0)
                parts += 1
            } else {
                guard byte.isDigit, digits < 3, digits == 0 || part > 0 else { return nil }
                part = part * 10 + UInt32(byte - 48)
                digits += 1
                guard part <= 255 else { return nil }
            }
        }
        guard parts == 3, digits > 0 else { return nil }
        return value << 8 | part
    }

    private static func parseIPv6(_ text: some Collection<UInt8>) -> (UInt64, UInt64)? {
        var groups: [UInt16] = []
        var gap: Int?
        var rest = Array(text)[...]
        if rest.starts(with: [58, 58]) {
            gap = 0
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 58) ?? rest.endIndex
            let word = rest[rest.startIndex..<end]
            if end == rest.endIndex, word.contains(UInt8(ascii: ".")) {
                guard let tail = parseIPv4(word) else { return nil }
                groups.append(UInt16(truncatingIfNeeded: tail >> 16))
                groups.append(UInt16(truncatingIfNeeded: tail))
                break
            }
            guard !word.isEmpty, word.count <= 4 else { return nil }
            var value: UInt16 = 0
            for byte in word {
                guard let digit = byte.hexValue else { return nil }
                value = value << 4 | UInt16(digit)
            }
            groups.append(value)
            if end == rest.endIndex { break }
            rest = rest[(end + 1)...]
            if rest.first == 58 {
                guard gap == nil else { return nil }
                gap = groups.count
                rest = rest.dropFirst()
            } else if rest.isEmpty {
                return nil
            }
        }
        if let gap {
            guard groups.count < 8 else { return nil }
            groups.insert(contentsOf: Array(repeating: 0, count: 8 - groups.count), at: gap)
        }
        guard groups.count == 8 else { return nil }
        let high = groups[0..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        return (high, groups[4..<8].reduce(UInt64(0)) { $0 << 16 | UInt64($1) })
    }

    /// IPv6 as RFC 5952 wants it, without brackets.
    var text: String {
        if isIPv4 { return (0..<4).map { String(low >> UInt64(24 - 8 * $0) & 255) }.joined(separator: ".") }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> UInt64(48 - 16 * ($0 % 4))) }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(1, best.count) { best = start..<end }
            start = max(end, start + 1)
        }
        let hex = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        if best.isEmpty { return hex(groups[...]) }
        return hex(groups[..<best.lowerBound]) + "::" + hex(groups[best.upperBound...])
    }
}

/// A CIDR range.
struct IPRange: Hashable, Sendable {
    let address: IPAddress
    let length: UInt8

    init?(_ range: CIDRRange) {
        guard let address = IPAddress(range.addressPrefix) else { return nil }
        self.address = address
        length = min(range.prefixLength, address.isIPv4 ? 32 : 128)
    }

    func contains(_ other: IPAddress) -> Bool {
        guard address.isIPv4 == other.isIPv4 else { return false }
        if address.isIPv4 { return length == 0 || (address.low ^ other.low) >> UInt64(32 - length) == 0 }
        if length == 0 { return true }
        if length <= 64 { return (address.high ^ other.high) >> UInt64(64 - length) == 0 }
        return address.high == other.high && (address.low ^ other.low) >> UInt64(128 - length) == 0
    }
}

extension CIDRRange {
    /// `10.0.0.0/8`, or an address alone; `nil` for what is neither.
    package init?(text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let address = IPAddress(parts[0]) else { return nil }
        let full: UInt8 = address.isIPv4 ? 32 : 128
        guard let length = parts.count == 2 ? UInt8(parts[1]) : full, length <= full else { return nil }
        self.init(parts[0], length)
    }

    /// Whether an address lies in it; false for what is no address.
    package func contains(_ address: String) -> Bool {
        guard let range = IPRange(self), let ip = IPAddress(address) else { return false }
        return range.contains(ip)
    }
}
