/// The first message of TLS 1.2, with as much in it as tells a proxy the server name.
enum ClientHello {
    static func bytes(serverName: String) -> [UInt8] {
        // server_name: a list of one host name.
        let name: [UInt8] = [0] + sized(Array(serverName.utf8), 2)
        let serverNames: [UInt8] = [0x00, 0x00] + sized(sized(name, 2), 2)
        // supported_groups and signature_algorithms, which some stacks insist on.
        let groups: [UInt8] = [0x00, 0x0A, 0x00, 0x04, 0x00, 0x02, 0x00, 0x1D]
        let signatures: [UInt8] = [0x00, 0x0D, 0x00, 0x04, 0x00, 0x02, 0x04, 0x03]
        var hello: [UInt8] = [0x03, 0x03] + [UInt8](repeating: 7, count: 32) + [0]
        // One cipher suite, no compression.
        hello += [0x00, 0x02, 0xC0, 0x2F, 0x01, 0x00]
        hello += sized(serverNames + groups + signatures, 2)
        let handshake: [UInt8] = [0x01] + sized(hello, 3)
        return [0x16, 0x03, 0x01] + sized(handshake, 2)
    }

    /// The bytes with their count before them, in so many bytes.
    private static func sized(_ bytes: [UInt8], _ width: Int) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes
    }
}
