extension TableView {
    /// The columns that are shown in this many cells, and their widths.
    package func visibleColumns(width: Int) -> [(column: TableColumn<Row>, width: Int)] {
        var kept = columns
        if isWide {
            let frozen = kept.prefix(1)
            kept = Array(frozen + kept.dropFirst(1 + skippedColumns))
        } else {
            func needed() -> Int { kept.reduce(0) { $0 + $1.minimum + 1 } - 1 }
            while kept.count > 1, needed() > width {
                guard let last = kept.indices.max(by: { kept[$0].dropOrder < kept[$1].dropOrder }) else { break }
                guard kept[last].dropOrder > 0 else { break }
                kept.remove(at: last)
            }
            // Columns that are nice to have (from 5 on) go before others are cut.
            func wished() -> Int {
                kept.reduce(0) { $0 + max($1.minimum, min(naturalWidth($1), $1.maximum)) + 1 } - 1
            }
            while wished() > width {
                guard let last = kept.indices.max(by: { kept[$0].dropOrder < kept[$1].dropOrder }),
                    kept[last].dropOrder >= 5
                else { break }
                kept.remove(at: last)
            }
        }
        let natural = kept.map { naturalWidth($0) }
        let lengths = zip(kept, natural).map { column, natural -> Length in
            let most = max(column.minimum, isWide ? natural : min(natural, column.maximum))
            return .share(max(1, column.weight), min: column.minimum, max: most)
        }
        var widths = distribute(width - max(0, kept.count - 1), among: lengths)
        if isWide { widths = lengths.map { $0.maximum } }
        return Array(zip(kept, widths)).map { (column: $0, width: $1) }
    }

    /// As wide as what is on the page, so that columns do not waste room.
    private func naturalWidth(_ column: TableColumn<Row>) -> Int {
        pageRows.reduce(TextWidth.of(column.title) + 1) { max($0, TextWidth.of(column.text(rows[$1]))) }
    }

    private var pageRows: ArraySlice<Int> { shown.dropFirst(top).prefix(60) }

    /// The rows that are seen, and a few more.
    package var page: [Row] { pageRows.map { rows[$0] } }

    /// Draws header and rows; a row that the closure names is struck by that role.
    package func draw(on surface: inout Surface, in rect: Rect, focused: Bool = true, empty: String = "nothing here") {
        guard rect.width > 2, rect.height > 0 else { return }
        let body = Rect(rect.x, rect.y + 1, rect.width, rect.height - 1)
        let isScrolled = shown.count > body.height
        let inner = rect.width - 2 - (isScrolled ? 1 : 0)
        let visible = visibleColumns(width: inner)
        surface.clipped(to: rect) { surface in
            drawHeader(visible, on: &surface, at: Point(rect.x + 1, rect.y))
            let first = min(top, max(0, shown.count - 1))
            for (offset, index) in shown.dropFirst(first).prefix(max(0, body.height)).enumerated() {
                let line = Rect(body.x, body.y + offset, rect.width - (isScrolled ? 1 : 0), 1)
                drawRow(rows[index], visible, on: &surface, in: line, isSelected: first + offset == selection, focused)
                surface.addTarget(line, .row(list: name, index: first + offset))
            }
            if shown.isEmpty {
                let text = rows.isEmpty ? empty : "no row matches the filter"
                surface.put(text, rect.x + 1, body.y, .textDim, width: max(0, rect.width - 2))
            }
            surface.putScrollbar(
                x: rect.maxX - 1, y: body.y, height: body.height, first: first, shown: body.height,
                total: shown.count)
        }
    }

    private func drawHeader(
        _ visible: [(column: TableColumn<Row>, width: Int)], on surface: inout Surface, at start: Point
    ) {
        var x = start.x
        for (column, width) in visible {
            let isSorted = column.title == sortColumn
            let mark = isSorted ? (isDescending ? surface.glyphs.descending : surface.glyphs.ascending) : ""
            let title = column.title + mark
            let role: Role = isSorted ? .sortColumn : .tableHeader
            let indent = column.alignment == .right ? max(0, width - TextWidth.of(title)) : 0
            surface.put(title, x + indent, start.y, role, width: max(0, width - indent))
            surface.addTarget(Rect(x, start.y, width, 1), .column(list: name, id: column.title))
            x += width + 1
        }
    }

    private func drawRow(
        _ row: Row, _ visible: [(column: TableColumn<Row>, width: Int)], on surface: inout Surface, in line: Rect,
        isSelected: Bool, _ focused: Bool
    ) {
        var x = line.x + 1
        for (column, width) in visible {
            guard x < line.maxX else { break }
            let text = column.text(row)
            let room = min(width, line.maxX - x)
            let indent = column.alignment == .right ? max(0, room - TextWidth.of(text)) : 0
            let shown = column.cutsHead ? tail(text, room, surface.glyphs.ellipsis) : text
            surface.put(shown, x + indent, line.y, Ink(column.role(row)), width: max(0, room - indent))
            x += width + 1
        }
        if marked.contains(row.id) {
            surface.put(surface.glyphs.bullet, line.x, line.y, .mark)
        } else if fresh.contains(row.id) {
            surface.put("+", line.x, line.y, .added)
        } else if isFound(row) {
            surface.put("/", line.x, line.y, .match)
        }
        guard isSelected else { return }
        if focused {
            surface.restyle(line) { $0.role = .cursor }
            surface.put(surface.glyphs.cursor, line.x, line.y, .cursor)
        } else {
            surface.put(surface.glyphs.cursor, line.x, line.y, .textDim)
        }
    }

    /// The end of a text that is too long, behind an ellipsis: of `file:line` the line matters.
    private func tail(_ text: String, _ width: Int, _ ellipsis: String) -> String {
        guard TextWidth.of(text) > width else { return text }
        var rest = text[...]
        while !rest.isEmpty, TextWidth.of(ellipsis + rest) > width { rest = rest.dropFirst() }
        return ellipsis + rest
    }

    /// How the table is ordered, for its frame.
    package func orderText(_ glyphs: Glyphs) -> String {
        guard let sortColumn else { return naturalOrder }
        return sortColumn.lowercased() + (isDescending ? glyphs.descending : glyphs.ascending)
    }

    /// The table as text, all rows that are shown.
    package var plainText: String {
        let widths = columns.map { column in
            shown.reduce(TextWidth.of(column.title)) { max($0, TextWidth.of(column.text(rows[$1]))) }
        }
        func line(_ cells: [String]) -> String {
            var text = ""
            for (cell, width) in zip(cells, widths) {
                text += CellText.cleaned(cell) + String(repeating: " ", count: max(0, width - TextWidth.of(cell)) + 2)
            }
            while text.last == " " { text.removeLast() }
            return text
        }
        let body = shown.map { index in line(columns.map { $0.text(rows[index]) }) }
        return ([line(columns.map(\.title))] + body).joined(separator: "\n")
    }
}
