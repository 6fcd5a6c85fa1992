import Documents
import EnvoyModel
import MeshModel

/// Listeners and routes of a sidecar.
struct SidecarTranslation {
    let context: ProxyContext

    init(_ context: ProxyContext) { self.context = context }

    func build(into draft: inout ConfigurationDraft) {
        finish(OutboundListeners(context).build() + InboundListeners(context).build(), &draft)
    }

    /// What takes the connections that come in, alone.
    func buildInbound(into draft: inout ConfigurationDraft) {
        finish(InboundListeners(context).build(), &draft)
    }

    private func finish(_ listeners: [Listener], _ draft: inout ConfigurationDraft) {
        draft.snapshot.listeners = listeners
        var seen = Set<String>()
        for name in draft.snapshot.listeners.flatMap(\.routeNames) where seen.insert(name).inserted {
            if let routes = routeConfiguration(named: name) { draft.snapshot.routes.append(routes) }
        }
    }

    func routeConfiguration(named name: String) -> RouteConfiguration? {
        SidecarRoutes(context: context).routeConfiguration(named: name)
    }
}
