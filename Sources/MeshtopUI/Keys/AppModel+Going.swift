import EnvoyModel
import Presentation
import TerminalUI

/// From screen to screen: in, back, and to the next one.
extension AppModel {
    /// Opens a screen; what was narrowed down stays so only when the screen is part of it.
    mutating func go(to next: ScreenID, scope: Scope? = nil) {
        let scope = scope ?? Scope()
        guard next != screen || scope != self.scope else { return }
        backward.append(Place(screen: screen, scope: self.scope))
        if backward.count > 50 { backward.removeFirst() }
        forward = []
        arrive(Place(screen: next, scope: scope))
    }

    private mutating func arrive(_ place: Place) {
        screen = place.screen
        filterLine = nil
        if scope != place.scope {
            scope = place.scope
            refreshTables()
        }
        freshen()
    }

    mutating func step(
        from source: WritableKeyPath<AppModel, [Place]>, to target: WritableKeyPath<AppModel, [Place]>
    ) {
        guard let place = self[keyPath: source].popLast() else { return }
        self[keyPath: target].append(Place(screen: screen, scope: scope))
        arrive(place)
    }

    mutating func goBack(quits: Bool) -> [Effect] {
        if filters[screen]?.isEmpty == false, !quits {
            setFilter("")
        } else if quits, screen == .overview || backward.isEmpty {
            return [.quit]
        } else if !backward.isEmpty {
            step(from: \.backward, to: \.forward)
        } else if screen != .overview {
            arrive(Place(screen: .overview, scope: Scope()))
        }
        return wantedFiles()
    }

    /// Goes in: listener → routes → clusters → endpoints → distribution.
    mutating func openSelection() -> [Effect] {
        switch screen {
        case .overview:
            guard overviewTargets.indices.contains(overview.selection) else { return [] }
            return open(overviewTargets[overview.selection])
        case .listeners:
            guard let listener = listeners.selected else { return [] }
            var scope = Scope()
            scope.listener = listener.address + ":\(listener.port)"
            if let routes = listener.routeConfiguration {
                scope.routeConfiguration = routes
                go(to: .routes, scope: scope)
            } else if !listener.clusters.isEmpty {
                scope.clusters = listener.clusters
                scope.clustersTitle = "TCP"
                go(to: .clusters, scope: scope)
            } else {
                openRaw()
            }
        case .routes:
            guard let route = routes.selected else { return [] }
            let names = route.targets.map(\.cluster)
            // What the proxy answers by itself has no cluster to go on to: the steps to the answer, then.
            guard !names.isEmpty else { return traceSelection() }
            var scope = scope
            scope.routeConfiguration = route.configuration
            scope.clusters = names
            scope.clustersTitle = "\(route.virtualHost) route \(route.position + 1)"
            go(to: .clusters, scope: scope)
        case .clusters:
            guard let cluster = clusters.selected else { return [] }
            var scope = scope
            scope.cluster = cluster.id
            showCluster(cluster.id)
            go(to: .endpoints, scope: scope)
        case .endpoints:
            guard let endpoint = endpoints.selected else { return [] }
            showCluster(endpoint.cluster, endpoint: endpoint.index)
            go(to: .lb, scope: scope)
        case .lb:
            var scope = Scope()
            scope.cluster = lb.cluster
            go(to: .endpoints, scope: scope)
        case .path: go(to: .simulator)
        case .simulator, .tap, .problems, .store: break
        }
        return wantedFiles()
    }

    mutating func moveCluster(_ step: Int) {
        let names = view.snapshot.clusters.map(\.name)
        guard !names.isEmpty else { return }
        let current = lb.cluster.flatMap { names.firstIndex(of: $0) } ?? 0
        showCluster(names[(current + step + names.count) % names.count])
    }

    mutating func showCluster(_ name: String, endpoint: Int = 0) {
        isClusterChosen = true
        lb.show(name, of: view.snapshot, endpoint: endpoint)
    }
}
