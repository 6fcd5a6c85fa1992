import TerminalUI

/// The pane of the overview that tells how requests fare.
extension AppModel {
    func drawSignals(on surface: inout Surface, in rect: Rect) {
        let summary = meters.summary
        let panel = Panel("Signals", hints: [TextLine("60 s", .textDim)])
        let inner = panel.draw(on: &surface, in: rect).inset(1, 0)
        guard inner.height > 0 else { return }
        guard meters.total > 0 else {
            surface.put(quietLines.flatMap { $0.wrapped(to: inner.width, indent: 9) }, in: inner)
            return
        }
        let graphHeight = max(1, inner.height - 4)
        let rate = meters.rates.last ?? 0
        let top = meters.rates.suffix(inner.width * 2).max() ?? 0
        let label = Words.fixed(rate) + " rps"
        let graph = Rect(inner.x, inner.y, max(0, inner.width - 14), graphHeight)
        surface.putGraph(meters.rates, in: graph, maximum: top)
        surface.putRight(TextLine(label, .observed), in: Rect(inner.x, inner.y, inner.width, 1))
        // Where there is room for one of them, how many there were tells more.
        let highest: TextLine = [Span("max ", .textDim), Span(Words.fixed(top))]
        let total: TextLine = [Span("total ", .textDim), Span(Words.grouped(meters.total))]
        let counts: [TextLine] = graphHeight > 2 ? [highest, total] : graphHeight > 1 ? [total] : []
        for row in counts.indices {
            surface.putRight(counts[row], in: Rect(inner.x, inner.y + row + 1, inner.width, 1))
        }
        let lines = signalLines(summary, width: inner.width, glyphs: surface.glyphs)
        surface.put(lines, in: Rect(inner.x, inner.y + graphHeight, inner.width, inner.height - graphHeight))
    }

    /// Success, latency, codes and flags of the last minute; of a running proxy that had nothing to do in it, since its start.
    private func signalLines(_ minute: Meters.Bucket, width: Int, glyphs: Glyphs) -> [TextLine] {
        var (classes, flags) = (minute.classes, minute.flags)
        let isQuiet = classes.reduce(0, +) == 0
        if isQuiet, let live = meters.live {
            classes = live.classes.map { Int(clamping: $0) }
            flags = live.flags.mapValues { Int(clamping: $0) }
        }
        let answered = classes.reduce(0, +)
        guard answered > 0 else { return [TextLine("no requests in the last minute", .textDim)] }
        let good = Double(answered - classes[5]) / Double(answered)
        let width = max(4, min(18, width - 40))
        let bar = Graph.bar(good, width: width, glyphs: glyphs)
        let rest = String(repeating: glyphs.isASCII ? "." : "·", count: max(0, width - bar.count))
        var success: [Span] = [
            Span("success  ", .textDim), Span(bar, .ok), Span(rest, .border),
            Span(" " + Words.fixed(good * 100, 2) + " %", good > 0.99 ? .ok : .warn),
        ]
        if isQuiet { success.append(Span("  since its start", .textDim)) }
        var latencies: [Span] = [Span("latency  ", .textDim)]
        for (name, quantile) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
            latencies += [
                Span(name + " "), Span(Words.milliseconds(meters.latency(quantile, of: minute)) + "  ", .number),
            ]
        }
        latencies.append(Span("ms", .textDim))
        let roles: [Role] = [.http2xx, .http3xx, .http4xx, .http5xx]
        var codes: [Span] = [Span("codes    ", .textDim)]
        for (index, role) in roles.enumerated() {
            let share = Words.fixed(Double(classes[index + 2]) / Double(answered) * 100)
            codes += [Span("\(index + 2)xx ", role), Span(share + "%  ")]
        }
        var seen: [Span] = [Span("flags    ", .textDim)]
        for (flag, count) in flags.sorted(by: { ($0.value, $1.key) > ($1.value, $0.key) }).prefix(5) {
            seen += [Span(flag, .flag), Span(" \(Words.grouped(count))  ")]
        }
        if flags.isEmpty { seen.append(Span("none", .textDim)) }
        return [success, latencies, codes, seen].map { TextLine($0) }
    }

    /// What there is to say while nothing is sent: what is configured, and how something comes to be sent.
    private var quietLines: [TextLine] {
        let empty = allClusters.count { $0.healthRole == .error }
        var lines: [TextLine] = [
            [
                Span("serves   ", .textDim), Span(Words.count(listeners.rows.count { !$0.isProbe }, "listener")),
                Span(", "), Span(Words.count(allRoutes.count { !$0.isInline }, "route")),
                Span(", "), Span(Words.count(allClusters.count, "cluster")),
                Span(empty > 0 ? ", \(Words.grouped(empty)) without an endpoint" : "", .warn),
            ]
        ]
        if view.live != nil {
            lines.append(TextLine("no requests since it started", .textDim))
        } else if let embedded = view.embedded {
            lines.append([
                Span("no requests yet: ", .textDim), Span("p", .key),
                Span(" sends one to each route in turn, again and again", .textDim),
            ])
            if let bound = embedded.bindings.first?.bound {
                lines.append([Span("or your own, to ", .textDim), Span(bound, .live)])
            }
        } else {
            lines.append(TextLine("no proxy is running: configuration only", .textDim))
        }
        return lines
    }
}
