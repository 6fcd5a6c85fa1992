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
    /// All that was looked up, and what was found.
    private let services: [(host: String, found: Service?)]
    private let rules: [(host: String, found: EffectiveDestinationRule?)]

    init(_ prepared: PreparedVirtualService, at server: GatewayServer, context: ProxyContext) {
        self.prepared = prepared
        gatewayKey = server.gatewayKey
        declaredPort = server.declaredPort
        isTLS = server.tls != nil
        var services: [String: Service?] = [:]
        var rules: [String: EffectiveDestinationRule?] = [:]
        let plain = GatewayTranslation.routeContext(context, server: server, virtualService: prepared.object)
        routes = withoutActuallyEscaping({ (host: String) -> Service? in
            let service = plain.service(host)
            services[host] = .some(service)
            return service
        }) { service in
            withoutActuallyEscaping({ (host: String) -> EffectiveDestinationRule? in
                let rule = plain.destinationRule(host)
                rules[host] = .some(rule)
                return rule
            }) { rule in
                VirtualServiceRoutes(
                    virtualService: prepared.object, context: plain.looking(up: service, rule)
                ).build()
            }
        }
        self.services = services.map { ($0.key, $0.value) }
        self.rules = rules.map { ($0.key, $0.value) }
    }

    /// Whether it would be made again just like this.
    func counts(
        for prepared: PreparedVirtualService, at server: GatewayServer, in context: ProxyContext
    ) -> Bool {
        guard self.prepared === prepared, gatewayKey == server.gatewayKey, declaredPort == server.declaredPort,
            isTLS == (server.tls != nil)
        else { return false }
        if let changed = context.changedHosts,
            changed.isEmpty
                || !services.contains(where: { changed.contains($0.host) })
                    && !rules.contains(where: { changed.contains($0.host) })
        {
            return true
        }
        let current = GatewayTranslation.routeContext(context, server: server, virtualService: prepared.object)
        return services.allSatisfy { current.service($0.host) === $0.found }
            && rules.allSatisfy { current.destinationRule($0.host) === $0.found }
    }
}
