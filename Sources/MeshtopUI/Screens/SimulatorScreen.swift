import Documents
import Presentation
import TerminalUI

extension AppModel {
    mutating func drawSimulator(on surface: inout Surface, in rect: Rect) {
        if rect.width >= 100 {
            let columns = rect.columns([.share(1, min: 40, max: 46), .share(4)])
            let left = columns[0].rows([.share(1, min: 8, max: 16), .share(1, min: 5)])
            drawRequest(on: &surface, in: left[0])
            drawHistory(on: &surface, in: left[1])
            drawTrace(on: &surface, in: columns[1])
        } else {
            let history = rect.height >= 20 ? 4 : 0
            let rows = rect.rows([.fixed(min(4, rect.height / 3)), .share(1), .fixed(history)])
            drawRequest(on: &surface, in: rows[0])
            drawTrace(on: &surface, in: rows[1])
            drawHistory(on: &surface, in: rows[2])
        }
    }

    private func drawRequest(on surface: inout Surface, in rect: Rect) {
        let isEditing = simulator.isEditing
        let hints: [TextLine] =
            isEditing
            ? [[Span("enter", .key), Span(" run", .keyText)]]
            : [[Span("i", .key), Span(" edit", .keyText)], [Span("space", .key), Span(" run", .keyText)]]
        let isExample = !isEditing && simulator.editor.isEmpty && simulator.current?.occasion == .example
        let title: TextLine = [Span("Request", .title), Span(isExample ? " an example" : "", .textDim)]
        let panel = Panel(title, hints: hints, focused: isEditing)
        let inner = panel.draw(on: &surface, in: rect).inset(1, 0)
        surface.addTarget(inner, .pane("request"))
        guard inner.height > 0 else { return }
        if simulator.editor.isEmpty, !isEditing, !isExample {
            let text =
                suggestion.map { "press i and type or paste a curl line, for example: \($0)" }
                ?? "press i and type or paste a curl line"
            surface.put(TextLine(text, .suggestion).wrapped(to: inner.width), in: inner)
            return
        }
        let lines = editorLines(isExample ? simulator.current?.line ?? "" : simulator.editor.text, width: inner.width)
        let height = max(1, min(lines.count, isEditing || inner.height < 4 ? inner.height : inner.height - 1, 6))
        let first = isEditing ? max(0, min(cursorRow(width: inner.width) - height + 1, lines.count - height)) : 0
        for (row, line) in lines.dropFirst(first).prefix(height).enumerated() {
            surface.put(line, inner.x, inner.y + row, Ink(.name))
        }
        if isEditing {
            let column = cursorColumn(width: inner.width)
            surface.cursor = Point(inner.x + column, inner.y + cursorRow(width: inner.width) - first)
            if simulator.editor.isEmpty {
                let example = suggestion ?? "curl -H Host:www.example.com http://$INGRESS_HOST/"
                surface.put(TextLine(example, .suggestion).wrapped(to: inner.width), in: inner)
            }
        }
        guard let current = simulator.current, inner.height > height else { return }
        var facts: [TextLine] = []
        if let error = current.error {
            facts = TextLine(error, .error).wrapped(to: inner.width)
        } else {
            facts = current.request.map { TextLine($0, .text) }
        }
        if isExample {
            facts += [
                "",
                [
                    Span("i", .key), Span(" types or pastes your own; ", .textDim), Span("L", .key),
                    Span(" its path", .textDim),
                ],
            ]
        }
        let below = Rect(inner.x, inner.y + height + (inner.height - height > 3 ? 1 : 0), inner.width, inner.height)
        surface.put(facts.flatMap { $0.wrapped(to: inner.width, indent: 2) }, in: below.intersection(inner))
    }

    /// The line being typed, cut into rows.
    private func editorLines(_ text: String, width: Int) -> [String] {
        guard width > 0 else { return [] }
        var rows: [String] = []
        var current = ""
        var used = 0
        for glyph in CellText.glyphs(of: text) {
            if used + glyph.width > width {
                rows.append(current)
                current = ""
                used = 0
            }
            current.append(glyph.character)
            used += glyph.width
        }
        rows.append(current)
        return rows
    }

    private func cursorOffset() -> Int { TextWidth.of(String(simulator.editor.text.prefix(simulator.editor.cursor))) }
    private func cursorRow(width: Int) -> Int { width > 0 ? cursorOffset() / width : 0 }
    private func cursorColumn(width: Int) -> Int { width > 0 ? cursorOffset() % width : 0 }

    // MARK: Trace

    private func drawTrace(on surface: inout Surface, in rect: Rect) {
        let current = simulator.current
        let steps = current?.steps ?? []
        let stages = steps.count { $0.kind == .step }
        let title: TextLine = [
            Span("Trace", .title), Span(stages == 0 ? "" : " \(Words.count(stages, "step"))", .textDim),
        ]
        let hints: [TextLine] =
            steps.isEmpty
            ? [] : [[Span("j k", .key), Span(" step", .keyText)], [Span("Y", .key), Span(" manifest", .keyText)]]
        let panel = Panel(title, hints: hints, focused: !simulator.isInHistory && !simulator.isEditing)
        let inner = panel.draw(on: &surface, in: rect).inset(1, 0)
        surface.addTarget(rect, .pane("trace"))
        guard let current else {
            let words = [
                "Where does this request go, and why not where I meant?", "",
                "Every step is shown with its reason and the line of the manifest",
                "behind it; when nothing matches, what comes nearest.",
            ]
            surface.put(words.map { TextLine($0, .textDim) }, in: inner)
            return
        }
        if let error = current.error {
            surface.put(TextLine(error, .error).wrapped(to: inner.width), in: inner)
            return
        }
        let (lines, selected) = stepLines(steps, width: inner.width)
        let result = conclusionLines(current, width: inner.width, glyphs: surface.glyphs)
        let resultHeight = min(result.count + 1, max(4, inner.height / 2))
        let parts = inner.rows([.share(1), .fixed(resultHeight)])
        let top = max(0, min(selected.upperBound - parts[0].height + 1, lines.count - parts[0].height))
        surface.put(lines, in: parts[0], from: top)
        if !simulator.isInHistory, !simulator.isEditing, !lines.isEmpty {
            let row = parts[0].y + selected.lowerBound - top
            let span = Rect(rect.x + 1, row, rect.width - 2, selected.count)
            surface.restyle(span.intersection(Rect(rect.x + 1, parts[0].y, rect.width - 2, parts[0].height))) {
                $0.role = .cursor
            }
            if row >= parts[0].y, row < parts[0].maxY {
                surface.put(surface.glyphs.cursor, rect.x + 1, row, .cursor)
            }
        }
        surface.putScrollbar(
            x: rect.maxX - 1, y: parts[0].y, height: parts[0].height, first: top, shown: parts[0].height,
            total: lines.count)
        guard parts[1].height > 1 else { return }
        surface.fill(Rect(rect.x + 1, parts[1].y, rect.width - 2, 1), with: surface.glyphs.horizontal, Ink(.border))
        surface.put(surface.glyphs.isASCII ? "+" : "├", rect.x, parts[1].y, .border)
        surface.put(surface.glyphs.isASCII ? "+" : "┤", rect.maxX - 1, parts[1].y, .border)
        surface.put(result, in: Rect(parts[1].x, parts[1].y + 1, parts[1].width, parts[1].height - 1))
    }

    private func spans(_ line: ExplanationLine) -> [Span] {
        [Span(String(repeating: "  ", count: line.indent))]
            + line.spans.map { span in
                switch span.role {
                case .plain: Span(span.text)
                case .good: Span(span.text, .ok)
                case .bad: Span(span.text, .error)
                case .label: Span(span.text, .title)
                case .value: Span(span.text, .name)
                case .place: Span(span.text, .source)
                case .dim: Span(span.text, .textDim)
                }
            }
    }

    /// The steps as lines, their places at the right, and which of them belong to the chosen step.
    private func stepLines(_ steps: [ExplanationLine], width: Int) -> ([TextLine], Range<Int>) {
        var lines: [TextLine] = []
        var selected = 0..<1
        for (index, step) in steps.enumerated() {
            let start = lines.count
            let body = TextLine(spans(step))
            let place = step.source.placeText
            let hang = step.kind == .step ? 15 : step.indent * 2 + 3
            var wrapped = body.wrapped(
                to: width, indent: hang, first: place.isEmpty ? width : max(20, width - place.count - 2))
            if !place.isEmpty, let first = wrapped.first {
                let gap = String(repeating: " ", count: max(2, width - first.width - place.count))
                wrapped[0] = TextLine(first.spans + [Span(gap), Span(place, .source)])
            }
            lines += wrapped
            if index == simulator.step { selected = start..<lines.count }
        }
        return (lines, selected)
    }

    private func conclusionLines(_ simulation: Simulation, width: Int, glyphs: Glyphs) -> [TextLine] {
        var lines = simulation.conclusion.flatMap { line -> [TextLine] in
            let place = line.source.placeText
            let tail = place.isEmpty ? [] : [Span("  "), Span(place, .source)]
            return TextLine(spans(line) + tail).wrapped(to: width, indent: 2)
        }
        if let first = simulation.observed.first {
            let isSame = first.split(separator: " ").dropFirst().first.map(String.init) == String(simulation.status)
            lines.append([
                Span("sent    ", .title), Span(first, .observed),
                Span(isSame ? "  as predicted" : "  not as predicted", isSame ? .ok : .error),
            ])
        }
        let picked = simulation.picks.values.reduce(0, +)
        if picked > 0 {
            lines.append(TextLine("predicted shares, and where \(Words.grouped(picked)) in a row went", .title))
        }
        for share in simulation.shares.prefix(6) where simulation.shares.count > 1 || picked > 0 {
            let text = Words.fixed(share.share * 100)
            let bar = Graph.bar(share.share, width: 12, glyphs: glyphs)
            lines.append([
                Span(String(repeating: " ", count: max(0, 5 - text.count)) + text + " % ", .predicted),
                Span(bar + String(repeating: glyphs.isASCII ? "." : "·", count: max(0, 12 - bar.count)), .predicted),
                Span(picked > 0 ? " " + Words.grouped(simulation.picks[share.endpoint] ?? 0) : "", .observed),
                Span(" " + (share.endpoint.isEmpty ? "(no endpoint)" : share.endpoint), .name),
                Span("  " + ClusterName(share.cluster).short, .textDim),
            ])
        }
        if simulation.shares.count > 6 { lines.append(TextLine("and \(simulation.shares.count - 6) more", .textDim)) }
        return lines
    }

    // MARK: History

    private func drawHistory(on surface: inout Surface, in rect: Rect) {
        guard rect.height > 2 else { return }
        let title: TextLine = [
            Span("History", .title), Span(simulator.past.isEmpty ? "" : " \(simulator.past.count)", .textDim),
        ]
        let hints: [TextLine] = [[Span("tab", .key), Span(" choose", .keyText)]]
        let inner = Panel(title, hints: hints, focused: simulator.isInHistory).draw(on: &surface, in: rect)
        surface.addTarget(rect, .pane("history"))
        if simulator.past.isEmpty { surface.put("nothing tried yet", inner.x + 1, inner.y, .textDim) }
        let top = max(0, min(simulator.historySelection - inner.height + 1, simulator.past.count - inner.height))
        for (offset, item) in simulator.past.dropFirst(top).prefix(inner.height).enumerated() {
            let y = inner.y + offset
            let result = item.simulation.result
            let isBad = item.simulation.isBad
            let used = surface.putRight(
                TextLine(result, isBad ? .http4xx : .http2xx), in: Rect(inner.x, y, inner.width - 1, 1))
            let method = item.simulation.request.first ?? item.simulation.line
            let host =
                item.simulation.request.first { $0.lowercased().hasPrefix("host:") }.map { String($0.dropFirst(5)) }
                ?? ""
            let words = method.split(separator: " ")
            let text =
                words.count >= 2 && item.simulation.error == nil
                ? "\(words[0]) \(host.trimmed)\(words[1])" : item.simulation.line
            surface.put(
                [Span(String(item.clock.prefix(5)) + " ", .textDim), Span(text)], inner.x + 1, y,
                width: max(0, inner.width - used - 3))
            if simulator.isInHistory, top + offset == simulator.historySelection {
                surface.restyle(Rect(inner.x, y, inner.width, 1)) { $0.role = .cursor }
                surface.put(surface.glyphs.cursor, inner.x, y, .cursor)
            }
        }
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
