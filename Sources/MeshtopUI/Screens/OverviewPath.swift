import EnvoyModel
import Presentation
import TerminalUI

/// The first pane of the overview: the way of a request, and what the listeners lead to.
extension AppModel {
    /// Client, proxy, services: who leads where.
    func drawPath(on surface: inout Surface, in rect: Rect) {
        let hints: [TextLine] = [
            [Span("L", .key), Span(" hops", .keyText)], [Span("t", .key), Span(" trace a request", .keyText)],
            [Span("P", .key), Span(" proxy", .keyText)],
        ]
        let inner = Panel("Path", hints: hints).draw(on: &surface, in: rect).inset(1, 0)
        guard !inner.isEmpty else { return }
        guard let proxy = view.chosenProxy else {
            surface.put(
                "no gateway or sidecar in these manifests: press 9 for what is wrong, 0 for what was read", inner.x,
                inner.y, Ink(.warn), width: inner.width)
            return
        }
        let listening = listeners.rows.filter { $0.routeConfiguration != nil || !$0.clusters.isEmpty }
            .filter { !$0.isProbe }
        let room = max(1, inner.height - 1)
        var lines = chainLines(width: inner.width, glyphs: surface.glyphs, isTall: inner.height >= 6)
        for (index, listener) in listening.enumerated() where lines.count < room {
            lines.append(pathHead(listener, proxy, surface.glyphs, isWide: inner.width >= 90))
            let left = room - lines.count - (listening.count - index - 1)
            lines += pathBranches(of: listener, surface.glyphs, limit: max(0, left))
        }
        if listening.isEmpty { lines.append(TextLine("\(proxy.id) has no listener: no Gateway selects it", .warn)) }
        surface.put(Array(lines.prefix(room)), in: inner)
        guard let suggestion, inner.height >= 2 else { return }
        surface.put([Span("try  ", .textDim), Span(suggestion, .info)], inner.x, inner.maxY - 1, width: inner.width)
    }

    /// The way of a request that is tried for the purpose, from the client to the endpoint.
    private func chainLines(width: Int, glyphs: Glyphs, isTall: Bool) -> [TextLine] {
        guard let example = simulator.example, let ladder = example.ladder, ladder.rungs.count > 1 else { return [] }
        let status = example.status > 0 ? "\(example.status)" : ""
        let result = example.isBad ? example.result : status
        let chain = PathChain(ladder: ladder, result: result, isBad: example.isBad, hasPlaces: isTall)
        return chain.lines(width: width, glyphs: glyphs)
    }

    private func pathHead(_ listener: ListenerItem, _ proxy: ProxyItem, _ glyphs: Glyphs, isWide: Bool) -> TextLine {
        let link = listener.isTLS ? glyphs.tlsLink : glyphs.plainLink
        let name = isWide ? proxy.id : proxy.id.split(separator: ".").first.map(String.init) ?? proxy.id
        var spans: [Span] = [
            Span("client ", .textDim), Span(link, listener.isTLS ? .tls : .borderFocus),
            Span(" " + (listener.bound.isEmpty ? ":\(listener.port)" : listener.bound), .live),
        ]
        if !listener.bound.isEmpty, !listener.bound.hasSuffix(":\(listener.port)") {
            spans.append(Span(" = :\(listener.port)", .textDim))
        }
        spans += [Span(" \(glyphs.plainLink) ", .borderFocus), Span(name, .name, .bold)]
        if let routes = view.snapshot.routes.first(where: { $0.name == listener.routeConfiguration }) {
            let count = routes.virtualHosts.reduce(0) { $0 + $1.routes.count }
            let hosts = Words.count(routes.virtualHosts.count, "host")
            spans.append(
                Span("  \(isWide ? routes.name + "  " : "")\(hosts), \(Words.count(count, "route"))", .textDim))
        }
        return TextLine(spans)
    }

    private func pathBranches(of listener: ListenerItem, _ glyphs: Glyphs, limit: Int) -> [TextLine] {
        let all = targets(of: listener)
        guard limit > 0 else { return [] }
        guard !all.isEmpty else {
            return [[Span("       \(glyphs.lastBranch) ", .border), Span("no route leads to a service", .warn)]]
        }
        let shown = all.count > limit ? Array(all.prefix(max(1, limit - 1))) : all
        var lines = shown.enumerated().map { index, target -> TextLine in
            let isLast = index == all.count - 1
            var spans = [Span("       \(isLast ? glyphs.lastBranch : glyphs.branch) ", .border)]
            let short = ClusterName(target).short
            spans.append(
                Span(short + String(repeating: " ", count: max(2, (isBroad ? 34 : 28) - TextWidth.of(short))), .name))
            if let cluster = allClusters.first(where: { $0.id == target }) {
                spans.append(Span(cluster.health + (cluster.healthy > 0 ? " ok" : " down"), cluster.healthRole))
                if limit == 1, all.count > 1 { spans.append(Span("  and \(all.count - 1) more: 4", .textDim)) }
                spans.append(Span("  " + cluster.cluster.lbPolicy.word, .textDim))
                if cluster.tls != "plain" { spans.append(Span("  " + cluster.tls, .mtls)) }
                let rate = meters.clusterRates[target] ?? 0
                if rate > 0 { spans.append(Span("  " + Words.fixed(rate) + " rps", .observed)) }
            } else {
                spans.append(Span("no such cluster: 503 NC", .error))
            }
            return TextLine(spans)
        }
        if all.count > shown.count, limit > 1 {
            lines.append([
                Span("       \(glyphs.lastBranch) ", .border),
                Span("and \(all.count - shown.count) more: 4 lists them", .textDim),
            ])
        }
        return lines
    }

    private func targets(of listener: ListenerItem) -> [String] {
        let routed = listener.routeConfiguration.flatMap { routeTargets[$0] } ?? []
        let own = listener.clusters
        return own.isEmpty ? routed : own + routed.filter { !own.contains($0) }
    }
}
