import Glibc

/// A part of a YAML file that can be read by itself: from one document marker to the next.
package struct YAMLPiece: Sendable {
    /// The bytes of the file.
    package let range: Range<Int>
    /// The number of its first line, from 1.
    package let line: Int
}

/// Cuts a file at its document markers. `---` and `...` at the beginning of a line end a document wherever they stand,
/// in block scalars and quotes too, so the cut needs no parser, and a broken document cannot spoil the next.
enum YAMLSplitter {
    static func pieces(of bytes: UnsafeRawBufferPointer) -> [YAMLPiece] {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return [] }
        // UTF-16 has no such bytes to look for: one piece.
        if bytes.count >= 2, (bytes[0], bytes[1]) == (0xFF, 0xFE) || (bytes[0], bytes[1]) == (0xFE, 0xFF) {
            return [YAMLPiece(range: 0..<bytes.count, line: 1)]
        }
        var pieces: [YAMLPiece] = []
        var start = 0
        var startLine = 1
        var line = 1
        var position = 0
        // Whether the piece has anything but blank lines, comments and directives, which belong to what follows them.
        var hasContent = false
        func cut(at end: Int, nextLine: Int) {
            if hasContent { pieces.append(YAMLPiece(range: start..<end, line: startLine)) }
            start = end
            startLine = nextLine
            hasContent = false
        }
        while position < bytes.count {
            let newline = memchr(base + position, 0x0A, bytes.count - position)
            let next = newline.map { UnsafeRawPointer($0) - base + 1 } ?? bytes.count
            switch bytes[position] {
            case UInt8(ascii: "-") where isMarker(bytes, position, UInt8(ascii: "-")):
                if hasContent { cut(at: position, nextLine: line) }
                hasContent = true
            case UInt8(ascii: ".") where isMarker(bytes, position, UInt8(ascii: ".")):
                cut(at: next, nextLine: line + 1)
            case UInt8(ascii: "#"), UInt8(ascii: "%"), 0x0A, 0x0D: break
            default: hasContent = true
            }
            position = next
            line += 1
        }
        // What is left without content can still be wrong (a directive alone), or begin with a byte order mark.
        if hasContent || pieces.isEmpty { pieces.append(YAMLPiece(range: start..<bytes.count, line: startLine)) }
        return pieces
    }

    private static func isMarker(_ bytes: UnsafeRawBufferPointer, _ position: Int, _ byte: UInt8) -> Bool {
        guard position + 3 <= bytes.count, bytes[position + 1] == byte, bytes[position + 2] == byte else {
            return false
        }
        guard position + 3 < bytes.count else { return true }
        return [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position + 3])
    }
}
