import TerminalUI
import Testing

@testable import MeshtopUI

@Suite("commands and choices") struct CommandTests {
    private func text(_ model: AppModel) -> String { SampleView.surface(model).plainText }

    @Test(
        "commands do what they say",
        arguments: [
            ("mouse off", [Effect.setMouse(false)]), ("set mouse=on", [.setMouse(true)]), ("version", [.showVersion]),
            ("set interval=2s", [.setInterval(2)]), ("interval 500ms", [.setInterval(0.5)]),
            ("set ascii=on", [.setGlyphs(ascii: true)]), ("set theme=mono", [.setTheme("mono")]),
            ("grep a b", [.grep("a b")]), ("interval never", []), ("set colour=red", []), ("grep", []), ("ns", []),
            ("times 1", []), ("open nothing.yaml", []),
        ])
    func commands(_ line: String, _ effects: [Effect]) {
        var model = SampleView.model(120, 36)
        let result = model.run(command: line)
        #expect(result == effects)
    }

    @Test("a wrong word is answered with the commands most like it")
    func nearest() {
        var model = SampleView.model(120, 36)
        _ = model.run(command: "lisetners")
        #expect(text(model).contains("there is no command lisetners; nearest: listeners,"))
        _ = model.run(command: "virtualservise")
        #expect(text(model).contains("nearest: virtualservice,"))
    }

    @Test("a number goes to that row")
    func number() {
        var model = SampleView.model(120, 36)
        _ = model.open(.routes)
        _ = model.run(command: "3")
        #expect(model.routes.selection == 2)
        _ = model.run(command: "999")
        #expect(model.routes.selection == 4)
    }

    @Test("a namespace narrows every table until it is taken back, and the header says so")
    func namespace() {
        var model = SampleView.model(120, 36)
        let all = SampleView.view.objects.count
        _ = model.run(command: "ns default")
        _ = model.open(.store)
        #expect(model.objects.rows.allSatisfy { $0.namespace == "default" })
        #expect(text(model).contains("ns:default"))
        _ = model.run(command: "ns nowhere")
        for screen in [ScreenID.routes, .clusters, .endpoints, .store] {
            _ = model.open(screen)
            #expect(model.list?.count == 0, "\(screen)")
            #expect(!text(model).contains("ns:default"))
        }
        _ = model.run(command: "ns all")
        _ = model.open(.store)
        #expect(model.objects.count == all)
    }

    @Test("a finding is ignored with its like, and comes back with u")
    func ignoring() {
        var model = SampleView.model(120, 36)
        _ = model.open(.problems)
        let count = model.findings.count
        _ = model.press(Key(.character("I")))
        #expect(model.findings.count < count)
        #expect(text(model).contains("1 ignored"))
        _ = model.press(Key(.character("u")))
        #expect(model.findings.count == count)
    }

    @Test("u on an object goes to the rows it has made, esc goes back")
    func rowsOfObject() {
        var model = SampleView.model(120, 36)
        _ = model.open(.store)
        guard let index = model.objects.rows.firstIndex(where: { $0.kind == "VirtualService" }) else {
            Issue.record("no VirtualService")
            return
        }
        model.objects.select(index: index)
        _ = model.press(Key(.character("u")))
        #expect(model.screen == .routes)
        #expect(text(model).contains("made by VirtualService default/httpbin"))
        _ = model.press(Key(.escape))
        #expect(model.screen == .store)
        #expect(model.scope.object == nil)
    }

    @Test("the list takes the whole screen, and its border is moved by keys and by the mouse")
    func panes() {
        var model = SampleView.model(120, 36)
        _ = model.open(.routes)
        func border() -> Int? {
            let rows = text(model).split(separator: "\n", omittingEmptySubsequences: false)
            return rows.firstIndex { $0.hasPrefix("╭─ VirtualService") }
        }
        guard let before = border() else {
            Issue.record("no detail")
            return
        }
        _ = model.press(Key(.character("+")))
        #expect(border() == before + 2)
        _ = model.press(Key(.character("_")))
        #expect(border() == before)
        _ = model.handle(.mouse(MouseEvent(.press, at: Point(60, before))))
        _ = model.handle(.mouse(MouseEvent(.drag, at: Point(60, before + 3))))
        _ = model.handle(.mouse(MouseEvent(.release, at: Point(60, before + 3))))
        #expect(border() == before + 3)
        _ = model.press(Key(.character("\\")))
        #expect(border() == nil)
        for _ in 0..<40 { _ = model.press(Key(.character("+"))) }
        #expect(text(model).split(separator: "\n").count == 36)
    }

    @Test("d tells all about a row")
    func describe() {
        var model = SampleView.model(80, 24)
        _ = model.open(.routes)
        _ = model.press(Key(.character("d")))
        #expect(text(model).contains("virtualservice.yaml:13"))
        _ = model.press(Key(.escape))
        #expect(model.overlay == nil)
    }

    @Test("a request is kept as a test with quotes made safe")
    func keeping() {
        var model = SampleView.model(120, 36)
        _ = model.open(.simulator)
        var simulation = SampleView.simulation
        simulation.line = "curl -H 'Host: a' http://b/"
        simulation.flags = "NR"
        _ = model.update(.simulated(simulation))
        guard case .keep(let test)? = model.press(Key(.character("K"))).first else {
            Issue.record("nothing is kept")
            return
        }
        #expect(test.contains("curl: 'curl -H ''Host: a'' http://b/'"))
        #expect(test.contains("expect: {status: 404, flags: 'NR'}"))
    }
}
