/// How a cell is meant, to be made a `Style` by a `Theme`.
package struct Ink: Hashable, Sendable {
    package var role: Role
    /// Whose background the cell stands on when its own role paints none.
    package var backdrop: Role
    /// On top of what the theme says.
    package var attributes: Attributes
    /// 1...101: this step of the theme's graph gradient is the foreground; 0 is none.
    package var step: UInt8

    package init(_ role: Role, on backdrop: Role = .background, _ attributes: Attributes = [], step: UInt8 = 0) {
        self.role = role
        self.backdrop = backdrop
        self.attributes = attributes
        self.step = step
    }
}

/// One cell; the right half of a wide character has width 0.
package struct Cell: Hashable, Sendable {
    package var character: Character
    package var width: UInt8
    package var ink: Ink

    package static let blank = Cell(character: " ", width: 1, ink: Ink(.text))
}

/// A grid of cells to draw on. Drawing outside of it, or of the clip rectangle, does nothing; wide characters are
/// never cut in half.
package struct Surface: Sendable {
    package let size: Size
    package let glyphs: Glyphs
    package private(set) var cells: [Cell]
    /// Only what lies inside changes.
    package var clip: Rect
    /// What new cells stand on.
    package var backdrop: Role = .background
    /// Where the hardware cursor is to be shown.
    package var cursor: Point?
    /// What a click on a place means; later ones lie on top.
    package private(set) var targets: [(rect: Rect, target: ClickTarget)] = []

    package init(_ size: Size, glyphs: Glyphs = .unicode) {
        self.size = size
        self.glyphs = glyphs
        cells = Array(repeating: .blank, count: size.width * size.height)
        clip = Rect(size)
    }

    package var bounds: Rect { Rect(size) }

    /// The cell at a place, `nil` outside.
    package func cell(_ x: Int, _ y: Int) -> Cell? {
        guard x >= 0, y >= 0, x < size.width, y < size.height else { return nil }
        return cells[y * size.width + x]
    }

    /// Draws one glyph; says whether there was room.
    @discardableResult
    package mutating func put(_ glyph: Glyph, _ x: Int, _ y: Int, _ ink: Ink) -> Bool {
        guard glyph.width > 0, x >= clip.x, y >= clip.y, x + glyph.width <= clip.maxX, y < clip.maxY else {
            return false
        }
        guard x >= 0, y >= 0, x + glyph.width <= size.width, y < size.height else { return false }
        var ink = ink
        if ink.backdrop == .background { ink.backdrop = backdrop }
        let index = y * size.width + x
        healNeighbours(of: index, width: glyph.width, row: y)
        cells[index] = Cell(character: glyph.character, width: UInt8(glyph.width), ink: ink)
        if glyph.width == 2 { cells[index + 1] = Cell(character: " ", width: 0, ink: ink) }
        return true
    }

    /// Blanks the other half of wide characters that are about to be overwritten by half.
    private mutating func healNeighbours(of index: Int, width: Int, row: Int) {
        if cells[index].width == 0 && index > row * size.width {
            cells[index - 1].character = " "
            cells[index - 1].width = 1
        }
        let last = index + width - 1
        if cells[last].width == 2 && last + 1 < (row + 1) * size.width {
            cells[last + 1].character = " "
            cells[last + 1].width = 1
        }
    }

    /// Draws text from a place to the right, at most `width` columns of it, with an ellipsis when it is longer.
    /// Returns the columns that it took.
    @discardableResult
    package mutating func put(_ text: String, _ x: Int, _ y: Int, _ ink: Ink, width: Int = .max) -> Int {
        let room = min(width, size.width - min(x, size.width))
        guard room > 0, y >= clip.y, y < clip.maxY else { return 0 }
        // The words of the program itself have no other sign that is not ASCII.
        let isForeign = self.glyphs.isASCII && text.contains("…")
        let glyphs = CellText.glyphs(
            of: isForeign ? text.split(separator: "…", omittingEmptySubsequences: false).joined(separator: "..") : text)
        let total = glyphs.reduce(0) { $0 + $1.width }
        let cut = width != .max && total > width
        let limit = cut ? room - self.glyphs.ellipsisWidth : room
        var column = x
        for glyph in glyphs {
            if column - x + glyph.width > limit { break }
            put(glyph, column, y, ink)
            column += glyph.width
        }
        if cut {
            for glyph in CellText.glyphs(of: self.glyphs.ellipsis) where column - x + glyph.width <= room {
                put(glyph, column, y, ink)
                column += glyph.width
            }
        }
        return column - x
    }

    /// Draws text in a role.
    @discardableResult
    package mutating func put(_ text: String, _ x: Int, _ y: Int, _ role: Role, width: Int = .max) -> Int {
        put(text, x, y, Ink(role), width: width)
    }

    /// Fills a rectangle with a character.
    package mutating func fill(_ rect: Rect, with character: Character = " ", _ ink: Ink = Ink(.text)) {
        let area = rect.intersection(clip).intersection(bounds)
        let glyph = Glyph(character: character, width: 1)
        for y in area.y..<area.maxY { for x in area.x..<area.maxX { put(glyph, x, y, ink) } }
    }

    /// Changes how cells are meant without changing what they show.
    package mutating func restyle(_ rect: Rect, _ change: (inout Ink) -> Void) {
        let area = rect.intersection(clip).intersection(bounds)
        for y in area.y..<area.maxY { for x in area.x..<area.maxX { change(&cells[y * size.width + x].ink) } }
    }

    /// Draws with the clip rectangle narrowed.
    package mutating func clipped(to rect: Rect, _ draw: (inout Surface) -> Void) {
        let outer = clip
        clip = rect.intersection(outer)
        draw(&self)
        clip = outer
    }

    /// Declares what a click into the rectangle means.
    package mutating func addTarget(_ rect: Rect, _ target: ClickTarget) {
        let area = rect.intersection(clip).intersection(bounds)
        if !area.isEmpty { targets.append((area, target)) }
    }

    /// What lies uppermost at a place.
    package func target(at point: Point) -> ClickTarget? { targets.last { $0.rect.contains(point) }?.target }
}

/// What a click means.
package enum ClickTarget: Hashable, Sendable {
    /// As if these keys were pressed.
    case key(String)
    /// The row of this number (among those shown) of a list.
    case row(list: String, index: Int)
    /// The header of a column.
    case column(list: String, id: String)
    /// Somewhere in a pane.
    case pane(String)
}

extension Surface {
    /// What the surface shows, row by row, without blanks at the ends of lines.
    package var plainText: String { (0..<size.height).map { plainText(row: $0) }.joined(separator: "\n") }

    /// One row as text, without blanks at its end.
    package func plainText(row: Int) -> String {
        guard row >= 0, row < size.height else { return "" }
        var line = cells[row * size.width..<(row + 1) * size.width].filter { $0.width > 0 }.map(\.character)
        while line.last == " " { line.removeLast() }
        return String(line)
    }

    /// One letter a cell for its role (`Role.letter`; `.` is ordinary text), so that a golden shows wrong colours.
    package var styleMap: String {
        (0..<size.height).map { row in
            var line = cells[row * size.width..<(row + 1) * size.width].map(\.ink.role.letter)
            while line.last == "." { line.removeLast() }
            return String(line)
        }.joined(separator: "\n")
    }
}
