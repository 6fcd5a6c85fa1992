import Documents
import EnvoyModel
import MeshModel

/// The inbound listeners of a sidecar (istiod: `buildInboundListeners`).
struct InboundListeners {
    let context: ProxyContext
    private let policy: PeerAuthenticationIndex.WorkloadPolicy

    init(_ context: ProxyContext) {
        self.context = context
        policy = context.index.peerAuthentications.policy(
            namespace: context.proxy.metadataNamespace, labels: context.proxy.labels)
    }

    func build() -> [Listener] {
        let ports = InboundPort.ports(of: context)
        // Without redirection the application's own ports are where clients go.
        let listening = ports.filter { $0.bindsToPort && $0.ingress != nil }.map(realListener)
        guard context.proxy.interception != .none else { return listening }
        return [virtualInbound(ports.filter { !$0.bindsToPort })] + listening
    }

    // MARK: virtualInbound

    private func virtualInbound(_ ports: [InboundPort]) -> Listener {
        let number = context.meshConfig.proxyInboundListenPort
        var listener = Listener(
            name: "virtualInbound",
            address: .socket(SocketAddress(context.wildcardAddress, UInt16(clamping: number))))
        // Not `use_original_dst`: that would hand a connection to an outbound listener of the same port.
        listener.listenerFilters = [ListenerFilter(kind: .originalDst, config: IstioExtensions.originalDst)]
        listener.trafficDirection = .inbound
        listener.transparent = context.proxy.interception == .tproxy
        listener.maxConnectionsToAcceptPerSocketEvent = 1
        listener.filterChains = [VirtualOutbound.blackHole("virtualInbound-blackhole", port: number, context)]
        var needs: [(port: Int, matches: [InboundChainMatch])] = []
        let covered = Set(ports.map(\.targetPort))
        for port in [0] + policy.ports.keys.sorted().filter({ !covered.contains($0) }) {
            let matches = InboundChainMatch.all(.auto, policy.mode(port: port))
            listener.filterChains += matches.map { passthroughChain($0, port: port == 0 ? nil : port) }
            needs.append((port, matches))
        }
        for port in ports {
            let (chains, matches) = chains(of: port, destinationPort: port.targetPort)
            listener.filterChains += chains
            listener.sources += port.sources
            needs.append((port.targetPort, matches))
        }
        addInspectors(needs, to: &listener)
        listener.listenerFiltersTimeout = context.meshConfig.protocolDetectionTimeout ?? .zero
        listener.continueOnListenerFiltersTimeout = true
        return listener
    }

    private func addInspectors(
        _ needs: [(port: Int, matches: [InboundChainMatch])], to listener: inout Listener
    ) {
        func filter(
            _ kind: ListenerFilter.Kind, _ config: ExtensionConfig, _ isNeeded: (InboundChainMatch) -> Bool
        ) -> ListenerFilter? {
            let wanting = needs.map { (port: $0.port, needs: $0.matches.contains(where: isNeeded)) }
            guard wanting.contains(where: \.needs) else { return nil }
            func ports(_ all: [(port: Int, needs: Bool)]) -> [PortPredicate] {
                all.filter { $0.port != 0 }.map { .destinationPorts(start: $0.port, end: $0.port + 1) }
            }
            // Port 0 is every port without chains of its own.
            if wanting.first(where: { $0.port == 0 })?.needs ?? false {
                let without = ports(wanting.filter { !$0.needs })
                return ListenerFilter(
                    kind: kind, config: config, filterDisabled: without.isEmpty ? nil : .oneOf(without))
            }
            return ListenerFilter(
                kind: kind, config: config, filterDisabled: .not(.oneOf(ports(wanting.filter(\.needs)))))
        }
        listener.listenerFilters += [
            filter(.tlsInspector, IstioExtensions.tlsInspector, \.needsTLSInspector),
            filter(.httpInspector, IstioExtensions.httpInspector, \.needsHTTPInspector),
        ].compactMap(\.self)
    }

    private func passthroughChain(_ match: InboundChainMatch, port: Int?) -> FilterChain {
        var chain = FilterChain(
            name: match.isHTTP ? "virtualInbound-catchall-http" : "virtualInbound",
            match: match.filterChainMatch(port: port))
        if match.isMTLS {
            chain.transportSocket = .tls(DownstreamTLSContext(inbound: context.meshConfig, isHTTP: match.isHTTP))
        }
        chain.filters = [
            match.isHTTP
                ? .http(
                    manager(
                        cluster: ClusterName.inboundPassthrough, servicePort: 0, host: "", proto: .http, sources: []))
                : .tcp(TCPProxy(cluster: ClusterName.inboundPassthrough, meshConfig: context.meshConfig, sources: []))
        ]
        return chain
    }

    // MARK: One port

    private func realListener(_ port: InboundPort) -> Listener {
        var listener = Listener(
            name: port.chainName, address: .socket(SocketAddress(port.address, UInt16(clamping: port.targetPort))))
        listener.trafficDirection = .inbound
        listener.sources = port.sources
        let (chains, matches) = chains(of: port, destinationPort: nil)
        listener.filterChains = chains
        if matches.contains(where: \.needsTLSInspector) {
            listener.listenerFilters.append(ListenerFilter(kind: .tlsInspector, config: IstioExtensions.tlsInspector))
        }
        if matches.contains(where: \.needsHTTPInspector) {
            listener.listenerFilters.append(
                ListenerFilter(kind: .httpInspector, config: IstioExtensions.httpInspector))
        }
        return listener
    }

    private func chains(
        of port: InboundPort, destinationPort: Int?
    ) -> (chains: [FilterChain], matches: [InboundChainMatch]) {
        let mode = policy.mode(port: port.targetPort)
        if let tls = port.ingress?.tls, context.features.enableTLSOnSidecarIngress, mode == .disable {
            let isHTTP = port.proto.isHTTP || port.proto == .https
            let match = InboundChainMatch(isHTTP: isHTTP, transport: "tls", applications: [], isMTLS: false)
            var chain = chain(port, match, destinationPort)
            chain.transportSocket = .tls(
                DownstreamTLSContext(
                    tls, proto: port.proto, meshConfig: context.meshConfig, isGateway: false))
            return ([chain], [match])
        }
        let matches = InboundChainMatch.all(port.proto, mode)
        return (matches.map { chain(port, $0, destinationPort) }, matches)
    }

    private func chain(_ port: InboundPort, _ match: InboundChainMatch, _ destinationPort: Int?) -> FilterChain {
        var chain = FilterChain(name: port.chainName, match: match.filterChainMatch(port: destinationPort))
        if match.isMTLS {
            chain.transportSocket = .tls(DownstreamTLSContext(inbound: context.meshConfig, isHTTP: match.isHTTP))
        }
        chain.sources = port.sources
        chain.filters = [
            match.isHTTP
                ? .http(
                    manager(
                        cluster: port.clusterName, servicePort: port.servicePort, host: port.telemetryHost,
                        proto: port.proto, sources: port.sources))
                : .tcp(
                    TCPProxy(cluster: port.clusterName, meshConfig: context.meshConfig, sources: port.sources))
        ]
        chain.addProtocolFilter(for: port.proto, features: context.features)
        return chain
    }

    /// The connection manager with the one route to the workload (istiod: `buildSidecarInboundHTTPRouteConfig`).
    private func manager(
        cluster: String, servicePort: Int, host: String, proto: PortProtocol, sources: [SourceReference]
    ) -> HTTPConnectionManager {
        var action = RouteAction(.cluster(cluster))
        action.timeout = .zero
        action.maxStreamDuration = .zero
        action.grpcTimeoutHeaderMax = .zero
        if proto != .grpc, proto != .grpcWeb {
            action.retryPolicy = .inbound(context.meshConfig.defaultInboundHttpRetryPolicy)
        }
        var route = Route(name: "default", match: RouteMatch(.prefix("/")), action: .route(action))
        route.decoratorOperation = host.isEmpty ? ":\(servicePort)/*" : "\(host):\(servicePort)/*"
        route.sources = sources
        var routes = RouteConfiguration(name: cluster)
        routes.validateClusters = false
        var virtual = VirtualHost(name: "inbound|http|\(servicePort)", domains: ["*"], routes: [route])
        virtual.sources = sources
        routes.virtualHosts = [virtual]
        routes.sources = sources
        let number = servicePort == 0 ? context.meshConfig.proxyInboundListenPort : servicePort
        var manager = HTTPConnectionManager(
            statPrefix: "inbound_0.0.0.0_\(number)", routeSource: .inline(routes), port: proto, isInbound: true,
            meshConfig: context.meshConfig)
        let headers = context.proxyConfig.headers
        manager.apply(headers, serverName: "istio-envoy")
        manager.forwardClientCertDetails =
            headers.forwardedClientCert.flatMap { .init(rawValue: $0) } ?? .appendForward
        var details = HTTPConnectionManager.SetCurrentClientCertDetails()
        details.subject = true
        details.dns = true
        details.uri = true
        manager.setCurrentClientCertDetails = details.with(headers)
        return manager
    }
}
