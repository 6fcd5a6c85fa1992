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
    mutating func handle(_ key: Key) -> Bool
    mutating func select(index: Int)
    mutating func sort(by title: String?)
    mutating func set(filter: Filter?)
    mutating func scrollColumns(_ step: Int)
}

extension TableView: ListControl {
    package var titles: [String] { columns.map(\.title) }

    package var selectedCells: [(title: String, text: String)] {
        guard let selected else { return [] }
        return columns.map { ($0.title, $0.text(selected)) }
    }
}
