import TerminalUI
import Testing

@testable import MeshtopUI

@Suite("the simulator") struct SimulatorTests {
    private static func simulation(_ line: String, _ status: Int, _ occasion: Simulation.Occasion) -> Simulation {
        var simulation = SampleView.simulation
        simulation.line = line
        simulation.status = status
        simulation.flags = "-"
        simulation.occasion = occasion
        return simulation
    }

    @Test("before anything is asked for an example is shown, which is no part of the history")
    func example() {
        var model = AppModel(size: Size(120, 36))
        let effects = model.update(.mesh(SampleView.view))
        #expect(effects.contains { if case .example(let lines) = $0 { !lines.isEmpty } else { false } })
        let again = model.update(.mesh(SampleView.view))
        #expect(!again.contains { if case .example = $0 { true } else { false } })
        _ = model.update(.simulated(Self.simulation("curl http://a/", 200, .example)))
        _ = model.open(.simulator)
        #expect(SampleView.surface(model).plainText.contains("curl http://a/"))
        #expect(model.simulator.past.isEmpty)
        #expect(model.simulator.editor.isEmpty)
        _ = model.update(.simulated(Self.simulation("curl http://b/", 200, .asked)))
        _ = model.update(.simulated(Self.simulation("curl http://c/", 200, .example)))
        #expect(model.simulator.current?.line == "curl http://b/")
        #expect(model.simulator.example?.line == "curl http://c/")
        #expect(model.simulator.past.count == 1)
    }

    @Test("what is on the screen is tried again when the manifests change, and a change is said")
    func refreshed() {
        var model = SampleView.model(120, 36)
        _ = model.update(.simulated(Self.simulation("curl http://b/", 404, .asked)))
        let count = model.simulator.past.count
        var view = SampleView.view
        view.revision += 1
        let effects = model.update(.mesh(view))
        #expect(effects.contains(.simulate(line: "curl http://b/", send: false, occasion: .refreshed)))
        _ = model.update(.simulated(Self.simulation("curl http://b/", 404, .refreshed)))
        #expect(model.simulator.past.count == count)
        _ = model.update(.simulated(Self.simulation("curl http://b/", 200, .refreshed)))
        #expect(model.simulator.past.count == count + 1)
        #expect(SampleView.surface(model).plainText.contains("curl http://b/: 200, before 404"))
        // Somebody else's result of a line that is no longer shown.
        _ = model.update(.simulated(Self.simulation("curl http://old/", 500, .refreshed)))
        #expect(model.simulator.current?.line == "curl http://b/")
    }

    @Test("a view that was overtaken by a newer one changes nothing")
    func overtaken() {
        var model = SampleView.model(120, 36)
        var view = SampleView.view
        view.serial = 5
        _ = model.update(.mesh(view))
        view.serial = 4
        view.findings = []
        view.revision += 1
        #expect(model.update(.mesh(view)).isEmpty)
        #expect(!model.view.findings.isEmpty)
    }

    @Test("space runs what the request line says, not what it said before")
    func rerun() {
        var model = SampleView.model(120, 36)
        _ = model.open(.simulator)
        _ = model.press(Key(.character("i")))
        model.simulator.editor.set("curl http://edited/")
        _ = model.press(Key(.escape))
        let effects = model.press(Key(.character(" ")))
        #expect(effects == [.simulate(line: "curl http://edited/", send: false)])
    }

    @Test("a path in one line is never wider than its place, and whole where there is room", arguments: 20...160)
    func chain(_ width: Int) {
        for glyphs in [Glyphs.unicode, .ascii] {
            for hasPlaces in [true, false] {
                let chain = PathChain(
                    ladder: SampleView.ladder, result: "404 NR", isBad: true, hasPlaces: hasPlaces)
                let lines = chain.lines(width: width, glyphs: glyphs)
                #expect(lines.count == (hasPlaces ? 2 : 1))
                guard width >= 80 else { continue }
                #expect(lines.allSatisfy { $0.width <= width }, "\(lines.map(\.text))")
                for name in ["client", "AWS ALB", "node-1", "istio-ingressgateway"] {
                    #expect(lines[0].text.contains(name))
                }
            }
        }
    }
}
