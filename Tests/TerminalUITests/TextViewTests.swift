import TerminalUI
import Testing

@Suite("text view") struct TextViewTests {
    @Test("long lines are wrapped on demand, and the search finds them where they are drawn")
    func wrapping() {
        var view = TextView([TextLine("one"), TextLine("a long line with a needle at its end"), TextLine("three")])
        view.layout(width: 20, height: 3)
        var surface = Surface(Size(20, 3))
        view.draw(on: &surface, in: surface.bounds)
        #expect(surface.plainText(row: 2) == "three")
        _ = view.handle(Key(.character("w")))
        view.layout(width: 20, height: 3)
        surface = Surface(Size(20, 3))
        view.draw(on: &surface, in: surface.bounds)
        #expect(surface.plainText(row: 1).hasPrefix("a long line with"))
        #expect(surface.plainText(row: 2).hasPrefix("  needle at its end"))
        view.find("needle")
        #expect(view.matches == [2])
        view.lines = [TextLine("other")]
        view.layout(width: 20, height: 3)
        #expect(view.matches.isEmpty)
        #expect(view.top == 0)
    }
}
