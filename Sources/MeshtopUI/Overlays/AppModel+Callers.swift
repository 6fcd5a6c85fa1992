import Presentation
import TerminalUI

/// The same request from everywhere, over the Simulator and the Path screen.
extension AppModel {
    /// Asks for the table of the request that is shown.
    mutating func askCallers() -> [Effect] {
        guard let line = simulator.current?.line else {
            say("no request yet: press i")
            return []
        }
        say("asking everywhere …")
        return [.callers(line: line)]
    }

    mutating func show(_ table: CallerTable?) {
        notice = nil
        guard let table else {
            say("only manifests say who else might ask", isError: true)
            return
        }
        var lines: [TextLine] = [TextLine(simulator.current?.line ?? "", .name), TextLine("")]
        var caller = ""
        for row in table.rows {
            if row.who != caller {
                caller = row.who
                lines.append(TextLine(caller, .title))
            }
            let way = row.way + (row.way.hasSuffix(row.target) ? "" : " " + row.target)
            let arrives = row.transport == "-" ? "" : "  arrives as \(row.transport)"
            lines.append([Span("  \(way)", .text)])
            lines.append([
                Span("    => "), Span(row.result, row.isGood ? .http2xx : .http4xx), Span(arrives, .textDim),
                Span(row.cluster == "none" || row.cluster == "-" ? "" : "  " + row.cluster, .name),
                Span(row.place, .source),
            ])
            if !row.note.isEmpty {
                lines.append(TextLine("       " + row.note, .textDim))
            }
        }
        lines += table.notes.map { TextLine($0, .textDim) }
        openText("callers", lines)
    }
}
