import TestSupport
import Testing

@testable import TerminalUI

@Suite("table") struct TableTests {
    struct Row: Identifiable, Sendable {
        let id: Int
        let name: String
        let value: Double
    }

    static func table(_ count: Int) -> TableView<Row> {
        var table = TableView<Row>(
            "t",
            columns: [
                TableColumn("NAME", min: 6, max: 30) { $0.name },
                TableColumn("VALUE", min: 6, drop: 1, number: { $0.value }, text: { "\($0.value)" }),
                TableColumn("PLACE", min: 8, max: 20, drop: 2, cutsHead: true) { "folder/file-\($0.id).yaml:\($0.id)" },
            ])
        table.set(
            (0..<count).map { Row(id: $0, name: "row \($0) \($0 % 3 == 0 ? "主机" : "x")", value: Double(($0 * 7) % 10)) }
        )
        return table
    }

    @Test(
        "whatever is pressed at whatever size, the cursor is seen and nothing is drawn outside",
        arguments: [21, 22, 23] as [UInt64])
    func properties(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var table = TableTests.table(50)
        let keys = ["j", "k", "g", "G", "pgdn", "pgup", "ctrl-d", "ctrl-u", "shift-left", "shift-right"].compactMap {
            Key($0)
        }
        for step in 0..<800 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0: table.set(TableTests.table(Int.random(in: 0...80, using: &random)).rows)
            case 1:
                let text = ["", "x", "主", "value>=5", "!row 1", "nothing"].randomElement(using: &random) ?? ""
                table.set(filter: Filter(text, columns: table.titles, compile: { _ in nil }))
            case 2: table.isWide.toggle()
            default: if let key = keys.randomElement(using: &random) { _ = table.handle(key) }
            }
            let size = Size(Int.random(in: 3...90, using: &random), Int.random(in: 2...30, using: &random))
            table.layout(height: size.height - 1)
            var surface = Surface(size)
            table.draw(on: &surface, in: Rect(size))
            guard table.shownCount > 0 else {
                #expect(table.selected == nil)
                continue
            }
            #expect(table.selection >= 0 && table.selection < table.shownCount)
            let isSeen = surface.cells.contains { $0.ink.role == .cursor }
            #expect(isSeen, "seed \(seed), step \(step), size \(size)")
        }
    }

    @Test("the selection goes by identity through sorting, filtering and refresh")
    func identity() {
        var table = TableTests.table(20)
        table.select(13)
        table.sort(by: "VALUE")
        #expect(table.selected?.id == 13)
        table.set(TableTests.table(20).rows.reversed())
        #expect(table.selected?.id == 13)
        table.set(filter: Filter("13", columns: table.titles, compile: { _ in nil }))
        #expect(table.selected?.id == 13)
        #expect(table.shownCount == 1)
    }

    @Test("columns drop by their order when it gets narrow, and places keep their line")
    func columns() {
        var table = TableTests.table(5)
        table.layout(height: 5)
        #expect(table.visibleColumns(width: 60).map(\.column.title) == ["NAME", "VALUE", "PLACE"])
        #expect(table.visibleColumns(width: 16).map(\.column.title) == ["NAME", "VALUE"])
        #expect(table.visibleColumns(width: 8).map(\.column.title) == ["NAME"])
        var surface = Surface(Size(28, 6))
        table.draw(on: &surface, in: surface.bounds)
        #expect(surface.plainText(row: 2).hasSuffix("yaml:1"))
    }
}

@Suite("filters over many rows") struct RowTextTests {
    struct Row: Identifiable, Sendable {
        let id: Int
        let text: String
    }

    @Test("plain text is found as by looking at each row, in any case and alphabet", arguments: [1, 2, 3])
    func sameAsSlow(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let words = ["Shop", "cart", "ÄPFEL", "äpfel", "主机", "a", "AA", "", "x:80", "Straße"]
        let rows = (0..<200).map { id in
            Row(id: id, text: (0..<3).map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " "))
        }
        var table = TableView<Row>("rows", columns: [TableColumn("TEXT", min: 4) { $0.text }])
        table.set(rows)
        for wanted in ["shop", "SHOP", "äpfel", "ÄPFEL", "主", "aa", "a a", "zzz", "straße", " ", "t x"] {
            for text in [wanted, "!" + wanted] {
                table.set(filter: Filter(text, columns: ["TEXT"], compile: { _ in nil }))
                let isInverse = text.hasPrefix("!")
                let key = wanted.split(separator: " ").joined(separator: " ").lowercased()
                let expected = rows.filter { row in
                    key.isEmpty || (row.text.lowercased().firstRange(of: key) != nil) != isInverse
                }
                #expect(table.shown == expected.map(\.id), "\(text)")
            }
        }
    }
}
