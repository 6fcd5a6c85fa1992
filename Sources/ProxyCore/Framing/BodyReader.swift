/// How the end of a message's body is found.
package enum BodyFraming: Hashable, Sendable {
    case none
    case length(UInt64)
    case chunked
    /// A response without length: it ends with the connection.
    case untilClose

    package var hasBody: Bool {
        switch self {
        case .none, .length(0): false
        case .length, .chunked, .untilClose: true
        }
    }
}

/// Finds the data of a body in bytes that come in pieces of any size; a chunked body's framing and trailers are dropped.
package struct BodyReader: Sendable {
    package enum Step: Hashable, Sendable {
        /// These bytes of the input are data.
        case data(Range<Int>)
        case needsMore
        case end
        case failed(HeadError)
    }

    private enum State: Sendable {
        case fixed(remaining: UInt64)
        case untilClose
        case size(digits: UInt8, value: UInt64)
        /// After the size, up to the line's end: blanks and extensions.
        case sizeRest(value: UInt64, inExtension: Bool)
        case sizeLineFeed(value: UInt64)
        case chunk(remaining: UInt64)
        case dataCarriageReturn
        case dataLineFeed
        case trailerStart
        case trailerLine
        case trailerLineFeed(isLast: Bool)
        case done
        case broken
    }

    /// The most bytes that extensions of one chunk, or all trailers, may have.
    private static let overheadLimit = 16 * 1024

    private var state: State
    private var overhead = 0

    package init(_ framing: BodyFraming = .none) {
        switch framing {
        case .none, .length(0): state = .done
        case .length(let count): state = .fixed(remaining: count)
        case .chunked: state = .size(digits: 0, value: 0)
        case .untilClose: state = .untilClose
        }
    }

    package var isDone: Bool {
        if case .done = state { return true }
        return false
    }

    /// The end of the connection ends the body, and does so rightly.
    package var endsWithConnection: Bool {
        if case .untilClose = state { return true }
        return false
    }

    /// The next step; `offset` moves behind what was used.
    package mutating func read(_ input: Span<UInt8>, from offset: inout Int) -> Step {
        while true {
            switch state {
            case .done: return .end
            case .broken: return .failed(.malformed)
            case .fixed(let remaining):
                guard let data = take(remaining, input, &offset) else { return .needsMore }
                let rest = remaining - UInt64(data.count)
                state = rest == 0 ? .done : .fixed(remaining: rest)
                return .data(data)
            case .untilClose:
                guard let data = take(.max, input, &offset) else { return .needsMore }
                return .data(data)
            case .chunk(let remaining):
                guard let data = take(remaining, input, &offset) else { return .needsMore }
                let rest = remaining - UInt64(data.count)
                state = rest == 0 ? .dataCarriageReturn : .chunk(remaining: rest)
                return .data(data)
            case .size, .sizeRest, .sizeLineFeed, .dataCarriageReturn, .dataLineFeed, .trailerStart, .trailerLine,
                .trailerLineFeed:
                guard offset < input.count else { return .needsMore }
                let byte = input[offset]
                offset += 1
                if !advance(byte) { state = .broken }
            }
        }
    }

    private func take(_ most: UInt64, _ input: Span<UInt8>, _ offset: inout Int) -> Range<Int>? {
        guard offset < input.count else { return nil }
        let start = offset
        offset += Int(min(most, UInt64(input.count - start)))
        return start..<offset
    }

    /// One byte of chunk framing; false if it may not stand there.
    private mutating func advance(_ byte: UInt8) -> Bool {
        switch state {
        case .size(let digits, let value):
            if let digit = ByteClass.hexValue(byte) {
                // Fifteen digits are 2^60 bytes: more is an attack.
                guard digits < 15 else { return false }
                state = .size(digits: digits + 1, value: value << 4 | UInt64(digit))
                return true
            }
            guard digits > 0 else { return false }
            overhead = 0
            state = .sizeRest(value: value, inExtension: false)
            return advance(byte)
        case .sizeRest(let value, let inExtension):
            if byte == ByteClass.carriageReturn {
                state = .sizeLineFeed(value: value)
                return true
            }
            overhead += 1
            guard ByteClass.isFieldValue(byte), overhead <= Self.overheadLimit else { return false }
            if inExtension { return true }
            guard byte == 59 else { return false }
            state = .sizeRest(value: value, inExtension: true)
        case .sizeLineFeed(let value):
            guard byte == ByteClass.lineFeed else { return false }
            overhead = 0
            state = value == 0 ? .trailerStart : .chunk(remaining: value)
        case .dataCarriageReturn:
            guard byte == ByteClass.carriageReturn else { return false }
            state = .dataLineFeed
        case .dataLineFeed:
            guard byte == ByteClass.lineFeed else { return false }
            state = .size(digits: 0, value: 0)
        case .trailerStart:
            if byte == ByteClass.carriageReturn {
                state = .trailerLineFeed(isLast: true)
                return true
            }
            guard ByteClass.isToken(byte) else { return false }
            overhead += 1
            state = .trailerLine
        case .trailerLine:
            if byte == ByteClass.carriageReturn {
                state = .trailerLineFeed(isLast: false)
                return true
            }
            overhead += 1
            return ByteClass.isFieldValue(byte) && overhead <= Self.overheadLimit
        case .trailerLineFeed(let isLast):
            guard byte == ByteClass.lineFeed else { return false }
            state = isLast ? .done : .trailerStart
        case .fixed, .untilClose, .chunk, .done, .broken: return false
        }
        return true
    }
}
