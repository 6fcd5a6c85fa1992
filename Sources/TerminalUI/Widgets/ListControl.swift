/// What can be done with a table without knowing its rows.
package protocol ListControl: Sendable {
    var name: String { get }
    var titles: [String] { get }
    var count: Int { get }
    var shownCount: Int { get }
    var selection: Int { get }
    var sortColumn: String? { get }
    var isWide: Bool { get set }
    var plainText: String { get }
    /// The selected row, a title and a text for each column.
    var selectedCells: [(title: String, text: String)] { get }
    /// The cells of the marked rows, else of the selected one.
    var chosenLines: [String] { get }
    var markedCount: Int { get }
    var hasSearch: Bool { get }
    mutating func handle(_ key: Key) -> Bool
    mutating func select(index: Int)
    mutating func sort(by title: String?)
    mutating func set(filter: Filter?)
    mutating func set(search: Filter?)
    @discardableResult
    mutating func findNext(_ step: Int, includingThis: Bool) -> Bool
    mutating func toggleMark()
    mutating func clearMarks()
    mutating func forgetFresh()
    mutating func scrollColumns(_ step: Int)
}

extension TableView: ListControl {
    package var titles: [String] { columns.map(\.title) }
    package var markedCount: Int { marked.count }
    package var hasSearch: Bool { search != nil }

    package var chosenLines: [String] {
        chosen.map { row in columns.map { $0.text(row) }.filter { !$0.isEmpty }.joined(separator: "  ") }
    }

    package var selectedCells: [(title: String, text: String)] {
        guard let selected else { return [] }
        return columns.map { ($0.title, $0.text(selected)) }
    }
}
