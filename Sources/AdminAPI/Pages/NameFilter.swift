import CRE2

/// A `filter` or `name_regex` parameter: RE2, as Envoy has it. Not shared between tasks.
final class NameFilter {
    private let expression: OpaquePointer

    init(_ pattern: String) throws(AdminError) {
        var pattern = pattern
        var message = [CChar](repeating: 0, count: 256)
        let compiled = pattern.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                meshtop_re2_new($0.baseAddress, $0.count, &message, message.count)
            }
        }
        guard let compiled else {
            let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw AdminError("Invalid re2 regex: " + String(decoding: text, as: UTF8.self) + "\n")
        }
        expression = compiled
    }

    deinit { meshtop_re2_free(expression) }

    /// Whether the expression occurs in the name.
    func isFound(in name: String) -> Bool { test(name, meshtop_re2_partial_match) }

    /// Whether the expression is the whole name.
    func matches(_ name: String) -> Bool { test(name, meshtop_re2_full_match) }

    private func test(_ name: String, _ match: (OpaquePointer, UnsafePointer<CChar>?, Int) -> Bool) -> Bool {
        var name = name
        return name.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { match(expression, $0.baseAddress, $0.count) }
        }
    }
}
