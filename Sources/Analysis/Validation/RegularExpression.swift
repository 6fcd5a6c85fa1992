import CRE2

/// Regular expressions as Envoy reads them.
enum RegularExpression {
    /// RE2's complaint about an expression; `nil` for one that it takes.
    static func problem(in pattern: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { words in
            words.initialize(repeating: 0)
            var pattern = pattern
            let expression = pattern.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    meshtop_re2_new($0.baseAddress, $0.count, words.baseAddress, words.count)
                }
            }
            if let expression {
                meshtop_re2_free(expression)
                return nil
            }
            let text = words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            return String(decoding: text, as: UTF8.self)
        }
    }
}
