/// Classes of bytes in HTTP messages as bit sets, so that a test is two shifts and no memory.
package enum ByteClass {
    package static let tab: UInt8 = 9
    package static let lineFeed: UInt8 = 10
    package static let carriageReturn: UInt8 = 13
    package static let space: UInt8 = 32
    package static let colon: UInt8 = 58

    /// RFC 9110 section 5.6.2: `!#$%&'*+-.^_`|~`, digits and letters.
    @inline(__always)
    package static func isToken(_ byte: UInt8) -> Bool {
        // Bit n of the words stands for byte n and byte 64 + n.
        let low: UInt64 = 0x03FF_6CFA_0000_0000
        let high: UInt64 = 0x57FF_FFFF_C7FF_FFFE
        guard byte < 128 else { return false }
        return ((byte < 64 ? low : high) >> UInt64(byte & 63)) & 1 == 1
    }

    /// A byte that a field value may hold: tab, visible ASCII, blank and obs-text.
    @inline(__always)
    package static func isFieldValue(_ byte: UInt8) -> Bool { (byte >= 32 && byte != 127) || byte == tab }

    /// A byte that a request target may hold: visible ASCII.
    @inline(__always)
    package static func isTarget(_ byte: UInt8) -> Bool { byte > 32 && byte < 127 }

    @inline(__always)
    package static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    @inline(__always)
    package static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

    @inline(__always)
    package static func hexValue(_ byte: UInt8) -> UInt8? {
        if byte &- 48 < 10 { return byte &- 48 }
        let letter = byte | 0x20
        return letter &- 97 < 6 ? letter &- 87 : nil
    }

    /// What Envoy accepts in an authority: reg-name, IP literals and a port, and also `_` and a list's comma, which two
    /// Host fields joined give.
    @inline(__always)
    package static func isAuthority(_ byte: UInt8) -> Bool {
        // "!$%&'()*+,-.:;=@[]_~" and letters and digits: nghttp2's table, which Envoy asks.
        let low: UInt64 = 0x2FFF_7FF2_0000_0000
        let high: UInt64 = 0x47FF_FFFE_AFFF_FFFF
        guard byte < 128 else { return false }
        return ((byte < 64 ? low : high) >> UInt64(byte & 63)) & 1 == 1
    }
}
