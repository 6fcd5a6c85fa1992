import EnvoyModel

/// Path normalisation (rule book, section 4). Writes a changed path behind the storage; a path that needs no change is left where it is.
extension RequestHead {
    enum PathOutcome { case unchanged, changed, refused, redirect }

    /// Escaped slashes, `normalize_path`, `merge_slashes`, in this order. The fragment check is the caller's.
    mutating func normalizePath(_ settings: ManagerSettings) -> PathOutcome {
        var outcome = PathOutcome.unchanged
        let queryStart = block.firstIndex(of: UInt8(ascii: "?"), in: path) ?? Int(path.count)
        var current = block.part(path, from: 0, to: queryStart)
        let query = block.part(path, from: queryStart, to: Int(path.count))
        var redirects = false
        switch settings.escapedSlashes {
        case .implementationSpecificDefault, .keepUnchanged: break
        case .rejectRequest: if hasEscapedSlash(current) { return .refused }
        case .unescapeAndForward, .unescapeAndRedirect:
            if hasEscapedSlash(current) {
                current = unescapingSlashes(current)
                outcome = .changed
                redirects = settings.escapedSlashes == .unescapeAndRedirect
            }
        }
        if settings.normalizesPath, needsNormalization(current) {
            guard let normalized = normalized(current) else { return .refused }
            current = normalized
            outcome = .changed
        }
        if settings.mergesSlashes, hasDoubleSlash(current), !isOnlySlashes(current) {
            current = mergingSlashes(current)
            outcome = .changed
        }
        guard outcome == .changed else { return outcome }
        let start = block.storage.count
        block.storeCopy(current)
        block.storeCopy(query)
        path = block.since(start)
        return redirects ? .redirect : .changed
    }

    private func hasEscapedSlash(_ range: ByteRange) -> Bool {
        for offset in 0..<max(0, Int(range.count) - 2) where slash(range, offset) != nil { return true }
        return false
    }

    /// What `%2F` or `%5C` at this place stands for.
    private func slash(_ range: ByteRange, _ offset: Int) -> UInt8? {
        guard offset + 2 < Int(range.count), block.byte(range, offset) == UInt8(ascii: "%") else { return nil }
        switch (block.byte(range, offset + 1), block.byte(range, offset + 2).lowercased) {
        case (UInt8(ascii: "2"), UInt8(ascii: "f")): return UInt8(ascii: "/")
        case (UInt8(ascii: "5"), UInt8(ascii: "c")): return UInt8(ascii: "\\")
        default: return nil
        }
    }

    private mutating func unescapingSlashes(_ range: ByteRange) -> ByteRange {
        let start = block.storage.count
        var offset = 0
        while offset < Int(range.count) {
            if let slash = slash(range, offset) {
                block.storage.append(slash)
                offset += 3
            } else {
                block.storage.append(block.byte(range, offset))
                offset += 1
            }
        }
        return block.since(start)
    }

    /// Whether `normalized` could change something: cheap, for the many paths that are plain.
    private func needsNormalization(_ range: ByteRange) -> Bool {
        var previous: UInt8 = 0
        for offset in 0..<Int(range.count) {
            let byte = block.byte(range, offset)
            switch byte {
            case UInt8(ascii: "%"), UInt8(ascii: "\\"): return true
            case UInt8(ascii: "."): if previous == UInt8(ascii: "/") { return true }
            default: if byte.isEscapedInPaths { return true }
            }
            previous = byte
        }
        return false
    }

    /// `nil`: the path is refused.
    private mutating func normalized(_ range: ByteRange) -> ByteRange? {
        let start = block.storage.count
        var offset = 0
        while offset < Int(range.count) {
            let byte = block.byte(range, offset)
            offset += 1
            if byte == UInt8(ascii: "%"), offset + 1 < Int(range.count),
                let high = block.byte(range, offset).hexValue, let low = block.byte(range, offset + 1).hexValue
            {
                let decoded = high << 4 | low
                if decoded == 0 { return nil }
                if decoded.isUnreserved {
                    block.storage.append(decoded)
                } else {
                    block.storage.append(byte)
                    block.storage.append(block.byte(range, offset))
                    block.storage.append(block.byte(range, offset + 1))
                }
                offset += 2
            } else if byte == UInt8(ascii: "\\") {
                block.storage.append(UInt8(ascii: "/"))
            } else if byte.isEscapedInPaths {
                block.storage.append(UInt8(ascii: "%"))
                block.storage.append((byte >> 4).hexDigit)
                block.storage.append((byte & 15).hexDigit)
            } else {
                block.storage.append(byte)
            }
        }
        return resolvingDots(block.since(start))
    }

    /// Resolves `.` and `..` segments in place; empty segments are segments.
    private mutating func resolvingDots(_ range: ByteRange) -> ByteRange {
        let base = Int(range.start)
        let end = base + Int(range.count)
        var write = base
        var read = base
        if read < end, block.storage[read] != UInt8(ascii: "/") { return range }
        while read < end {
            // A segment with the slash in front of it.
            var stop = read + 1
            while stop < end, block.storage[stop] != UInt8(ascii: "/") { stop += 1 }
            let count = stop - read - 1
            let isDot = count == 1 && block.storage[read + 1] == UInt8(ascii: ".")
            let isDotDot =
                count == 2 && block.storage[read + 1] == UInt8(ascii: ".")
                && block.storage[read + 2] == UInt8(ascii: ".")
            if isDotDot {
                while write > base {
                    write -= 1
                    if block.storage[write] == UInt8(ascii: "/") { break }
                }
            }
            if isDot || isDotDot {
                if stop == end {
                    block.storage[write] = UInt8(ascii: "/")
                    write += 1
                }
            } else {
                for position in read..<stop {
                    block.storage[write] = block.storage[position]
                    write += 1
                }
            }
            read = stop
        }
        return ByteRange(start: base, count: write - base)
    }

    private func hasDoubleSlash(_ range: ByteRange) -> Bool {
        for offset in 1..<max(1, Int(range.count))
        where block.byte(range, offset) == UInt8(ascii: "/") && block.byte(range, offset - 1) == UInt8(ascii: "/") {
            return true
        }
        return false
    }

    private func isOnlySlashes(_ range: ByteRange) -> Bool {
        for offset in 0..<Int(range.count) where block.byte(range, offset) != UInt8(ascii: "/") { return false }
        return true
    }

    private mutating func mergingSlashes(_ range: ByteRange) -> ByteRange {
        let start = block.storage.count
        var previous: UInt8 = 0
        for offset in 0..<Int(range.count) {
            let byte = block.byte(range, offset)
            if byte != UInt8(ascii: "/") || previous != UInt8(ascii: "/") { block.storage.append(byte) }
            previous = byte
        }
        return block.since(start)
    }
}

extension UInt8 {
    /// What `normalize_path` percent-encodes: `"`, `<`, `>`, `^`, `` ` ``, `{`, `|`, `}`.
    fileprivate var isEscapedInPaths: Bool {
        switch self {
        case 0x22, 0x3c, 0x3e, 0x5e, 0x60, 0x7b, 0x7c, 0x7d: true
        default: false
        }
    }

    fileprivate var hexDigit: UInt8 { self < 10 ? self + 48 : self + 55 }
}
