import Documents
import EnvoyModel
import MeshModel

/// Listeners and routes of a sidecar.
struct SidecarTranslation {
    let context: ProxyContext

    init(_ context: ProxyContext) { self.context = context }

    func build(into draft: inout ConfigurationDraft) {
        draft.snapshot.listeners = OutboundListeners(context).build() + InboundListeners(context).build()
        var seen = Set<String>()
        for name in draft.snapshot.listeners.flatMap(\.routeNames) where seen.insert(name).inserted {
            if let routes = routeConfiguration(named: name) { draft.snapshot.routes.append(routes) }
        }
    }

    func routeConfiguration(named name: String) -> RouteConfiguration? {
        SidecarRoutes(context: context).routeConfiguration(named: name)
    }
}
