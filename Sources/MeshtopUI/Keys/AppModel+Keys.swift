import EnvoyModel
import Presentation
import TerminalUI

extension AppModel {
    mutating func handle(_ event: TerminalEvent) -> [Effect] {
        switch event {
        case .resize(let size):
            self.size = size
            return []
        case .key(let key): return press(key)
        case .paste(let text): return paste(text)
        case .mouse(let mouse): return handle(mouse)
        case .resumed: return [.repaint]
        case .suspend: return [.suspend]
        case .terminate, .hangup: return [.quit]
        }
    }

    /// One key, as if pressed.
    mutating func press(_ key: Key) -> [Effect] {
        let isControlC = key == Key(.character("c"), .control)
        if isControlC { return [.quit] }
        if overlay != nil { return pressInOverlay(key) }
        if filterLine != nil { return pressInFilter(key) }
        if screen == .simulator, simulator.isEditing { return pressInRequest(key) }
        guard let binding = KeyTables.bindings(of: screen).first(where: { $0.matches(key) }) else {
            say("\(key.description) does nothing here; ? shows the keys")
            return []
        }
        return perform(binding.effect, key)
    }

    /// Pasted text goes where text is typed; a curl line opens the simulator from anywhere.
    private mutating func paste(_ text: String) -> [Effect] {
        if case .palette(var palette) = overlay {
            palette.line.insert(text)
            overlay = .palette(palette)
            return []
        }
        if case .text(var state) = overlay, state.search != nil {
            state.search?.insert(text)
            overlay = .text(state)
            return []
        }
        if case .help(var state) = overlay {
            state.search.insert(text)
            overlay = .help(state)
            return []
        }
        if filterLine != nil {
            filterLine?.insert(text)
            applyFilterLine()
            return []
        }
        let isCurl = text.drop { $0 == " " || $0 == "$" || $0.isNewline }.hasPrefix("curl ")
        guard screen == .simulator || isCurl else {
            say("pasted text goes into the simulator (7) or behind / and :")
            return []
        }
        overlay = nil
        go(to: .simulator)
        if !simulator.isEditing || isCurl { simulator.editor.set("") }
        simulator.isEditing = true
        simulator.editor.insert(isCurl ? String(text.drop { $0 == " " || $0 == "$" || $0.isNewline }) : text)
        return []
    }

    mutating func perform(_ command: Command, _ key: Key) -> [Effect] {
        switch command {
        case .move: return move(key)
        case .screen(let screen):
            go(to: screen)
            return wantedFiles()
        case .open: return openSelection()
        case .back: return goBack(quits: false)
        case .quit: return goBack(quits: true)
        case .quitNow: return [.quit]
        case .last, .backward: step(from: \.backward, to: \.forward)
        case .forward: step(from: \.forward, to: \.backward)
        case .filter: beginFilter()
        case .clearFilter: setFilter("")
        case .nextMatch: findNext(1)
        case .previousMatch: findNext(-1)
        case .mark: withList { $0.toggleMark() }
        case .maximise: isMaximised.toggle()
        case .grow: movePane(2)
        case .shrink: movePane(-2)
        case .sort: overlay = sortMenu.map { .menu($0) }
        case .wide: withList { $0.isWide.toggle() }
        case .columnLeft: scrollColumns(-1)
        case .columnRight: scrollColumns(1)
        case .help: overlay = .help(HelpState())
        case .palette: overlay = .palette(PaletteState(line: LineEditor(history: commandHistory)))
        case .copyMenu: overlay = .menu(copyMenu)
        case .proxies: overlay = .menu(proxyMenu)
        case .themes: overlay = .menu(themeMenu)
        case .raw: openRaw()
        case .manifest: return openManifest()
        case .edit: return editManifest()
        case .describe: describeSelection()
        case .rowsOfObject: showRowsOfObject()
        case .ignore: ignoreFinding()
        case .takeIgnoredBack: takeIgnoredBack()
        case .times:
            overlay = .palette(PaletteState(line: LineEditor("times 1000", history: commandHistory)))
        case .keep: return keepAsTest()
        case .distribution:
            if let cluster = clusters.selected?.id { showCluster(cluster) }
            go(to: .lb)
        case .nextPane: simulator.isInHistory.toggle()
        case .trace: return traceSelection()
        case .copyCurl:
            if screen == .routes, view.live == nil, let route = routes.selected {
                return [.copyWitness(table: route.configuration, host: route.virtualHost, position: route.position)]
            }
            return selectedCurl.map { [.copy($0)] } ?? []
        case .want:
            overlay = .palette(PaletteState(line: LineEditor("want " + simulator.want, history: commandHistory)))
        case .patch:
            if screen == .problems { return fixSelection() }
            openPatch()
        case .callers: return askCallers()
        case .editRequest:
            if screen == .path { go(to: .simulator) }
            return editOrRecall()
        case .run: return simulator.rerun(send: false)
        case .send: return simulator.rerun(send: true)
        case .pause: tap.togglePause()
        case .follow: tap.toggleFollow()
        case .previousSibling: moveCluster(-1)
        case .nextSibling: moveCluster(key.description == "," ? -1 : 1)
        case .resetCounters: meters.resetHosts()
        case .eject:
            isClusterChosen = true
            if lb.ejected.remove(lb.selection) == nil { lb.ejected.insert(lb.selection) }
            lb.predict(view.snapshot)
        case .undo:
            lb.ejected = []
            lb.predict(view.snapshot)
        case .traffic:
            guard let embedded = view.embedded else {
                say("no embedded proxy is running")
                return []
            }
            return [.setTraffic(!embedded.hasTraffic)]
        case .faultsOnly: setFilter(filters[.problems]?.isEmpty == false ? "" : "s:E")
        case .export:
            return [.save(name: "meshtop-\(screen.rawValue).txt", text: screenText)]
        case .reload: return [.reload]
        case .older: return [.travel(-1)]
        case .newer: return [.travel(1)]
        case .now: return [.travel(nil)]
        case .difference:
            say("comparing …")
            return [.difference(since: nil)]
        case .repaint: return [.repaint]
        case .suspend: return [.suspend]
        }
        return wantedFiles()
    }

    private mutating func move(_ key: Key) -> [Effect] {
        switch screen {
        case .overview: overview.move(key, count: overviewTargets.count)
        case .lb: lb.move(key)
        case .simulator: simulator.move(key)
        case .path: path.move(key, count: ladder?.rungs.count ?? 0)
        default: withList { list in _ = list.handle(key) }
        }
        return wantedFiles()
    }

    private mutating func scrollColumns(_ step: Int) {
        withList { list in
            if list.isWide { list.scrollColumns(step) }
        }
    }

    // MARK: Lists

    /// Does something with the list of the screen.
    @discardableResult
    mutating func withList<Result>(_ body: (inout any ListControl) -> Result) -> Result? {
        switch screen {
        case .listeners: AppModel.apply(&listeners, body)
        case .routes: AppModel.apply(&routes, body)
        case .clusters: AppModel.apply(&clusters, body)
        case .endpoints: AppModel.apply(&endpoints, body)
        case .problems: AppModel.apply(&findings, body)
        case .store: AppModel.apply(&objects, body)
        case .tap: tap.apply(body)
        case .overview, .lb, .simulator, .path: nil
        }
    }

    static func apply<Row, Result>(_ table: inout TableView<Row>, _ body: (inout any ListControl) -> Result) -> Result {
        var list: any ListControl = table
        let result = body(&list)
        if let changed = list as? TableView<Row> { table = changed }
        return result
    }

    /// The list of the screen, to look at.
    var list: (any ListControl)? {
        switch screen {
        case .listeners: listeners
        case .routes: routes
        case .clusters: clusters
        case .endpoints: endpoints
        case .problems: findings
        case .store: objects
        case .tap: tap.table
        case .overview, .lb, .simulator, .path: nil
        }
    }
}
