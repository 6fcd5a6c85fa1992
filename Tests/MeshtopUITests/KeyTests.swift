import EnvoyModel
import TerminalUI
import Testing

@testable import MeshtopUI

@Suite("keys") struct KeyTests {
    @Test("no screen has two meanings for a key, and every name is a key", arguments: ScreenID.allCases)
    func clash(_ screen: ScreenID) {
        let found = clashes(in: KeyTables.bindings(of: screen))
        #expect(found.isEmpty, "\(found)")
    }

    @Test("every screen is reached by its number from every other", arguments: ScreenID.allCases)
    func numbers(_ screen: ScreenID) {
        for start in ScreenID.allCases {
            var model = SampleView.model(100, 30)
            _ = model.open(start)
            _ = press(&model, screen.key)
            #expect(model.screen == screen)
        }
    }

    @Test("the drill-down goes listener, routes, clusters, endpoints, distribution, and back by esc")
    func drillDown() {
        var model = SampleView.model(120, 36)
        _ = press(&model, "2", "enter")
        #expect(model.screen == .routes)
        #expect(model.scope.routeConfiguration == "http.8080")
        _ = press(&model, "j", "j", "j", "enter")
        #expect(model.screen == .clusters)
        #expect(model.clusters.rows.map(\.id) == [SampleView.reviews1, SampleView.reviews2])
        _ = press(&model, "j", "enter")
        #expect(model.screen == .endpoints)
        #expect(model.endpoints.count == 3)
        _ = press(&model, "enter")
        #expect(model.screen == .lb)
        #expect(model.lb.cluster == SampleView.reviews2)
        _ = press(&model, "esc")
        #expect(model.screen == .endpoints)
        _ = press(&model, "esc", "esc")
        #expect(model.screen == .routes)
        #expect(model.routes.selection == 3)
        _ = press(&model, "esc", "esc")
        #expect(model.screen == .overview)
        #expect(press(&model, "q") == [.quit])
    }

    @Test("enter goes on from every row of every list")
    func noDeadEnds() {
        for screen in [ScreenID.listeners, .routes, .clusters, .endpoints, .tap, .problems, .store] {
            var start = SampleView.model(120, 36)
            _ = start.open(screen)
            for row in 0..<(start.list?.shownCount ?? 0) {
                var model = start
                model.withList { $0.select(index: row) }
                _ = model.press(Key(.enter))
                #expect(model.screen != screen || model.overlay != nil, "\(screen) \(row)")
                _ = model.press(Key(.escape))
                #expect(model.screen == screen && model.overlay == nil, "\(screen) \(row)")
            }
        }
    }

    @Test("a filter narrows while it is typed, and esc takes it back")
    func filter() {
        var model = SampleView.model(120, 36)
        _ = press(&model, "3", "/")
        _ = press(&model, "r", "e", "v")
        #expect(model.routes.shownCount == 2)
        #expect(SampleView.surface(model).plainText.contains("2 of 5"))
        _ = press(&model, "enter")
        #expect(model.filterLine == nil)
        _ = press(&model, "esc")
        #expect(model.routes.shownCount == 5)
    }

    @Test(
        "filters understand expressions, inverses, columns, comparisons and fuzzy words",
        arguments: [
            ("^http.*reviews", 2), ("!reviews", 3), ("match:/status", 1), ("hits>=100", 1), ("-f tpot", 1),
            ("destination:v2 hits<5", 2), ("(", 0), ("status|delay", 2),
        ])
    func filters(_ text: String, _ expected: Int) {
        var model = SampleView.model(120, 36)
        _ = model.open(.routes)
        _ = SampleView.surface(model)
        var surface = Surface(model.size)
        model.draw(on: &surface)
        model.setFilter(text)
        #expect(model.routes.shownCount == expected, "\(text)")
    }

    @Test("sorting by the same column again turns it round, and the selection stays")
    func sort() {
        var model = SampleView.model(120, 36)
        _ = press(&model, "4", "j")
        let selected = model.clusters.selected?.id
        _ = press(&model, "s", "p")
        #expect(model.clusters.sortColumn == "PORT")
        #expect(model.clusters.selected?.id == selected)
        _ = press(&model, "s", "p")
        #expect(model.clusters.isDescending)
        #expect(model.clusters.selected?.id == selected)
    }

    @Test("a pasted curl line opens the simulator from anywhere and runs on enter")
    func paste() {
        var model = SampleView.model(120, 36)
        _ = press(&model, "4")
        _ = model.update(.terminal(.paste("$ curl -H 'Host: a' \\\n  http://b/c\n")))
        #expect(model.screen == .simulator)
        #expect(model.simulator.isEditing)
        let effects = press(&model, "enter")
        #expect(effects == [.simulate(line: "curl -H 'Host: a'   http://b/c ", send: false)])
    }

    @Test("the palette runs commands, goes to screens and kinds, and completes")
    func palette() {
        var model = SampleView.model(120, 36)
        func type(_ text: String) -> [Effect] {
            _ = press(&model, ":")
            for character in text { _ = model.update(.terminal(.key(Key(.character(character))))) }
            return press(&model, "enter")
        }
        _ = type("ep")
        #expect(model.screen == .endpoints)
        _ = type("vs")
        #expect(model.screen == .store)
        #expect(model.objects.shownCount == 1)
        #expect(type("theme mono") == [.setTheme("mono")])
        #expect(type("proxy shop.default") == [.selectProxy("shop.default")])
        #expect(type("q") == [.quit])
        _ = type("nonesuch")
        #expect(model.notice?.isError == true)
        #expect(model.completions("clu").first == "clusters")
        #expect(model.completions("theme hi") == ["theme high-contrast"])
    }

    @Test("a click selects, a second one opens; tabs and headers can be clicked")
    func mouse() {
        var model = SampleView.model(120, 36)
        _ = model.open(.routes)
        let rows = SampleView.surface(model).plainText.split(separator: "\n", omittingEmptySubsequences: false)
        let line = rows.firstIndex { $0.contains("/teapot") } ?? 0
        _ = model.update(.terminal(.mouse(MouseEvent(.press, at: Point(20, line)))))
        #expect(model.routes.selected?.route.name == "teapot")
        _ = model.update(.terminal(.mouse(MouseEvent(.wheelUp, .none, at: Point(20, line)))))
        #expect(model.routes.selection == 1)
        _ = model.update(.terminal(.mouse(MouseEvent(.press, at: Point(20, line - 3)))))
        _ = model.update(.terminal(.mouse(MouseEvent(.press, at: Point(20, line - 3)))))
        #expect(model.screen == .clusters)
        _ = model.update(.terminal(.mouse(MouseEvent(.press, at: Point(4, 1)))))
        #expect(model.screen == .overview)
    }

    @Test("ejecting in the distribution shows what would be, and undo takes it back")
    func whatIf() {
        var model = SampleView.model(120, 36)
        model.showCluster(SampleView.httpbin)
        _ = model.open(.lb)
        _ = press(&model, "x")
        #expect(model.lb.whatIf == [0, 1])
        #expect(SampleView.surface(model).plainText.contains("What if 1 endpoint were ejected"))
        _ = press(&model, "u")
        #expect(model.lb.whatIf == nil)
    }

    @Test("help lists every key of the screen and runs the one that is chosen")
    func help() {
        var model = SampleView.model(120, 36)
        _ = press(&model, "3", "?", "/")
        for character in "quit from" { _ = model.update(.terminal(.key(Key(.character(character))))) }
        _ = press(&model, "enter")
        #expect(press(&model, "enter") == [.quit])
    }

    @Test("the store's raw view shows the manifest at the line once the file has come")
    func manifest() {
        var model = SampleView.model(120, 36)
        _ = press(&model, "0")
        _ = model.update(.mesh(SampleView.view))
        _ = press(&model, "enter")
        let text = SampleView.surface(model).plainText
        #expect(text.contains("mesh/gateway.yaml:1"))
        #expect(text.contains("kind: VirtualService"))
    }

    private func press(_ model: inout AppModel, _ names: String...) -> [Effect] {
        var effects: [Effect] = []
        for name in names {
            guard let key = Key(name) else {
                Issue.record("\(name) is no key")
                continue
            }
            effects = model.update(.terminal(.key(key)))
        }
        return effects.filter { if case .loadFile = $0 { false } else { true } }
    }
}

@Suite("the help") struct HelpTests {
    @Test("every line of it fits into 80 columns, and none is said twice", arguments: ScreenID.allCases)
    func fits(_ screen: ScreenID) {
        let bindings = KeyTables.bindings(of: screen)
        for binding in bindings { #expect(binding.help.count <= 54, "\(binding.help)") }
        var model = SampleView.model(80, 24)
        _ = model.open(screen)
        _ = model.press(Key(.character("?")))
        #expect(!SampleView.surface(model).plainText.contains("…│"))
        let texts = bindings.filter { !$0.help.hasPrefix("the screen ") }.map(\.help)
        #expect(Set(texts).count == texts.count)
    }

    @Test("the footer never names a key that does nothing", arguments: ScreenID.allCases)
    func footer(_ screen: ScreenID) {
        for binding in KeyTables.bindings(of: screen) where binding.isHinted {
            for name in binding.keys {
                guard let key = Key(name) else { continue }
                var model = SampleView.model(120, 36)
                _ = model.open(screen)
                let before = SampleView.surface(model)
                let effects = model.press(key)
                let after = SampleView.surface(model)
                #expect(!effects.isEmpty || before.cells != after.cells, "\(screen) \(name)")
                #expect(!after.plainText.contains("does nothing here"))
            }
        }
    }
}
