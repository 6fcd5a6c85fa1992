/// mt19937 (Matsumoto, Nishimura 1998), with which the hash balance factor shuffles hosts.
package struct MersenneTwister {
    private var state: [UInt32]
    private var index = 624

    package init(seed: UInt32) {
        state = [UInt32](repeating: seed, count: 624)
        for position in 1..<624 {
            let previous = state[position - 1]
            state[position] = 1_812_433_253 &* (previous ^ previous >> 30) &+ UInt32(position)
        }
    }

    package mutating func next() -> UInt32 {
        if index == 624 { refill() }
        var value = state[index]
        index += 1
        value ^= value >> 11
        value ^= value << 7 & 0x9d2c_5680
        value ^= value << 15 & 0xefc6_0000
        return value ^ value >> 18
    }

    /// A number below `bound`, drawn as the rule book's section 14 has it.
    package mutating func uniform(_ bound: UInt32) -> UInt32 {
        guard bound > 1 else { return 0 }
        let scale = UInt64(1 << 32) / UInt64(bound)
        while true {
            let drawn = UInt64(next()) / scale
            if drawn < UInt64(bound) { return UInt32(drawn) }
        }
    }

    private mutating func refill() {
        for position in 0..<624 {
            let joined = state[position] & 0x8000_0000 | state[(position + 1) % 624] & 0x7fff_ffff
            state[position] = state[(position + 397) % 624] ^ joined >> 1 ^ (joined & 1 == 0 ? 0 : 0x9908_b0df)
        }
        index = 0
    }
}
