import Documents
import EnvoyModel
import TerminalUI

extension AppModel {
    var copyMenu: MenuState {
        var items: [MenuState.Item] = []
        if let list {
            let rows = list.chosenLines
            if !rows.isEmpty {
                items.append(
                    .init(
                        key: "r", title: list.markedCount > 0 ? "marked rows" : "row",
                        detail: list.markedCount > 0 ? String(rows.count) : "",
                        action: .copy(rows.joined(separator: "\n"))))
            }
            items.append(
                .init(
                    key: "t", title: "table", detail: Words.count(list.shownCount, "row"), action: .copy(list.plainText)
                ))
            if let name = selectedName {
                items.append(.init(key: "n", title: "name", detail: name, action: .copy(name)))
            }
        }
        if let curl = selectedCurl { items.append(.init(key: "c", title: "curl", detail: curl, action: .copy(curl))) }
        if screen == .simulator, let patch = simulator.current?.patch, !patch.isEmpty {
            items.append(.init(key: "x", title: "patch", detail: "for patch -p0", action: .copy(patch)))
        }
        if let location = selectedLocation {
            let text = "\(location.file):\(location.line)"
            items.append(.init(key: "p", title: "place", detail: text, action: .copy(text)))
        }
        items.append(.init(key: "s", title: "screen", detail: "as text", action: .copy(screenText)))
        return MenuState(title: "Copy", items: items, selection: 0)
    }

    /// The screen without what lies over it.
    var screenText: String {
        var surface = Surface(size, glyphs: glyphs)
        var copy = self
        copy.overlay = nil
        copy.draw(on: &surface)
        return surface.plainText
    }

    var selectedName: String? {
        switch screen {
        case .listeners: listeners.selected?.name
        case .routes: routes.selected.map { $0.configuration + " " + $0.virtualHost }
        case .clusters: clusters.selected?.id
        case .endpoints: endpoints.selected?.address
        case .store: objects.selected.map { $0.kind + " " + ($0.namespace.isEmpty ? "" : $0.namespace + "/") + $0.name }
        default: nil
        }
    }

    /// A curl line for what is selected.
    var selectedCurl: String? {
        switch screen {
        case .routes: routes.selected.map { reasons.witnesses[$0.id]?.line ?? reachable($0) }
        case .tap: tap.table.selected.map { $0.curl }
        case .simulator, .path: simulator.current?.line ?? (simulator.editor.isEmpty ? nil : simulator.editor.text)
        case .overview: overviewTargets.indices.contains(overview.selection) ? nil : suggestion
        default: suggestion
        }
    }

    /// Whether manifests are behind the screens; else it is an Envoy's own configuration.
    var hasManifests: Bool { view.live == nil && !(view.objects.isEmpty && view.sources.isEmpty) }

    /// A curl line for a route that works against the embedded proxy, where it serves it, or against a running one.
    func reachable(_ route: RouteItem) -> String {
        let listeners = listeners.rows.filter { $0.routeConfiguration == route.configuration }
        if let listener = listeners.first(where: { !$0.bound.isEmpty }) {
            return route.curl(through: listener.bound, tls: listener.isTLS)
        }
        guard !hasManifests, let listener = listeners.first else { return route.curl }
        let host = view.live.flatMap { live in live.address.lastIndex(of: ":").map { String(live.address[..<$0]) } }
        return route.curl(through: "\(host ?? "127.0.0.1"):\(listener.port)", tls: listener.isTLS)
    }

    /// A request that is worth trying on this mesh.
    var suggestion: String? { suggestedRoute.map { reachable($0) } }

    /// The same as anybody outside would send it, for the path that it takes.
    var exampleLines: [String] {
        suggestedRoute.map { route in
            // What is in front of the gateway may redirect the one to the other. Of an Envoy's own configuration nothing is in front.
            hasManifests
                ? [route.curl(through: nil, tls: false), route.curl(through: nil, tls: true)] : [reachable(route)]
        } ?? []
    }

    private var suggestedRoute: RouteItem? {
        let all = allRoutes.lazy.filter { !$0.isInline }
        let best = all.first { !$0.targets.isEmpty && !$0.domains.contains("*") } ?? all.first { !$0.targets.isEmpty }
        return best ?? all.first
    }

    /// The changes that would bring the request where it was meant to go.
    mutating func openPatch() {
        guard let current = simulator.current, !current.proposals.isEmpty else {
            say("nothing to put right here: the request arrives, or was not understood")
            return
        }
        openText(
            "what would bring it there, each tried; the patch is for patch -p0", PatchText.lines(current.proposals),
            indent: 10, copying: current.patch.isEmpty ? nil : current.patch)
    }

    /// Where requests can be meant to go, for completion.
    var wishes: [String] {
        let services = view.objects.filter { $0.kind == "Service" }.map { "\($0.name).\($0.namespace)" }
        return services.sorted() + clusters.rows.map(\.id)
    }

    /// Opens the simulator with a request for what is selected.
    mutating func traceSelection() -> [Effect] {
        if screen == .problems {
            guard let finding = findings.selected else { return [] }
            go(to: .simulator)
            say("looking for a request that it is about …")
            return [.traceFinding(finding)]
        }
        guard let curl = screen == .overview ? suggestion : selectedCurl else {
            go(to: .simulator)
            simulator.isEditing = true
            return []
        }
        go(to: .simulator)
        return simulator.run(curl)
    }

    // MARK: The overview's cursor

    /// What the cursor on the overview can stand on.
    enum OverviewTarget: Hashable, Sendable {
        case route(String)
        case finding(String)
        case cluster(String)
    }

    mutating func open(_ target: OverviewTarget) -> [Effect] {
        switch target {
        case .route(let id):
            go(to: .routes)
            routes.select(id)
        case .finding(let id):
            go(to: .problems)
            findings.select(id)
        case .cluster(let id):
            showCluster(id)
            go(to: .lb)
        }
        return wantedFiles()
    }
}
