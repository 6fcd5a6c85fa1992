/// A column of a table: its heading, what a row shows in it, and what it is sorted by. The command line and the screens draw
/// the same ones.
package struct Column<Row>: Sendable {
    /// What rows are compared by; numbers before texts.
    package enum SortKey: Hashable, Comparable, Sendable {
        case number(Double)
        case text(String)
    }

    package let title: String
    package let text: @Sendable (Row) -> String
    package let sortKey: @Sendable (Row) -> SortKey

    package init(_ title: String, _ text: @escaping @Sendable (Row) -> String) {
        self.title = title
        self.text = text
        sortKey = { .text(text($0)) }
    }

    /// A column of numbers.
    package init(
        _ title: String, number: @escaping @Sendable (Row) -> Double, _ text: @escaping @Sendable (Row) -> String
    ) {
        self.title = title
        self.text = text
        sortKey = { .number(number($0)) }
    }
}

/// Columns in their order with istioctl's padding.
package struct Table<Row>: Sendable {
    package let padding: Int
    package let columns: [Column<Row>]

    package init(padding: Int, _ columns: [Column<Row>]) {
        self.padding = padding
        self.columns = columns
    }

    /// The heading and a line per row.
    package func text(_ rows: [Row]) -> String {
        TabWriter(padding: padding).text([columns.map(\.title)] + rows.map { row in columns.map { $0.text(row) } })
    }
}

extension Sequence {
    /// Sorted so that equal elements keep their order.
    func stablySorted(by precedes: (Element, Element) -> Bool) -> [Element] {
        enumerated().sorted { left, right in
            if precedes(left.element, right.element) { return true }
            if precedes(right.element, left.element) { return false }
            return left.offset < right.offset
        }.map(\.element)
    }
}

extension String {
    /// Go compares strings by bytes.
    func precedesBytewise(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }

    /// ASCII letters in lower case: `strings.EqualFold` for the texts that filters compare.
    func equalsIgnoringCase(_ other: String) -> Bool { lowercased() == other.lowercased() }

    /// Whether the text occurs, by bytes.
    func containsText(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return true }
        var rest = utf8[...]
        while let start = rest.firstIndex(of: first) {
            if rest[start...].starts(with: text.utf8) { return true }
            rest = rest[rest.index(after: start)...]
        }
        return false
    }
}
