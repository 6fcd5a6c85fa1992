import Documents
import EnvoyModel
import TerminalUI

/// What the tables show: the view, as far as scope, namespace and the user's own choices leave it.
extension AppModel {
    /// How long rows that have come are told apart, in seconds.
    private static let freshness = 6.0

    /// The tables are to show the view and the scope from now on. `telling`: what has come is told apart for a while.
    mutating func refreshTables(telling: Bool = false) {
        stale = Set(ScreenID.allCases)
        if telling { freshUntil = time + AppModel.freshness }
        // The overview has them, too.
        listeners.set(
            ListenerItem.items(of: view.snapshot, bindings: view.embedded?.bindings ?? [])
                .filter { isInScope([$0.source]) }, telling: telling)
        freshen(telling: telling)
    }

    /// Fills the table of the screen that is looked at.
    mutating func freshen(telling: Bool = false) {
        guard stale.remove(screen) != nil else { return }
        let scope = scope
        switch screen {
        case .routes:
            var items = allRoutes
            if let name = scope.routeConfiguration { items = items.filter { $0.configuration == name } }
            if isNarrowed { items = items.filter { isInScope($0.route.sources) } }
            routes.set(items, telling: telling && !rows.keepsRoutes)
            markHidden()
        case .clusters:
            var items = allClusters
            if let names = scope.clusters.map(Set.init) { items = items.filter { names.contains($0.id) } }
            if isNarrowed { items = items.filter { isInScope($0.cluster.sources) } }
            clusters.set(items, telling: telling && !rows.keepsClusters)
        case .endpoints: endpoints.set(endpointItems, telling: telling)
        case .problems:
            findings.set(
                view.findings.filter { finding in
                    !ignored.contains(finding.kind) && isIn(namespace, object: finding.object)
                }, telling: telling)
        case .store:
            objects.set(view.objects.filter { namespace == nil || $0.namespace == namespace }, telling: telling)
        case .overview, .listeners, .lb, .simulator, .path, .tap: break
        }
    }

    private var endpointItems: [EndpointItem] {
        let items: [EndpointItem]
        if let cluster = scope.cluster {
            items = assignments[cluster].map { EndpointItem.items(of: $0, cluster: cluster) } ?? []
        } else {
            items = EndpointItem.items(of: view.snapshot, assignments: assignments)
        }
        guard let namespace else { return items }
        return items.filter { $0.workload?.namespace == namespace || $0.cluster.contains(".\(namespace).svc.") }
    }

    private var isNarrowed: Bool { namespace != nil || scope.object != nil }

    /// Whether rows from these manifests are wanted.
    private func isInScope(_ sources: [SourceReference?]) -> Bool {
        let known = sources.compactMap(\.self)
        if let object = scope.object, !known.contains(where: { Optional($0).objectText == object }) { return false }
        guard let namespace else { return true }
        return known.contains { $0.namespace == namespace }
    }

    /// Whether an object `Kind NAMESPACE/NAME` is in a namespace; what has no namespace is everywhere.
    private func isIn(_ namespace: String?, object: String) -> Bool {
        guard let namespace, object.contains("/") else { return true }
        return object.contains(" \(namespace)/")
    }

    mutating func forgetFresh() {
        listeners.forgetFresh()
        routes.forgetFresh()
        clusters.forgetFresh()
        endpoints.forgetFresh()
        findings.forgetFresh()
        objects.forgetFresh()
    }

    // MARK: Choices of the user

    /// Shows one namespace alone, or all.
    mutating func show(namespace wanted: String?) {
        namespace = wanted
        refreshTables()
        say(wanted.map { "namespace \($0) alone; :ns all shows every one" } ?? "all namespaces")
    }

    /// Does not show the finding under the cursor any more, nor others of its kind about the same object.
    mutating func ignoreFinding() {
        guard let finding = findings.selected else { return }
        ignored.insert(finding.kind)
        stale.insert(.problems)
        freshen()
        say("ignored until meshtop ends: \(finding.code) \(finding.object); u takes it back")
    }

    mutating func takeIgnoredBack() {
        guard !ignored.isEmpty else {
            say("nothing is ignored")
            return
        }
        ignored = []
        stale.insert(.problems)
        freshen()
    }

    /// Goes to the rows that the object under the cursor has made.
    mutating func showRowsOfObject() {
        guard let item = objects.selected else { return }
        let object = item.objectText
        let isOf = { (sources: [SourceReference]) in sources.contains { Optional($0).objectText == object } }
        var scope = Scope()
        scope.object = object
        if allRoutes.contains(where: { isOf($0.route.sources) }) {
            go(to: .routes, scope: scope)
        } else if allClusters.contains(where: { isOf($0.cluster.sources) }) {
            go(to: .clusters, scope: scope)
        } else if listeners.rows.contains(where: { isOf([$0.source].compactMap(\.self)) }) {
            go(to: .listeners, scope: scope)
        } else {
            say("\(object) has made no row of \(view.proxy ?? "any proxy")")
        }
    }
}

extension Finding {
    /// What is ignored together.
    var kind: String { code + " " + object }
}

extension ObjectItem {
    /// `VirtualService default/httpbin`.
    var objectText: String { kind + " " + (namespace.isEmpty ? "" : namespace + "/") + name }
}
