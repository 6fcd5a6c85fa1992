import Documents
import Paths
import Presentation
import TerminalUI

/// Where the cursor stands on the ladder.
struct PathState: Sendable {
    var selection = 0

    /// The cursor goes to the first hop where something is wrong, else to the first with a warning, else to the one that answers.
    mutating func select(in ladder: Ladder?) {
        let rungs = ladder?.rungs ?? []
        selection =
            rungs.firstIndex { $0.verdict == .bad } ?? rungs.firstIndex { $0.verdict == .warning }
            ?? rungs.firstIndex { $0.answers } ?? 0
    }

    mutating func move(_ key: Key, count: Int) {
        guard let next = key.moved(from: selection, count: count, page: 5) else { return }
        selection = next
    }
}

extension AppModel {
    var ladder: Ladder? { simulator.current?.ladder }

    /// The manifest behind the hop under the cursor: of what is wrong with it, else its own.
    var selectedHopSource: SourceReference? {
        guard let rung = selectedRung else { return nil }
        let bad = rung.facts.first { $0.verdict == .bad && $0.source?.location != nil }
        return bad?.source ?? rung.source
    }

    private var selectedRung: Ladder.Rung? {
        guard let rungs = ladder?.rungs, rungs.indices.contains(path.selection) else { return nil }
        return rungs[path.selection]
    }

    func drawHops(on surface: inout Surface, in rect: Rect) {
        let parts =
            rect.width >= 100
            ? rect.columns([.share(1, min: 48, max: 64), .share(1)]) : rect.rows([.share(1, min: 7), .share(1)])
        drawLadder(on: &surface, in: parts[0])
        drawHop(on: &surface, in: parts[1])
    }

    // MARK: The ladder

    private func drawLadder(on surface: inout Surface, in rect: Rect) {
        let title: TextLine = [Span("Path", .title), Span(ladder.map { " \($0.summary)" } ?? "", .textDim)]
        let hints: [TextLine] =
            ladder == nil
            ? [[Span("i", .key), Span(" request", .keyText)]]
            : [[Span("j k", .key), Span(" hop", .keyText)], [Span("Y", .key), Span(" manifest", .keyText)]]
        let inner = Panel(title, hints: hints, focused: overlay == nil).draw(on: &surface, in: rect)
        surface.addTarget(rect, .pane("ladder"))
        guard let ladder, !ladder.rungs.isEmpty else {
            if let current = simulator.current {
                let why = current.error ?? current.steps.map(\.text).joined(separator: " ")
                let lines: [TextLine] = [
                    TextLine(current.line, .name), TextLine("it leads nowhere: " + why, .error),
                    [
                        Span("enter", .key), Span(" shows the steps, ", .textDim), Span("i", .key),
                        Span(" another request", .textDim),
                    ],
                ]
                surface.put(lines.flatMap { $0.wrapped(to: inner.width - 2, indent: 2) }, in: inner.inset(1, 0))
                return
            }
            let words = [
                "From the client over load balancers, gateways and sidecars to the endpoint:",
                "who has the request, what arrives there, who ends TLS, and who answers.", "",
                "Press i and type or paste a curl line"
                    + (suggestion.map { ", for example: \($0)" } ?? "."),
            ]
            surface.put(words.flatMap { TextLine($0, .textDim).wrapped(to: inner.width - 2) }, in: inner.inset(1, 0))
            return
        }
        var lines: [TextLine] = [TextLine(simulator.current?.line ?? "", .name), result]
        var chosen = 0..<1
        for (index, rung) in ladder.rungs.enumerated() {
            let start = lines.count
            let before = index > 0 ? ladder.rungs[index - 1] : nil
            lines += rungLines(rung, index, after: before, width: inner.width - 1, glyphs: surface.glyphs)
            if index == path.selection { chosen = (before == nil ? start : start + 1)..<lines.count }
        }
        let top = max(0, min(chosen.upperBound - inner.height + 1, lines.count - inner.height))
        surface.put(lines, in: Rect(inner.x + 1, inner.y, inner.width - 1, inner.height), from: top)
        let row = inner.y + chosen.lowerBound - top
        let marked = Rect(inner.x, row, inner.width, chosen.count).intersection(inner)
        surface.restyle(marked) { $0.role = .cursor }
        if marked.height > 0 { surface.put(surface.glyphs.cursor, inner.x, marked.y, .cursor) }
        surface.putScrollbar(
            x: rect.maxX - 1, y: inner.y, height: inner.height, first: top, shown: inner.height, total: lines.count)
    }

    /// What the whole came to.
    private var result: TextLine {
        guard let current = simulator.current else { return TextLine("") }
        let who = ladder?.rungs.first { $0.answers }?.title
        return [
            Span("=> " + current.result, current.isBad ? .http4xx : .http2xx),
            Span(who.map { "  by \($0)" } ?? "", .textDim),
        ]
    }

    /// One hop: the way to it, its name, its ports.
    private func rungLines(
        _ rung: Ladder.Rung, _ index: Int, after before: Ladder.Rung?, width: Int, glyphs: Glyphs
    ) -> [TextLine] {
        var lines: [TextLine] = []
        if let before {
            let isPlain = before.sends == "plaintext" || before.sends.isEmpty
            let link = String(glyphs.vertical) + " " + (isPlain ? glyphs.plainLink : glyphs.tlsLink)
            let word = before.sends.isEmpty ? "" : " " + before.sends
            let speaks = rung.request.first { $0.name == "speaks" }?.value ?? ""
            let role: Role = before.sends == "mtls" ? .mtls : before.sends == "tls" ? .tls : .plaintext
            lines.append([
                Span("      " + link, .textDim), Span(word, before.sends.isEmpty ? .textDim : role),
                Span(speaks.isEmpty ? "" : "  " + speaks, .textDim),
            ])
        }
        let mark: Span =
            switch rung.verdict {
            case .bad: Span("XX ", .error)
            case .warning: Span("!! ", .warn)
            case .good, .note: Span("ok ", .ok)
            }
        let number = "\(index + 1)"
        lines.append([
            Span(" " + String(repeating: " ", count: max(0, 2 - number.count)) + number + " ", .number), mark,
            Span(rung.title, .name),
        ])
        var below: [String] = []
        if !rung.arrives.isEmpty, rung.arrives != "plaintext" { below.append(rung.arrives) }
        if !rung.ports.isEmpty { below.append(rung.ports) }
        if below.isEmpty, !rung.address.isEmpty { below.append(rung.address) }
        // A long name must not push out who it is that answers.
        let answers = rung.answers ? "answers" + (below.isEmpty ? "" : "  ") : ""
        if !below.isEmpty || rung.answers {
            lines.append([
                Span("        "), Span(answers, .live), Span(below.joined(separator: ", "), .textDim),
            ])
        }
        return lines
    }

    // MARK: One hop

    /// All about the hop under the cursor, for a window of its own.
    var hopDetail: (title: String, lines: [TextLine])? {
        selectedRung.map { ($0.title, hopLines($0, width: max(20, size.width - 8))) }
    }

    private func drawHop(on surface: inout Surface, in rect: Rect) {
        guard let rung = selectedRung else {
            Panel("Hop").draw(on: &surface, in: rect)
            return
        }
        let title: TextLine = [Span("Hop ", .title), Span("\(path.selection + 1) \(rung.title)", .headerValue)]
        let hints: [TextLine] = [TextLine(rung.source.placeText, .source)]
        let inner = Panel(title, hints: hints).draw(on: &surface, in: rect).inset(1, 0)
        surface.put(hopLines(rung, width: inner.width), in: inner)
    }

    private func hopLines(_ rung: Ladder.Rung, width: Int) -> [TextLine] {
        var lines: [TextLine] = []
        // What is wrong comes first: on a small terminal the rest may not fit.
        for fact in rung.facts.sorted(by: { $0.rank < $1.rank }) { lines += factLines(fact, width: width) }
        if !rung.server.isEmpty { lines.append(TextLine(rung.server, .text)) }
        if !rung.request.isEmpty {
            lines.append(TextLine("arrives", .title))
            lines += rung.request.flatMap { fieldLines($0, width: width) }
        }
        if !rung.changes.isEmpty {
            lines.append(TextLine("changes on the way in", .title))
            lines += rung.changes.flatMap { fieldLines($0, width: width) }
        }
        for report in ladder?.health.filter({ $0.checker == rung.name }) ?? [] {
            let isGood = report.healthyCount == report.targets.count && !report.targets.isEmpty
            lines.append([
                Span("health ", .title), Span(report.question, .name),
                Span("  \(report.healthyCount) of \(report.targets.count) healthy", isGood ? .ok : .error),
                Span("  " + report.origin, .textDim),
            ])
            for target in report.targets {
                let mark = target.isHealthy ? Span("ok ", .ok) : Span("XX ", .error)
                let place = target.source.placeText
                lines += TextLine([
                    mark, Span(target.name, .name), Span("  " + target.reason),
                    Span(place.isEmpty ? "" : "  " + place, .source),
                ]).wrapped(to: width, indent: 3)
            }
            for fact in report.facts { lines += factLines(fact, width: width) }
        }
        return lines
    }

    private func factLines(_ fact: PathFact, width: Int) -> [TextLine] {
        let mark: Span =
            switch fact.verdict {
            case .bad: Span("XX ", .error)
            case .warning: Span("!! ", .warn)
            case .good, .note: Span("   ")
            }
        let role: Role = fact.verdict == .bad ? .error : .text
        let place = fact.source.placeText
        return TextLine([
            mark, Span(fact.text, role), Span(fact.code.map { " \($0)" } ?? "", .textDim),
            Span(place.isEmpty ? "" : "  " + place, .source),
        ]).wrapped(to: width, indent: 3)
    }

    private func fieldLines(_ field: Ladder.Field, width: Int) -> [TextLine] {
        let name = field.name + String(repeating: " ", count: max(1, 18 - field.name.count))
        return TextLine([Span("   " + name, .textDim), Span(field.value)]).wrapped(to: width, indent: 6)
    }
}

extension PathFact {
    /// Errors first.
    fileprivate var rank: Int {
        switch verdict {
        case .bad: 0
        case .warning: 1
        case .good, .note: 2
        }
    }
}
