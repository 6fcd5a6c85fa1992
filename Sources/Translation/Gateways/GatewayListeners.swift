import Documents
import EnvoyModel
import MeshModel

/// The listeners of a gateway proxy (istiod: `buildGatewayListeners`).
struct GatewayListeners {
    let context: ProxyContext
    let merged: MergedGateway
    /// SNI names that chains of passthrough servers have already, by port and address.
    private var usedSNI: [String: Set<String>] = [:]
    private var diagnostics: [Diagnostic] = []

    init(context: ProxyContext, merged: MergedGateway) {
        self.context = context
        self.merged = merged
    }

    /// With what is wrong with them.
    func build() -> ([Listener], [Diagnostic]) {
        var copy = self
        return (copy.listeners(), copy.diagnostics)
    }

    private mutating func listeners() -> [Listener] {
        var order: [String] = []
        var byName: [String: Listener] = [:]
        for group in merged.groups {
            if context.proxy.isUnprivileged, group.port < 1024 {
                diagnostics.append(
                    Diagnostic(
                        .warning, "port \(group.port) needs a privileged proxy, \(context.proxy.id) is not one",
                        at: group.servers.first?.server.location))
                continue
            }
            let chains = self.chains(of: group)
            guard !chains.isEmpty else { continue }
            let address = group.bind.isEmpty ? context.wildcardAddress : group.bind
            let name = "\(address)_\(group.port)"
            if byName[name] == nil {
                var listener = Listener(
                    name: name, address: .socket(SocketAddress(address, UInt16(clamping: group.port))))
                listener.trafficDirection = .outbound
                listener.maxConnectionsToAcceptPerSocketEvent = 1
                listener.accessLog = IstioExtensions.accessLog(context.meshConfig)
                order.append(name)
                byName[name] = listener
            }
            byName[name]?.filterChains += chains
            byName[name]?.sources += group.servers.map { $0.source() }
        }
        return order.compactMap { name in
            guard var listener = byName[name] else { return nil }
            let needsTLS = listener.filterChains.contains { chain in
                if !(chain.match?.serverNames.isEmpty ?? true) { return true }
                guard case .tls(let tls) = chain.transportSocket else { return false }
                return !tls.common.alpnProtocols.isEmpty
            }
            if context.proxyConfig.topology.proxyProtocol {
                // Its header comes before everything else.
                listener.listenerFilters = [
                    ListenerFilter(kind: .proxyProtocol, config: IstioExtensions.proxyProtocol)
                ]
            }
            if needsTLS {
                listener.listenerFilters.append(
                    ListenerFilter(kind: .tlsInspector, config: IstioExtensions.tlsInspector))
            }
            return listener
        }
    }

    private mutating func chains(of group: MergedGateway.Group) -> [FilterChain] {
        if group.proto.isHTTP {
            var chain = FilterChain(filters: [.http(manager(group.routeName, group, proto: group.proto))])
            chain.sources = group.servers.map { $0.source() }
            return [chain]
        }
        return group.servers.flatMap { chains(of: $0, group) }
    }

    private func manager(
        _ routeName: String, _ group: MergedGateway.Group, proto: PortProtocol
    ) -> HTTPConnectionManager {
        let address = group.bind.isEmpty ? context.wildcardAddress : group.bind
        var manager = HTTPConnectionManager(
            statPrefix: "outbound_\(address)_\(group.port)", routeSource: .rds(routeName), port: proto,
            isInbound: false, meshConfig: context.meshConfig)
        let config = context.proxyConfig
        manager.apply(config.headers, serverName: "istio-envoy")
        manager.useRemoteAddress = true
        manager.xffNumTrustedHops = UInt32(clamping: config.topology.numTrustedProxies)
        manager.forwardClientCertDetails =
            config.topology.forwardClientCertDetails.flatMap { .init(rawValue: $0) } ?? .sanitizeSet
        var details = HTTPConnectionManager.SetCurrentClientCertDetails()
        details.subject = true
        details.cert = true
        details.uri = true
        details.dns = true
        manager.setCurrentClientCertDetails = details.with(config.headers)
        return manager
    }

    private mutating func chains(of server: GatewayServer, _ group: MergedGateway.Group) -> [FilterChain] {
        guard let tls = server.tls else {
            return tcpRoutes(of: server).map { [chain(server, sni: nil, tls: nil, filters: [.tcp($0)])] } ?? []
        }
        if server.terminatesHTTPS {
            let filter = NetworkFilter.http(manager(server.routeName, group, proto: .https))
            return [chain(server, sni: server.sniHosts, tls: tls, filters: [filter])]
        }
        switch tls.mode {
        case .passthrough: return passthroughChains(of: server)
        case .autoPassthrough: return autoPassthroughChains(of: server)
        default:
            return tcpRoutes(of: server).map {
                [chain(server, sni: server.sniHosts, tls: tls, filters: [.tcp($0)])]
            } ?? []
        }
    }

    private func chain(
        _ server: GatewayServer, sni: [String]?, tls: ServerTLSSettings?, filters: [NetworkFilter]
    ) -> FilterChain {
        var chain = FilterChain(filters: filters)
        if let sni { chain.match = FilterChainMatch(serverNames: sni) }
        if let tls {
            chain.transportSocket = .tls(
                DownstreamTLSContext(tls, proto: server.proto, meshConfig: context.meshConfig))
        }
        chain.sources = [server.source()]
        chain.addProtocolFilter(for: server.proto, features: context.features)
        return chain
    }

    // MARK: TCP and TLS routes

    /// VirtualServices of the server's gateway that have a host of the server.
    private func virtualServices(of server: GatewayServer) -> [VirtualService] {
        context.index.virtualServices.virtualServices(for: context.proxy.namespace, gateway: server.gatewayKey)
            .map(\.object)
            .filter { object in
                let hosts = server.hosts(for: object.namespace)
                return object.hosts.contains { host in hosts.contains { HostName.matches(host, $0) } }
            }
    }

    /// The first block that fits (istiod: `buildGatewayNetworkFiltersFromTCPRoutes`).
    private func tcpRoutes(of server: GatewayServer) -> TCPProxy? {
        let gateways = [server.gatewayKey]
        for object in virtualServices(of: server) {
            let routeContext = GatewayTranslation.routeContext(context, server: server, virtualService: object)
            for block in object.tcp where !block.route.isEmpty {
                guard block.match.isEmpty || block.match.contains(where: { $0.fits(server.declaredPort, gateways) })
                else { continue }
                return TCPProxy(
                    routes: block.route, of: object, context: routeContext,
                    sources: [object.reference(block.source, at: block.location)])
            }
            // TLSRoutes at a listener that terminates.
            guard object.semantics == .gateway, server.tls != nil else { continue }
            for block in object.tls where !block.route.isEmpty {
                guard block.match.isEmpty || block.match.contains(where: { $0.fits(server.declaredPort, gateways) })
                else { continue }
                return TCPProxy(
                    routes: block.route, of: object, context: routeContext,
                    sources: [object.reference(block.source, at: block.location)])
            }
        }
        return nil
    }

    /// istiod: `buildGatewayNetworkFiltersFromTLSRoutes`.
    private mutating func passthroughChains(of server: GatewayServer) -> [FilterChain] {
        var chains: [FilterChain] = []
        let key = "\(server.server.bind)|\(server.port)"
        for object in virtualServices(of: server) {
            let routeContext = GatewayTranslation.routeContext(context, server: server, virtualService: object)
            for block in object.tls where !block.route.isEmpty {
                for match in block.match where match.fits(server.declaredPort, [server.gatewayKey]) {
                    let source = object.reference(block.source, at: match.location ?? block.location)
                    let used = usedSNI[key] ?? []
                    if let taken = match.sniHosts.first(where: used.contains) {
                        diagnostics.append(
                            Diagnostic(
                                .warning,
                                "SNI \"\(taken)\" on port \(server.port) is routed already: this match is ignored",
                                at: source.location))
                        continue
                    }
                    usedSNI[key] = used.union(match.sniHosts)
                    let proxy = TCPProxy(routes: block.route, of: object, context: routeContext, sources: [source])
                    var chain = chain(server, sni: match.sniHosts, tls: nil, filters: [.tcp(proxy)])
                    chain.sources = [source, server.source()]
                    chains.append(chain)
                }
            }
        }
        return chains
    }

    /// A chain for every cluster that other networks may ask for (istiod: `builtAutoPassthroughFilterChains`).
    private func autoPassthroughChains(of server: GatewayServer) -> [FilterChain] {
        let sniHosts = server.sniHosts
        var chains: [FilterChain] = []
        for service in context.scope.services where !service.isMeshExternal {
            guard sniHosts.contains(where: { HostName.isSubset(service.hostname, of: $0) }) else { continue }
            let rule = context.scope.destinationRule(for: service.hostname)
            for port in service.ports where !port.isUDP {
                for subset in [""] + (rule?.rule.subsets.map(\.name) ?? []) {
                    let name = ClusterName.sniDNAT(port: port.number, subset: subset, host: service.hostname)
                    var proxy = TCPProxy(cluster: name, meshConfig: context.meshConfig, sources: [service.source])
                    proxy.apply(rule?.rule, subset: subset)
                    var chain = chain(server, sni: [name], tls: nil, filters: [.tcp(proxy)])
                    chain.match?.applicationProtocols = [
                        "istio-peer-exchange", "istio", "istio-http/1.0", "istio-http/1.1", "istio-h2",
                    ]
                    chain.sources.append(service.source)
                    chains.append(chain)
                }
            }
        }
        return chains
    }
}

extension FilterChainMatch {
    /// A list with `*` restricts nothing (istiod: `getFilterChainMatch`).
    init(serverNames: [String]) {
        self.init()
        if !serverNames.contains("*") { self.serverNames = serverNames.sorted() }
    }
}

extension VirtualService.L4Match {
    fileprivate func fits(_ port: Int, _ gateways: [String]) -> Bool {
        (self.port == 0 || self.port == port)
            && (self.gateways.isEmpty || self.gateways.contains(where: gateways.contains))
    }
}

extension VirtualService.TLSMatch {
    fileprivate func fits(_ port: Int, _ gateways: [String]) -> Bool {
        (self.port == 0 || self.port == port)
            && (self.gateways.isEmpty || self.gateways.contains(where: gateways.contains))
    }
}
