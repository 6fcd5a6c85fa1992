/// Hands out made-up IPv4 addresses: always the same for the same key, unless another key has it.
struct AddressPool {
    private let base: UInt32
    private let size: UInt32
    private var taken: Set<UInt32>

    /// Addresses of `base`/`bits`, without the first and last of each 256, and without those in use.
    init(base: (UInt8, UInt8), bits: Int, inUse: some Sequence<String>) {
        self.base = UInt32(base.0) << 24 | UInt32(base.1) << 16
        size = 1 << UInt32(32 - bits)
        taken = Set(inUse.lazy.compactMap(ipv4))
    }

    /// `nil` when all addresses are taken.
    mutating func address(for key: String) -> String? {
        var offset = UInt32(truncatingIfNeeded: stableHash(key)) % size
        for _ in 0..<size {
            let address = base + offset
            if (1...254).contains(address & 0xFF), taken.insert(address).inserted {
                return "\(address >> 24).\(address >> 16 & 0xFF).\(address >> 8 & 0xFF).\(address & 0xFF)"
            }
            offset = (offset + 1) % size
        }
        return nil
    }
}

/// FNV-1a of 64 bits, with its bits mixed once more: the same on every machine and in every run.
func stableHash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    hash ^= hash >> 33
    hash = hash &* 0xFF51_AFD7_ED55_8CCD
    return hash ^ hash >> 33
}

/// Letters as Kubernetes generates names with: no vowels, nothing that is mistaken for another letter.
func stableSuffix(_ key: String, length: Int) -> String {
    let letters = Array("bcdfghjklmnpqrstvwxz2456789")
    var hash = stableHash(key)
    var text = ""
    for _ in 0..<length {
        text.append(letters[Int(hash % UInt64(letters.count))])
        hash /= UInt64(letters.count)
    }
    return text
}

private func ipv4(_ text: String) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var address: UInt32 = 0
    for part in parts {
        guard let byte = UInt8(part) else { return nil }
        address = address << 8 | UInt32(byte)
    }
    return address
}
