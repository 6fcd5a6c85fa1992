/// Bytes of a terminal → events: UTF-8, xterm's and rxvt's key sequences, SGR mouse, bracketed paste.
///
/// Takes bytes in pieces of any size and never fails: what it does not know it drops. A lone escape is held back until
/// more comes or `flush` says that nothing does.
package struct InputDecoder: Sendable {
    /// A paste is cut at this many bytes.
    package static let pasteLimit = 1 << 20
    private static let sequenceLimit = 64

    private enum State: Sendable {
        case ground
        case escape
        case sequence([UInt8])
        case single
        /// Inside an operating-system command or another string: dropped until it ends.
        case string(escaped: Bool)
        case paste([UInt8])
        case utf8([UInt8], missing: Int, alt: Bool)
    }

    private var state = State.ground
    private let extra: [[UInt8]: Key]

    /// `extra`: sequences of this very terminal (terminfo), looked up before the common ones.
    package init(extra: [[UInt8]: Key] = [:]) { self.extra = extra }

    /// Whether an escape was seen of which nobody knows yet whether it is the key or begins a sequence.
    package var isWaiting: Bool {
        switch state {
        case .escape, .sequence, .single: true
        default: false
        }
    }

    package mutating func decode(_ bytes: some Sequence<UInt8>) -> [TerminalEvent] {
        var events: [TerminalEvent] = []
        for byte in bytes { consume(byte, &events) }
        return events
    }

    /// Nothing came for a while: a lone escape is the key.
    package mutating func flush() -> [TerminalEvent] {
        switch state {
        case .escape:
            state = .ground
            return [.key(Key(.escape))]
        case .single:
            state = .ground
            return [.key(Key(.character("O"), .alt))]
        case .sequence(let bytes):
            state = .ground
            return bytes.isEmpty ? [.key(Key(.character("["), .alt))] : []
        default:
            return []
        }
    }

    private mutating func consume(_ byte: UInt8, _ events: inout [TerminalEvent]) {
        switch state {
        case .ground: ground(byte, alt: false, &events)
        case .escape:
            state = .ground
            switch byte {
            case 0x5B: state = .sequence([])
            case 0x4F: state = .single
            case 0x5D, 0x50, 0x5F, 0x5E, 0x58: state = .string(escaped: false)
            case 0x1B:
                events.append(.key(Key(.escape)))
                state = .escape
            default: ground(byte, alt: true, &events)
            }
        case .sequence(var bytes):
            bytes.append(byte)
            if byte >= 0x40 && byte <= 0x7E && !(bytes.count == 1 && byte == 0x5B) {
                state = .ground
                finish(bytes, &events)
            } else if byte == 0x1B {
                state = .escape
            } else if byte < 0x20 || byte > 0x7E || bytes.count > InputDecoder.sequenceLimit {
                state = .ground
            } else {
                state = .sequence(bytes)
            }
        case .single:
            state = byte == 0x1B ? .escape : .ground
            if let key = extra[[0x1B, 0x4F, byte]] ?? InputDecoder.singleShift(byte) { events.append(.key(key)) }
        case .string(let escaped):
            if byte == 0x07 || (escaped && byte == 0x5C) || byte == 0x18 || byte == 0x1A {
                state = .ground
            } else {
                state = .string(escaped: byte == 0x1B)
            }
        case .paste(var bytes):
            state = .ground
            bytes.append(byte)
            paste(bytes, &events)
        case .utf8(var bytes, let missing, let alt):
            guard byte & 0xC0 == 0x80 else {
                state = .ground
                ground(byte, alt: false, &events)
                return
            }
            bytes.append(byte)
            if missing > 1 {
                state = .utf8(bytes, missing: missing - 1, alt: alt)
            } else {
                state = .ground
                let text = String(decoding: bytes, as: UTF8.self)
                if let character = text.first, text.count == 1, character != "\u{FFFD}",
                    !CellText.glyphs(of: text).isEmpty, text.unicodeScalars.allSatisfy({ $0.value >= 0xA0 })
                {
                    events.append(.key(Key(.character(character), alt ? .alt : [])))
                }
            }
        }
    }

    private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

    private mutating func paste(_ bytes: [UInt8], _ events: inout [TerminalEvent]) {
        if bytes.last == 0x7E, bytes.suffix(InputDecoder.pasteEnd.count).elementsEqual(InputDecoder.pasteEnd) {
            let text = bytes.dropLast(InputDecoder.pasteEnd.count).prefix(InputDecoder.pasteLimit)
            events.append(.paste(String(decoding: text, as: UTF8.self)))
        } else if bytes.count > InputDecoder.pasteLimit + 64 {
            // Too long: keep its beginning and the few bytes in which the end may begin.
            state = .paste(Array(bytes.prefix(InputDecoder.pasteLimit) + bytes.suffix(16)))
        } else {
            state = .paste(bytes)
        }
    }

    private mutating func ground(_ byte: UInt8, alt: Bool, _ events: inout [TerminalEvent]) {
        let modifiers: Key.Modifiers = alt ? .alt : []
        switch byte {
        case 0x1B: state = .escape
        case 0x0D, 0x0A: events.append(.key(Key(.enter, modifiers)))
        case 0x09: events.append(.key(Key(.tab, modifiers)))
        case 0x7F, 0x08: events.append(.key(Key(.backspace, modifiers)))
        case 0x00: events.append(.key(Key(.character(" "), modifiers.union(.control))))
        case 0x01...0x1A:
            let letter = Character(Unicode.Scalar(byte + 0x60))
            events.append(.key(Key(.character(letter), modifiers.union(.control))))
        case 0x1C...0x1F:
            let sign = Character(Unicode.Scalar(byte + 0x40))
            events.append(.key(Key(.character(sign), modifiers.union(.control))))
        case 0x20..<0x7F:
            events.append(.key(Key(.character(Character(Unicode.Scalar(byte))), modifiers)))
        case 0xC2...0xDF: state = .utf8([byte], missing: 1, alt: alt)
        case 0xE0...0xEF: state = .utf8([byte], missing: 2, alt: alt)
        case 0xF0...0xF4: state = .utf8([byte], missing: 3, alt: alt)
        default: break
        }
    }

    private static func singleShift(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x41: Key(.up)
        case 0x42: Key(.down)
        case 0x43: Key(.right)
        case 0x44: Key(.left)
        case 0x48: Key(.home)
        case 0x46: Key(.end)
        case 0x4D: Key(.enter)
        case 0x50...0x53: Key(.function(Int(byte) - 0x4F))
        default: nil
        }
    }

    /// A control sequence is complete: `bytes` is what follows `ESC [`.
    private mutating func finish(_ bytes: [UInt8], _ events: inout [TerminalEvent]) {
        if let key = extra[[0x1B, 0x5B] + bytes] {
            events.append(.key(key))
            return
        }
        guard let last = bytes.last else { return }
        if bytes.first == 0x3C {
            if let event = InputDecoder.mouse(bytes.dropFirst()) { events.append(.mouse(event)) }
            return
        }
        // Linux console function keys: ESC [ [ A.
        if bytes.count == 2, bytes[0] == 0x5B, (0x41...0x45).contains(last) {
            events.append(.key(Key(.function(Int(last) - 0x40))))
            return
        }
        let numbers = InputDecoder.numbers(bytes.dropLast())
        let modifiers = InputDecoder.modifiers(numbers.count > 1 ? numbers[1] : 1)
        if last == 0x7E, numbers.first == 200 {
            state = .paste([])
        } else if let base = InputDecoder.base(last, numbers.first ?? 0) {
            events.append(.key(Key(base, last == 0x5A ? .shift : modifiers)))
        }
    }

    private static func base(_ last: UInt8, _ number: Int) -> Key.Base? {
        switch last {
        case 0x41: .up
        case 0x42: .down
        case 0x43: .right
        case 0x44: .left
        case 0x48: .home
        case 0x46: .end
        case 0x5A: .tab
        // With another first number it is the terminal's answer about the cursor.
        case 0x50...0x53: number <= 1 ? .function(Int(last) - 0x4F) : nil
        case 0x7E: tilde(number)
        default: nil
        }
    }

    private static func tilde(_ number: Int) -> Key.Base? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23, 24: .function(number - 12)
        default: nil
        }
    }

    private static func modifiers(_ code: Int) -> Key.Modifiers {
        guard (2...16).contains(code) else { return [] }
        var result: Key.Modifiers = []
        if (code - 1) & 1 != 0 { result.insert(.shift) }
        if (code - 1) & 2 != 0 { result.insert(.alt) }
        if (code - 1) & 4 != 0 { result.insert(.control) }
        return result
    }

    /// Decimal numbers between semicolons; too large ones are 0.
    private static func numbers(_ bytes: some Sequence<UInt8>) -> [Int] {
        var result: [Int] = []
        var current = 0
        for byte in bytes {
            switch byte {
            case 0x30...0x39: current = min(100_000, current * 10 + Int(byte - 0x30))
            case 0x3B:
                result.append(current)
                current = 0
            default: break
            }
        }
        result.append(current)
        return result
    }

    private static func mouse(_ bytes: some Collection<UInt8>) -> MouseEvent? {
        let last = bytes.reversed().first
        guard last == 0x4D || last == 0x6D else { return nil }
        let numbers = numbers(bytes.dropLast())
        guard numbers.count >= 3 else { return nil }
        let code = numbers[0]
        let position = Point(numbers[1] - 1, numbers[2] - 1)
        if code & 64 != 0 {
            return MouseEvent(code & 1 == 0 ? .wheelUp : .wheelDown, .none, at: position)
        }
        let button: MouseEvent.Button
        switch code & 3 {
        case 0: button = .left
        case 1: button = .middle
        case 2: button = .right
        default: button = .none
        }
        if code & 32 != 0 { return MouseEvent(.drag, button, at: position) }
        return MouseEvent(last == 0x4D ? .press : .release, button, at: position)
    }
}
