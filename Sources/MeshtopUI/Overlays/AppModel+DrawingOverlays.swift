import TerminalUI

extension AppModel {
    mutating func drawOverlay(on surface: inout Surface, in rect: Rect) {
        switch overlay {
        case .help(let state): drawHelp(state, on: &surface, in: rect)
        case .palette(let state): drawPalette(state, on: &surface, in: rect)
        case .menu(let state): drawMenu(state, on: &surface, in: rect)
        case .text(var state):
            state.view.layout(width: rect.width - 3, height: rect.height - 4)
            overlay = .text(state)
            drawText(state, on: &surface, in: rect)
        case nil: break
        }
    }

    /// A box over the screen; what is drawn in it stands on the dialog's ground.
    private func box(
        _ panel: Panel, on surface: inout Surface, in rect: Rect, _ body: (inout Surface, Rect) -> Void
    ) {
        surface.cursor = nil
        surface.backdrop = .dialog
        surface.fill(rect, Ink(.dialog))
        let inner = panel.draw(on: &surface, in: rect)
        surface.clipped(to: inner) { body(&$0, inner) }
        surface.backdrop = .background
    }

    private func drawHelp(_ state: HelpState, on surface: inout Surface, in rect: Rect) {
        let lines = helpLines(state.search.text)
        var rows: [(line: TextLine, index: Int?)] = []
        var group: Binding.Group?
        for (index, binding) in lines.enumerated() {
            if binding.group != group {
                if group != nil { rows.append((TextLine(""), nil)) }
                rows.append((TextLine(binding.group.rawValue, .title), nil))
                group = binding.group
            }
            var keys = binding.keys.joined(separator: " ")
            if keys.count > 16 { keys = String(keys.prefix(15)) + surface.glyphs.ellipsis }
            let pad = String(repeating: " ", count: max(1, 19 - keys.count))
            rows.append(([Span("  " + keys, .key), Span(pad), Span(binding.help)], index))
        }
        if state.search.isEmpty { rows += filterHelp }
        let area = rect.centered(min(86, rect.width - 4), min(rows.count + 3, rect.height - 2))
        let hints: [TextLine] = [
            [Span("/", .key), Span(" search", .keyText)], [Span("enter", .key), Span(" do it", .keyText)],
            [Span("esc", .key), Span(" close", .keyText)],
        ]
        let panel = Panel("Keys of \(screen.title)", hints: hints, focused: true)
        box(panel, on: &surface, in: area) { surface, inner in
            surface.put("/", inner.x + 1, inner.y, Ink(.prompt))
            let line = Rect(inner.x + 3, inner.y, inner.width - 4, 1)
            surface.put(state.search, in: line, Ink(.text), focused: state.isSearching)
            if state.search.isEmpty, !state.isSearching { surface.put("search the keys", line.x, line.y, .suggestion) }
            let body = Rect(inner.x, inner.y + 1, inner.width, inner.height - 1)
            let selected = rows.firstIndex { $0.index == state.selection } ?? 0
            let top = max(0, min(selected - body.height / 2, rows.count - body.height))
            for (offset, row) in rows.dropFirst(top).prefix(body.height).enumerated() {
                surface.put(row.line, body.x + 1, body.y + offset, width: body.width - 2)
                if row.index == state.selection {
                    surface.restyle(Rect(body.x, body.y + offset, body.width - 1, 1)) { $0.role = .cursor }
                    surface.put(surface.glyphs.cursor, body.x, body.y + offset, .cursor)
                }
            }
            surface.putScrollbar(
                x: body.maxX - 1, y: body.y, height: body.height, first: top, shown: body.height, total: rows.count)
        }
    }

    /// What can be typed behind `/` on this screen.
    private var filterHelp: [(line: TextLine, index: Int?)] {
        guard list != nil else { return [] }
        let forms: [(String, String)] =
            screen == .tap
            ? [
                ("text", "a regular expression in host and path"), ("~m ~c ~d ~u", "method, code, host, host and path"),
                ("~flag ~e", "a response flag; what went wrong"),
                ("~route ~cluster", "where it went; ~ep ~src: from, to"),
                ("code>=400 dur>1s", "comparisons, also of in, out, attempts"), ("& | ! ( )", "and, or, not"),
            ]
            : [
                ("text", "a regular expression in the whole row"), ("!text", "rows without it"),
                ("-f text", "fuzzy"), ("col:text col>=9", "one column by the beginning of its name"),
                ("-l app=x,tier!=y", "labels, as kubectl (Store)"), ("//text", "hides nothing; n and N go on"),
            ]
        return [(TextLine(""), nil), (TextLine("Filter", .title), nil)]
            + forms.map { form, words in
                let pad = String(repeating: " ", count: max(1, 19 - form.count))
                return ([Span("  " + form, .name), Span(pad), Span(words)], nil)
            }
    }

    private func drawMenu(_ state: MenuState, on surface: inout Surface, in rect: Rect) {
        let width = state.items.reduce(30) { max($0, TextWidth.of($1.title) + TextWidth.of($1.detail) + 12) }
        let area = rect.centered(min(width, rect.width - 4), min(state.items.count + 2, rect.height - 4))
        let panel = Panel(state.title, hints: [[Span("enter", .key), Span(" choose", .keyText)]], focused: true)
        box(panel, on: &surface, in: area) { surface, inner in
            let top = max(0, min(state.selection - inner.height / 2, state.items.count - inner.height))
            for (offset, item) in state.items.dropFirst(top).prefix(inner.height).enumerated() {
                let y = inner.y + offset
                let isSelected = top + offset == state.selection
                surface.put(item.key, inner.x + 2, y, .key)
                let mark = item.isCurrent ? surface.glyphs.bullet + " " : "  "
                let used = surface.put(
                    mark + item.title, inner.x + 4, y, Ink(item.isCurrent ? .mark : .name), width: inner.width - 5)
                surface.put(item.detail, inner.x + 6 + used, y, Ink(.textDim), width: inner.width - used - 7)
                let line = Rect(inner.x, y, inner.width, 1)
                if isSelected {
                    surface.restyle(line) { $0.role = .cursor }
                    surface.put(surface.glyphs.cursor, inner.x, y, .cursor)
                }
                surface.addTarget(line, .row(list: "menu", index: top + offset))
            }
            if state.items.isEmpty { surface.put("nothing to choose from", inner.x + 1, inner.y, .textDim) }
        }
    }

    private func drawPalette(_ state: PaletteState, on surface: inout Surface, in rect: Rect) {
        let options = Array(completions(state.line.text).prefix(8))
        let line = Rect(rect.x + 1, rect.maxY - 1, rect.width - 2, 1)
        surface.fill(Rect(rect.x, line.y, rect.width, 1))
        surface.put(":", line.x, line.y, Ink(.prompt, .bold))
        let room = Rect(line.x + 2, line.y, max(0, line.width - 2), 1)
        if let best = options.first, best.hasPrefix(state.line.text), !state.line.isEmpty {
            surface.put(best, room.x, room.y, Ink(.suggestion), width: room.width)
        }
        if state.line.isEmpty {
            surface.put("screen, kind, theme, proxy, curl …", room.x, room.y, Ink(.suggestion), width: room.width)
        }
        if !options.isEmpty, !state.line.isEmpty {
            let width = min(rect.width - 4, 44)
            let area = Rect(rect.x + 1, line.y - options.count - 2, width, options.count + 2)
            box(Panel("Commands"), on: &surface, in: area.intersection(rect)) { surface, inner in
                for (offset, option) in options.enumerated() {
                    surface.put(option, inner.x + 2, inner.y + offset, Ink(.name), width: inner.width - 3)
                    guard offset == state.selection else { continue }
                    surface.restyle(Rect(inner.x, inner.y + offset, inner.width, 1)) { $0.role = .cursor }
                    surface.put(surface.glyphs.cursor, inner.x, inner.y + offset, .cursor)
                }
            }
        }
        surface.put(state.line, in: room, Ink(.text), focused: true)
    }

    private func drawText(_ state: TextState, on surface: inout Surface, in rect: Rect) {
        let area = Rect(rect.x, rect.y + 1, rect.width, rect.height - 2)
        var hints: [TextLine] = [
            [Span("/", .key), Span(" search", .keyText)],
            [Span("c", .key), Span(state.copying == nil ? " copy" : " copy the patch", .keyText)],
        ]
        if state.file != nil { hints.append([Span("e", .key), Span(" edit", .keyText)]) }
        hints.append([Span("esc", .key), Span(" close", .keyText)])
        let found =
            state.view.search.isEmpty
            ? nil : TextLine(Words.count(state.view.matches.count, "match").replacingEs, .textDim)
        let panel = Panel(TextLine(state.title, .title), hints: hints, footer: found, focused: true)
        surface.cursor = nil
        surface.fill(area)
        let inner = panel.draw(on: &surface, in: area)
        state.view.draw(on: &surface, in: Rect(inner.x + 1, inner.y, inner.width - 1, inner.height))
        let line = Rect(rect.x + 1, rect.maxY - 1, rect.width - 2, 1)
        surface.fill(Rect(rect.x, line.y, rect.width, 1))
        if let search = state.search {
            surface.put("/", line.x, line.y, Ink(.prompt, .bold))
            surface.put(search, in: Rect(line.x + 2, line.y, max(0, line.width - 2), 1), Ink(.text), focused: true)
        } else {
            let keys: [(String, String)] = [
                ("j k", "scroll"), ("/", "search"), ("n N", "next match"),
                ("w", state.view.isWrapped ? "cut long lines" : "wrap"),
                ("c", state.copying == nil ? "copy" : "copy the patch"), ("esc", "close"),
            ]
            var x = line.x
            for (key, word) in keys {
                x += surface.put(key, x, line.y, .key) + 1
                x += surface.put(word, x, line.y, .keyText) + 2
            }
        }
    }
}

extension String {
    /// `3 matchs` is `3 matches`.
    fileprivate var replacingEs: String { hasSuffix("matchs") ? dropLast() + "es" : self }
}
