/// Text to scroll in and search, as the raw view of an object.
package struct TextView: Hashable, Sendable {
    package var lines: [TextLine] {
        didSet { wrappedTo = nil }
    }
    /// Whether long lines go on below; else they are scrolled sideways.
    package var isWrapped: Bool {
        didSet { wrappedTo = nil }
    }
    /// Where the next lines of a wrapped one begin.
    private let indent: Int
    /// The lines as they are drawn.
    private var shown: [TextLine]
    private var wrappedTo: Int?
    package private(set) var top = 0
    package private(set) var left = 0
    package private(set) var search = ""
    private var pageHeight = 1

    package init(_ lines: [TextLine] = [], isWrapped: Bool = false, indent: Int = 2) {
        self.lines = lines
        self.isWrapped = isWrapped
        self.indent = indent
        shown = lines
    }

    /// The numbers of the lines that hold the searched text.
    package var matches: [Int] {
        guard !search.isEmpty else { return [] }
        let wanted = search.lowercased()
        return shown.indices.filter { shown[$0].text.lowercased().contains(wanted) }
    }

    /// Searches from the top of the page on.
    package mutating func find(_ text: String) {
        search = text
        if let first = matches.first(where: { $0 >= top }) ?? matches.first { scroll(to: first) }
    }

    package mutating func findNext(_ step: Int) {
        let found = matches
        guard !found.isEmpty else { return }
        let next = step > 0 ? found.first { $0 > top } ?? found.first : found.last { $0 < top } ?? found.last
        if let next { scroll(to: next) }
    }

    package mutating func scroll(to line: Int) { top = max(0, min(line, shown.count - 1)) }

    package mutating func scroll(by rows: Int) { top = max(0, min(top + rows, max(0, shown.count - pageHeight))) }

    /// Does what a moving key does; `false` when it is none.
    package mutating func handle(_ key: Key) -> Bool {
        switch key.description {
        case "j", "down": scroll(by: 1)
        case "k", "up": scroll(by: -1)
        case "pgdn", "ctrl-f", "space": scroll(by: max(1, pageHeight - 1))
        case "pgup", "ctrl-b": scroll(by: -max(1, pageHeight - 1))
        case "ctrl-d": scroll(by: max(1, pageHeight / 2))
        case "ctrl-u": scroll(by: -max(1, pageHeight / 2))
        case "g", "home": top = 0
        case "G", "end": scroll(by: shown.count)
        case "w":
            isWrapped.toggle()
            left = 0
        case "l", "right": left = min(left + 8, 1000)
        case "h", "left": left = max(0, left - 8)
        case "n": findNext(1)
        case "N": findNext(-1)
        default: return false
        }
        return true
    }

    /// Tells the view how much of it is seen, so that lines are wrapped and it does not scroll past its end.
    package mutating func layout(width: Int, height: Int) {
        pageHeight = max(1, height)
        if wrappedTo != width {
            shown = isWrapped ? lines.flatMap { $0.wrapped(to: width - 1, indent: indent) } : lines
            wrappedTo = width
        }
        top = max(0, min(top, max(0, shown.count - pageHeight)))
    }

    package func draw(on surface: inout Surface, in rect: Rect) {
        guard !rect.isEmpty else { return }
        let body = Rect(rect.x, rect.y, max(0, rect.width - 1), rect.height)
        surface.put(shown, in: body, from: top, skip: left)
        if !search.isEmpty { highlight(on: &surface, in: body) }
        surface.putScrollbar(
            x: rect.maxX - 1, y: rect.y, height: rect.height, first: top, shown: rect.height, total: shown.count)
    }

    private func highlight(on surface: inout Surface, in rect: Rect) {
        let wanted = search.lowercased()
        for (row, line) in shown.dropFirst(top).prefix(rect.height).enumerated() {
            let text = line.text.lowercased()
            guard let range = text.firstRange(of: wanted) else { continue }
            let x = rect.x + TextWidth.of(String(text[..<range.lowerBound])) - left
            surface.restyle(Rect(x, rect.y + row, TextWidth.of(wanted), 1).intersection(rect)) { $0.role = .match }
        }
    }
}

extension String {
    /// Where a text occurs first.
    package func firstRange(of wanted: String) -> Range<String.Index>? {
        guard !wanted.isEmpty else { return nil }
        let (hay, needle) = (Array(utf8), Array(wanted.utf8))
        guard hay.count >= needle.count else { return nil }
        for start in 0...(hay.count - needle.count) where hay[start] == needle[0] {
            guard hay[start..<start + needle.count].elementsEqual(needle) else { continue }
            let lower = utf8.index(startIndex, offsetBy: start)
            return lower..<utf8.index(lower, offsetBy: needle.count)
        }
        return nil
    }
}
