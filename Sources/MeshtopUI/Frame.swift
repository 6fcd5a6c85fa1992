import Documents
package import TerminalUI

extension AppModel {
    /// The smallest terminal that a screen is drawn on.
    static let minimum = Size(40, 10)

    /// Draws the screen and what lies over it.
    package mutating func draw(on surface: inout Surface) {
        let bounds = surface.bounds
        guard bounds.width >= AppModel.minimum.width, bounds.height >= AppModel.minimum.height else {
            surface.put("40x10 needed, now \(bounds.width)x\(bounds.height)", 0, 0, .warn)
            return
        }
        let isFlat = bounds.height < 16
        let rows = bounds.rows([.fixed(1), .fixed(1), .fixed(hasCrumbs && !isFlat ? 1 : 0), .share(), .fixed(1)])
        drawHeader(on: &surface, in: rows[0])
        drawTabs(on: &surface, in: rows[1])
        if hasCrumbs, !isFlat { drawCrumbs(on: &surface, in: rows[2]) }
        drawScreen(on: &surface, in: rows[3])
        drawFooter(on: &surface, in: rows[4])
        drawOverlay(on: &surface, in: bounds)
    }

    private mutating func drawScreen(on surface: inout Surface, in rect: Rect) {
        surface.clipped(to: rect) { surface in
            switch screen {
            case .overview: drawOverview(on: &surface, in: rect)
            case .listeners: drawListeners(on: &surface, in: rect)
            case .routes: drawRoutes(on: &surface, in: rect)
            case .clusters: drawClusters(on: &surface, in: rect)
            case .endpoints: drawEndpoints(on: &surface, in: rect)
            case .lb: drawBalance(on: &surface, in: rect)
            case .simulator: drawSimulator(on: &surface, in: rect)
            case .path: drawHops(on: &surface, in: rect)
            case .tap: drawTap(on: &surface, in: rect)
            case .problems: drawProblems(on: &surface, in: rect)
            case .store: drawStore(on: &surface, in: rect)
            }
        }
    }

    private func drawHeader(on surface: inout Surface, in rect: Rect) {
        let isNarrow = rect.width < 100
        var left: [Span] = [Span("meshtop", .title, .bold), Span("  ")]
        left += [Span(isNarrow ? "" : "mesh:", .header), Span(view.title, .headerValue), Span("  ")]
        if let proxy = view.chosenProxy {
            left += [Span(isNarrow ? "" : "proxy:", .header), Span(proxy.id, .headerValue)]
            if proxy.isStandIn, !isNarrow { left.append(Span(" (stand-in)", .textDim)) }
        } else {
            left.append(Span("no proxy", .warn))
        }
        if let namespace { left += [Span("  ns:", .header), Span(namespace, .match)] }
        var right: [Span] = []
        let errors = view.count(.error)
        let warnings = view.count(.warning)
        if let live = view.live {
            right += [Span(live.isLost ? "LOST" : "LIVE", live.isLost ? .error : .live), Span("  ")]
        } else if view.embedded != nil {
            right += [Span(view.embedded?.hasTraffic == true ? "LIVE" : "IDLE", .live), Span("  ")]
        }
        right += [
            Span("E\(errors)", errors > 0 ? .error : .textDim), Span(" "),
            Span("W\(warnings)", warnings > 0 ? .warn : .textDim), Span(" "),
            Span("I\(view.count(.info))", .textDim), Span("  "),
            view.newest.map { Span("rev \(view.revision) of \($0)  ", .warn) }
                ?? Span(isNarrow ? "" : "rev \(view.revision)  ", .header),
            Span(isNarrow ? String(clock.prefix(5)) : clock, .header),
        ]
        let used = surface.putRight(TextLine(right), in: Rect(rect.x, rect.y, rect.width - 1, 1))
        surface.put(TextLine(left), rect.x + 1, rect.y, width: max(0, rect.width - used - 4))
    }

    private func drawTabs(on surface: inout Surface, in rect: Rect) {
        let help = rect.width >= 70 ? 7 : 0
        let tabs = Tabs(
            ScreenID.allCases.map { Tabs.Tab(key: $0.key, title: $0.title, short: $0.short, active: $0 == screen) })
        tabs.draw(on: &surface, in: Rect(rect.x, rect.y, rect.width - help - 1, 1))
        guard help > 0 else { return }
        surface.putRight([Span("?", .key), Span(" help", .keyText)], in: Rect(rect.x, rect.y, rect.width - 1, 1))
        surface.addTarget(Rect(rect.maxX - 7, rect.y, 7, 1), .key("?"))
    }

    private var hasCrumbs: Bool {
        switch screen {
        case .listeners, .routes, .clusters, .endpoints, .lb: true
        default: false
        }
    }

    /// Where the drill-down stands.
    private func drawCrumbs(on surface: inout Surface, in rect: Rect) {
        var crumbs: [String] = [view.proxy ?? "no proxy"]
        if let listener = scope.listener { crumbs.append(listener) }
        if let routes = scope.routeConfiguration { crumbs.append(routes) }
        if !scope.clustersTitle.isEmpty { crumbs.append(scope.clustersTitle) }
        if let cluster = screen == .lb ? lb.cluster : scope.cluster { crumbs.append(ClusterName(cluster).short) }
        if let object = scope.object { crumbs.append("made by " + object) }
        if crumbs.count == 1 { crumbs.append("all " + screen.title.lowercased()) }
        var spans: [Span] = []
        for (index, crumb) in crumbs.enumerated() {
            if index > 0 { spans.append(Span(" \(surface.glyphs.crumb) ", .textDim)) }
            spans.append(Span(crumb, index == crumbs.count - 1 ? .headerValue : .header))
        }
        surface.put(TextLine(spans), rect.x + 1, rect.y, width: rect.width - 2)
    }

    // MARK: The last line

    private func drawFooter(on surface: inout Surface, in rect: Rect) {
        let line = Rect(rect.x + 1, rect.y, max(0, rect.width - 2), 1)
        if case .palette = overlay { return }
        if let notice {
            surface.put(notice.text, line.x, line.y, Ink(notice.isError ? .promptError : .prompt), width: line.width)
            return
        }
        if let filterLine {
            drawPrompt("/", filterLine, on: &surface, in: line)
            return
        }
        let hints = footerHints
        var x = line.x
        for binding in hints {
            let key = binding.keys.first ?? ""
            let width = TextWidth.of(key) + 1 + TextWidth.of(binding.hint)
            guard x + width <= line.maxX else { break }
            surface.put(key, x, line.y, .key)
            surface.put(binding.hint, x + TextWidth.of(key) + 1, line.y, .keyText)
            surface.addTarget(Rect(x, line.y, width, 1), .key(key))
            x += width + 2
        }
    }

    private var footerHints: [Binding] {
        if screen == .simulator, simulator.isEditing {
            return [
                Binding(["enter"], "run", .act, .run), Binding(["tab"], "take the example", .act, .run),
                Binding(["esc"], "leave the line", .move, .back),
                Binding(["up"], "earlier lines", .move, .move), Binding(["ctrl-u"], "clear", .act, .move),
            ]
        }
        return KeyTables.bindings(of: screen).filter { binding in
            binding.isHinted
        }
    }

    private func drawPrompt(_ sign: String, _ editor: LineEditor, on surface: inout Surface, in rect: Rect) {
        let isWrong = screen == .tap && tap.problem != nil
        surface.put(sign, rect.x, rect.y, Ink(isWrong ? .promptError : .prompt, .bold))
        let count = list.map { "\(Words.grouped($0.shownCount)) of \(Words.grouped($0.count))" } ?? ""
        let note = (screen == .tap ? tap.problem : nil) ?? count
        let used = surface.putRight(TextLine(note, isWrong ? .promptError : .textDim), in: rect)
        let room = Rect(rect.x + 2, rect.y, max(0, rect.width - used - 4), 1)
        surface.put(editor, in: room, Ink(isWrong ? .promptError : .text), focused: true)
        if editor.isEmpty {
            let hint =
                screen == .tap
                ? "~c 404 | ~flag NR & dur > 100ms" : "text  !text  port:80  hits>=10  -f fuzzy  //search"
            surface.put(hint, room.x, room.y, Ink(.suggestion), width: room.width)
        }
    }

    // MARK: Frames of lists

    /// The frame of a list with its counts, filter and order, and the list in it.
    mutating func drawList<Row>(
        _ path: WritableKeyPath<AppModel, TableView<Row>>, title: String, hints: [TextLine] = [],
        on surface: inout Surface, in rect: Rect, empty: String
    ) {
        var table = self[keyPath: path]
        table.layout(height: rect.height - 3)
        self[keyPath: path] = table
        var spans = [Span(title, .title)]
        let filter = filters[screen] ?? ""
        if filter.isEmpty {
            spans.append(Span(" \(Words.grouped(table.count))", .textDim))
        } else if table.hasSearch {
            spans += [
                Span(" ", .text), Span("/" + filter, .match),
                Span(" \(Words.grouped(table.foundCount)) found in \(Words.grouped(table.shownCount))  ", .textDim),
                Span("n N", .key),
            ]
        } else {
            spans += [
                Span(" ", .text), Span("/" + filter, .match),
                Span(" \(Words.grouped(table.shownCount)) of \(Words.grouped(table.count))", .textDim),
            ]
        }
        if table.markedCount > 0 { spans.append(Span("  \(Words.grouped(table.markedCount)) marked", .mark)) }
        let order = TextLine([Span("sort: ", .textDim), Span(table.orderText(surface.glyphs), .text)])
        let panel = Panel(TextLine(spans), hints: hints + [order], focused: overlay == nil)
        let inner = panel.draw(on: &surface, in: rect)
        table.draw(on: &surface, in: inner, focused: true, empty: empty)
    }
}
