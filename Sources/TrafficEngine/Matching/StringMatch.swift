package import EnvoyModel

/// A `StringMatcher` made ready.
struct CompiledStringMatcher: Sendable {
    enum Kind: Sendable { case exact, prefix, suffix, contains, regex }

    let kind: Kind
    let ignoresCase: Bool
    /// In lower case where case is ignored.
    let text: [UInt8]
    /// `nil` for an expression that does not compile: it matches nothing.
    let regex: Regex?

    init(_ matcher: StringMatcher, compiler: inout SnapshotCompiler) {
        let text: String
        switch matcher.pattern {
        case .exact(let value): (kind, text) = (.exact, value)
        case .prefix(let value): (kind, text) = (.prefix, value)
        case .suffix(let value): (kind, text) = (.suffix, value)
        case .contains(let value): (kind, text) = (.contains, value)
        case .safeRegex(let value): (kind, text) = (.regex, value)
        }
        ignoresCase = matcher.ignoreCase && kind != .regex
        self.text = Array(text, lowercased: ignoresCase)
        regex = kind == .regex ? compiler.regex(text) : nil
    }

    @inline(__always)
    func matches(_ block: borrowing HeaderBlock, _ range: ByteRange) -> Bool {
        switch kind {
        case .exact:
            guard Int(range.count) == text.count else { return false }
            return ignoresCase ? block.hasPrefixIgnoringCase(range, text) : block.hasPrefix(range, text)
        case .prefix: return ignoresCase ? block.hasPrefixIgnoringCase(range, text) : block.hasPrefix(range, text)
        case .suffix: return block.hasSuffix(range, text, ignoringCase: ignoresCase)
        case .contains: return block.contains(range, text, ignoringCase: ignoresCase)
        case .regex: return regex?.matchesAll(copy block, range) ?? false
        }
    }
}

extension StringMatcher {
    /// As a user reads it: `prefix "/a"`.
    package var words: String {
        let suffix = ignoreCase ? " (case ignored)" : ""
        return switch pattern {
        case .exact(let text): "exact \"\(text)\"" + suffix
        case .prefix(let text): "prefix \"\(text)\"" + suffix
        case .suffix(let text): "suffix \"\(text)\"" + suffix
        case .contains(let text): "containing \"\(text)\"" + suffix
        case .safeRegex(let text): "regular expression \"\(text)\""
        }
    }

    /// Where a text begins to differ from an exact or prefix pattern.
    func difference(from text: String) -> Int? {
        switch pattern {
        case .exact(let wanted): firstDifference(wanted, text, ignoringCase: ignoreCase, isPrefix: false)
        case .prefix(let wanted): firstDifference(wanted, text, ignoringCase: ignoreCase, isPrefix: true)
        case .suffix, .contains, .safeRegex: nil
        }
    }
}

/// The offset of the first byte in which a text differs from what is wanted; `nil` if it does not.
func firstDifference(_ wanted: String, _ text: String, ignoringCase: Bool, isPrefix: Bool) -> Int? {
    let left = Array(wanted, lowercased: ignoringCase)
    let right = Array(text, lowercased: ignoringCase)
    for offset in 0..<min(left.count, right.count) where left[offset] != right[offset] { return offset }
    if left.count > right.count { return right.count }
    return isPrefix || left.count == right.count ? nil : left.count
}
