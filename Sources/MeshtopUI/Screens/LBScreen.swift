import Documents
import EnvoyModel
import Presentation
import TerminalUI

extension AppModel {
    mutating func drawBalance(on surface: inout Surface, in rect: Rect) {
        guard let name = lb.cluster, let cluster = view.snapshot.clusters.first(where: { $0.name == name }) else {
            Panel("Distribution").draw(on: &surface, in: rect)
            surface.put("no cluster: press 4", rect.x + 2, rect.y + 1, .textDim)
            return
        }
        let assignment = assignments[name]
        let items = assignment.map { EndpointItem.items(of: $0, cluster: name) } ?? []
        lb.selection = max(0, min(lb.selection, items.count - 1))
        let whyHeight = rect.height < 16 ? 0 : min(9, max(6, rect.height / 4))
        let rows = rect.rows([
            .share(6, min: 6, max: max(8, items.count * 2 + 5)), .fixed(whyHeight), .share(1, max: 12),
        ])
        drawShares(cluster, items, on: &surface, in: rows[0])
        drawWhy(cluster, items, on: &surface, in: rows[1])
        if rows[2].height >= 5 { drawRates(name, on: &surface, in: rows[2]) }
    }

    private func drawShares(_ cluster: Cluster, _ items: [EndpointItem], on surface: inout Surface, in rect: Rect) {
        let counts = items.map { meters.requests(cluster: cluster.name, endpoint: $0.address) }
        let total = counts.reduce(0, +)
        let predicted = lb.predicted
        let hasPrediction = predicted.count == items.count && !items.isEmpty
        let hints: [TextLine] = [
            TextLine(cluster.lbPolicy.word, .name),
            [Span(", .", .key), Span(" other cluster", .keyText)],
        ]
        let title: TextLine = [Span("Distribution ", .title), Span(ClusterName(cluster.name).short, .name)]
        let inner = Panel(title, hints: hints, focused: true).draw(on: &surface, in: rect)
        guard inner.height > 2 else { return }
        let isWide = inner.width >= 100
        let columns = inner.inset(1, 0).columns(
            isWide
                ? [
                    .fixed(3), .fixed(22), .share(1, min: 10, max: 30), .fixed(9), .fixed(3), .share(2, min: 20),
                    .fixed(8), .fixed(7),
                ]
                : [.fixed(3), .fixed(22), .fixed(0), .fixed(8), .fixed(3), .share(2, min: 20), .fixed(8), .fixed(6)])
        let hasLocality = items.contains { !$0.locality.isEmpty }
        let titles = [
            "P", "ENDPOINT", isWide ? (hasLocality ? "LOCALITY" : "WORKLOAD") : "", "STATUS", "W", "SHARE", "N", "DIFF",
        ]
        for (title, column) in zip(titles, columns) where column.width > 0 {
            let isNumber = title == "N" || title == "DIFF"
            let x = isNumber ? column.maxX - title.count : column.x
            surface.put(title, x, column.y, Ink(.tableHeader), width: column.width)
        }
        if items.isEmpty { surface.put("no endpoints: requests get 503 UH", inner.x + 1, inner.y + 1, .warn) }
        let page = max(1, (inner.height - 2) / 2)
        let top = max(0, min(lb.selection - page / 2, items.count - page))
        for (offset, item) in items.dropFirst(top).prefix(page).enumerated() {
            let index = top + offset
            let y = inner.y + 1 + offset * 2
            let share = total > 0 ? Double(counts[index]) / Double(total) : 0
            let ejected = meters.isEjected(cluster: cluster.name, endpoint: item.address)
            surface.put("P\(item.priority)", columns[0].x, y, .text)
            surface.put(item.address, columns[1].x, y, Ink(.name), width: columns[1].width - 1)
            if isWide {
                let place = hasLocality ? item.locality : item.workloadText
                surface.put(
                    place.isEmpty ? "-" : place, columns[2].x, y, Ink(.textDim),
                    width: columns[2].width - 1)
            }
            surface.put(
                ejected ? "ejected" : item.health.word, columns[3].x, y, Ink(ejected ? .error : item.health.role),
                width: columns[3].width - 1)
            if lb.ejected.contains(index) { surface.put("what if ejected", columns[1].x, y + 1, .warn) }
            surface.put("\(item.weight)", columns[4].x, y, .text)
            let bar = max(4, columns[5].width - 11)
            let wanted = hasPrediction ? predicted[index] : 0
            surface.put("p", columns[5].x, y, .predicted)
            surface.putBar(wanted, columns[5].x + 2, y, width: bar, Ink(.predicted))
            surface.put(hasPrediction ? percent(wanted) : "    -", columns[5].x + bar + 3, y, .predicted)
            surface.put("o", columns[5].x, y + 1, .observed)
            surface.putBar(share, columns[5].x + 2, y + 1, width: bar, Ink(.observed))
            surface.put(total > 0 ? percent(share) : "    -", columns[5].x + bar + 3, y + 1, .observed)
            surface.putRight(TextLine(Words.grouped(counts[index])), in: Rect(columns[6].x, y + 1, columns[6].width, 1))
            if hasPrediction, total > 0 {
                let difference = (share - wanted) * 100
                let text = (difference >= 0.05 ? "+" : "") + Words.fixed(difference)
                surface.putRight(TextLine(text, .textDim), in: Rect(columns[7].x, y + 1, columns[7].width, 1))
            }
            if index == lb.selection {
                surface.put(surface.glyphs.cursor, inner.x, y, .borderFocus)
                surface.restyle(Rect(columns[1].x, y, columns[1].width - 1, 1)) { $0.role = .cursor }
            }
        }
        let fit = hasPrediction ? Fit(observed: counts, expected: predicted) : nil
        var spans: [Span] = [Span("n ", .textDim), Span(Words.grouped(total), .number)]
        if cluster.lbPolicy.isHashing, total > 0 {
            spans.append(Span("  predicted over all keys; the keys of these requests decide", .textDim))
        } else if let fit {
            spans += [
                Span("  chi² ", .textDim), Span(Words.fixed(fit.chiSquare, 2)), Span("  "),
                Span(fit.words, !fit.isEnough ? .textDim : fit.isGood ? .ok : .error),
            ]
        } else if total == 0 {
            spans.append(Span("  no requests yet", .textDim))
        }
        if surface.glyphs.isASCII {
            spans = spans.map { Span($0.text == "  chi² " ? "  chi2 " : $0.text, ink: $0.ink) }
        }
        surface.put(TextLine(spans), inner.x + 1, inner.maxY - 1, width: inner.width - 30)
        surface.putRight(
            [Span("p", .predicted), Span(" predicted  ", .textDim), Span("o", .observed), Span(" observed", .textDim)],
            in: Rect(inner.x, inner.maxY - 1, inner.width - 1, 1))
    }

    private func percent(_ share: Double) -> String {
        let text = Words.fixed(share * 100)
        return String(repeating: " ", count: max(0, 5 - text.count)) + text + "%"
    }

    private func drawWhy(_ cluster: Cluster, _ items: [EndpointItem], on surface: inout Surface, in rect: Rect) {
        guard rect.height > 2 else { return }
        if let whatIf = lb.whatIf {
            drawWhatIf(whatIf, items, on: &surface, in: rect)
            return
        }
        let inner = Panel("Why").draw(on: &surface, in: rect).inset(1, 0)
        let source = cluster.sources.first { $0.kind == "DestinationRule" } ?? cluster.sources.first
        var lines: [TextLine] = []
        lines.append(
            fact("policy", "\(cluster.lbPolicy.word)  \(cluster.lbPolicy.meaning)")
                + Span("  " + source.placeText, .source))
        let priorities = Dictionary(grouping: items, by: \.priority).sorted { $0.key < $1.key }
        for (priority, members) in priorities.prefix(3) {
            let healthy = members.count { $0.health.isUsable }
            let load = min(100, Double(healthy) / Double(max(1, members.count)) * 140)
            lines.append(
                fact(
                    "P\(priority)",
                    "\(healthy) of \(members.count) healthy \(surface.glyphs.arrow) can take \(Words.fixed(load, 0)) % (healthy share x 1.4, at most 100)"
                ))
        }
        if priorities.count > 1 {
            lines.append(fact("failover", "a later priority gets only what the earlier ones cannot take"))
        }
        if cluster.outlierDetection == nil, priorities.count > 1 {
            lines.append(fact("", "no outlierDetection: an endpoint that fails keeps its share", .warn))
        }
        if let outlier = cluster.outlierDetection {
            let percent = Int(outlier.maxEjectionPercent ?? 10)
            let most = items.count * percent / 100
            lines.append(
                fact(
                    "ejection", "at most \(percent) % of \(items.count) endpoints = \(most)", most == 0 ? .warn : .text)
            )
        }
        let panic = cluster.common.healthyPanicThreshold ?? 50
        lines.append(
            fact(
                "panic",
                panic > 0
                    ? "below \(Words.fixed(panic, 0)) % healthy all endpoints are used"
                    : "off: an unhealthy endpoint is never used"))
        surface.put(lines, in: inner)
    }

    /// Before and after for each endpoint whose share changes.
    private func drawWhatIf(_ shares: [Double], _ items: [EndpointItem], on surface: inout Surface, in rect: Rect) {
        let hints: [TextLine] = [
            [Span("x", .key), Span(" eject or not", .keyText)], [Span("u", .key), Span(" undo", .keyText)],
        ]
        let panel = Panel("What if \(Words.count(lb.ejected.count, "endpoint")) were ejected", hints: hints)
        let inner = panel.draw(on: &surface, in: rect).inset(1, 0)
        var lines: [TextLine] = []
        for item in items where item.index < shares.count && item.index < lb.predicted.count {
            let (before, after) = (lb.predicted[item.index], shares[item.index])
            guard before > 0 || after > 0 else { continue }
            let isOut = lb.ejected.contains(item.index)
            lines.append([
                Span(item.address + String(repeating: " ", count: max(1, 24 - item.address.count)), .name),
                Span("P\(item.priority)  ", .textDim), Span(percent(before), .predicted),
                Span(" \(surface.glyphs.arrow) ", .border), Span(percent(after), after > before ? .warn : .predicted),
                Span(isOut ? "  ejected" : "", .error),
            ])
        }
        if shares.allSatisfy({ $0 == 0 }) { lines.append(TextLine("nothing left: requests get 503 UH", .error)) }
        surface.put(lines, in: inner)
    }

    private func drawRates(_ name: String, on surface: inout Surface, in rect: Rect) {
        let rate = meters.clusterRates[name] ?? 0
        let inner = Panel("Requests", hints: [TextLine(Words.fixed(rate) + " rps", .observed)]).draw(
            on: &surface, in: rect
        ).inset(1, 0)
        if meters.total == 0 {
            surface.put("no requests yet", inner.x, inner.y, .textDim)
        } else {
            surface.putGraph(meters.clusterHistory[name] ?? [], in: inner)
        }
    }
}

extension TextLine {
    static func + (line: TextLine, span: Span) -> TextLine { TextLine(line.spans + [span]) }
}

extension Cluster.LBPolicy {
    /// In a few words.
    var meaning: String {
        switch self {
        case .roundRobin: "each in turn, by weight"
        case .leastRequest: "the idler of two picked at random"
        case .random: "any, by weight"
        case .ringHash, .maglev: "the same key goes to the same endpoint"
        case .clusterProvided: "where the client meant to go"
        case .other: ""
        }
    }
}
