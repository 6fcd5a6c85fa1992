import TerminalUI
import Testing

@testable import MeshtopUI

@Suite("reasons on the screens") struct ReasonTests {
    private func text(_ model: AppModel) -> String { SampleView.surface(model).plainText }

    @Test("routes: a request is looked for once, a hidden row says so and never counts hits")
    func hiddenRoute() {
        var model = SampleView.model(120, 36)
        _ = model.open(.routes)
        #expect(model.update(.tick(SampleView.tick(41))) == [.findWitnesses])
        #expect(model.update(.tick(SampleView.tick(42))).isEmpty)
        let ids = model.routes.rows.map(\.id)
        _ = model.update(
            .witnesses([
                ids[0]: RouteWitness(line: "curl http://tried/", problem: nil),
                ids[1]: RouteWitness(line: nil, problem: "cannot be hit: hidden by row 1"),
            ]))
        #expect(model.selectedCurl == "curl http://tried/")
        #expect(text(model).contains("a request that hits it, tried"))
        _ = model.press(Key(.down))
        #expect(text(model).contains("cannot be hit: hidden by row 1"))
        #expect(model.routes.rows[1].isHidden)
        #expect(text(model).contains("never"))
        // Another revision asks again.
        var view = SampleView.view
        view.revision += 1
        _ = model.update(.mesh(view))
        #expect(model.update(.tick(SampleView.tick(43))) == [.findWitnesses])
    }

    @Test("tap: the cause is looked for when the cursor rests on a request with flags, once a kind")
    func causes() {
        var model = SampleView.model(120, 36)
        _ = model.open(.tap)
        guard let index = model.tap.table.rows.firstIndex(where: { $0.flags == "NR" }) else {
            Issue.record("no request with flags")
            return
        }
        _ = model.press(Key(.character("p")))
        model.tap.table.select(index: index)
        guard let entry = model.tap.table.selected else { return }
        let asked = model.update(.tick(SampleView.tick(41)))
        #expect(asked == [.findCauses(kind: entry.kind, line: entry.curl, flags: "NR")])
        #expect(model.update(.tick(SampleView.tick(42))).isEmpty)
        _ = model.press(Key(.enter))
        #expect(text(model).contains("looking for the cause"))
        _ = model.update(.causes(kind: entry.kind, lines: ["because   the gateway is named wrongly"]))
        #expect(text(model).contains("because   the gateway is named wrongly"))
    }

    @Test("problems: x shows the change that was tried and copies its patch, or says that there is none")
    func fix() {
        var model = SampleView.model(120, 36)
        _ = model.open(.problems)
        guard let finding = model.findings.selected else {
            Issue.record("no finding")
            return
        }
        #expect(model.press(Key(.character("x"))) == [.fix(finding)])
        let patch = "--- a.yaml\n+++ a.yaml\n@@ -1 +1 @@\n-a: 1\n+a: 2\n"
        let lines = ["fix       a: 1 -> 2"] + patch.split(separator: "\n").map(String.init)
        _ = model.update(.fixed(FindingFix(finding: finding.id, lines: lines, patch: patch)))
        let surface = SampleView.surface(model)
        #expect(surface.plainText.contains("+a: 2"))
        #expect(surface.styleMap.contains("++++"))
        #expect(model.press(Key(.character("c"))) == [.copy(patch)])
        _ = model.press(Key(.escape))
        _ = model.update(.fixed(FindingFix(finding: finding.id, problem: "nothing helps")))
        #expect(text(model).contains("nothing helps"))
        // What comes when the user has gone on is not laid over another screen.
        _ = model.open(.store)
        _ = model.update(.fixed(FindingFix(finding: finding.id, lines: lines, patch: patch)))
        #expect(model.overlay == nil)
        _ = model.open(.problems)
        #expect(model.press(Key(.character("t"))) == [.traceFinding(finding)])
        #expect(model.screen == .simulator)
    }
}
