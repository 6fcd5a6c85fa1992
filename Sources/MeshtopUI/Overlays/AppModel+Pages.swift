import Documents
import TerminalUI

/// Pages over the whole screen, and how the panes are divided.
extension AppModel {
    /// All about the row under the cursor, where its pane has no room for it.
    mutating func describeSelection() {
        guard let detail = selectedDetail else {
            if screen == .tap { openRaw() } else { say("nothing to describe here: Y shows the manifest") }
            return
        }
        var lines = detail.lines
        if let source = detail.source, let location = source.location {
            let object = source.kind.isEmpty ? "" : Optional(source).objectText + "  "
            lines += ["", [Span(object, .title), Span("\(location.file):\(location.line)", .source)]]
            lines += excerpt(location, height: 40)
        }
        openText(selectedName ?? screen.title, lines, indent: 12)
    }

    /// Makes the list larger or smaller by some rows.
    mutating func movePane(_ rows: Int) {
        isMaximised = false
        paneShift = max(-size.height, min(size.height, paneShift + rows))
    }

    mutating func show(_ hits: [GrepHit], of text: String) {
        guard !hits.isEmpty else {
            say("no manifest has \(text)")
            return
        }
        let width = hits.reduce(0) { max($0, TextWidth.of("\(Words.fileName($1.file)):\($1.line)")) }
        let lines = hits.map { hit -> TextLine in
            let place = "\(Words.fileName(hit.file)):\(hit.line)"
            let pad = String(repeating: " ", count: max(0, width - TextWidth.of(place)) + 2)
            return [Span(place + pad, .source), Span(hit.text)]
        }
        openText("grep \(text)  \(Words.count(hits.count, "line"))", lines, indent: nil)
        if case .text(var state) = overlay {
            state.view.find(text)
            overlay = .text(state)
        }
    }

    /// Keeps the request and its predicted answer as a test of `meshtop test`.
    mutating func keepAsTest() -> [Effect] {
        guard let current = simulator.current, current.error == nil else {
            say("no request to keep: press i")
            return []
        }
        return [.keep(test: current.routeTest)]
    }
}

extension Simulation {
    /// A test in the form that `meshtop test` reads.
    var routeTest: String {
        var expected: [String] = []
        if status > 0 { expected.append("status: \(status)") }
        if flags != "-", !flags.isEmpty { expected.append("flags: \(Self.quoted(flags))") }
        if status == 0, !details.isEmpty { expected.append("error: \(Self.quoted(details))") }
        let clusters = Set(shares.filter { $0.share > 0 }.map(\.cluster))
        if clusters.count == 1, let cluster = clusters.first, !cluster.isEmpty, !isBad {
            expected.append("cluster: \(Self.quoted(cluster))")
        }
        let host = request.lazy.filter { $0.lowercased().hasPrefix("host:") }.map { $0.dropFirst(5).drop { $0 == " " } }
        let words = (request.first ?? "").split(separator: " ")
        let what = words.count > 1 ? "\(words[0]) \(host.first ?? "")\(words[1])" : line
        return """
            - name: \(Self.quoted("\(what) is \(isBad ? result : String(status))"))
              curl: \(Self.quoted(line))
              expect: {\(expected.joined(separator: ", "))}

            """
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
