import TestSupport
import Testing

@testable import TerminalUI

@Suite("drawing") struct DrawingTests {
    @Test(
        "widths: ASCII, combining, East Asian, emoji, controls written out",
        arguments: [
            ("abc", 3), ("é", 1), ("e\u{301}", 1), ("主机", 4), ("ｆ", 2), ("한", 2), ("🙂", 2), ("👩‍👩‍👧", 2), ("\u{200B}", 0),
            ("a\tb", 3), ("\u{1B}[31m", 6), ("\u{7F}", 2), ("\u{9B}1m", 6), ("\u{202E}x", 1), ("│█⣿", 3), ("", 0),
        ])
    func width(_ text: String, _ expected: Int) { #expect(TextWidth.of(text) == expected) }

    @Test("no control, direction or format character reaches a cell")
    func cleaned() {
        var surface = Surface(Size(40, 2))
        surface.put("\u{1B}]0;evil\u{7}\r\n\u{202E}\u{200F}\u{85}ok\u{0}", 0, 0, .text)
        let scalars = surface.cells.flatMap { $0.character.unicodeScalars }
        #expect(!scalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) })
        #expect(!scalars.contains { $0.properties.generalCategory == .format })
        #expect(surface.plainText(row: 0).hasPrefix("^[]0;evil^G"))
    }

    @Test("a wide character is never cut in half, neither at an edge nor by what is drawn over it")
    func wide() {
        var surface = Surface(Size(5, 1))
        surface.put("主机主", 0, 0, .text)
        #expect(surface.plainText == "主机")
        surface.put("x", 1, 0, .text)
        #expect(surface.plainText == " x机")
        surface.put("y", 2, 0, .text)
        #expect(surface.plainText == " xy")
        #expect(surface.cells.map(\.width) == [1, 1, 1, 1, 1])
    }

    @Test(
        "long text ends with an ellipsis, in ASCII with two dots",
        arguments: [(Glyphs.unicode, "abcd…"), (.ascii, "abc..")])
    func ellipsis(_ glyphs: Glyphs, _ expected: String) {
        var surface = Surface(Size(20, 1), glyphs: glyphs)
        #expect(surface.put("abcdefgh", 0, 0, Ink(.text), width: 5) == 5)
        #expect(surface.plainText == expected)
        #expect(CellText.fitted("abcdefgh", to: 5, ellipsis: glyphs.ellipsis) == expected)
    }

    @Test("drawing outside of surface and clip does nothing", arguments: [1, 2, 3] as [UInt64])
    func outside(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            let size = Size(Int.random(in: 0...30, using: &random), Int.random(in: 0...10, using: &random))
            var surface = Surface(size)
            let clip = Rect(
                Int.random(in: -3...20, using: &random), Int.random(in: -3...10, using: &random),
                Int.random(in: 0...30, using: &random), Int.random(in: 0...10, using: &random))
            surface.clipped(to: clip) { surface in
                surface.put(
                    "主x机yz", Int.random(in: -4...32, using: &random), Int.random(in: -2...11, using: &random), .error)
                Panel("title", hints: ["hint"]).draw(
                    on: &surface, in: Rect(Int.random(in: -4...32, using: &random), -1, 12, 5))
                surface.putGraph([1, 2, 3], in: Rect(-2, 3, 50, 4))
                surface.putBar(2, -3, 1, width: 60, Ink(.ok))
                surface.putScrollbar(x: 5, y: -4, height: 40, first: 9, shown: 3, total: 20)
            }
            for y in 0..<size.height {
                for x in 0..<size.width where !clip.contains(Point(x, y)) {
                    #expect(surface.cell(x, y) == .blank, "seed \(seed)")
                }
            }
        }
    }

    @Test("a split never gives more than there is, and keeps bounds", arguments: [5, 6] as [UInt64])
    func split(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<500 {
            let total = Int.random(in: 0...200, using: &random)
            let lengths = (0..<Int.random(in: 1...7, using: &random)).map { _ -> Length in
                let minimum = Int.random(in: 0...30, using: &random)
                return Bool.random(using: &random)
                    ? .fixed(minimum)
                    : .share(
                        Int.random(in: 0...4, using: &random), min: minimum,
                        max: minimum + Int.random(in: 0...90, using: &random))
            }
            let sizes = distribute(total, among: lengths)
            #expect(sizes.reduce(0, +) <= total)
            for (size, length) in zip(sizes, lengths) { #expect(size >= 0 && size <= length.maximum) }
            if lengths.reduce(0, { $0 + $1.minimum }) <= total {
                for (size, length) in zip(sizes, lengths) { #expect(size >= length.minimum) }
            }
        }
    }

    @Test("wrapped lines keep all words and their width", arguments: [10, 17, 40])
    func wrapped(_ width: Int) {
        let line: TextLine = [
            Span("the route "), Span("outbound|8000||httpbin.default.svc.cluster.local", .name), Span(" takes 主机 it"),
        ]
        let lines = line.wrapped(to: width, indent: 2)
        #expect(lines.allSatisfy { $0.width <= width })
        let squeezed = { (text: String) in text.filter { $0 != " " } }
        #expect(squeezed(lines.map(\.text).joined()) == squeezed(line.text))
    }

    @Test("graphs: bars in eighths, braille in two by four, signs in ASCII")
    func graphs() {
        #expect(Graph.bar(0.5, width: 4, glyphs: .unicode) == "██")
        #expect(Graph.bar(0.53, width: 4, glyphs: .unicode) == "██▏")
        #expect(Graph.bar(.nan, width: 4, glyphs: .ascii).isEmpty)
        #expect(Graph.area([1, 2, 3, 4], width: 2, height: 1, maximum: 4, glyphs: .unicode) == ["⣠⣾"])
        #expect(Graph.area([0, 4], width: 2, height: 2, maximum: 4, glyphs: .ascii) == [" @", " @"])
        #expect(Graph.sparkline([0, 1, 8], width: 5, glyphs: .blocks).count == 5)
    }
}
