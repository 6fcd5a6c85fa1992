import Documents
import EnvoyModel
import TerminalUI

/// Listeners, routes, clusters, endpoints, problems and store: a list above, what is selected below.
extension AppModel {
    mutating func drawListeners(on surface: inout Surface, in rect: Rect) {
        let meters = meters
        listeners.updateRows { $0.count = meters.value($0.counter).map { Int(clamping: $0) } }
        draw(\.listeners, "Listeners", detail: 12, on: &surface, in: rect, empty: "this proxy has no listeners")
    }

    mutating func drawRoutes(on surface: inout Surface, in rect: Rect) {
        let meters = meters
        if !meters.isIdle { routes.updateRows { $0.hits = meters.hits(of: $0) } }
        draw(\.routes, "Routes", detail: 16, on: &surface, in: rect, empty: "this proxy has no routes")
    }

    mutating func drawClusters(on surface: inout Surface, in rect: Rect) {
        let meters = meters
        if !meters.isIdle {
            clusters.updateRows {
                $0.requests = meters.requests(cluster: $0.id)
                $0.rate = meters.clusterRates[$0.id] ?? 0
            }
        }
        draw(\.clusters, "Clusters", detail: 13, on: &surface, in: rect, empty: "this proxy has no clusters")
    }

    mutating func drawEndpoints(on surface: inout Surface, in rect: Rect) {
        countEndpoints()
        draw(\.endpoints, "Endpoints", detail: 9, on: &surface, in: rect, empty: "no endpoints")
    }

    mutating func drawProblems(on surface: inout Surface, in rect: Rect) {
        var counts: TextLine = [
            Span("E\(view.count(.error))", .error), Span(" W\(view.count(.warning))", .warn),
            Span(" I\(view.count(.info))", .info),
        ]
        let hidden = view.findings.count { ignored.contains($0.kind) }
        if hidden > 0 { counts.spans.append(Span("  \(hidden) ignored", .textDim)) }
        draw(
            \.findings, "Problems", hints: [counts], detail: 14, on: &surface, in: rect,
            empty: view.isAnalysing ? "looking for problems …" : "no problems found \(surface.glyphs.check)")
    }

    mutating func drawStore(on surface: inout Surface, in rect: Rect) {
        let height = rect.height < 16 || isMaximised ? 0 : min(4 + view.sources.count, 7)
        let parts = rect.rows([.share(), .fixed(height)])
        drawList(
            \.objects, title: "Store", on: &surface, in: parts[0],
            empty: hasManifests
                ? "no objects: give files or folders" : "an Envoy's own configuration: 2 to 5 show what it has")
        let inner = Panel("Sources").draw(on: &surface, in: parts[1])
        var lines: [TextLine] = view.sources.map { source in
            [
                Span(source.path, .name), Span("  \(Words.count(source.files, "file"))", .textDim),
                Span(source.isWatched ? "  watching" : "", .live),
            ]
        }
        lines.append([
            Span("revision \(view.revision)", .text), Span("  loaded \(view.loadedAt)", .textDim),
            Span("  " + view.lastChange, .changed),
        ])
        surface.put(lines, in: inner.inset(1, 0))
    }

    // MARK: List and detail

    private mutating func draw<Row>(
        _ table: WritableKeyPath<AppModel, TableView<Row>>, _ title: String, hints: [TextLine] = [], detail: Int,
        on surface: inout Surface, in rect: Rect, empty: String
    ) {
        let parts = split(rect, rows: self[keyPath: table].shownCount, detail: detail)
        drawList(table, title: title, hints: hints, on: &surface, in: parts.list, empty: empty)
        guard parts.detail.height > 0 else { return }
        surface.addTarget(Rect(parts.detail.x, parts.detail.y, parts.detail.width, 1), .pane("split"))
        if let selected = selectedDetail {
            drawDetail(selected.source, selected.lines, on: &surface, in: parts.detail)
        } else {
            let inner = Panel("Detail").draw(on: &surface, in: parts.detail).inset(1, 0)
            surface.put(emptyLines.flatMap { $0.wrapped(to: inner.width) }, in: inner)
        }
    }

    /// The list's part and the detail's part of a screen, as the user has moved the border between them.
    private func split(_ rect: Rect, rows: Int, detail: Int) -> (list: Rect, detail: Rect) {
        if isMaximised || rect.height < 14 { return (rect, Rect(rect.x, rect.maxY, rect.width, 0)) }
        let room = rect.height - min(detail, rect.height / 2)
        let height = max(5, min(max(6, min(rows + 3, room)) + paneShift, rect.height - 4))
        let parts = rect.rows([.fixed(height), .share()])
        return (parts[0], parts[1])
    }

    // MARK: The detail below a list

    func fact(_ name: String, _ value: String, _ role: Role = .text) -> TextLine {
        [Span(name + String(repeating: " ", count: max(1, 12 - name.count)), .textDim), Span(value, role)]
    }

    /// The lines of the manifest left, the words about it right; below 100 columns the words come first.
    private func drawDetail(_ source: SourceReference?, _ lines: [TextLine], on surface: inout Surface, in rect: Rect) {
        guard rect.height >= 3 else { return }
        let location = source?.location
        let object = source.map { $0.kind.isEmpty ? "" : SourceReference?.some($0).objectText } ?? ""
        var title: [Span] = [Span(object.isEmpty ? "Detail" : object, .title)]
        if let location { title += [Span("  "), Span("\(location.file):\(location.line)", .source)] }
        let hints: [TextLine] =
            location == nil
            ? []
            : [
                [Span("Y", .key), Span(" manifest", .keyText)], [Span("e", .key), Span(" edit", .keyText)],
            ]
        let inner = Panel(TextLine(title), hints: hints).draw(on: &surface, in: rect).inset(1, 0)
        let isWide = inner.width >= 96
        let columns = isWide ? inner.columns([.share(4), .fixed(2), .share(5)]) : []
        let wrapped = { (width: Int) in lines.flatMap { $0.wrapped(to: width, indent: 2) } }
        guard isWide else {
            let words = wrapped(inner.width)
            surface.put(words, in: inner)
            let left = inner.height - words.count - 1
            if left >= 3, let location {
                let excerpt = Rect(inner.x, inner.y + words.count + 1, inner.width, left)
                surface.put(self.excerpt(location, height: left), in: excerpt)
            }
            return
        }
        if let location {
            surface.put(excerpt(location, height: inner.height), in: columns[0])
        } else {
            let reason =
                view.objects.isEmpty && view.proxy != nil
                ? "said by the proxy itself: y shows it whole"
                : "no manifest says this: it is built in"
            surface.put([TextLine(reason, .textDim)], in: columns[0])
        }
        surface.put(wrapped(columns[2].width), in: columns[2])
    }

    /// The lines of a file around a place.
    func excerpt(_ location: SourceLocation, height: Int) -> [TextLine] {
        guard let lines = files[location.file] else {
            return [TextLine(location.file == "-" ? "read from standard input" : "reading …", .textDim)]
        }
        let first = max(1, min(location.line - height / 3, lines.count - height + 1))
        let part = Array(lines.dropFirst(first - 1).prefix(height))
        return SourceText.lines(part, marked: location.line, from: first)
    }
}
