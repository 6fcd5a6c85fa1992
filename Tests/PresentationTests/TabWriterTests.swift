import Testing

@testable import Presentation

struct TabWriterTests {
    @Test("columns are as wide as their longest cell in code points plus the padding; the last cell is never filled")
    func widths() {
        let text = TabWriter(padding: 2).text([["A", "B", "C"], ["héé", "b", ""], ["", "bbbb", "c"]])
        #expect(text == "A    B     C\nhéé  b     \n     bbbb  c\n")
    }

    @Test("a line feed or an escape sequence in a name cannot break the table or steer the terminal")
    func controls() {
        #expect(TabWriter(padding: 1).text([["a\u{1b}[31m", "x\ny\tz\u{9b}"]]) == "a\\x1b[31m x\\x0ay\\x09z\\x9b\n")
    }

    @Test("no rows, no text")
    func empty() { #expect(TabWriter(padding: 1).text([]) == "") }
}
