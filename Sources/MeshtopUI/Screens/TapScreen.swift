import TerminalUI

extension AppModel {
    mutating func drawTap(on surface: inout Surface, in rect: Rect) {
        let isTall = rect.height >= 28
        let detail = rect.height < 16 ? 0 : isTall ? 10 : 8
        let rows = rect.rows([.share(1), .fixed(detail), .fixed(isTall ? 6 : 0)])
        drawRequests(on: &surface, in: rows[0])
        if rows[1].height > 2 { drawTapDetail(on: &surface, in: rows[1]) }
        if rows[2].height > 2 { drawTop(on: &surface, in: rows[2]) }
    }

    private mutating func drawRequests(on surface: inout Surface, in rect: Rect) {
        tap.table.layout(height: rect.height - 3)
        var title: [Span] = [Span("Requests", .title)]
        let filter = filters[.tap] ?? ""
        if filter.isEmpty {
            title.append(Span(" \(Words.grouped(tap.total))", .textDim))
        } else {
            title += [
                Span(" "), Span("/" + filter, tap.problem == nil ? .match : .promptError),
                Span(" \(Words.grouped(tap.table.count)) of \(Words.grouped(tap.entries.count))", .textDim),
            ]
        }
        var hints: [TextLine] = []
        if tap.lost > 0 { hints.append(TextLine("\(Words.grouped(tap.lost)) not kept", .textDim)) }
        hints.append([Span("p", .key), Span(tap.isPaused ? " PAUSED" : " live", tap.isPaused ? .warn : .live)])
        hints.append([Span("f", .key), Span(tap.isFollowing ? " follow: on" : " follow: off", .keyText)])
        let inner = Panel(TextLine(title), hints: hints, focused: overlay == nil).draw(on: &surface, in: rect)
        let empty =
            view.live != nil
            ? "an admin address tells counts, not requests: 4 and 5 have them"
            : view.embedded == nil
                ? "no proxy is running: nothing to see"
                : tap.entries.isEmpty ? "waiting for requests …" : "no request fits the filter yet"
        tap.table.draw(on: &surface, in: inner, focused: true, empty: empty)
    }

    private func drawTapDetail(on surface: inout Surface, in rect: Rect) {
        let hints: [TextLine] = [
            [Span("enter", .key), Span(" all", .keyText)], [Span("t", .key), Span(" trace", .keyText)],
            [Span("C", .key), Span(" curl", .keyText)],
        ]
        guard let entry = tap.table.selected else {
            let inner = Panel("Detail").draw(on: &surface, in: rect).inset(1, 0)
            surface.put(quietTapLines.flatMap { $0.wrapped(to: inner.width) }, in: inner)
            return
        }
        let title: TextLine = [
            Span("Detail ", .title), Span("\(entry.status)", entry.statusRole),
            Span(entry.flags == "-" ? "" : " " + entry.flags, .flag),
        ]
        let inner = Panel(title, hints: hints).draw(on: &surface, in: rect).inset(1, 0)
        let causes = causeLines(of: entry)
        let isExplained = reasons.causes[entry.kind]?.isEmpty == false
        let lines = entry.detailLines(meters.route(of: entry), isExplained: isExplained)
        let columns = inner.columns([.share(1), .fixed(2), .share(1)])
        guard inner.width >= 96 else {
            // Why comes before the rest where not all of it has a place.
            let all = Array(lines.prefix(2)) + causes + lines.dropFirst(2)
            surface.put(all.flatMap { $0.wrapped(to: inner.width, indent: 10) }, in: inner)
            return
        }
        surface.put(Array(lines.prefix(inner.height)), in: columns[0])
        let rest = causes + lines.dropFirst(inner.height)
        surface.put(rest.flatMap { $0.wrapped(to: columns[2].width, indent: 10) }, in: columns[2])
    }

    /// How requests come to be seen here.
    private var quietTapLines: [TextLine] {
        if view.live != nil {
            return [TextLine("Single requests are seen of meshtop's own proxy: meshtop FOLDER runs one.", .textDim)]
        }
        if filters[.tap]?.isEmpty == false {
            return [[Span("esc", .key), Span(" shows every request again", .textDim)]]
        }
        guard let embedded = view.embedded, let bound = embedded.bindings.first?.bound else { return [] }
        var lines: [TextLine] = []
        if let suggestion { lines.append([Span("try  ", .textDim), Span(suggestion, .info)]) }
        lines.append([
            Span("or ", .textDim), Span(":traffic", .key),
            Span(" sends a request to each route in turn, to ", .textDim),
            Span(bound, .live),
        ])
        return lines
    }

    /// The last minute by method, host and path.
    private func drawTop(on surface: inout Surface, in rect: Rect) {
        let summary = meters.summary
        let inner = Panel("Top", hints: [TextLine("60 s", .textDim)]).draw(on: &surface, in: rect).inset(1, 0)
        let columns = inner.columns([.share(1), .fixed(9), .fixed(8), .fixed(8), .fixed(8), .fixed(8), .fixed(16)])
        let titles = ["REQUEST", "COUNT", "RPS", "GOOD %", "p50", "p99", "FLAGS"]
        for (index, (title, column)) in zip(titles, columns).enumerated() {
            let isNumber = (1...5).contains(index)
            let x = isNumber ? column.maxX - title.count - 1 : column.x
            surface.put(title, x, column.y, .tableHeader)
        }
        let groups = summary.groups.sorted { ($0.value.requests, $1.key) > ($1.value.requests, $0.key) }
        for (row, (name, group)) in groups.prefix(max(0, inner.height - 1)).enumerated() {
            let y = inner.y + 1 + row
            let latencies = group.latencies.sorted()
            let good = Double(group.good) / Double(max(1, group.requests)) * 100
            let numbers = [
                Words.grouped(group.requests), Words.fixed(Double(group.requests) / max(1, summary.seconds)),
                Words.fixed(good),
                Words.milliseconds(latencies.quantile(0.5)), Words.milliseconds(latencies.quantile(0.99)),
            ]
            surface.put(name, columns[0].x, y, Ink(.name), width: columns[0].width - 1)
            for (index, number) in numbers.enumerated() {
                let role: Role = index == 2 ? (good > 99 ? .ok : .warn) : .text
                surface.putRight(
                    TextLine(number, role), in: Rect(columns[index + 1].x, y, columns[index + 1].width - 1, 1))
            }
            let flags = group.flags.sorted { $0.value > $1.value }.prefix(2).map { "\($0.key) \($0.value)" }.joined(
                separator: " ")
            surface.put(flags, columns[6].x, y, Ink(.flag), width: columns[6].width)
        }
    }
}
