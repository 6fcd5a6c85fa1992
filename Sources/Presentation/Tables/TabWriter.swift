/// Go's `text/tabwriter` as istioctl uses it: left-aligned cells filled with blanks, the last cell of a line never filled.
package struct TabWriter: Sendable {
    /// Blanks between a column's longest cell and the next column.
    package let padding: Int

    package init(padding: Int) { self.padding = padding }

    /// The lines, each with its line feed. A column is as wide as its longest cell in Unicode code points, over the lines that
    /// have a cell behind it, plus the padding; so a line whose last cell is empty ends in blanks.
    package func text(_ lines: [[String]]) -> String {
        let lines = lines.map { $0.map(Self.printable) }
        var widths: [Int] = []
        for line in lines {
            for (column, cell) in line.dropLast().enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.unicodeScalars.count)
            }
        }
        var text = ""
        for line in lines {
            for (column, cell) in line.enumerated() {
                text += cell
                guard column < line.count - 1 else { continue }
                text += String(repeating: " ", count: widths[column] + padding - cell.unicodeScalars.count)
            }
            text += "\n"
        }
        return text
    }

    /// Control characters would break the table and reach the terminal: they are written as `\x1b`.
    static func printable(_ cell: String) -> String {
        guard cell.unicodeScalars.contains(where: isControl) else { return cell }
        var text = ""
        for scalar in cell.unicodeScalars {
            if isControl(scalar) {
                let digits = String(scalar.value, radix: 16)
                text += "\\x" + String(repeating: "0", count: 2 - min(2, digits.count)) + digits
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// A text of several lines without control characters other than its line feeds.
    package static func printableLines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { printable(String($0)) }
            .joined(separator: "\n")
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value)
    }
}
