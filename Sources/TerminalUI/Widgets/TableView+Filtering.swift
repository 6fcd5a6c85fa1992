/// The texts of all rows in small letters, one behind the other: for filters while they are typed, over ten thousands of rows.
///
/// What rows say may change while they stay the same (counters); a filter by text looks at what they said when it was begun.
struct RowTexts: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    mutating func append(_ text: String) {
        // Most text has no letters that are more than one byte in either case.
        for byte in text.utf8 {
            guard byte < 0x80 else { return appendSlowly(text) }
        }
        for byte in text.utf8 { bytes.append(byte &- 0x41 < 26 ? byte | 0x20 : byte) }
        ends.append(bytes.count)
    }

    private mutating func appendSlowly(_ text: String) {
        bytes += Array(text.lowercased().utf8)
        ends.append(bytes.count)
    }

    /// The numbers of the rows that hold a text, or of those that do not.
    func rows(holding wanted: [UInt8], inverse: Bool) -> [Int] {
        guard let first = wanted.first else { return Array(ends.indices) }
        var found: [Int] = []
        bytes.withUnsafeBufferPointer { bytes in
            wanted.withUnsafeBufferPointer { wanted in
                var start = 0
                for (row, end) in ends.enumerated() {
                    var place = start
                    var isFound = false
                    while place + wanted.count <= end {
                        if bytes[place] == first, (1..<wanted.count).allSatisfy({ bytes[place + $0] == wanted[$0] }) {
                            isFound = true
                            break
                        }
                        place += 1
                    }
                    if isFound != inverse { found.append(row) }
                    start = end
                }
            }
        }
        return found
    }
}

extension TableView {
    /// Works out which rows are shown in which order.
    mutating func arrange() {
        shown = filter.map { accepted(by: $0) } ?? Array(rows.indices)
        if let column = columns.first(where: { $0.title == sortColumn }) {
            let keys = shown.map { (column.sortValue(rows[$0]), $0) }
            let ordered = keys.sorted { left, right in
                if left.0 == right.0 { return left.1 < right.1 }
                return isDescending ? left.0 > right.0 : left.0 < right.0
            }
            shown = ordered.map(\.1)
        }
        selection = max(0, min(selection, shown.count - 1))
        countFound()
    }

    mutating func countFound() {
        guard let search else {
            foundCount = 0
            return
        }
        let found = accepted(by: search)
        foundCount = filter == nil ? found.count : Set(found).intersection(shown).count
    }

    private mutating func accepted(by filter: Filter) -> [Int] {
        guard let only = filter.onlyText else { return rows.indices.filter { accepts(rows[$0], filter) } }
        if texts == nil {
            var made = RowTexts()
            for row in rows { made.append(text(of: row)) }
            texts = made
        }
        return texts?.rows(holding: only.wanted, inverse: only.isInverse) ?? []
    }

    private func text(of row: Row) -> String {
        var text = ""
        for column in columns {
            if !text.isEmpty { text += " " }
            text += column.text(row)
        }
        return text
    }

    func accepts(_ row: Row, _ filter: Filter) -> Bool {
        filter.accepts(
            text: { name in
                guard let name else { return self.text(of: row) }
                return columns.first { $0.title == name }?.text(row) ?? ""
            },
            number: { name in
                guard let column = columns.first(where: { $0.title == name }) else { return nil }
                if case .number(let value) = column.sortValue(row) { return value }
                return Double(column.text(row).filter { $0 != " " })
            })
    }
}
