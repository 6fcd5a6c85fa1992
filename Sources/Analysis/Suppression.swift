import Documents

/// istioctl's `--suppress CODE=KIND NAME[.NAMESPACE]`, with `*` for any text.
package struct Suppression: Sendable {
    private let code: String
    private let pattern: [UInt8]

    /// `nil` for a text without `=`.
    package init?(_ text: String) {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        code = String(text[..<equals])
        pattern = Array(text[text.index(after: equals)...].utf8)
    }

    package func silences(_ finding: Finding) -> Bool {
        finding.diagnostic.code == code
            && names(of: finding).contains { Self.matches(Array($0.utf8)[...], pattern[...]) }
    }

    /// `KIND NAME.NAMESPACE`; an object without a namespace is in `default`.
    private func names(of finding: Finding) -> [String] {
        let words = finding.object.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return [finding.object] }
        let name = words[1].split(separator: "/")
        return name.count == 2
            ? ["\(words[0]) \(name[1]).\(name[0])"] : [finding.object, "\(words[0]) \(words[1]).default"]
    }

    private static func matches(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        let parts = pattern.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return text == pattern }
        guard text.starts(with: first) else { return false }
        var rest = text.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() {
            while !rest.starts(with: part) {
                guard !rest.isEmpty else { return false }
                rest = rest.dropFirst()
            }
            rest = rest.dropFirst(part.count)
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }
}
