package import TrafficEngine

/// What a head may weigh (`max_request_headers_kb`, `max_headers_count`) and which leniencies it has.
package struct HeadLimits: Hashable, Sendable {
    /// Request line, fields and line ends together.
    package var bytes = 60 * 1024
    package var fields = 100
    package var allowsCustomMethods = false
    package var acceptsHTTP10 = false

    package init() {}
}

/// How far the reading of a head is.
package enum HeadProgress: Hashable, Sendable {
    case needsMore
    case complete
    case failed(HeadError)
}

/// Reads message heads as their bytes come, in pieces of any size, into a `HeaderBlock`: names in lower case and in place,
/// values trimmed, folded lines joined with a blank.
///
/// All access is bounds-checked; no byte sequence makes it trap, and it looks at each byte a constant number of times.
package struct HeadScanner: Sendable {
    package enum Kind: Sendable {
        case request
        case response
    }

    package enum Version: Sendable {
        case http10
        case http11
    }

    private let kind: Kind
    package var limits: HeadLimits
    /// The next byte to look at for a line's end, and where the line began.
    private var position = 0
    private var lineStart = 0
    private var hasFirstLine = false

    package private(set) var method = ByteRange.empty
    package private(set) var target = ByteRange.empty
    package private(set) var version = Version.http11
    package private(set) var status = 0

    package init(_ kind: Kind, limits: HeadLimits = HeadLimits()) {
        self.kind = kind
        self.limits = limits
    }

    /// Forgets the head that was read; the block is emptied by whoever owns it.
    package mutating func reset() {
        position = 0
        lineStart = 0
        hasFirstLine = false
        method = .empty
        target = .empty
        version = .http11
        status = 0
    }

    /// A head was begun.
    package var hasStarted: Bool { position > 0 || hasFirstLine }

    /// Takes bytes of `input` from `offset` on until the head is complete or they are used up.
    package mutating func read(
        _ input: Span<UInt8>, from offset: inout Int, into block: inout HeaderBlock
    ) -> HeadProgress {
        while offset < input.count {
            if block.storage.isEmpty, !hasFirstLine {
                // RFC 9112 section 2.2: empty lines before a request line are ignored.
                while offset < input.count, kind == .request, isLineEnd(input[offset]) { offset += 1 }
                if offset == input.count { return .needsMore }
            }
            let room = limits.bytes + 1 - block.storage.count
            let count = min(input.count - offset, room, 4096)
            guard count > 0 else { return .failed(.headersTooLarge) }
            input.extracting(offset..<offset + count).withUnsafeBufferPointer {
                block.storage.append(contentsOf: $0)
            }
            offset += count
            switch readLines(&block.storage, &block.fields) {
            case .needsMore:
                if block.storage.count > limits.bytes { return .failed(.headersTooLarge) }
            case .complete:
                let excess = block.storage.count - lineStart
                block.storage.removeLast(excess)
                offset -= excess
                return block.storage.count > limits.bytes ? .failed(.headersTooLarge) : .complete
            case .failed(let error): return .failed(error)
            }
        }
        return .needsMore
    }

    private func isLineEnd(_ byte: UInt8) -> Bool {
        byte == ByteClass.lineFeed || byte == ByteClass.carriageReturn
    }

    private mutating func readLines(_ storage: inout [UInt8], _ fields: inout [HeaderField]) -> HeadProgress {
        var bytes = storage.mutableSpan
        let count = bytes.count
        while true {
            position = lineFeed(bytes, from: position)
            guard position < count else { return .needsMore }
            var end = position
            if end > lineStart, bytes[end - 1] == ByteClass.carriageReturn { end -= 1 }
            let isCanonical = end != position
            let start = lineStart
            position += 1
            lineStart = position
            if !hasFirstLine {
                if let error = readFirstLine(bytes, start, end) { return .failed(error) }
                hasFirstLine = true
            } else if start == end {
                return .complete
            } else if let error = readField(&bytes, start, end, isCanonical, &fields) {
                return .failed(error)
            }
        }
    }

    /// The place of the next line feed; the end without one.
    private func lineFeed(_ bytes: borrowing MutableSpan<UInt8>, from start: Int) -> Int {
        var index = start
        while index <= bytes.count - ByteWord.count {
            let found = bytes.word(at: index).firstLineFeed
            if found != 0 { return index + ByteWord.firstPlace(in: found) }
            index += ByteWord.count
        }
        while index < bytes.count, bytes[index] != ByteClass.lineFeed { index += 1 }
        return index
    }

    private mutating func readFirstLine(_ bytes: borrowing MutableSpan<UInt8>, _ start: Int, _ end: Int) -> HeadError? {
        kind == .request ? readRequestLine(bytes, start, end) : readStatusLine(bytes, start, end)
    }

    private mutating func readRequestLine(_ bytes: borrowing MutableSpan<UInt8>, _ start: Int, _ end: Int) -> HeadError?
    {
        var index = start
        while index < end, bytes[index] != ByteClass.space { index += 1 }
        method = ByteRange(start: start, count: index - start)
        guard index < end, isMethod(bytes, start, index) else { return .malformed }
        index += 1
        let targetStart = index
        while index <= end - ByteWord.count, bytes.word(at: index).isVisible { index += ByteWord.count }
        while index < end, bytes[index] != ByteClass.space {
            guard ByteClass.isTarget(bytes[index]) else { return .malformed }
            index += 1
        }
        target = ByteRange(start: targetStart, count: index - targetStart)
        guard index < end, !target.isEmpty else { return .malformed }
        guard let (major, minor) = readVersion(bytes, index + 1), index + 9 == end else { return .malformed }
        if major == 1, minor == 1 {
            version = .http11
        } else if major == 1, minor == 0, limits.acceptsHTTP10 {
            version = .http10
        } else {
            return .lowVersion
        }
        return nil
    }

    /// `HTTP-version = "HTTP/" DIGIT "." DIGIT` at `start`.
    private func readVersion(_ bytes: borrowing MutableSpan<UInt8>, _ start: Int) -> (major: UInt8, minor: UInt8)? {
        guard start + 8 <= bytes.count, bytes[start] == 72, bytes[start + 1] == 84, bytes[start + 2] == 84,
            bytes[start + 3] == 80, bytes[start + 4] == 47, ByteClass.isDigit(bytes[start + 5]),
            bytes[start + 6] == 46, ByteClass.isDigit(bytes[start + 7])
        else { return nil }
        return (bytes[start + 5] - 48, bytes[start + 7] - 48)
    }

    private func isMethod(_ bytes: borrowing MutableSpan<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard end > start else { return false }
        if limits.allowsCustomMethods {
            for index in start..<end where !ByteClass.isToken(bytes[index]) { return false }
            return true
        }
        return Methods.contains(bytes, start, end)
    }

    private mutating func readStatusLine(_ bytes: borrowing MutableSpan<UInt8>, _ start: Int, _ end: Int) -> HeadError?
    {
        guard let (major, minor) = readVersion(bytes, start), major == 1, end >= start + 12,
            bytes[start + 8] == ByteClass.space
        else { return .malformed }
        version = minor == 0 ? .http10 : .http11
        var code = 0
        for index in start + 9..<start + 12 {
            guard ByteClass.isDigit(bytes[index]) else { return .malformed }
            code = code * 10 + Int(bytes[index] - 48)
        }
        guard code >= 100, end == start + 12 || bytes[start + 12] == ByteClass.space else { return .malformed }
        for index in start + 12..<end where !ByteClass.isFieldValue(bytes[index]) { return .invalidCharacters }
        status = code
        return nil
    }

    private mutating func readField(
        _ bytes: inout MutableSpan<UInt8>, _ start: Int, _ end: Int, _ isCanonical: Bool, _ fields: inout [HeaderField]
    ) -> HeadError? {
        if bytes[start] == ByteClass.space || bytes[start] == ByteClass.tab {
            return joinFolded(&bytes, start, end, &fields)
        }
        guard let colon = readName(&bytes, start, end) else { return .malformed }
        var first = colon + 1
        while first < end, isBlank(bytes[first]) { first += 1 }
        var last = end
        while last > first, isBlank(bytes[last - 1]) { last -= 1 }
        guard isValue(bytes, first, last) else { return .invalidCharacters }
        guard fields.count < limits.fields else { return .tooManyHeaders }
        fields.append(
            HeaderField(
                name: ByteRange(start: start, count: colon - start),
                value: ByteRange(start: first, count: last - first),
                // Only the plain form is relayed as it came: `name: value CRLF`.
                isOriginal: isCanonical && last == end && first == colon + 2 && first < last
                    && bytes[colon + 1] == ByteClass.space))
        return nil
    }

    /// Makes a name's letters small.
    /// - Returns: the place of the colon behind it; `nil` for what is no name.
    private func readName(_ bytes: inout MutableSpan<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var index = start
        while index <= end - ByteWord.count {
            let word = bytes.word(at: index)
            let lowercased = word.lowercased
            let count = ByteWord.firstPlace(in: lowercased.nameBytes ^ ByteWord.all)
            bytes.store(lowercased.prefix(count, then: word), at: index)
            index += count
            if count < ByteWord.count { break }
        }
        while index < end, bytes[index] != ByteClass.colon {
            let byte = bytes[index]
            guard ByteClass.isToken(byte) else { return nil }
            bytes[index] = ByteClass.lowercased(byte)
            index += 1
        }
        return index > start && index < end ? index : nil
    }

    private func isValue(_ bytes: borrowing MutableSpan<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var index = start
        while index <= end - ByteWord.count, bytes.word(at: index).isPlainValue { index += ByteWord.count }
        while index < end {
            guard ByteClass.isFieldValue(bytes[index]) else { return false }
            index += 1
        }
        return true
    }

    /// Appends a folded line to the value before it, with one blank in between.
    private func joinFolded(
        _ bytes: inout MutableSpan<UInt8>, _ start: Int, _ end: Int, _ fields: inout [HeaderField]
    ) -> HeadError? {
        guard var field = fields.last else { return .malformed }
        var first = start
        while first < end, isBlank(bytes[first]) { first += 1 }
        var last = end
        while last > first, isBlank(bytes[last - 1]) { last -= 1 }
        var write = field.value.range.upperBound
        guard first < last, write < start else { return nil }
        if !field.value.isEmpty {
            bytes[write] = ByteClass.space
            write += 1
        }
        for index in first..<last {
            guard ByteClass.isFieldValue(bytes[index]) else { return .invalidCharacters }
            bytes[write] = bytes[index]
            write += 1
        }
        let valueStart = field.value.range.lowerBound
        field.value = ByteRange(start: valueStart, count: write - valueStart)
        field.isOriginal = false
        fields[fields.count - 1] = field
        return nil
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == ByteClass.space || byte == ByteClass.tab }
}
