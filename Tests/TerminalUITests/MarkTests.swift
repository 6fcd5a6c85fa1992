import TerminalUI
import Testing

@Suite("marks, searches and new rows") struct MarkTests {
    struct Row: Identifiable, Sendable {
        let id: Int
        var name: String { "row \(id)" }
    }

    private func table(_ ids: [Int]) -> TableView<Row> {
        var table = TableView<Row>(
            "rows",
            columns: [
                TableColumn("NAME", min: 6) { $0.name },
                TableColumn("LABELS", min: 6, drop: 9) { $0.id.isMultiple(of: 2) ? "app=even,tier=x" : "app=odd" },
            ])
        table.set(ids.map { Row(id: $0) })
        table.layout(height: 5)
        return table
    }

    private func gutter(_ table: TableView<Row>) -> String {
        var surface = Surface(Size(30, table.shownCount + 1), glyphs: .ascii)
        table.draw(on: &surface, in: surface.bounds)
        return (1...table.shownCount).map { String(surface.cell(0, $0)?.character ?? "?") }.joined()
    }

    @Test("marks go by row, survive sorting and refresh, and end with their rows")
    func marks() {
        var table = table([1, 2, 3, 4])
        table.toggleMark()
        table.toggleMark()
        #expect(table.marked == [1, 2])
        #expect(table.selection == 2)
        #expect(gutter(table) == "**> ")
        table.sort(by: "NAME")
        table.sort(by: "NAME")
        #expect(table.chosen.map(\.id) == [2, 1])
        table.set([Row(id: 2), Row(id: 9)])
        #expect(table.marked == [2])
        table.clearMarks()
        #expect(table.chosen.count == 1)
    }

    @Test("a search hides nothing and goes round; without a match the cursor stays")
    func search() {
        var table = table([1, 2, 13, 4, 31])
        table.set(search: Filter("3", columns: table.titles, compile: { _ in nil }))
        #expect(table.shownCount == 5)
        #expect(table.foundCount == 2)
        #expect(gutter(table) == ">./ /".replacingDots)
        var seen: [Int] = []
        for _ in 0..<3 {
            table.findNext(1)
            seen.append(table.selected?.id ?? -1)
        }
        #expect(seen == [13, 31, 13])
        table.findNext(-1)
        #expect(table.selected?.id == 31)
        table.set(search: Filter("nothing", columns: table.titles, compile: { _ in nil }))
        let isFound = table.findNext(1)
        #expect(!isFound)
        #expect(table.selected?.id == 31)
    }

    @Test("rows that have come are told apart until they are forgotten")
    func fresh() {
        var table = table([1, 2])
        table.set([Row(id: 1), Row(id: 2), Row(id: 3)], telling: true)
        #expect(table.fresh == [3])
        #expect(gutter(table) == "> +")
        table.forgetFresh()
        #expect(gutter(table) == ">  ")
        table.set([Row(id: 4)])
        #expect(table.fresh.isEmpty)
    }

    @Test(
        "labels are asked for as kubectl does",
        arguments: [
            ("-l app=even", [2, 4]), ("-l app==odd", [1, 3]), ("-l app!=odd", [2, 4]), ("-l tier", [2, 4]),
            ("-l !tier", [1, 3]), ("-l app=even,tier=x", [2, 4]), ("-l app=even,tier!=x", []), ("-l ap=even", []),
        ])
    func labels(_ text: String, _ expected: [Int]) {
        var table = table([1, 2, 3, 4])
        table.set(filter: Filter(text, columns: table.titles, compile: { _ in nil }))
        #expect(table.shown.map { table.rows[$0].id } == expected)
    }
}

extension String {
    /// A dot stands for a blank that must not be lost.
    fileprivate var replacingDots: String { String(map { $0 == "." ? " " : $0 }) }
}
