import Documents
import Paths
import Presentation
import TerminalUI
import Testing

@testable import MeshtopUI

@Suite("the path screen") struct PathScreenTests {
    @Test("the cursor begins at what is wrong and moves over the hops; enter shows the steps")
    func cursor() {
        var model = SampleView.model(120, 36)
        _ = model.press(Key(.character("L")))
        #expect(model.screen == .path)
        #expect(model.path.selection == 3)
        #expect(model.selectedLocation?.file == "mesh/virtualservice.yaml")
        for (key, selection) in [("k", 2), ("k", 1), ("g", 0), ("k", 0), ("j", 1), ("G", 3), ("j", 3)] {
            _ = model.press(Key(.character(Character(key))))
            #expect(model.path.selection == selection, "\(key)")
        }
        _ = model.press(Key(.enter))
        #expect(model.screen == .simulator)
    }

    @Test("the health check stands with the load balancer that makes it")
    func health() {
        var model = SampleView.model(120, 36)
        _ = model.open(.path)
        model.path.selection = 1
        #expect(SampleView.surface(model).plainText.contains("HTTP :30021/healthz/ready  1 of 1 healthy"))
        model.path.selection = 2
        #expect(!SampleView.surface(model).plainText.contains("healthz"))
    }

    @Test("m asks everywhere, and shows who gets what")
    func callers() throws {
        var model = SampleView.model(120, 36)
        _ = model.open(.path)
        let line = try #require(model.simulator.current?.line)
        #expect(model.press(Key(.character("m"))) == [.callers(line: line)])
        var matrix = CallerMatrix(rows: [], notes: [])
        for (kind, way) in [(CallerMatrix.Row.Kind.outside, "load balancer"), (.plainPod, "as the line has it")] {
            var row = CallerMatrix.Row(kind: kind, caller: "sleep.one", way: way, target: "203.0.113.10:80")
            row.problem = UnreachableDestination(message: "nothing listens there")
            matrix.rows.append(row)
        }
        _ = model.update(.callers(CallerTable(matrix)))
        let text = SampleView.surface(model).plainText
        for words in ["outside", "plain Pod sleep.one", "=> unreachable", "nothing listens there"] {
            #expect(text.contains(words), "\(words)")
        }
        _ = model.press(Key(.escape))
        _ = model.update(.callers(nil))
        #expect(SampleView.surface(model).plainText.contains("only manifests say"))
    }

    @Test("without a request it says what to do")
    func empty() {
        var model = AppModel(size: Size(80, 24), glyphs: .ascii)
        _ = model.open(.path)
        #expect(SampleView.surface(model).plainText.contains("Press i and type or paste a curl line"))
    }
}
