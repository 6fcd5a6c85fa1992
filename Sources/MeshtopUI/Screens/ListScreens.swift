import Documents
import EnvoyModel
import TerminalUI

/// Listeners, routes, clusters, endpoints, problems and store: a list above, what is selected below.
extension AppModel {
    /// The list's part and the detail's part of a screen.
    private func split(_ rect: Rect, rows: Int, detail: Int) -> (list: Rect, detail: Rect) {
        let wanted = max(6, min(rows + 3, rect.height - min(detail, rect.height / 2)))
        let height = rect.height < 14 ? rect.height : min(wanted, rect.height - min(detail, rect.height / 2))
        let parts = rect.rows([.fixed(height), .share()])
        return (parts[0], parts[1])
    }

    mutating func drawListeners(on surface: inout Surface, in rect: Rect) {
        let meters = meters
        listeners.updateRows { $0.count = meters.value($0.counter).map { Int(clamping: $0) } }
        let parts = split(rect, rows: listeners.shownCount, detail: 12)
        drawList(\.listeners, title: "Listeners", on: &surface, in: parts.list, empty: "this proxy has no listeners")
        guard let item = listeners.selected else {
            Panel("Detail").draw(on: &surface, in: parts.detail)
            return
        }
        var facts: [TextLine] = [
            fact("listener", item.name, .name), fact("listens on", item.address + ":\(item.port)"),
            fact("match", item.match), fact("leads to", item.destination),
            fact("TLS", item.isTLS ? "ends here" : "none, plain text", item.isTLS ? .tls : .text),
        ]
        if !item.bound.isEmpty { facts.append(fact("served at", item.bound, .live)) }
        if let listener = view.snapshot.listeners.first(where: { $0.name == item.name }) {
            facts.append(fact("chains", "\(listener.filterChains.count)"))
            facts += trafficLines(of: listener)
        }
        drawDetail(item.source, facts, on: &surface, in: parts.detail)
    }

    mutating func drawRoutes(on surface: inout Surface, in rect: Rect) {
        let meters = meters
        if !meters.isIdle { routes.updateRows { $0.hits = meters.hits(of: $0) } }
        let parts = split(rect, rows: routes.shownCount, detail: 16)
        drawList(\.routes, title: "Routes", on: &surface, in: parts.list, empty: "this proxy has no routes")
        guard let item = routes.selected else {
            Panel("Detail").draw(on: &surface, in: parts.detail)
            return
        }
        var lines = item.sentences.enumerated().map { index, line in
            TextLine(line, index == 0 ? .name : .text)
        }
        lines.append("")
        if item.siblings > 1 {
            lines.append(fact("order", "\(item.position + 1) of \(item.siblings) in \(item.virtualHost)"))
        }
        lines += witnessLines(of: item)
        drawDetail(item.source, lines, on: &surface, in: parts.detail)
    }

    mutating func drawClusters(on surface: inout Surface, in rect: Rect) {
        let meters = meters
        if !meters.isIdle {
            clusters.updateRows {
                $0.requests = meters.requests(cluster: $0.id)
                $0.rate = meters.clusterRates[$0.id] ?? 0
            }
        }
        let parts = split(rect, rows: clusters.shownCount, detail: 13)
        drawList(\.clusters, title: "Clusters", on: &surface, in: parts.list, empty: "this proxy has no clusters")
        guard let item = clusters.selected else {
            Panel("Detail").draw(on: &surface, in: parts.detail)
            return
        }
        var lines: [TextLine] = [
            fact("cluster", item.id, .name),
            fact("balancing", item.cluster.lbPolicy.word), fact("discovery", item.cluster.type.name),
            fact("endpoints", item.health, item.healthRole),
            fact("upstream", item.tls == "plain" ? "plain text" : item.tls),
        ]
        if let timeout = item.cluster.connectTimeout { lines.append(fact("connect", Words.duration(timeout))) }
        if let outlier = item.cluster.outlierDetection {
            let errors = outlier.consecutive5xx.map(String.init) ?? "5"
            lines.append(
                fact("outliers", "ejected after \(errors) errors, at most \(outlier.maxEjectionPercent ?? 10) %"))
        }
        if let limits = item.cluster.circuitBreakers.default, let connections = limits.maxConnections,
            connections < 4_294_967_295
        {
            lines.append(fact("limits", "\(connections) connections"))
        }
        lines += trafficLines(of: item)
        drawDetail(item.source, lines, on: &surface, in: parts.detail)
    }

    mutating func drawEndpoints(on surface: inout Surface, in rect: Rect) {
        countEndpoints()
        let parts = split(rect, rows: endpoints.shownCount, detail: 9)
        drawList(\.endpoints, title: "Endpoints", on: &surface, in: parts.list, empty: "no endpoints")
        guard let item = endpoints.selected else {
            Panel("Detail").draw(on: &surface, in: parts.detail)
            return
        }
        var lines: [TextLine] = [
            fact("endpoint", item.address, .name),
            fact("status", item.stateText, item.isEjected ? .error : item.health.role),
            fact("cluster", item.cluster), fact("locality", item.locality.isEmpty ? "unknown" : item.locality),
            fact("priority", "P\(item.priority), weight \(item.weight)"),
        ]
        if let workload = item.workload {
            lines.append(fact("workload", "\(workload.namespace)/\(item.workloadText)"))
            if workload.isStandIn { lines.append(fact("", "no Pod in the manifests: meshtop stands in for it", .warn)) }
        }
        lines += trafficLines(of: item)
        let cluster = view.snapshot.clusters.first { $0.name == item.cluster }
        drawDetail(cluster?.sources.first, lines, on: &surface, in: parts.detail)
    }

    mutating func drawProblems(on surface: inout Surface, in rect: Rect) {
        let parts = split(rect, rows: findings.shownCount, detail: 14)
        let counts: TextLine = [
            Span("E\(view.count(.error))", .error), Span(" W\(view.count(.warning))", .warn),
            Span(" I\(view.count(.info))", .info),
        ]
        drawList(
            \.findings, title: "Problems", hints: [counts], on: &surface, in: parts.list,
            empty: "no problems found \(surface.glyphs.check)")
        guard let item = findings.selected else {
            Panel("Detail").draw(on: &surface, in: parts.detail)
            return
        }
        var lines: [TextLine] = []
        let heading = item.code.isEmpty ? item.severity.rawValue : "\(item.severity.rawValue) \(item.code)"
        lines.append(TextLine(heading, item.role))
        if !item.object.isEmpty { lines.append(TextLine(item.object, .name)) }
        lines.append(TextLine(item.message, .text))
        if !item.hint.isEmpty {
            lines.append("")
            lines.append([Span("next  ", .textDim), Span(item.hint, .info)])
        }
        let source = item.location.map { SourceReference(kind: "", namespace: "", name: "", location: $0) }
        drawDetail(source, lines, on: &surface, in: parts.detail)
    }

    mutating func drawStore(on surface: inout Surface, in rect: Rect) {
        let parts = rect.rows([.share(), .fixed(rect.height < 16 ? 0 : min(4 + view.sources.count, 7))])
        drawList(\.objects, title: "Store", on: &surface, in: parts[0], empty: "no objects: give files or folders")
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
