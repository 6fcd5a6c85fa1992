import Documents
import EnvoyModel
import MeshModel

/// The TCP and TLS chains of a service on a sidecar (istiod: `buildSidecarOutboundTCPTLSFilterChainOpts`).
struct OutboundTCPChains {
    let context: ProxyContext
    let egress: EgressScope

    /// `prefixes`: the destinations that stand for the service; `needsSNI`: its address alone does not tell it.
    func chains(for service: Service, port: Service.Port, prefixes: [String], needsSNI: Bool) -> [FilterChain] {
        let virtualServices = egress.virtualServices.map(\.object).filter { object in
            object.hosts.contains { HostName.matches($0, service.hostname) }
        }
        if port.proto.isTLS { return tlsChains(service, port, prefixes, virtualServices, needsSNI: needsSNI) }
        return tcpChains(service, port, prefixes, virtualServices).map { chain in
            var chain = chain
            chain.addProtocolFilter(for: port.proto, features: context.features)
            return chain
        }
    }

    // MARK: TLS

    private func tlsChains(
        _ service: Service, _ port: Service.Port, _ prefixes: [String], _ virtualServices: [VirtualService],
        needsSNI: Bool
    ) -> [FilterChain] {
        var chains: [FilterChain] = []
        var seen = Set<String>()
        for object in virtualServices {
            let routes = routeContext(service, port)
            for block in object.tls where !block.route.isEmpty {
                var current = prefixes
                for match in block.match where fits(match, port.number) {
                    if !match.destinationSubnets.isEmpty { current = match.destinationSubnets }
                    guard seen.insert("\(match.sniHosts.sorted())|\(current.sorted())").inserted else { continue }
                    let source = object.reference(block.source, at: match.location ?? block.location)
                    let proxy = TCPProxy(routes: block.route, of: object, context: routes, sources: [source])
                    chains.append(chain(proxy, sni: match.sniHosts, prefixes: current, source: source))
                }
            }
        }
        if !chains.isEmpty { return chains }
        var names: [String] = []
        let isWildcardDNS = service.resolution == .dynamicDNS && HostName.isWildcard(service.hostname)
        if (needsSNI && (hasNoAddress(service) || !prefixes.isEmpty)) || isWildcardDNS {
            let domains = ServiceDomains(proxy: context.proxy, features: context.features)
            for host in [service.hostname] + service.aliases.map(\.hostname) {
                names.append(host)
                names += domains.shortForms(of: host)
            }
        }
        return [chain(own(service, port), sni: names, prefixes: prefixes, source: service.source)]
    }

    private func hasNoAddress(_ service: Service) -> Bool {
        ServiceDomains(proxy: context.proxy, features: context.features).address(of: service)
            == Service.unspecifiedAddress
    }

    private func fits(_ match: VirtualService.TLSMatch, _ port: Int) -> Bool {
        fits(match.gateways, match.sourceLabels, match.port, match.sourceNamespace, port)
    }

    // MARK: TCP

    private func tcpChains(
        _ service: Service, _ port: Service.Port, _ prefixes: [String], _ virtualServices: [VirtualService]
    ) -> [FilterChain] {
        var chains: [FilterChain] = []
        var hasOwn = false
        search: for object in virtualServices {
            let routes = routeContext(service, port)
            for block in object.tcp where !block.route.isEmpty {
                let source = object.reference(block.source, at: block.location)
                let proxy = TCPProxy(routes: block.route, of: object, context: routes, sources: [source])
                if block.match.isEmpty {
                    chains.append(chain(proxy, sni: [], prefixes: prefixes, source: source))
                    hasOwn = true
                    break search
                }
                var subnets: [String] = []
                for match in block.match
                where fits(match.gateways, match.sourceLabels, match.port, match.sourceNamespace, port.number) {
                    if match.destinationSubnets.isEmpty {
                        chains.append(chain(proxy, sni: [], prefixes: prefixes, source: source))
                        hasOwn = true
                        break search
                    }
                    subnets += match.destinationSubnets
                }
                guard !subnets.isEmpty else { continue }
                if Set(subnets) == Set(prefixes) { hasOwn = true }
                chains.append(chain(proxy, sni: [], prefixes: subnets, source: source))
            }
        }
        if hasOwn { return chains }
        guard context.features.enableHeadlessFilterChainListener, service.isHeadless, prefixes.count > 1 else {
            return chains + [chain(own(service, port), sni: [], prefixes: prefixes, source: service.source)]
        }
        // One chain for each endpoint.
        return chains
            + prefixes.map { chain(own(service, port), sni: [], prefixes: [$0], source: service.source) }
    }

    // MARK: Shared

    private func own(_ service: Service, _ port: Service.Port) -> TCPProxy {
        let number = service.ports.count == 1 ? service.ports.first?.number ?? port.number : port.number
        var proxy = TCPProxy(
            cluster: ClusterName.outbound(port: number, host: service.hostname), meshConfig: context.meshConfig,
            sources: [service.source])
        proxy.apply(context.scope.destinationRule(for: service.hostname)?.rule)
        return proxy
    }

    private func fits(
        _ gateways: [String], _ labels: [String: String], _ wanted: Int, _ namespace: String, _ port: Int
    ) -> Bool {
        (gateways.isEmpty || gateways.contains("mesh")) && labels.isContained(in: context.proxy.labels)
            && (wanted == 0 || wanted == port)
            && (namespace.isEmpty || namespace == context.proxy.metadataNamespace)
    }

    private func routeContext(_ service: Service, _ port: Service.Port) -> RouteContext {
        let scope = context.scope
        return RouteContext(context, listenPort: port.number, gateway: "mesh") { scope.service($0) }
    }

    private func chain(
        _ proxy: TCPProxy, sni: [String], prefixes: [String], source: SourceReference
    ) -> FilterChain {
        var chain = FilterChain(filters: [.tcp(proxy)])
        var match = FilterChainMatch(serverNames: sni)
        match.prefixRanges = prefixes.compactMap { text in
            IPPrefix(text).flatMap { $0.isUnspecified ? nil : CIDRRange($0.address, $0.length) }
        }
        if match != FilterChainMatch() { chain.match = match }
        chain.sources = [source]
        return chain
    }
}
