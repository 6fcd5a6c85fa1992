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

    // MARK: Going about

    /// Opens a screen; what was narrowed down stays so only when the screen is part of it.
    mutating func go(to next: ScreenID, scope: Scope? = nil) {
        let scope = scope ?? Scope()
        guard next != screen || scope != self.scope else { return }
        backward.append(Place(screen: screen, scope: self.scope))
        if backward.count > 50 { backward.removeFirst() }
        forward = []
        arrive(Place(screen: next, scope: scope))
    }

    private mutating func arrive(_ place: Place) {
        screen = place.screen
        filterLine = nil
        if scope != place.scope {
            scope = place.scope
            refreshTables()
        }
        freshen()
    }

    private mutating func step(
        from source: WritableKeyPath<AppModel, [Place]>, to target: WritableKeyPath<AppModel, [Place]>
    ) {
        guard let place = self[keyPath: source].popLast() else { return }
        self[keyPath: target].append(Place(screen: screen, scope: scope))
        arrive(place)
    }

    private mutating func goBack(quits: Bool) -> [Effect] {
        if filters[screen]?.isEmpty == false, !quits {
            setFilter("")
        } else if quits, screen == .overview || backward.isEmpty {
            return [.quit]
        } else if !backward.isEmpty {
            step(from: \.backward, to: \.forward)
        } else if screen != .overview {
            arrive(Place(screen: .overview, scope: Scope()))
        }
        return wantedFiles()
    }

    /// Goes in: listener → routes → clusters → endpoints → distribution.
    private mutating func openSelection() -> [Effect] {
        switch screen {
        case .overview:
            guard overviewTargets.indices.contains(overview.selection) else { return [] }
            return open(overviewTargets[overview.selection])
        case .listeners:
            guard let listener = listeners.selected else { return [] }
            var scope = Scope()
            scope.listener = listener.address + ":\(listener.port)"
            if let routes = listener.routeConfiguration {
                scope.routeConfiguration = routes
                go(to: .routes, scope: scope)
            } else if !listener.clusters.isEmpty {
                scope.clusters = listener.clusters
                scope.clustersTitle = "TCP"
                go(to: .clusters, scope: scope)
            } else {
                say("this listener leads nowhere")
            }
        case .routes:
            guard let route = routes.selected else { return [] }
            let names = route.targets.map(\.cluster)
            guard !names.isEmpty else {
                say("this route leads to no cluster: \(route.destinationText)")
                return []
            }
            var scope = scope
            scope.routeConfiguration = route.configuration
            scope.clusters = names
            scope.clustersTitle = "\(route.virtualHost) route \(route.position + 1)"
            go(to: .clusters, scope: scope)
        case .clusters:
            guard let cluster = clusters.selected else { return [] }
            var scope = scope
            scope.cluster = cluster.id
            showCluster(cluster.id)
            go(to: .endpoints, scope: scope)
        case .endpoints:
            guard let endpoint = endpoints.selected else { return [] }
            showCluster(endpoint.cluster, endpoint: endpoint.index)
            go(to: .lb, scope: scope)
        case .lb:
            var scope = Scope()
            scope.cluster = lb.cluster
            go(to: .endpoints, scope: scope)
        case .path: go(to: .simulator)
        case .simulator, .tap, .problems, .store: break
        }
        return wantedFiles()
    }

    private mutating func moveCluster(_ step: Int) {
        let names = view.snapshot.clusters.map(\.name)
        guard !names.isEmpty else { return }
        let current = lb.cluster.flatMap { names.firstIndex(of: $0) } ?? 0
        showCluster(names[(current + step + names.count) % names.count])
    }

    mutating func showCluster(_ name: String, endpoint: Int = 0) {
        isClusterChosen = true
        lb.show(name, of: view.snapshot, endpoint: endpoint)
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

    // MARK: Mouse

    private mutating func handle(_ mouse: MouseEvent) -> [Effect] {
        switch mouse.action {
        case .wheelUp: return wheel(-3)
        case .wheelDown: return wheel(3)
        case .press:
            if mouse.button == .right { return press(Key(.escape)) }
            guard mouse.button == .left else { return [] }
            return click(mouse.position)
        case .drag:
            if let start = dragStart, mouse.position.y != start {
                movePane(mouse.position.y - start)
                dragStart = mouse.position.y
            }
            return []
        case .release:
            dragStart = nil
            return []
        }
    }

    private mutating func wheel(_ rows: Int) -> [Effect] {
        if case .text(var state) = overlay {
            state.view.scroll(by: rows)
            overlay = .text(state)
            return []
        }
        let key = Key(rows < 0 ? .up : .down)
        guard overlay == nil, filterLine == nil, !simulator.isEditing || screen != .simulator else {
            return overlay == nil ? [] : pressInOverlay(key)
        }
        var effects: [Effect] = []
        for _ in 0..<abs(rows) { effects = perform(.move, key) }
        return effects
    }

    private mutating func click(_ point: Point) -> [Effect] {
        var surface = Surface(size, glyphs: glyphs)
        draw(on: &surface)
        guard let target = surface.target(at: point) else { return [] }
        let isDouble = lastClick.map { $0.point == point && time - $0.time < 1.2 } ?? false
        lastClick = (point, time)
        switch target {
        case .key(let name):
            return Key(name).map { press($0) } ?? []
        case .column(_, let title):
            withList { $0.sort(by: title) }
            return []
        case .row(let list, let index):
            if case .menu(var menu) = overlay, list == "menu" {
                menu.selection = index
                overlay = .menu(menu)
                return pressInOverlay(Key(.enter))
            }
            guard overlay == nil else { return [] }
            var wasSelected = false
            withList { list in
                wasSelected = list.selection == index
                list.select(index: index)
            }
            if screen == .overview {
                wasSelected = overview.selection == index
                overview.selection = index
            }
            if isDouble && wasSelected { return press(Key(.enter)) }
            return wantedFiles()
        case .pane(let name):
            if name == "split" { dragStart = point.y }
            if name == "request" { simulator.isEditing = true }
            if name == "history" { simulator.isInHistory = true }
            if name == "trace" { simulator.isInHistory = false }
            return []
        }
    }
}
