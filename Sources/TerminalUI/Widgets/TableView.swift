/// What a table is ordered by.
package enum SortValue: Hashable, Sendable, Comparable {
    case number(Double)
    case text(String)

    package static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.text(let left), .text(let right)): left < right
        case (.number, .text): true
        case (.text, .number): false
        }
    }
}

/// One column of a table: its header, its place and what it says about a row. Header, sort menu, filter names and the
/// drawing come from it.
package struct TableColumn<Row>: Sendable {
    package enum Alignment: Sendable {
        case left, right
    }

    package let title: String
    package let minimum: Int
    /// How wide it may grow, and how keenly.
    package let maximum: Int
    package let weight: Int
    package let alignment: Alignment
    /// Columns with the highest number go first when there is no room; 0 stays.
    package let dropOrder: Int
    /// What is too long loses its beginning instead of its end.
    package let cutsHead: Bool
    /// Draws a bar of this share behind nothing: the cell is a bar.
    package let text: @Sendable (Row) -> String
    package let role: @Sendable (Row) -> Role
    package let sortValue: @Sendable (Row) -> SortValue

    /// A column of text.
    package init(
        _ title: String, min: Int, max: Int = .max, weight: Int = 1, drop: Int = 0,
        cutsHead: Bool = false, role: @escaping @Sendable (Row) -> Role = { _ in .text },
        _ text: @escaping @Sendable (Row) -> String
    ) {
        self.title = title
        minimum = min
        maximum = max
        self.weight = weight
        alignment = .left
        dropOrder = drop
        self.cutsHead = cutsHead
        self.text = text
        self.role = role
        sortValue = { .text(text($0)) }
    }

    /// A column of numbers, right-aligned.
    package init(
        _ title: String, min: Int, drop: Int = 0, role: @escaping @Sendable (Row) -> Role = { _ in .text },
        number: @escaping @Sendable (Row) -> Double, text: @escaping @Sendable (Row) -> String
    ) {
        self.title = title
        minimum = min
        // Room for the sign of its being sorted by.
        maximum = Swift.max(min, title.count + 1)
        weight = 0
        alignment = .right
        dropOrder = drop
        cutsHead = false
        self.text = text
        self.role = role
        sortValue = { .number(number($0)) }
    }
}

/// The rows of a table, which of them are shown in which order, and where the cursor stands. Selection goes by
/// identity, so that it survives refresh and sorting.
package struct TableView<Row: Identifiable & Sendable>: Sendable where Row.ID: Hashable & Sendable {
    package let name: String
    package let columns: [TableColumn<Row>]
    /// What the order is called while no column is sorted by.
    package let naturalOrder: String
    package private(set) var rows: [Row] = []
    /// Indices into `rows`.
    package internal(set) var shown: [Int] = []
    package internal(set) var selection = 0
    package private(set) var top = 0
    package private(set) var sortColumn: String?
    package private(set) var isDescending = false
    package private(set) var filter: Filter?
    /// What the cursor jumps to; hides nothing.
    package private(set) var search: Filter?
    /// How many of the rows that are shown are searched for.
    package internal(set) var foundCount = 0
    package private(set) var marked: Set<Row.ID> = []
    /// Rows that were not there when the rows were set before.
    package private(set) var fresh: Set<Row.ID> = []
    package private(set) var skippedColumns = 0
    package var isWide = false
    private var pageHeight = 10
    /// What a filter by text looks at, made when there is one.
    var texts: RowTexts?

    package init(_ name: String, naturalOrder: String = "order", columns: [TableColumn<Row>]) {
        self.name = name
        self.columns = columns
        self.naturalOrder = naturalOrder
    }

    package var selected: Row? { shown.indices.contains(selection) ? rows[shown[selection]] : nil }
    package var count: Int { rows.count }
    package var shownCount: Int { shown.count }

    /// `telling`: rows that were not there before are told apart until they are set again, or `forgetFresh`.
    package mutating func set(_ rows: [Row], telling: Bool = false) {
        let id = selected?.id
        if telling, !self.rows.isEmpty {
            fresh = Set(rows.map(\.id)).subtracting(self.rows.map(\.id))
        } else {
            fresh = []
        }
        if !marked.isEmpty { marked.formIntersection(rows.map(\.id)) }
        self.rows = rows
        texts = nil
        arrange()
        if let id { select(id) }
    }

    /// Changes what rows say, not which there are; the order is kept until the rows are set or sorted again.
    package mutating func updateRows(_ change: (inout Row) -> Void) {
        for index in rows.indices { change(&rows[index]) }
    }

    package mutating func set(filter: Filter?) {
        let id = selected?.id
        self.filter = filter?.isEmpty == true ? nil : filter
        arrange()
        if let id { select(id) }
    }

    /// Sorts by a column, the other way round when it is the current one; `nil` is the natural order.
    package mutating func sort(by title: String?) {
        let id = selected?.id
        if let title, title == sortColumn {
            isDescending.toggle()
        } else {
            sortColumn = title
            isDescending = false
        }
        arrange()
        if let id { select(id) }
    }

    /// Moves the sort one column to the left or right, the natural order being left of the first.
    package mutating func moveSort(_ step: Int) {
        let titles: [String?] = [nil] + columns.map(\.title)
        let current = titles.firstIndex(of: sortColumn) ?? 0
        sort(by: titles[(current + step + titles.count) % titles.count])
    }

    /// Puts the cursor on the row of this identity; says whether it is shown.
    @discardableResult
    package mutating func select(_ id: Row.ID) -> Bool {
        // Mostly it is where it was.
        if selected?.id == id { return true }
        guard let index = shown.firstIndex(where: { rows[$0].id == id }) else { return false }
        selection = index
        return true
    }

    package mutating func select(index: Int) { selection = max(0, min(index, shown.count - 1)) }

    package mutating func forgetFresh() { fresh = [] }

    // MARK: Marks and search

    /// Marks the row under the cursor, or takes the mark away, and goes on to the next one.
    package mutating func toggleMark() {
        guard let selected else { return }
        if marked.remove(selected.id) == nil { marked.insert(selected.id) }
        select(index: selection + 1)
    }

    package mutating func clearMarks() { marked = [] }

    /// The marked rows that are shown, else the one under the cursor.
    package var chosen: [Row] {
        let all = shown.lazy.map { rows[$0] }.filter { marked.contains($0.id) }
        return marked.isEmpty ? [selected].compactMap(\.self) : Array(all)
    }

    package mutating func set(search: Filter?) {
        self.search = search?.isEmpty == true ? nil : search
        countFound()
    }

    /// Whether the row is one that is searched for.
    func isFound(_ row: Row) -> Bool { search.map { accepts(row, $0) } ?? false }

    /// Goes to the next row (or the one before) that is searched for, round the end; `false` without one.
    @discardableResult
    package mutating func findNext(_ step: Int, includingThis: Bool = false) -> Bool {
        guard search != nil, !shown.isEmpty else { return false }
        for distance in (includingThis ? 0 : 1)...shown.count {
            let index = ((selection + step * distance) % shown.count + shown.count) % shown.count
            if isFound(rows[shown[index]]) {
                selection = index
                return true
            }
        }
        return false
    }

    /// Does what a moving key does; `false` when it is none.
    package mutating func handle(_ key: Key) -> Bool {
        switch key.description {
        case "j", "down": select(index: selection + 1)
        case "k", "up": select(index: selection - 1)
        case "pgdn", "ctrl-f": select(index: selection + pageHeight)
        case "pgup", "ctrl-b": select(index: selection - pageHeight)
        case "ctrl-d": select(index: selection + max(1, pageHeight / 2))
        case "ctrl-u": select(index: selection - max(1, pageHeight / 2))
        case "g", "home": select(index: 0)
        case "G", "end": select(index: shown.count - 1)
        case "shift-left": moveSort(-1)
        case "shift-right": moveSort(1)
        default: return false
        }
        return true
    }

    package mutating func scroll(by rows: Int) { select(index: selection + rows) }

    /// Scrolls a wide table by a column.
    package mutating func scrollColumns(_ step: Int) {
        skippedColumns = max(0, min(columns.count - 2, skippedColumns + step))
    }

    /// Tells the table how many rows a page has, and keeps the cursor in sight.
    package mutating func layout(height: Int) {
        pageHeight = max(1, height)
        top = TableView.firstRow(selection: selection, top: top, page: pageHeight, count: shown.count)
    }

    /// The first row to show so that the cursor is seen and the page is full where it can be.
    private static func firstRow(selection: Int, top: Int, page: Int, count: Int) -> Int {
        var first = min(top, selection)
        if selection >= first + page { first = selection - page + 1 }
        return max(0, min(first, count - page))
    }
}
