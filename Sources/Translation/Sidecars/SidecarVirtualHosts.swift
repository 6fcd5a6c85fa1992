import Documents
import EnvoyModel
import MeshModel

/// Which hosts and services get which routes on a sidecar (istiod: `BuildSidecarVirtualHostWrapper`).
struct SidecarVirtualHosts {
    struct Group {
        let port: Int
        var bareHosts: [String] = []
        var services: [Service] = []
        var routes: [Route] = []
        var sources: [SourceReference] = []
    }

    let context: ProxyContext
    let egress: EgressScope
    let listenerPort: Int
    /// By lower-cased host.
    let services: [String: Service]
    let order: [String]

    func groups() -> [Group] {
        var result: [Group] = []
        var covered = Set<String>()
        for item in virtualServices() {
            let own = groups(of: item)
            for group in own { covered.formUnion(group.services.map { $0.hostname.lowercasedHost }) }
            result += own
        }
        for key in order where !covered.contains(key) {
            guard let service = services[key] else { continue }
            for port in service.ports where port.proto.isHTTPOrSniffed {
                var group = Group(port: port.number, services: [service])
                group.routes = [defaultRoute(service, port)]
                result.append(group)
            }
        }
        return result
    }

    /// Those that can concern the listener.
    private func virtualServices() -> [PreparedVirtualService] {
        if listenerPort == 80 { return egress.virtualServices }
        var wildcards: [String] = []
        for key in order where HostName.isWildcard(key) { wildcards.append(key) }
        return egress.virtualServices.filter { item in
            item.object.hosts.contains { host in
                if services[host.lowercasedHost] != nil { return true }
                if HostName.isWildcard(host) { return order.contains { HostName.matches(host, $0) } }
                return wildcards.contains { HostName.matches(host, $0) }
            }
        }
    }

    private func groups(of item: PreparedVirtualService) -> [Group] {
        let object = item.object
        let routes = VirtualServiceRoutes(item, context: routeContext(object)).build()
        guard !routes.isEmpty else { return [] }
        var (bareHosts, own) = split(item)
        if object.semantics == .gateway, !own.isEmpty {
            // A producer's routes count for its own services; a consumer's for what it calls.
            own.removeAll { $0.namespace != object.namespace && context.proxy.namespace != object.namespace }
            if own.isEmpty { return [] }
        }
        var byPort: [Int: [Service]] = [:]
        for service in own {
            for port in service.ports where port.proto.isHTTPOrSniffed {
                byPort[port.number, default: []].append(service)
            }
        }
        if byPort.isEmpty {
            guard listenerPort == 80 else { return [] }
            byPort[80] = []
        }
        return byPort.sorted { $0.key < $1.key }.map { port, services in
            Group(
                port: port, bareHosts: bareHosts, services: services, routes: routes,
                sources: [object.reference(nil, at: object.hostLocations.first)])
        }
    }

    /// Hosts that are no service, and the services of the others (istiod: `separateVSHostsAndServices`).
    private func split(_ item: PreparedVirtualService) -> (bareHosts: [String], services: [Service]) {
        var bare: [String] = []
        var own: [Service] = []
        for host in item.object.hosts {
            if let service = services[host.lowercasedHost] {
                own.append(service)
                continue
            }
            guard HostName.isWildcard(host), item.object.semantics != .gateway else {
                bare.append(host)
                continue
            }
            var foundAny = false
            for key in order where HostName.matches(host, key) {
                guard let service = services[key] else { continue }
                foundAny = true
                if egress.byHost.mostSpecific(service.hostname)?.value === item { own.append(service) }
            }
            if !foundAny { bare.append(host) }
        }
        return (bare, own)
    }

    private func routeContext(_ object: VirtualService) -> RouteContext {
        let services = services
        let aliases = egress.aliases
        return RouteContext(context, listenPort: listenerPort, gateway: "mesh") { host in
            services[host.lowercasedHost] ?? aliases[host]
        }
    }

    /// istiod: `BuildDefaultHTTPOutboundRoute`.
    private func defaultRoute(_ service: Service, _ port: Service.Port) -> Route {
        var action = RouteAction(.cluster(ClusterName.outbound(port: port.number, host: service.hostname)))
        action.timeout = .zero
        action.maxGRPCTimeout = .zero
        action.retryPolicy = .outbound(
            nil, default: context.meshConfig.defaultHttpRetryPolicy, hasConsistentHash: false)
        let hash = context.scope.destinationRule(for: service.hostname)?.rule
            .consistentHash(subset: "", port: port.number)
        if let policy = HashPolicy(hash) { action.hashPolicies = [policy] }
        var route = Route(name: "default", match: RouteMatch(.prefix("/")), action: .route(action))
        route.decoratorOperation = "\(service.hostname):\(port.number)/*"
        if context.features.enablePersistentSessionFilter, let session = service.statefulSession {
            route.perFilterConfig.other = [session]
        }
        route.sources = [service.source]
        return route
    }
}
