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
    }

    func build(into draft: inout ConfigurationDraft) {
        draft.hasAutoPassthrough = merged.hasAutoPassthrough
        if context.features.filterGatewayClusterConfig, !merged.hasAutoPassthrough { draft.usedHosts = usedHosts }
        let (listeners, diagnostics) = GatewayListeners(context: context, merged: merged).build()
        draft.snapshot.listeners = listeners
        draft.diagnostics += merged.diagnostics + diagnostics
        let routes = GatewayRoutes(context: context, merged: merged)
        var seen = Set<String>()
        for name in listeners.flatMap(\.routeNames) where seen.insert(name).inserted {
            let hosts = routes.virtualHosts(of: name)
            draft.gatewayHosts[name] = hosts
            draft.snapshot.routes.append(routes.routeConfiguration(named: name, hosts))
        }
    }

    /// Where the VirtualServices of the gateways lead (istiod: `GatewayServices`).
    private var usedHosts: Set<String> {
        var hosts: Set<String> = []
        for gateway in Set(merged.gateways.map(\.meta.namespacedName.description)) {
            let objects = context.index.virtualServices.virtualServices(for: context.proxy.namespace, gateway: gateway)
            for object in objects.map(\.object) {
                hosts.formUnion(object.destinations(for: context.proxy.metadataNamespace).map(\.host))
            }
        }
        return hosts
    }

    func routeConfiguration(named name: String) -> RouteConfiguration {
        let routes = GatewayRoutes(context: context, merged: merged)
        return routes.routeConfiguration(named: name, routes.virtualHosts(of: name))
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
