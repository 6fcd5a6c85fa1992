import Documents
import EnvoyModel
import MeshModel

/// Listeners and routes of a gateway proxy.
struct GatewayTranslation {
    let context: ProxyContext
    let merged: MergedGateway

    init(_ context: ProxyContext) {
        self.context = context
        merged = MergedGateway(context)
        context.hasAutoPassthrough = merged.hasAutoPassthrough
    }

    func build(into snapshot: inout XDSSnapshot) {
        context.diagnostics += merged.diagnostics
        snapshot.listeners = GatewayListeners(context: context, merged: merged).build()
        var seen = Set<String>()
        for name in snapshot.listeners.flatMap(\.routeNames) where seen.insert(name).inserted {
            if let routes = routeConfiguration(named: name) { snapshot.routes.append(routes) }
        }
    }

    func routeConfiguration(named name: String) -> RouteConfiguration? {
        GatewayRoutes(context: context, merged: merged).routeConfiguration(named: name)
    }

    /// What routes of a VirtualService depend on, at a server.
    static func routeContext(
        _ context: ProxyContext, server: GatewayServer, virtualService: VirtualService
    ) -> RouteContext {
        let scope = context.scope
        let registry = context.index.registry
        let namespace = virtualService.namespace
        let proxyNamespace = context.proxy.namespace
        return RouteContext(
            context, listenPort: server.declaredPort, gateway: server.gatewayKey, isTLS: server.tls != nil
        ) { host in
            if let own = registry.service(host, namespace: namespace), registry.isVisible(own, from: proxyNamespace) {
                return own
            }
            return scope.service(host)
        }
    }
}

extension Listener {
    /// The route configurations that its connection managers ask for.
    var routeNames: [String] {
        (filterChains + [defaultFilterChain].compactMap(\.self)).flatMap(\.filters).compactMap { filter in
            guard case .httpConnectionManager(let manager) = filter.config, case .rds(let name) = manager.routeSource
            else { return nil }
            return name
        }
    }
}
