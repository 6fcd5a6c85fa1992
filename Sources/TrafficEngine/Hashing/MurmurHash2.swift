/// MurmurHash2, 64-bit version A, as Envoy's rings with `MURMUR_HASH_2` use it (libstdc++'s `std::hash` of strings).
package enum MurmurHash2 {
    package static func hash(_ bytes: [UInt8], seed: UInt64 = 0xc70f_6907) -> UInt64 {
        let multiplier: UInt64 = 0xc6a4_a793_5bd1_e995
        return bytes.withUnsafeBytes { bytes in
            var hash = seed ^ (UInt64(bytes.count) &* multiplier)
            var offset = 0
            while offset + 8 <= bytes.count {
                var word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                word = mixed(word &* multiplier) &* multiplier
                hash = (hash ^ word) &* multiplier
                offset += 8
            }
            if offset < bytes.count {
                var tail: UInt64 = 0
                for index in stride(from: bytes.count - 1, through: offset, by: -1) {
                    tail = tail << 8 | UInt64(bytes[index])
                }
                hash = (hash ^ tail) &* multiplier
            }
            return mixed(mixed(hash) &* multiplier)
        }
    }

    private static func mixed(_ value: UInt64) -> UInt64 { value ^ (value >> 47) }
}
