import Documents
import EnvoyModel
import MeshModel

/// The outbound listeners of a sidecar (istiod: `buildSidecarOutboundListeners`).
struct OutboundListeners {
    /// How a listener counts when another service wants its address.
    enum Kind {
        case http
        case tcp
        case auto
    }

    /// A listener while services add to it.
    private struct Entry {
        let address: String
        let port: Int
        let bindsToPort: Bool
        var kind: Kind
        var proto: PortProtocol
        var chains: [FilterChain]
        var isLocked = false
        var sources: [SourceReference]
    }

    /// One service on one port.
    private struct Attempt {
        let egress: EgressScope
        let service: Service
        let port: Service.Port
        let bind: String
        let bindsToPort: Bool
    }

    let context: ProxyContext
    private let domains: ServiceDomains
    private var order: [String] = []
    private var entries: [String: Entry] = [:]

    init(_ context: ProxyContext) {
        self.context = context
        domains = ServiceDomains(proxy: context.proxy, features: context.features)
    }

    func build() -> [Listener] {
        var copy = self
        return copy.listeners()
    }

    private mutating func listeners() -> [Listener] {
        for egress in context.scope.egress { add(egress) }
        var result = order.compactMap { entries[$0].map(listener) }
        if context.proxy.interception != .none { result.append(VirtualOutbound(context).listener) }
        let proxyPort = context.proxy.number("HTTP_PROXY_PORT") ?? context.meshConfig.proxyHttpPort
        if proxyPort > 0 {
            result.append(
                listener(
                    Entry(
                        address: "127.0.0.1", port: proxyPort, bindsToPort: true, kind: .http, proto: .httpProxy,
                        chains: [
                            httpChain(name: "http_proxy", address: "127.0.0.1", port: proxyPort, proto: .httpProxy)
                        ],
                        sources: [])))
        }
        return result
    }

    private mutating func add(_ egress: EgressScope) {
        let listener = egress.listener
        let isUnix = listener.bind.hasPrefix("unix://")
        let bindsToPort = context.proxy.interception == .none || listener.captureMode == .none || isUnix
        var bind = listener.bind
        if bind.isEmpty, bindsToPort { bind = context.proxy.isIPv6Only ? "::1" : "127.0.0.1" }
        if let declared = listener.port {
            let port = Service.Port(
                number: declared.number, name: declared.name, proto: PortProtocol(name: declared.protocol))
            guard !isSkipped(port, bind: bind, bindsToPort: bindsToPort) else { return }
            for service in egress.services where !service.isAlias {
                add(Attempt(egress: egress, service: service, port: port, bind: bind, bindsToPort: bindsToPort))
            }
            return
        }
        for key in order { entries[key]?.isLocked = true }
        for service in egress.services where !service.isAlias {
            for port in service.ports where !isSkipped(port, bind: bind, bindsToPort: bindsToPort) {
                let attempt = Attempt(
                    egress: egress, service: service, port: port, bind: bind, bindsToPort: bindsToPort)
                if isHeadlessTCP(service, port, bind: bind) { addHeadless(attempt) } else { add(attempt) }
            }
        }
    }

    /// Ports that Envoy cannot or must not listen on (istiod: `CanBindToPort`).
    private func isSkipped(_ port: Service.Port, bind: String, bindsToPort: Bool) -> Bool {
        if port.isUDP { return true }
        if bindsToPort, context.proxy.isUnprivileged, port.number < 1024, port.number > 0 { return true }
        let isWildcard = bind == context.wildcardAddress || (bind.isEmpty && port.proto.isHTTP)
        guard isWildcard else { return false }
        return context.proxy.reservedPorts.contains(port.number)
            || port.number == context.meshConfig.proxyListenPort
            || port.number == context.meshConfig.proxyInboundListenPort
    }

    // MARK: Headless services

    private func isHeadlessTCP(_ service: Service, _ port: Service.Port, bind: String) -> Bool {
        bind.isEmpty && service.isHeadless && domains.address(of: service) == Service.unspecifiedAddress
            && (port.proto.isTCP || port.proto == .auto)
    }

    /// A listener for every endpoint, because there is no address of the service.
    private mutating func addHeadless(_ attempt: Attempt) {
        let service = attempt.service
        let all = (context.index.endpoints[service.key] ?? []).filter { $0.portName == attempt.port.name }
        if all.isEmpty {
            if !service.isKubernetes, service.selector == nil { add(attempt) }
            return
        }
        let addresses = all.map(\.address).filter {
            IPAddress.isValid($0) && $0 != context.proxy.ipAddresses.first
        }
        if context.features.enableHeadlessFilterChainListener, attempt.port.proto.isTCP {
            add(attempt, cidrs: addresses)
            return
        }
        var seen = Set<String>()
        for address in addresses where seen.insert(address).inserted {
            add(
                Attempt(
                    egress: attempt.egress, service: service, port: attempt.port, bind: address,
                    bindsToPort: attempt.bindsToPort))
        }
    }

    // MARK: One attempt

    private mutating func add(_ attempt: Attempt, cidrs: [String] = []) {
        let port = attempt.port
        var address = attempt.bind
        var prefixes = cidrs
        if address.isEmpty {
            address = context.wildcardAddress
            if !port.proto.isHTTP, cidrs.isEmpty {
                let own = domains.address(of: attempt.service)
                if own.contains("/") {
                    prefixes = [own]
                } else if own != Service.unspecifiedAddress, !own.isEmpty {
                    address = own
                }
            }
        }
        let isWildcard = address == context.wildcardAddress
        let key = "\(address)_\(port.number)"
        let known = entries[key]
        if known?.isLocked == true { return }
        if let known, known.proto != port.proto,
            [known.proto, port.proto].contains(where: { $0 == .mongo || $0 == .mysql })
        {
            return
        }
        let kind: Kind = port.proto.isHTTP ? .http : port.proto == .auto ? .auto : .tcp
        if kind == .http, let known, known.kind != .tcp { return }
        let tcp: [FilterChain] =
            kind == .http
            ? []
            : OutboundTCPChains(context: context, egress: attempt.egress).chains(
                for: attempt.service, port: port, prefixes: prefixes,
                needsSNI: isWildcard || !prefixes.isEmpty)
        let name = routeName(attempt, isWildcard: isWildcard)
        let http =
            kind == .tcp
            ? []
            : [
                httpChain(
                    name: name, address: address, port: port.number, proto: port.proto,
                    isSniffed: kind == .auto || isWildcard && port.proto != .httpProxy)
            ]
        let source =
            attempt.egress.port == nil ? [attempt.service.source] : sidecarSource(attempt) + [attempt.service.source]
        // HTTP on the wildcard address leaves room for other protocols.
        let counts: Kind = kind == .http && isWildcard && port.proto != .httpProxy ? .auto : kind
        guard var entry = known, !(kind == .auto && entry.kind == .http) else {
            if known == nil { order.append(key) }
            entries[key] = Entry(
                address: address, port: port.number, bindsToPort: attempt.bindsToPort, kind: counts, proto: port.proto,
                chains: tcp + http, sources: (known?.sources ?? []) + source)
            return
        }
        entry.sources += source
        switch (kind, entry.kind) {
        case (.http, _): merge(http, into: &entry.chains)
        case (.tcp, _): merge(tcp, into: &entry.chains)
        case (.auto, .tcp): merge(tcp + http, into: &entry.chains)
        case (.auto, _): merge(tcp, into: &entry.chains)
        }
        if kind != .tcp || entry.kind != .tcp { entry.kind = .auto }
        entries[key] = entry
    }

    private func sidecarSource(_ attempt: Attempt) -> [SourceReference] {
        context.scope.sidecar.map { [$0.sourceReference(at: attempt.egress.listener.location)] } ?? []
    }

    private func routeName(_ attempt: Attempt, isWildcard: Bool) -> String {
        if attempt.port.number == 0 { return attempt.bind }
        if attempt.port.proto == .auto, !isWildcard { return "\(attempt.service.hostname):\(attempt.port.number)" }
        return String(attempt.port.number)
    }

    private func merge(_ new: [FilterChain], into chains: inout [FilterChain]) {
        for chain in new where !chains.contains(where: { conflicts($0.match, chain.match) }) { chains.append(chain) }
    }

    private func conflicts(_ left: FilterChainMatch?, _ right: FilterChainMatch?) -> Bool {
        let left = left ?? FilterChainMatch()
        let right = right ?? FilterChainMatch()
        func names(_ match: FilterChainMatch) -> Set<String> { Set(match.serverNames.filter { $0 != "*" }) }
        func prefixes(_ match: FilterChainMatch) -> Set<IPPrefix.Masked> {
            Set(
                match.prefixRanges.compactMap { range in
                    IPPrefix("\(range.addressPrefix)/\(range.prefixLength)").flatMap {
                        $0.isUnspecified ? nil : $0.maskedValue
                    }
                })
        }
        return left.transportProtocol == right.transportProtocol
            && Set(left.applicationProtocols) == Set(right.applicationProtocols) && names(left) == names(right)
            && prefixes(left) == prefixes(right)
    }

    private func httpChain(
        name: String, address: String, port: Int, proto: PortProtocol, isSniffed: Bool = false
    ) -> FilterChain {
        var manager = HTTPConnectionManager(
            statPrefix: "outbound_\(address)_\(name)", routeSource: .rds(name), port: proto, isInbound: false,
            meshConfig: context.meshConfig)
        manager.apply(context.proxyConfig.headers, serverName: "")
        manager.useRemoteAddress = false
        var chain = FilterChain()
        if isSniffed {
            var match = FilterChainMatch()
            match.transportProtocol = "raw_buffer"
            match.applicationProtocols = ["http/1.1", "h2c"]
            chain.match = match
        }
        if proto == .httpProxy { manager.http1.allowAbsoluteURL = true }
        chain.filters = [.http(manager)]
        return chain
    }

    // MARK: Assembling

    private func listener(_ entry: Entry) -> Listener {
        let isUnix = entry.address.hasPrefix("unix://")
        let address: Address =
            isUnix
            ? .pipe(String(entry.address.dropFirst("unix://".count)))
            : .socket(SocketAddress(entry.address, UInt16(clamping: entry.port)))
        var listener = Listener(name: "\(entry.address)_\(entry.port)", address: address)
        listener.bindToPort = entry.bindsToPort
        listener.trafficDirection = .outbound
        listener.sources = entry.sources
        let isOnlyHTTP = entry.chains.count == 1 && entry.chains.first?.match == nil && entry.kind == .http
        for chain in entry.chains {
            if chain.match == nil, entry.chains.count > 1, listener.defaultFilterChain == nil {
                listener.defaultFilterChain = chain
            } else {
                listener.filterChains.append(chain)
            }
        }
        let hasOpenChain = entry.chains.contains { $0.match == nil }
        if !hasOpenChain, !isOnlyHTTP { listener.defaultFilterChain = VirtualOutbound(context).passthroughChain }
        if listener.filterChains.contains(where: { !($0.match?.serverNames.isEmpty ?? true) }) {
            listener.listenerFilters.append(ListenerFilter(kind: .tlsInspector, config: IstioExtensions.tlsInspector))
        }
        if listener.filterChains.contains(where: { !($0.match?.applicationProtocols.isEmpty ?? true) }) {
            listener.listenerFilters.append(
                ListenerFilter(kind: .httpInspector, config: IstioExtensions.httpInspector))
            listener.listenerFiltersTimeout = context.meshConfig.protocolDetectionTimeout ?? .zero
            listener.continueOnListenerFiltersTimeout = true
        }
        return listener
    }
}
