import TerminalUI
import TestSupport
import Testing

@testable import MeshtopUI

@Suite("robustness") struct RobustnessTests {
    @Test(
        "random keys, pastes, clicks and sizes never break the model or draw outside",
        arguments: [1, 2, 3, 4] as [UInt64])
    func random(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var model = SampleView.model(80, 24)
        let names =
            KeyTables.bindings(of: .routes).flatMap(\.keys) + KeyTables.bindings(of: .simulator).flatMap(\.keys)
            + KeyTables.bindings(of: .tap).flatMap(\.keys) + ["a", "~", "(", "enter", "tab", "ctrl-w", "backspace"]
        let keys = names.filter { !["Q", "ctrl-c"].contains($0) }.compactMap { Key($0) }
        for step in 0..<1500 {
            let event: TerminalEvent
            switch Int.random(in: 0..<20, using: &random) {
            case 0:
                event = .resize(Size(Int.random(in: 0...200, using: &random), Int.random(in: 0...70, using: &random)))
            case 1:
                let place = Point(Int.random(in: -1...200, using: &random), Int.random(in: -1...70, using: &random))
                event = .mouse(
                    MouseEvent([.press, .wheelUp, .wheelDown].randomElement(using: &random) ?? .press, at: place))
            case 2: event = .paste("\u{1B}[31m x\n\u{202E}y 主 \u{0}" + String(repeating: "z", count: step % 300))
            default: event = .key(keys.randomElement(using: &random) ?? Key(.enter))
            }
            _ = model.update(.terminal(event))
            if step % 50 == 0 { _ = model.update(.tick(SampleView.tick(step))) }
            if step % 400 == 0 { _ = model.update(.mesh(step % 800 == 0 ? MeshView() : SampleView.view)) }
            var surface = Surface(model.size, glyphs: model.glyphs)
            model.draw(on: &surface)
            #expect(surface.cells.count == model.size.width * model.size.height)
            let control = surface.cells.contains { cell in
                cell.character.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
            }
            #expect(!control, "seed \(seed), step \(step)")
        }
    }

    @Test("an empty mesh has something to say on every screen", arguments: ScreenID.allCases)
    func empty(_ screen: ScreenID) {
        var model = AppModel(size: Size(80, 24))
        _ = model.update(.mesh(MeshView(title: "nothing")))
        _ = model.open(screen)
        var surface = Surface(model.size)
        model.draw(on: &surface)
        #expect(surface.plainText.contains("nothing"))
    }

    @Test("a terminal that is too small says what it needs")
    func tiny() {
        var model = SampleView.model(39, 9)
        var surface = Surface(model.size)
        model.draw(on: &surface)
        #expect(surface.plainText(row: 0) == "40x10 needed, now 39x9")
    }
}

@Suite("tap filter") struct TapFilterTests {
    @Test(
        "the language is mitmproxy's, with comparisons",
        arguments: [
            ("~c 404", 1), ("~c 5", 1), ("~m GET & ~c 200", 2), ("!~c 200", 2), ("code >= 400", 2), ("dur>20", 1),
            ("~flag NR | ~flag UF", 2), ("~flag urx", 1), ("!(~c 404 | ~c 503)", 3), ("status", 3), ("~ep 5.27", 2),
            ("~e", 2), ("~d httpbin ~m POST", 1), ("", 5),
        ])
    func filter(_ text: String, _ expected: Int) throws {
        let entries = [
            SampleView.entry(1, "/status/200", 200), SampleView.entry(2, "/status/201", 200),
            SampleView.entry(4, "/status/202", 200), SampleView.entry(5, "/headers", 404, flags: "NR"),
            SampleView.entry(7, "/delay", 503, flags: "UF,URX", ms: 61),
        ]
        let filter = try TapFilter.parse(text, compile: { _ in nil }).get()
        #expect(entries.count { filter?.accepts($0) ?? true } == expected)
    }

    @Test("what is wrong is said", arguments: ["~", "~c", "(", "~c 1)", "& x", "dur > fast", "~nonesuch x", "x >"])
    func wrong(_ text: String) {
        guard case .failure(let problem) = TapFilter.parse(text, compile: { _ in nil }) else {
            Issue.record("\(text) should not be a filter")
            return
        }
        #expect(!problem.description.isEmpty)
    }
}
