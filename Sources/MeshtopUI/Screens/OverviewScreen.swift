import Documents
import EnvoyModel
import TerminalUI

extension AppModel {
    /// What the cursor can stand on: busiest routes, then problems, then clusters with endpoints.
    var overviewTargets: [OverviewTarget] {
        overviewRoutes.map { .route($0.id) } + overviewFindings.map { .finding($0.id) }
            + overviewClusters.map { .cluster($0.id) }
    }

    private var isTall: Bool { size.height >= 32 }
    var isBroad: Bool { size.width >= 100 }

    private var overviewRoutes: [RouteItem] { Array(busiestRoutes.prefix(isTall ? 6 : isBroad ? 3 : 2)) }
    private var overviewFindings: [Finding] { Array(worstFindings.prefix(isTall ? isBroad ? 3 : 4 : 2)) }
    /// Where there is room for them.
    private var overviewClusters: [ClusterItem] { Array(busiestClusters.prefix(isTall && isBroad ? 3 : 0)) }

    mutating func drawOverview(on surface: inout Surface, in rect: Rect) {
        overview.selection = min(overview.selection, max(0, overviewTargets.count - 1))
        guard isBroad else { return drawNarrowOverview(on: &surface, in: rect) }
        let rows = rect.rows([
            .share(1, min: isTall ? 8 : 6, max: isTall ? 12 : 6), .share(3, min: 8, max: 20), .fixed(isTall ? 5 : 4),
            .fixed(isTall ? 6 : 0),
            .share(1, min: isTall ? 5 : 0, max: 5),
        ])
        drawPath(on: &surface, in: rows[0])
        let halves = rows[1].columns([.share(1), .share(1)])
        drawSignals(on: &surface, in: halves[0])
        drawBusiest(on: &surface, in: halves[1])
        drawOverviewProblems(on: &surface, in: rows[2])
        drawOverviewClusters(on: &surface, in: rows[3])
        drawOverviewStore(on: &surface, in: rows[4])
    }

    private func drawNarrowOverview(on surface: inout Surface, in rect: Rect) {
        let rows = rect.rows([
            .fixed(isTall ? 8 : 6), .share(1, min: 7, max: isTall ? 14 : 7), .fixed(isTall ? 8 : 4),
            .share(1, min: 0, max: 6),
        ])
        drawPath(on: &surface, in: rows[0])
        drawSignals(on: &surface, in: rows[1])
        drawBusiest(on: &surface, in: rows[2])
        drawOverviewProblems(on: &surface, in: rows[3])
    }

    // MARK: Lists

    private func drawRow(
        _ spans: [Span], right: [Span], target: Int, on surface: inout Surface, in rect: Rect, row: Int
    ) {
        let line = rect.row(row)
        guard !line.isEmpty else { return }
        let used = surface.putRight(TextLine(right), in: Rect(line.x, line.y, line.width - 1, 1))
        surface.put(TextLine(spans), line.x + 1, line.y, width: max(0, line.width - used - 3))
        surface.addTarget(line, .row(list: "overview", index: target))
        guard target == overview.selection else { return }
        surface.restyle(line) { $0.role = .cursor }
        surface.put(surface.glyphs.cursor, line.x, line.y, .cursor)
    }

    private func drawBusiest(on surface: inout Surface, in rect: Rect) {
        let hints: [TextLine] = [[Span("3", .key), Span(" all routes", .keyText)]]
        let inner = Panel("Busiest routes", hints: hints).draw(on: &surface, in: rect)
        let items = overviewRoutes
        let isBusy = meters.total > 0
        if items.isEmpty { surface.put("no routes", inner.x + 1, inner.y, .textDim) }
        for (row, item) in items.enumerated() {
            let hits = meters.hits(of: item)
            let host = item.domainsText.split(separator: ",").first.map(String.init) ?? item.virtualHost
            let spans: [Span] = [
                Span(host, .text), Span(" " + item.matchText, .name), Span(" \(surface.glyphs.arrow) ", .border),
                Span(item.destinationText, item.destinationRole),
            ]
            let right: [Span] =
                isBusy ? [Span(hits.map(Words.grouped) ?? "-", hits ?? 0 > 0 ? .observed : .textDim)] : []
            drawRow(spans, right: right, target: row, on: &surface, in: inner, row: row)
        }
    }

    private func drawOverviewProblems(on surface: inout Surface, in rect: Rect) {
        let counts: TextLine = [
            Span("Problems ", .title), Span("E\(view.count(.error))", view.count(.error) > 0 ? .error : .textDim),
            Span(" W\(view.count(.warning))", view.count(.warning) > 0 ? .warn : .textDim),
            Span(" I\(view.count(.info))", .textDim),
        ]
        let inner = Panel(counts, hints: [[Span("9", .key), Span(" all", .keyText)]]).draw(on: &surface, in: rect)
        let items = overviewFindings
        if items.isEmpty, inner.height > 0 {
            let none = view.isAnalysing ? "looking for problems …" : "\(surface.glyphs.check) no problems found"
            surface.put(none, inner.x + 1, inner.y, view.isAnalysing ? .textDim : .ok)
        }
        let first = overviewRoutes.count
        for (row, item) in items.enumerated() {
            let code = item.code.isEmpty ? "" : item.code + "  "
            let spans: [Span] = [Span(item.letter + " ", item.role), Span(code, item.role), Span(item.message)]
            let right = [Span(item.location.placeText, .source)]
            drawRow(spans, right: right, target: first + row, on: &surface, in: inner, row: row)
        }
    }

    private func drawOverviewClusters(on surface: inout Surface, in rect: Rect) {
        guard rect.height > 2 else { return }
        let hints: [TextLine] = [[Span("6", .key), Span(" distribution", .keyText)]]
        let inner = Panel("Load balancing", hints: hints).draw(on: &surface, in: rect)
        let parts = inner.inset(1, 0).columns([.share(3), .fixed(15), .fixed(11), .fixed(9), .share(2)])
        for (title, part) in zip(["CLUSTER", "LB", "ENDPOINTS", "RPS", "OBSERVED SHARES"], parts) {
            surface.put(title, part.x, part.y, Ink(.tableHeader), width: part.width)
        }
        let first = overviewRoutes.count + overviewFindings.count
        for (row, item) in overviewClusters.enumerated() where row + 1 < inner.height {
            let y = inner.y + 1 + row
            surface.put(item.name.short, parts[0].x, y, Ink(.name), width: parts[0].width - 1)
            surface.put(item.cluster.lbPolicy.word, parts[1].x, y, Ink(.text), width: parts[1].width - 1)
            surface.put(item.health + " ok", parts[2].x, y, Ink(item.healthRole), width: parts[2].width - 1)
            surface.put(
                Words.fixed(meters.clusterRates[item.id] ?? 0), parts[3].x, y, Ink(.observed), width: parts[3].width - 1
            )
            let shares = observedShares(item.id)
            let text = shares.isEmpty ? "-" : shares.prefix(6).map { Words.fixed($0 * 100) }.joined(separator: " ")
            surface.put(text, parts[4].x, y, Ink(shares.isEmpty ? .textDim : .observed), width: parts[4].width)
            let line = Rect(inner.x, y, inner.width, 1)
            surface.addTarget(line, .row(list: "overview", index: first + row))
            guard first + row == overview.selection else { continue }
            surface.restyle(line) { $0.role = .cursor }
            surface.put(surface.glyphs.cursor, line.x, line.y, .cursor)
        }
    }

    /// Who is asked, when it answered, and why it does not.
    private func liveSpans(_ live: LiveSource) -> [Span] {
        var spans: [Span] = [
            Span("asked    ", .textDim), Span(live.address, .live),
            Span("  answered \(live.answeredAt) in \(Words.milliseconds(live.milliseconds)) ms", .textDim),
            Span("  up \(Words.duration(.seconds(Int64(live.uptime))))", .textDim),
        ]
        if let problem = live.problem {
            spans = [
                Span("LOST     ", .error), Span(problem, .error), Span("  last answer \(live.answeredAt)", .textDim),
            ]
        }
        return spans
    }

    /// The shares of the requests that the endpoints of a cluster got.
    private func observedShares(_ cluster: String) -> [Double] {
        guard let assignment = assignments[cluster] else { return [] }
        let counts = EndpointItem.items(of: assignment, cluster: cluster).map {
            Double(meters.requests(cluster: cluster, endpoint: $0.address))
        }
        let total = counts.reduce(0, +)
        return total > 0 ? counts.map { $0 / total } : []
    }

    private func drawOverviewStore(on surface: inout Surface, in rect: Rect) {
        guard rect.height > 2 else { return }
        var hints: [TextLine] = [[Span("0", .key), Span(" open", .keyText)]]
        if view.revision > 1 {
            hints =
                [
                    [Span("D", .key), Span(" what changed", .keyText)],
                    [Span("{ }", .key), Span(" in time", .keyText)],
                ] + hints
        }
        let inner = Panel("Config store", hints: hints).draw(
            on: &surface, in: rect
        )
        .inset(1, 0)
        var kinds: [String: Int] = [:]
        for object in view.objects { kinds[object.kind, default: 0] += 1 }
        var objects: [Span] = [Span("objects  ", .textDim), Span("\(view.objects.count)", .number), Span("  ")]
        for (kind, count) in kinds.sorted(by: { ($0.value, $1.key) > ($1.value, $0.key) }) {
            objects += [Span(kind + " "), Span("\(count)  ", .number)]
        }
        var sources: [Span] = [Span("sources  ", .textDim)]
        if let live = view.live { sources = liveSpans(live) }
        for source in view.sources {
            sources += [
                Span(source.path, .name),
                Span(" (\(Words.count(source.files, "file"))\(source.isWatched ? ", watching" : ""))  ", .textDim),
            ]
        }
        if let embedded = view.embedded {
            sources += [Span("embedded proxy ", .textDim), Span(embedded.bindings.first?.bound ?? "-", .live)]
            if !embedded.admin.isEmpty { sources += [Span("  admin ", .textDim), Span(embedded.admin, .live)] }
        }
        let last: [Span] = [
            Span("last     ", .textDim), Span("\(view.loadedAt) rev \(view.revision)  "),
            Span(view.lastChange, .changed),
        ]
        surface.put([TextLine(objects), TextLine(sources), TextLine(last)], in: inner)
    }
}

extension ListenerItem {
    /// The listeners for health checks and metrics say nothing about the mesh.
    package var isProbe: Bool { port == 15_021 || port == 15_090 }
}
