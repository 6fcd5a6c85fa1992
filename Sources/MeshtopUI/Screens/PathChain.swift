import Paths
import Presentation
import TerminalUI

/// A ladder laid on its side: the hops in one line, where each listens in a second.
struct PathChain {
    let ladder: Ladder
    /// What it came to: `200`, `404 NR`.
    let result: String
    let isBad: Bool

    /// Whether the second line is wanted.
    let hasPlaces: Bool

    /// The lines, one below the other, as wide as there is room.
    func lines(width: Int, glyphs: Glyphs) -> [TextLine] {
        let links = ladder.rungs.dropLast().map { rung -> Span in
            let isPlain = rung.sends == "plaintext" || rung.sends.isEmpty
            let role: Role = rung.sends == "mtls" ? .mtls : rung.sends == "tls" ? .tls : .borderFocus
            return Span(" \(isPlain ? glyphs.plainLink : glyphs.tlsLink) ", role)
        }
        let end = Span("  \(glyphs.arrow) " + result, isBad ? .http4xx : .http2xx)
        let room = width - links.reduce(0) { $0 + TextWidth.of($1.text) } - TextWidth.of(end.text)
        let widths = cells(room)
        var names = TextLine([])
        var details = TextLine([])
        for (index, rung) in ladder.rungs.enumerated() {
            let link = index < links.count ? links[index] : end
            names.spans += [cell(rung.shortName, widths[index], Ink(rung.nameRole, .bold), glyphs), link]
            details.spans += [
                cell(rung.shortPlace, widths[index], Ink(.textDim), glyphs),
                Span(String(repeating: " ", count: TextWidth.of(link.text))),
            ]
        }
        return hasPlaces ? [names, details] : [names]
    }

    /// How wide each hop is: as its name and its place want it, else as its name, else what there is for each.
    private func cells(_ room: Int) -> [Int] {
        let names = ladder.rungs.map { TextWidth.of($0.shortName) }
        let wished = zip(ladder.rungs, names).map { rung, name in
            max(name, hasPlaces ? TextWidth.of(rung.shortPlace) : 0)
        }
        if wished.reduce(0, +) <= room { return wished }
        let each = names.reduce(0, +) <= room ? Int.max : room / max(1, names.count)
        // What is left over after the names goes to the places.
        let lengths = zip(names, wished).map { Length.share(1, min: min($0, each), max: max($0, $1)) }
        return distribute(room, among: lengths)
    }

    private func cell(_ text: String, _ width: Int, _ ink: Ink, _ glyphs: Glyphs) -> Span {
        let shown = CellText.fitted(text, to: width, ellipsis: glyphs.ellipsis)
        return Span(shown + String(repeating: " ", count: max(0, width - TextWidth.of(shown))), ink: ink)
    }
}

extension Ladder.Rung {
    /// `AWS ALB` of `AWS ALB of Ingress istio-system/test-alb`, a workload's name without its namespace.
    fileprivate var shortName: String {
        switch kind {
        case "client", "sidecar": return kind
        default:
            let plain = name.firstRange(of: " of ").map { String(name[..<$0]) } ?? name
            let first = plain.split(separator: ".").first.map(String.init) ?? plain
            return plain.contains(where: \.isLetter) ? first : plain
        }
    }

    /// Where it listens.
    fileprivate var shortPlace: String {
        if kind == "sidecar" { return arrives == "plaintext" ? "" : arrives }
        let port = ports.firstRange(of: " -> ").map { String(ports[..<$0]) } ?? ports
        return port.isEmpty || kind == "endpoint" ? address : port
    }

    fileprivate var nameRole: Role {
        switch verdict {
        case .bad: .error
        case .warning: .warn
        case .good, .note: .name
        }
    }
}
