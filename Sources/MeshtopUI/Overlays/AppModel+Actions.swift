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
        return openManifest(at: location)
    }

    mutating func openManifest(at location: SourceLocation) -> [Effect] {
        var state = TextState(
            title: location.file + ":\(location.line)", view: TextView([TextLine("reading …", .textDim)]),
            file: location.file, line: location.line)
        state.view.layout(width: size.width - 3, height: size.height - 4)
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
        case .tap:
            guard let entry = tap.table.selected else { return }
            openText("request", tapDetail(of: entry), indent: 10)
            if case .text(var state) = overlay {
                state.isTapDetail = true
                overlay = .text(state)
            }
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
        openText(title, SourceText.json(json.text(indent: 2)), indent: nil)
    }
}
