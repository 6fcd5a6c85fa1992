/// A run of text that is meant in one way.
package struct Span: Hashable, Sendable {
    package var text: String
    package var ink: Ink

    package init(_ text: String, _ role: Role = .text, _ attributes: Attributes = []) {
        self.text = text
        ink = Ink(role, attributes)
    }

    package init(_ text: String, ink: Ink) {
        self.text = text
        self.ink = ink
    }
}

/// A line of spans.
package struct TextLine: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    package var spans: [Span]

    package init(_ spans: [Span]) { self.spans = spans }
    package init(_ text: String, _ role: Role = .text) { spans = [Span(text, role)] }
    package init(stringLiteral value: String) { self.init(value) }
    package init(arrayLiteral elements: Span...) { self.init(elements) }

    package var text: String { spans.map(\.text).joined() }
    package var width: Int { spans.reduce(0) { $0 + TextWidth.of($1.text) } }

    /// The line in pieces of at most `width` columns, broken at blanks where there are some; lines after the first
    /// begin with `indent` blanks. The first line has `first` columns, where that is less.
    package func wrapped(to full: Int, indent: Int = 0, first: Int = .max) -> [TextLine] {
        var width = min(full, first)
        guard width > 0, self.width > width else { return [self] }
        let hang = indent < full / 2 ? indent : 0
        var lines: [TextLine] = []
        var current = TextLine([])
        var used = 0
        func role(_ span: Span, _ text: String) -> Span { Span(text, ink: span.ink) }
        func flush() {
            lines.append(current)
            width = full
            current = TextLine(hang > 0 ? [Span(String(repeating: " ", count: hang))] : [])
            used = hang
        }
        for span in spans {
            for piece in TextLine.pieces(span.text) {
                var piece = piece
                var size = TextWidth.of(piece)
                if used + size > width, used > hang {
                    let blanks = piece.allSatisfy { $0 == " " }
                    flush()
                    if blanks { continue }
                }
                while size > width - used {
                    let head = CellText.fitted(piece, to: max(1, width - used), ellipsis: "")
                    guard !head.isEmpty, head.count < piece.count else { break }
                    current.spans.append(role(span, head))
                    piece = String(piece.dropFirst(head.count))
                    size = TextWidth.of(piece)
                    flush()
                }
                current.spans.append(role(span, piece))
                used += size
            }
        }
        if !current.spans.isEmpty { lines.append(current) }
        return lines
    }

    /// Words and the blanks between them.
    private static func pieces(_ text: String) -> [String] {
        var result: [String] = []
        var current = ""
        var inBlank = false
        for character in text {
            if (character == " ") != inBlank, !current.isEmpty {
                result.append(current)
                current = ""
            }
            inBlank = character == " "
            current.append(character)
        }
        if !current.isEmpty { result.append(current) }
        return result
    }
}

extension Surface {
    /// Draws a line, at most `width` columns of it from column `skip` on.
    @discardableResult
    package mutating func put(_ line: TextLine, _ x: Int, _ y: Int, width: Int = .max, skip: Int = 0) -> Int {
        var column = x - skip
        let outer = clip
        clip = Rect(
            max(x, clip.x), clip.y, min(clip.maxX, width == .max ? clip.maxX : x + width) - max(x, clip.x), clip.height)
        for (index, span) in line.spans.enumerated() {
            let room = width == .max ? Int.max : x + width - column
            if room <= 0 { break }
            let isLast = index == line.spans.count - 1
            let size = TextWidth.of(span.text)
            if skip == 0, isLast || size > room {
                column += put(span.text, column, y, span.ink, width: room)
            } else {
                put(span.text, column, y, span.ink)
                column += size
            }
        }
        clip = outer
        return column - x
    }

    /// Draws lines one below the other, as many as fit.
    package mutating func put(_ lines: [TextLine], in rect: Rect, from first: Int = 0, skip: Int = 0) {
        clipped(to: rect) { surface in
            for (offset, line) in lines.dropFirst(max(0, first)).prefix(rect.height).enumerated() {
                surface.put(line, rect.x, rect.y + offset, width: rect.width, skip: skip)
            }
        }
    }

    /// Draws text that ends at the right edge of a rectangle's row; returns the columns it took.
    @discardableResult
    package mutating func putRight(_ line: TextLine, in rect: Rect, row: Int = 0) -> Int {
        let width = min(line.width, rect.width)
        put(line, rect.maxX - width, rect.y + row, width: width)
        return width
    }
}
