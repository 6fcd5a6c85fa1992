import Documents
import EnvoyModel
import TerminalUI

extension AppModel {
    /// Where the manifest stands that is behind what is selected.
    var selectedLocation: SourceLocation? {
        switch screen {
        case .listeners: listeners.selected?.source?.location
        case .routes: routes.selected?.source?.location
        case .clusters: clusters.selected?.source?.location
        case .endpoints:
            view.snapshot.clusters.first { $0.name == endpoints.selected?.cluster }?.sources.first?.location
        case .problems: findings.selected?.location
        case .store: objects.selected?.location
        case .simulator: simulator.selectedSource?.location
        case .path: selectedHopSource?.location
        case .lb: view.snapshot.clusters.first { $0.name == lb.cluster }?.sources.first?.location
        case .overview, .tap: nil
        }
    }

    /// The files that the screen shows lines of and that are not here yet.
    func wantedFiles() -> [Effect] {
        guard let file = selectedLocation?.file, files[file] == nil, file != "-" else { return [] }
        return [.loadFile(file)]
    }

    mutating func openManifest() -> [Effect] {
        guard let location = selectedLocation else {
            say("no manifest says this")
            return []
        }
        var state = TextState(
            title: location.file + ":\(location.line)", view: TextView([TextLine("reading …", .textDim)]),
            file: location.file, line: location.line)
        state.view.layout(height: size.height - 4)
        overlay = .text(state)
        fillOverlay(file: location.file)
        return files[location.file] == nil ? [.loadFile(location.file)] : []
    }

    mutating func editManifest() -> [Effect] {
        guard let location = selectedLocation, location.file != "-" else {
            say("no file to edit here")
            return []
        }
        return [.openEditor(file: location.file, line: location.line)]
    }

    /// The selected object as Envoy's JSON, or what there is.
    mutating func openRaw() {
        switch screen {
        case .listeners:
            guard let item = listeners.selected,
                let listener = view.snapshot.listeners.first(where: { $0.name == item.name })
            else { return }
            openJSON("listener " + item.name, listener.raw?.json ?? listener.json)
        case .routes:
            guard let item = routes.selected else { return }
            openJSON("virtual host " + item.virtualHost, routeJSON(item))
        case .clusters: openCluster(clusters.selected?.id)
        case .lb: openCluster(lb.cluster)
        case .endpoints:
            guard let item = endpoints.selected,
                let assignment = assignments[item.cluster]
            else { return }
            openJSON("endpoints of " + item.cluster, assignment.raw?.json ?? assignment.json)
        case .simulator:
            guard let current = simulator.current else { return }
            openText(current.line, (current.request + [""] + current.response).map { TextLine($0) })
        case .tap: if let entry = tap.table.selected { openText("request", entry.detailLines(meters.route(of: entry))) }
        case .path: if let detail = hopDetail { openText(detail.title, detail.lines) }
        case .overview, .problems, .store: break
        }
    }

    private mutating func openCluster(_ name: String?) {
        guard let cluster = view.snapshot.clusters.first(where: { $0.name == name }) else { return }
        openJSON("cluster " + cluster.name, cluster.raw?.json ?? cluster.json)
    }

    /// The route configurations by the names under which they are listed, those of listeners themselves too.
    private var routeConfigurations: [(name: String, routes: RouteConfiguration)] {
        view.snapshot.routes.map { ($0.name, $0) }
            + view.snapshot.listeners.flatMap { listener in
                listener.managers.compactMap { manager in
                    guard case .inline(let routes) = manager.routeSource,
                        let name = manager.routesName(listener: listener.name)
                    else { return nil }
                    return (name, routes)
                }
            }
    }

    /// The virtual host of a route as JSON.
    private func routeJSON(_ item: RouteItem) -> JSON {
        let configuration = routeConfigurations.first { $0.name == item.configuration }.map {
            $0.routes.raw?.json ?? $0.routes.json
        }
        let hosts = configuration?["virtual_hosts"]?.array ?? configuration?["virtualHosts"]?.array
        return hosts?.first { $0["name"]?.string == item.virtualHost } ?? configuration ?? .null
    }

    private mutating func openJSON(_ title: String, _ json: JSON) {
        openText(title, SourceText.json(json.text(indent: 2)))
    }

    // MARK: Copying and trying

    var copyMenu: MenuState {
        var items: [MenuState.Item] = []
        if let list {
            let cells = list.selectedCells
            if !cells.isEmpty {
                items.append(
                    .init(
                        key: "r", title: "row", detail: "",
                        action: .copy(cells.map(\.text).filter { !$0.isEmpty }.joined(separator: "  "))))
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
        var surface = Surface(size, glyphs: glyphs)
        var copy = self
        copy.overlay = nil
        copy.draw(on: &surface)
        items.append(.init(key: "s", title: "screen", detail: "as text", action: .copy(surface.plainText)))
        return MenuState(title: "Copy", items: items, selection: 0)
    }

    private var selectedName: String? {
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
        case .routes: routes.selected.map { reachable($0) }
        case .tap: tap.table.selected.map { $0.curl }
        case .simulator, .path: simulator.current?.line ?? (simulator.editor.isEmpty ? nil : simulator.editor.text)
        case .overview: overviewTargets.indices.contains(overview.selection) ? nil : suggestion
        default: suggestion
        }
    }

    /// A curl line for a route that works against the embedded proxy, where it serves it.
    func reachable(_ route: RouteItem) -> String {
        guard
            let listener = listeners.rows.first(where: {
                $0.routeConfiguration == route.configuration && !$0.bound.isEmpty
            })
        else { return route.curl }
        return route.curl(through: listener.bound, tls: listener.isTLS)
    }

    /// A request that is worth trying on this mesh.
    var suggestion: String? {
        let all = allRoutes.lazy.filter { !$0.isInline }
        let best = all.first { !$0.targets.isEmpty && !$0.domains.contains("*") } ?? all.first { !$0.targets.isEmpty }
        return (best ?? all.first).map { reachable($0) }
    }

    /// The changes that would bring the request where it was meant to go.
    mutating func openPatch() {
        guard let current = simulator.current, !current.proposals.isEmpty else {
            say("nothing to put right here: the request arrives, or was not understood")
            return
        }
        openText("fix", current.proposals.map { PatchText.line($0) })
    }

    /// Where requests can be meant to go, for completion.
    var wishes: [String] {
        let services = view.objects.filter { $0.kind == "Service" }.map { "\($0.name).\($0.namespace)" }
        return services.sorted() + clusters.rows.map(\.id)
    }

    /// Opens the simulator with a request for what is selected.
    mutating func traceSelection() -> [Effect] {
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

/// The lines of a patch with what goes and what comes told apart.
enum PatchText {
    static func line(_ text: String) -> TextLine {
        switch text.first {
        case "+": TextLine(text, .ok)
        case "-": TextLine(text, .error)
        case "@": TextLine(text, .textDim)
        default: TextLine(text)
        }
    }
}

/// Texts with their colours.
enum SourceText {
    /// JSON with its keys, values and brackets told apart.
    static func json(_ text: String) -> [TextLine] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let colon = line.firstRange(of: "\": "), line.drop(while: { $0 == " " }).first == "\"" else {
                return TextLine(String(line), .yamlValue)
            }
            let key = String(line[..<line.index(after: colon)])
            let value = String(line[line.index(after: colon)...].dropFirst())
            return [Span(key, .yamlKey), Span(":", .yamlColon), Span(value, .yamlValue)]
        }
    }

    /// A manifest with line numbers; the line `marked` (from 1) has a cursor.
    static func lines(_ lines: [String], marked: Int, from first: Int = 1) -> [TextLine] {
        let width = String(first + lines.count).count
        return lines.enumerated().map { offset, line in
            let number = first + offset
            let isMarked = number == marked
            let text = String(repeating: " ", count: max(0, width - String(number).count)) + String(number)
            let gutter = Span((isMarked ? ">" : " ") + text + "  ", isMarked ? .mark : .textDim)
            return TextLine([gutter] + yaml(line, isMarked: isMarked))
        }
    }

    private static func yaml(_ line: String, isMarked: Bool) -> [Span] {
        let attributes: Attributes = isMarked ? .bold : []
        let body = line.drop { $0 == " " || $0 == "-" }
        if body.first == "#" { return [Span(line, .yamlComment)] }
        guard let colon = body.firstIndex(of: ":"), !body.isEmpty else { return [Span(line, .yamlValue, attributes)] }
        let after = body.index(after: colon)
        guard after == body.endIndex || body[after] == " ", body.first != "\"", body.first != "'" else {
            return [Span(line, .yamlValue, attributes)]
        }
        let key = String(line[..<colon])
        let rest = String(line[after...])
        return [Span(key, .yamlKey, attributes), Span(":", .yamlColon), Span(rest, .yamlValue, attributes)]
    }
}

extension StringProtocol {
    /// Where a text occurs first.
    func firstRange(of wanted: String) -> String.Index? {
        let text = String(self)
        guard let range = text.firstRange(of: wanted) else { return nil }
        let offset = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
        return utf8.index(startIndex, offsetBy: offset)
    }
}
