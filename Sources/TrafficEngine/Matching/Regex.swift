import CRE2

/// A compiled RE2 expression.
final class Regex: @unchecked Sendable {
    // Safe to share: RE2 objects are immutable and thread-safe after construction.
    private let expression: OpaquePointer

    /// `nil` and RE2's message when it does not compile.
    static func compile(_ pattern: String) -> (Regex?, error: String?) {
        var message = [CChar](repeating: 0, count: 256)
        var pattern = pattern
        let made = pattern.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                meshtop_re2_new($0.baseAddress, $0.count, &message, message.count)
            }
        }
        guard let made else {
            let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            return (nil, String(decoding: text, as: UTF8.self))
        }
        return (Regex(made), nil)
    }

    private init(_ expression: OpaquePointer) { self.expression = expression }

    deinit { meshtop_re2_free(expression) }

    func matchesAll(_ block: HeaderBlock, _ range: ByteRange) -> Bool {
        block.storage.withUnsafeBufferPointer { bytes in
            UnsafeBufferPointer(rebasing: bytes[range.range]).withMemoryRebound(to: CChar.self) {
                meshtop_re2_full_match(expression, $0.baseAddress, $0.count)
            }
        }
    }

    func matchesAll(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { meshtop_re2_full_match(expression, $0.baseAddress, $0.count) }
        }
    }

    /// The text with every match replaced; `nil` when nothing matches.
    func replacing(_ block: HeaderBlock, _ range: ByteRange, with rewrite: [UInt8]) -> [UInt8]? {
        block.storage.withUnsafeBufferPointer {
            replacing(UnsafeBufferPointer(rebasing: $0[range.range]), with: rewrite)
        }
    }

    func replacing(_ text: UnsafeBufferPointer<UInt8>, with rewrite: [UInt8]) -> [UInt8]? {
        var result: UnsafeMutablePointer<CChar>?
        var count = 0
        let replaced = text.withMemoryRebound(to: CChar.self) { text in
            rewrite.withUnsafeBufferPointer { rewrite in
                rewrite.withMemoryRebound(to: CChar.self) { rewrite in
                    meshtop_re2_global_replace(
                        expression, text.baseAddress, text.count, rewrite.baseAddress, rewrite.count, &result, &count)
                }
            }
        }
        guard replaced > 0, let result else { return nil }
        defer { meshtop_re2_release(result) }
        return UnsafeBufferPointer(start: result, count: count).map { UInt8(bitPattern: $0) }
    }
}

/// A regular expression with the text that replaces its matches.
struct CompiledRewrite: Sendable {
    let regex: Regex
    let substitution: [UInt8]
}

/// The text with every match of an expression replaced (`\\1` is a group); `nil` when it does not compile or nothing matches.
package func regularExpression(_ pattern: String, in text: String, replacedBy substitution: String) -> String? {
    guard let regex = Regex.compile(pattern).0 else { return nil }
    var text = text
    let result = text.withUTF8 { regex.replacing($0, with: Array(substitution.utf8)) }
    return result.map { String(decoding: $0, as: UTF8.self) }
}

/// Whether an expression takes a text as a whole, as matches of paths and headers do; `nil` when it does not compile.
package func regularExpression(_ pattern: String, takes text: String) -> Bool? {
    Regex.compile(pattern).0?.matchesAll(text)
}
