import Documents
import EnvoyModel
import MeshModel

/// Listeners and routes of a sidecar.
struct SidecarTranslation {
    let context: ProxyContext

    init(_ context: ProxyContext) { self.context = context }

    func build(into snapshot: inout XDSSnapshot) {
        snapshot.listeners = OutboundListeners(context).build() + InboundListeners(context).build()
        var seen = Set<String>()
        for name in snapshot.listeners.flatMap(\.routeNames) where seen.insert(name).inserted {
            if let routes = routeConfiguration(named: name) { snapshot.routes.append(routes) }
        }
    }

    func routeConfiguration(named name: String) -> RouteConfiguration? {
        SidecarRoutes(context: context).routeConfiguration(named: name)
    }
}
