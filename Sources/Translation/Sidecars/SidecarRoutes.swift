import Documents
import EnvoyModel
import MeshModel

/// The outbound route configurations of a sidecar (istiod: `buildSidecarOutboundHTTPRouteConfig`).
struct SidecarRoutes {
    let context: ProxyContext

    /// A virtual host before its domains are weighed against the others'.
    private struct Candidate {
        var host: VirtualHost
        let port: Int
        let shortForms: Set<String>
    }

    func routeConfiguration(named name: String) -> RouteConfiguration? {
        var result = RouteConfiguration(name: name)
        result.validateClusters = false
        result.ignorePortInHostMatching = true
        result.maxDirectResponseBodySizeBytes = 1_048_576
        let (port, sniffed) = Self.listenerPort(of: name)
        guard let egress = context.egressScope(port: port, bind: name) else { return result }
        let listenerPort = egress.proto == .httpProxy ? 0 : port
        var services: [String: Service] = [:]
        var order: [String] = []
        for service in egress.services where !service.isAlias {
            var own = service
            if listenerPort != 0 {
                guard let port = service.port(listenerPort) else { continue }
                if service.ports.count > 1 { own = service.changed { $0.ports = [port] } }
            }
            let key = service.hostname.lowercasedHost
            if services[key] == nil { order.append(key) }
            services[key] = own
        }
        let builder = SidecarVirtualHosts(
            context: context, egress: egress, listenerPort: listenerPort, services: services, order: order)
        var hosts = deduplicated(candidates(builder, listenerPort), listenerPort: listenerPort, known: Set(order))
        if let sniffed {
            let wanted = hosts.first { host in host.domains.contains(sniffed) || host.domains.contains(name) }
            hosts =
                wanted.map { host in
                    var all = host
                    all.domains = ["*"]
                    return [all]
                } ?? []
            result.virtualHosts = hosts
        } else {
            result.virtualHosts = hosts.sorted { $0.name < $1.name } + [catchAll]
        }
        return result
    }

    /// The number behind the last part; the host in front of it for a sniffed service.
    private static func listenerPort(of name: String) -> (port: Int, sniffedHost: String?) {
        if name.hasPrefix("unix://") || name.hasPrefix("/") { return (0, nil) }
        guard let colon = name.lastIndex(of: ":") else { return (Int(name) ?? 0, nil) }
        return (Int(name[name.index(after: colon)...]) ?? 0, String(name[..<colon]))
    }

    private func candidates(_ builder: SidecarVirtualHosts, _ listenerPort: Int) -> [Candidate] {
        let domains = ServiceDomains(proxy: context.proxy, features: context.features)
        var result: [Candidate] = []
        for group in builder.groups() {
            for host in group.bareHosts {
                var virtual = VirtualHost(
                    name: hostAndName(host.lowercasedHost, group.port), domains: [host], routes: group.routes)
                virtual.sources = group.sources
                if listenerPort == 0 { virtual.domains = [host, "\(host):\(group.port)"] }
                result.append(Candidate(host: virtual, port: group.port, shortForms: []))
            }
            for service in group.services {
                let names = domains.domains(of: service, port: group.port, listenerPort: listenerPort)
                var virtual = VirtualHost(
                    name: hostAndName(service.hostname, group.port), domains: names.all, routes: group.routes)
                virtual.sources = group.sources + [service.source]
                result.append(Candidate(host: virtual, port: group.port, shortForms: names.short))
            }
        }
        return result
    }

    private func hostAndName(_ host: String, _ port: Int) -> String { "\(host):\(port)" }

    /// Names and domains that occur before are left out (istiod: `dedupeDomains`).
    private func deduplicated(_ all: [Candidate], listenerPort: Int, known: Set<String>) -> [VirtualHost] {
        var names = Set<String>()
        var domains = Set<String>()
        var result: [VirtualHost] = []
        for candidate in all where names.insert(candidate.host.name).inserted {
            var host = candidate.host
            host.domains = host.domains.filter { domain in
                if candidate.shortForms.contains(domain), known.contains(domain) { return false }
                return domains.insert(domain.lowercasedHost).inserted
            }
            if listenerPort == 0, candidate.port != 80 {
                host.domains.removeAll { !$0.hasSuffix(":\(candidate.port)") }
            }
            guard !host.domains.isEmpty else { continue }
            host.includeRequestAttemptCount = context.proxyConfig.headers.hasAttemptCount
            result.append(host)
        }
        return result
    }

    /// Where unknown hosts go (istiod: `buildCatchAllVirtualHost`).
    private var catchAll: VirtualHost {
        let policy = context.outboundPolicy
        let name: String
        let action: Route.Action
        switch policy.mode {
        case .registryOnly:
            name = "block_all"
            action = .directResponse(DirectResponseAction(status: 502))
        case .allowAny, .allowAnyDynamicDNS:
            name = policy.mode == .allowAny ? "allow_any" : "allow_any_dynamic_dns"
            var forward = RouteAction(
                .cluster(policy.mode == .allowAny ? context.passthroughCluster : ClusterName.dynamicDNS))
            forward.timeout = .zero
            forward.maxGRPCTimeout = .zero
            action = .route(forward)
        }
        var host = VirtualHost(
            name: name, domains: ["*"], routes: [Route(name: name, match: RouteMatch(.prefix("/")), action: action)])
        host.includeRequestAttemptCount = context.proxyConfig.headers.hasAttemptCount
        if let sidecar = context.scope.sidecar, sidecar.outboundTrafficPolicy != nil {
            host.sources = [sidecar.sourceReference]
        }
        return host
    }
}

extension ProxyContext {
    /// The first egress listener that answers for a port (istiod: `GetEgressListenerForRDS`).
    func egressScope(port: Int, bind: String) -> EgressScope? {
        scope.egress.first { egress in
            guard let own = egress.port else { return true }
            return port == 0
                ? egress.listener.bind == bind || egress.proto == .httpProxy && bind == "http_proxy"
                : own.number == port
        }
    }

    /// Where allowed traffic to unknown destinations goes.
    var passthroughCluster: String {
        guard let destination = outboundPolicy.egressProxy else { return ClusterName.passthrough }
        let host = HostName.expanded(destination.host, namespace: proxy.namespace, domain: index.istioDomain)
        return ClusterName.outbound(port: destination.port ?? 0, subset: destination.subset, host: host)
    }
}
