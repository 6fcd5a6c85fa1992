import Documents
import EnvoyModel
import MeshModel
import TrafficEngine
import Translation

extension Clinic {
    /// Before a cluster is chosen: no listener, no chain, no host, no route.
    func connectionCauses(_ error: ConnectionError) -> [Diagnosis.Cause] {
        switch error {
        case .noListener: listenerCauses
        case .noFilterChain, .multipleFilterChains, .tlsError, .mtlsError, .protocolError: transportCauses
        case .noVirtualHost: hostCauses
        case .noRoute where context.hop?.virtualHost?.name.hasPrefix("blackhole") == true: hostCauses
        case .noRoute: routeCauses
        case .tlsRedirect: redirectCauses
        }
    }

    private var listenerCauses: [Diagnosis.Cause] {
        let selecting = context.snapshot.gateways.filter { context.selectsProxy($0) }
        let listeners = context.state.configuration(of: context.proxy).xds.listeners.map(\.name)
        let hasGateways = !context.snapshot.gateways.isEmpty || !context.snapshot.kubernetesGateways.isEmpty
        let isKubernetes = context.proxy.labels["gateway.networking.k8s.io/gateway-name"] != nil
        return [
            Diagnosis.Cause(
                "there is no Gateway at all: a gateway without one listens on nothing but its own ports",
                !hasGateways && context.isGateway, hasGateways ? "there are some" : "none is in the manifests"),
            Diagnosis.Cause(
                "no Gateway selects this proxy", selecting.isEmpty && hasGateways && !isKubernetes && context.isGateway,
                selecting.isEmpty
                    ? "\(context.proxy.id) has the labels \(context.proxy.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.listed)"
                    : "\(selecting.map { "\($0.namespacedName)" }.listed) does",
                at: selecting.first?.sourceReference ?? context.snapshot.gateways.first?.sourceReference),
            Diagnosis.Cause(
                "no server is on this port", !selecting.isEmpty || isKubernetes || !context.isGateway,
                "port \(context.port) was asked; listeners: \(listeners.listed)"),
        ]
    }

    private var transportCauses: [Diagnosis.Cause] {
        let request = context.request
        let chains = context.hop?.listener?.filterChains ?? []
        let names = Set(chains.flatMap { $0.match?.serverNames ?? [] }).sorted()
        let isSecure = request.transport != .plaintext
        let endsTLS = chains.contains { if case .tls? = $0.transportSocket { true } else { false } }
        return [
            Diagnosis.Cause(
                "no SNI was sent", isSecure && request.serverName.isEmpty && !names.isEmpty,
                isSecure
                    ? request.serverName.isEmpty
                        ? "an address or a Host header sends none; the chains want \(names.listed)"
                        : "SNI is \(request.serverName)"
                    : "the client speaks no TLS"),
            Diagnosis.Cause(
                "the SNI is none of the server's",
                isSecure && !request.serverName.isEmpty && !names.isEmpty && !names.contains { context.covers($0) },
                "SNI \(request.serverName.isEmpty ? "none" : request.serverName); the chains take \(names.listed)"),
            Diagnosis.Cause(
                "plain text to a port that wants TLS", !isSecure && (endsTLS || !names.isEmpty),
                isSecure
                    ? "the client speaks TLS" : endsTLS ? "this listener has a certificate" : "this listener has none"),
            Diagnosis.Cause(
                "TLS to a port without tls", isSecure && !endsTLS && names.isEmpty,
                endsTLS ? "this listener has a certificate" : "no chain of this listener ends TLS"),
        ]
    }

    var hostCauses: [Diagnosis.Cause] {
        let table = context.hop?.routeConfiguration
        let domains = table?.virtualHosts.flatMap(\.domains) ?? []
        let isBlackhole = table?.virtualHosts.contains { $0.name.hasPrefix("blackhole") } ?? false
        let detached = Attachments(context).list.filter { if case .detached = $0.state { true } else { false } }
        let naming =
            context.virtualServices.contains { object in
                object.hosts.contains { context.covers($0, namespace: object.namespace) }
            } || context.routes.contains { $0.hostnames.contains { context.covers($0) } }
        return [
            Diagnosis.Cause(
                "the Gateway has no usable route at all", isBlackhole,
                isBlackhole ? "its only virtual host is blackhole" : "known hosts: \(domains.listed)"),
            Diagnosis.Cause(
                "a route names the host and is not attached", naming && !detached.isEmpty,
                naming ? "\(detached.count) not attached, see above" : "no route names it",
                at: detached.first?.object),
            Diagnosis.Cause(
                "no route names the host", !naming, naming ? "some do" : "nothing in the manifests has \(context.host)"),
        ]
    }

    var routeCauses: [Diagnosis.Cause] {
        let steps = context.hop?.steps.filter { $0.stage == .route && !$0.matched } ?? []
        func fails(_ isIt: (Evidence.Condition) -> Bool) -> Int {
            steps.count { step in
                let failures = step.evidence.filter { !$0.isMet }
                return !failures.isEmpty && failures.allSatisfy { isIt($0.condition) }
            }
        }
        let path = fails { if case .path = $0 { true } else { false } }
        let header = fails { if case .header = $0 { true } else { false } }
        let query = fails { if case .queryParameter = $0 { true } else { false } }
        let host = context.hop?.virtualHost
        let wildcards =
            context.hop?.routeConfiguration?.virtualHosts.filter { other in
                other.name != host?.name && other.domains.contains { $0.hasPrefix("*") && context.covers($0) }
            } ?? []
        return [
            Diagnosis.Cause("the path", path > 0, "\(path) of \(steps.count) routes fail by their path alone"),
            Diagnosis.Cause(
                "a header, the method or the authority", header > 0, "\(header) of \(steps.count) fail by it alone"),
            Diagnosis.Cause("a query parameter", query > 0, "\(query) of \(steps.count) fail by it alone"),
            Diagnosis.Cause(
                "a more specific host takes it away from a wildcard", !wildcards.isEmpty,
                wildcards.isEmpty
                    ? "no other host covers it"
                    : "\(host?.name ?? "") alone counts; \(wildcards.map(\.name).listed) is not looked at"),
        ]
    }

    /// Another listener of the proxy that has the host.
    var portCausesOfListeners: [Diagnosis.Cause] {
        let xds = context.state.configuration(of: context.proxy).xds
        let tables = xds.routes.filter { table in
            table.name != context.hop?.routeConfiguration?.name
                && table.virtualHosts.contains { host in
                    host.domains.contains { $0 != "*" && context.covers($0.withoutPort) }
                }
        }
        return [
            Diagnosis.Cause(
                "the request came to another port than the route's", !tables.isEmpty && context.hop?.route == nil,
                tables.isEmpty
                    ? "no other table has \(context.host)"
                    : "\(context.host) is in \(tables.map(\.name).listed); port \(context.port) was asked",
                at: tables.first?.virtualHosts.first?.sources.first)
        ]
    }

    /// A redirect that a route asks for.
    var routeRedirectCause: Diagnosis.Cause {
        let route = context.hop?.route
        let isRedirect: Bool
        if case .redirect? = route?.action { isRedirect = true } else { isRedirect = false }
        return Diagnosis.Cause(
            "redirect of the route", isRedirect,
            isRedirect ? "the route answers with it by itself" : "the route of this request does not redirect",
            at: route?.sources.first)
    }

    /// What happens to hosts that the mesh does not know.
    var registryCause: Diagnosis.Cause {
        let isClosed =
            context.hop?.virtualHost?.name == "block_all" || context.hop?.clusterReference == "BlackHoleCluster"
        return Diagnosis.Cause(
            "outboundTrafficPolicy REGISTRY_ONLY refuses hosts that are not in the registry", isClosed,
            isClosed
                ? "\(context.host) went to \(context.hop?.virtualHost?.name ?? "BlackHoleCluster")"
                : "it was not refused here")
    }

    var redirectCauses: [Diagnosis.Cause] {
        let servers = context.gateways.flatMap { gateway in
            gateway.servers.filter { $0.tls?.httpsRedirect ?? false }.map { (gateway, $0) }
        }
        let hops = (context.proxy.proxyConfig ?? context.snapshot.meshConfig.defaultConfig).topology.numTrustedProxies
        return [
            Diagnosis.Cause(
                "httpsRedirect of the Gateway", !servers.isEmpty,
                servers.first.map { "port \($0.1.port?.number ?? 0) of \($0.0.namespacedName)" } ?? "no server has it",
                at: servers.first.map { $0.0.sourceReference(at: $0.1.location) }),
            .maybe(
                "a load balancer in front ends TLS",
                hops == 0
                    ? "X-Forwarded-Proto is overwritten while numTrustedProxies is 0: the redirect would go on for ever"
                    : "numTrustedProxies is \(hops): X-Forwarded-Proto of \(hops) proxies counts"),
        ]
    }
}
