/// IP addresses and prefixes as istiod and Envoy need them: told apart from names, masked and compared.
struct IPAddress: Hashable, Sendable {
    /// 4 or 16 bytes, network order.
    let bytes: [UInt8]

    var isIPv6: Bool { bytes.count == 16 }
    var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }
    var isLoopback: Bool { isIPv6 ? bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1 : bytes[0] == 127 }
    var isLinkLocal: Bool {
        isIPv6 ? bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80 : bytes[0] == 169 && bytes[1] == 254
    }
    var isMulticast: Bool { isIPv6 ? bytes[0] == 0xFF : bytes[0] & 0xF0 == 0xE0 }
    /// Go's `IsGlobalUnicast`.
    var isGlobalUnicast: Bool {
        !isUnspecified && !isLoopback && !isLinkLocal && !isMulticast && bytes != [255, 255, 255, 255]
    }

    static func isValid(_ text: String) -> Bool {
        var number: UInt32 = 0
        return readIPv4(text.utf8, into: &number) || text.utf8.contains(UInt8(ascii: ":")) && IPAddress(text) != nil
    }

    init?(_ text: some StringProtocol) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let bytes = Self.ipv6(Substring(text)) else { return nil }
            self.bytes = bytes
        } else {
            guard let bytes = Self.ipv4(Substring(text)) else { return nil }
            self.bytes = bytes
        }
    }

    private static func ipv4(_ text: Substring) -> [UInt8]? {
        var number: UInt32 = 0
        return readIPv4(text.utf8, into: &number)
            ? [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } : nil
    }

    /// Four numbers up to 255 without leading zeros, joined by dots.
    private static func readIPv4(_ text: some Sequence<UInt8>, into number: inout UInt32) -> Bool {
        var (parts, digits, part) = (0, 0, UInt32(0))
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if digits > 0, part == 0 { return false }
                part = part * 10 + UInt32(byte - UInt8(ascii: "0"))
                digits += 1
                if part > 255 { return false }
            case UInt8(ascii: ".") where digits > 0 && parts < 3:
                number = number << 8 | part
                (parts, digits, part) = (parts + 1, 0, 0)
            default: return false
            }
        }
        number = number << 8 | part
        return parts == 3 && digits > 0
    }

    private static func ipv6(_ text: Substring) -> [UInt8]? {
        guard text.utf8.count <= 45 else { return nil }
        guard let gap = text.firstRange(of: "::") else {
            guard let words = words(text), words.count == 16 else { return nil }
            return words
        }
        let head = text[..<gap.lowerBound]
        let tail = text[gap.upperBound...]
        guard let left = head.isEmpty ? [] : words(head), let right = tail.isEmpty ? [] : words(tail),
            left.count + right.count <= 14
        else { return nil }
        return left + [UInt8](repeating: 0, count: 16 - left.count - right.count) + right
    }

    private static func words(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
                guard let last = ipv4(part) else { return nil }
                bytes += last
                continue
            }
            guard !part.isEmpty, part.utf8.count <= 4, part.utf8.first != UInt8(ascii: "+"),
                let word = UInt16(part, radix: 16)
            else { return nil }
            bytes += [UInt8(word >> 8), UInt8(truncatingIfNeeded: word)]
        }
        return bytes
    }
}

/// `address/length`, masked.
struct IPPrefix: Hashable, Sendable {
    let address: String
    let length: UInt8
    /// The masked bytes, for comparisons.
    let masked: [UInt8]

    /// Reads a CIDR, or an address as a prefix of its full length.
    init?(_ text: String) {
        let slash = text.firstIndex(of: "/")
        let address = slash.map { String(text[..<$0]) } ?? text
        guard let ip = IPAddress(address) else { return nil }
        let full = UInt8(ip.bytes.count * 8)
        if let slash {
            let digits = text[text.index(after: slash)...]
            guard let length = UInt8(digits), length <= full, digits.utf8.first != UInt8(ascii: "+") else { return nil }
            self.length = length
        } else {
            length = full
        }
        self.address = address
        masked = Self.mask(ip.bytes, length)
    }

    /// What two spellings of the same prefix share.
    struct Masked: Hashable, Sendable {
        let bytes: [UInt8]
        let length: UInt8
    }

    var maskedValue: Masked { Masked(bytes: masked, length: length) }
    func contains(_ ip: IPAddress) -> Bool {
        ip.bytes.count == masked.count && Self.mask(ip.bytes, length) == masked
    }

    var isFullLength: Bool { Int(length) == masked.count * 8 }
    var isUnspecified: Bool { masked.allSatisfy { $0 == 0 } }

    private static func mask(_ bytes: [UInt8], _ length: UInt8) -> [UInt8] {
        bytes.enumerated().map { index, byte in
            let kept = Int(length) - index * 8
            if kept >= 8 { return byte }
            return kept <= 0 ? 0 : byte & ~(0xFF >> UInt8(kept))
        }
    }
}

/// `host:port` with IPv6 addresses in brackets, as virtual hosts and endpoints are written.
func hostAndPort(_ host: String, _ port: Int) -> String {
    host.utf8.contains(UInt8(ascii: ":")) && !host.hasPrefix("[") ? "[\(host)]:\(port)" : "\(host):\(port)"
}
