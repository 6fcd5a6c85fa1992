/// Finds a virtual host by domain (rule book, section 2): exact, longest suffix wildcard, longest prefix wildcard, `*`.
///
/// A class, since a call on a value of so many arrays would count the references of them all.
final class VirtualHostIndex: Sendable {
    /// Domains of one kind without their `*`, in an open-addressing table over lower-case bytes; looking up allocates nothing.
    struct Table: Sendable {
        private var slots: [Int32] = []
        private var keys: [[UInt8]] = []
        private var hosts: [Int32] = []
        /// The lengths that occur, longest first.
        private(set) var lengths: [Int] = []

        init(_ entries: [(key: [UInt8], host: Int)]) {
            guard !entries.isEmpty else { return }
            var size = 8
            while size < entries.count * 2 { size *= 2 }
            slots = Array(repeating: -1, count: size)
            for (key, host) in entries {
                var slot = Int(truncatingIfNeeded: Self.hash(key)) & (size - 1)
                var isKnown = false
                while slots[slot] >= 0 {
                    if keys[Int(slots[slot])] == key {
                        isKnown = true
                        break
                    }
                    slot = (slot + 1) & (size - 1)
                }
                // The first of equal domains counts; Envoy refuses such a configuration.
                if isKnown { continue }
                slots[slot] = Int32(keys.count)
                keys.append(key)
                hosts.append(Int32(host))
            }
            lengths = Set(keys.map(\.count)).sorted(by: >)
        }

        /// The virtual host whose key equals this part of the block, case ignored; -1 for none.
        @inline(__always)
        func find(_ block: borrowing HeaderBlock, _ range: ByteRange) -> Int {
            if slots.isEmpty { return -1 }
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for offset in 0..<Int(range.count) {
                hash = (hash ^ UInt64(block.byte(range, offset).lowercased)) &* 0x100_0000_01b3
            }
            hash ^= hash >> 29
            let mask = slots.count - 1
            var slot = Int(truncatingIfNeeded: hash) & mask
            while true {
                let entry = slots[slot]
                if entry < 0 { return -1 }
                if keys[Int(entry)].count == Int(range.count),
                    block.hasPrefixIgnoringCase(range, keys[Int(entry)])
                {
                    return Int(hosts[Int(entry)])
                }
                slot = (slot + 1) & mask
            }
        }

        private static func hash(_ key: [UInt8]) -> UInt64 {
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            return hash ^ hash >> 29
        }
    }

    private let exact: Table
    private let suffixes: Table
    private let prefixes: Table
    /// The virtual host of `*`; -1 without.
    private let any: Int
    /// Only `*` exists: the host is not looked at.
    private let isAnyOnly: Bool

    init(_ domains: [[String]]) {
        var exact: [(key: [UInt8], host: Int)] = []
        var suffixes: [(key: [UInt8], host: Int)] = []
        var prefixes: [(key: [UInt8], host: Int)] = []
        var any = -1
        for (index, list) in domains.enumerated() {
            for domain in list {
                let bytes = Array(domain, lowercased: true)
                if domain == "*" {
                    if any < 0 { any = index }
                } else if bytes.first == UInt8(ascii: "*") {
                    suffixes.append((Array(bytes.dropFirst()), index))
                } else if bytes.last == UInt8(ascii: "*") {
                    prefixes.append((Array(bytes.dropLast()), index))
                } else {
                    exact.append((bytes, index))
                }
            }
        }
        self.exact = Table(exact)
        self.suffixes = Table(suffixes)
        self.prefixes = Table(prefixes)
        self.any = any
        isAnyOnly = any >= 0 && exact.isEmpty && suffixes.isEmpty && prefixes.isEmpty
    }

    /// The index of the virtual host for a host; -1 for none.
    func find(_ block: borrowing HeaderBlock, host: ByteRange) -> Int {
        if isAnyOnly { return any }
        if !host.isEmpty {
            let found = exact.find(block, host)
            if found >= 0 { return found }
            let count = Int(host.count)
            for length in suffixes.lengths where length < count {
                let found = suffixes.find(block, ByteRange(start: Int(host.start) + count - length, count: length))
                if found >= 0 { return found }
            }
            for length in prefixes.lengths where length < count {
                let found = prefixes.find(block, ByteRange(start: Int(host.start), count: length))
                if found >= 0 { return found }
            }
        }
        return any
    }
}

/// How a domain stands to a host, for explanations; the rule of `VirtualHostIndex` for one domain.
package enum DomainMatch: Comparable {
    case any
    case prefix(Int)
    case suffix(Int)
    case exact

    package init?(domain: String, host: String) {
        let domain = Array(domain, lowercased: true)
        let host = Array(host, lowercased: true)
        if domain == [UInt8(ascii: "*")] {
            self = .any
        } else if domain.first == UInt8(ascii: "*") {
            guard host.count >= domain.count, host.suffix(domain.count - 1) == domain.dropFirst() else { return nil }
            self = .suffix(domain.count)
        } else if domain.last == UInt8(ascii: "*") {
            guard host.count >= domain.count, host.prefix(domain.count - 1) == domain.dropLast() else { return nil }
            self = .prefix(domain.count)
        } else {
            guard domain == host else { return nil }
            self = .exact
        }
    }
}
