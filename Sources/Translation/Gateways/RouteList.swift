import Documents
import EnvoyModel
import MeshModel

/// The routes of a VirtualService at a server of a gateway, and what they were looked up from.
final class RouteList: Sendable {
    let prepared: PreparedVirtualService
    /// Those that restrict something, then at most one that matches everything.
    let routes: [Route]
    private let gatewayKey: String
    private let declaredPort: Int
    private let isTLS: Bool
    /// All that was looked up.
    private let destinations: [RouteContext.Destination]

    init(_ prepared: PreparedVirtualService, at server: GatewayServer, context: ProxyContext) {
        self.prepared = prepared
        gatewayKey = server.gatewayKey
        declaredPort = server.declaredPort
        isTLS = server.tls != nil
        let routeContext = GatewayTranslation.routeContext(context, server: server, virtualService: prepared.object)
        routes = VirtualServiceRoutes(prepared, context: routeContext).build()
        destinations = routeContext.destinations
    }

    /// Whether it would be made again just like this.
    func counts(
        for prepared: PreparedVirtualService, at server: GatewayServer, in context: ProxyContext
    ) -> Bool {
        guard self.prepared === prepared, gatewayKey == server.gatewayKey, declaredPort == server.declaredPort,
            isTLS == (server.tls != nil)
        else { return false }
        if let changed = context.changedHosts,
            changed.isEmpty || !destinations.contains(where: { changed.contains($0.host) })
        {
            return true
        }
        let current = GatewayTranslation.routeContext(context, server: server, virtualService: prepared.object)
        return destinations.allSatisfy { known in
            let found = current.destination(known.host)
            return found.service === known.service && found.rule === known.rule
        }
    }
}
