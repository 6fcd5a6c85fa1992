/// A frame with its title in the upper border and hints at its right end.
package struct Panel: Sendable {
    package var title: TextLine
    /// At the right end of the upper border; left out from its front when there is no room.
    package var hints: [TextLine]
    /// At the right end of the lower border.
    package var footer: TextLine?
    package var isFocused: Bool

    package init(_ title: TextLine, hints: [TextLine] = [], footer: TextLine? = nil, focused: Bool = false) {
        self.title = title
        self.hints = hints
        self.footer = footer
        isFocused = focused
    }

    package init(_ title: String, hints: [TextLine] = [], footer: TextLine? = nil, focused: Bool = false) {
        self.init(TextLine(title, .title), hints: hints, footer: footer, focused: focused)
    }

    /// Draws the frame and returns what is inside.
    @discardableResult
    package func draw(on surface: inout Surface, in rect: Rect) -> Rect {
        guard rect.width >= 2, rect.height >= 2 else { return Rect(rect.x, rect.y, 0, 0) }
        let glyphs = surface.glyphs
        let ink = Ink(isFocused ? .borderFocus : .border)
        let (right, bottom) = (rect.maxX - 1, rect.maxY - 1)
        func corner(_ character: Character, _ x: Int, _ y: Int) {
            surface.put(Glyph(character: character, width: 1), x, y, ink)
        }
        surface.fill(Rect(rect.x + 1, rect.y, rect.width - 2, 1), with: glyphs.horizontal, ink)
        surface.fill(Rect(rect.x + 1, bottom, rect.width - 2, 1), with: glyphs.horizontal, ink)
        surface.fill(Rect(rect.x, rect.y + 1, 1, rect.height - 2), with: glyphs.vertical, ink)
        surface.fill(Rect(right, rect.y + 1, 1, rect.height - 2), with: glyphs.vertical, ink)
        corner(glyphs.topLeft, rect.x, rect.y)
        corner(glyphs.topRight, right, rect.y)
        corner(glyphs.bottomLeft, rect.x, bottom)
        corner(glyphs.bottomRight, right, bottom)
        drawTitle(on: &surface, in: rect)
        if let footer, footer.width + 4 <= rect.width {
            let x = rect.maxX - footer.width - 3
            surface.put(" ", x - 1, bottom, ink)
            let end = surface.put(footer, x, bottom)
            surface.put(" ", x + end, bottom, ink)
        }
        return rect.inset(1, 1)
    }

    private func drawTitle(on surface: inout Surface, in rect: Rect) {
        let room = rect.width - 6
        guard room > 0 else { return }
        var used = 0
        if title.width > 0 {
            surface.put(" ", rect.x + 2, rect.y, .border)
            used = surface.put(title, rect.x + 3, rect.y, width: room)
            surface.put(" ", rect.x + 3 + used, rect.y, .border)
        }
        var shown = hints.filter { $0.width > 0 }
        func total() -> Int { shown.reduce(0) { $0 + $1.width + 2 } }
        while !shown.isEmpty, used + total() + 4 > room { shown.removeFirst() }
        guard !shown.isEmpty else { return }
        var x = rect.maxX - 2 - total()
        for hint in shown {
            surface.put(" ", x, rect.y, .border)
            surface.put(hint, x + 1, rect.y)
            surface.put(" ", x + 1 + hint.width, rect.y, .border)
            x += hint.width + 2
        }
    }
}

extension Surface {
    /// Draws a scroll bar into a column when not everything is seen.
    package mutating func putScrollbar(x: Int, y: Int, height: Int, first: Int, shown: Int, total: Int) {
        guard height > 0, total > shown, shown > 0 else { return }
        let thumb = max(1, height * shown / total)
        let span = max(1, total - shown)
        let start = min(height - thumb, (height - thumb) * min(first, span) / span)
        for row in 0..<height {
            let inThumb = row >= start && row < start + thumb
            let glyph = Glyph(character: inThumb ? glyphs.scrollThumb : glyphs.scrollTrack, width: 1)
            put(glyph, x, y + row, Ink(inThumb ? .borderFocus : .border))
        }
    }
}
