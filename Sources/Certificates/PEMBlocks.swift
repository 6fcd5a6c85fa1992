import Documents

/// The blocks of a PEM text.
enum PEMBlocks {
    /// What the blocks hold, decoded; a block that is no base64 is left out.
    static func contents(of pem: [UInt8]) -> [[UInt8]] {
        let lines = pem.split { $0 == 0x0A || $0 == 0x0D }
        var result: [[UInt8]] = []
        var start: Int?
        for (number, line) in lines.enumerated() {
            if line.starts(with: "-----BEGIN ".utf8) {
                start = number + 1
            } else if line.starts(with: "-----END ".utf8), let begin = start {
                start = nil
                if let bytes = Base64.decode(bytes: Array(lines[begin..<number].joined())) { result.append(bytes) }
            }
        }
        return result
    }
}
