package import Documents

extension Listener {
    /// Reads the message; what is not modelled goes into `unmodelled`, and `raw` keeps everything.
    package init(_ node: Node, unmodelled: inout [UnmodelledField]) {
        let context = ReadingContext()
        self.init(node, context)
        unmodelled += context.unmodelled
    }

    init(_ node: Node, _ context: ReadingContext) {
        let name = node["name"]?.text ?? ""
        self.init(name: name, address: nil)
        raw = RawMessage(node)
        context.owned(by: "listener \"\(name)\"") {
            var reader = MessageReader(node, type: "Listener", context)
            reader.ignore("name")
            address = reader.sub("address") { Address(&$0) } ?? nil
            additionalAddresses = reader.list("additionalAddresses") { entry in
                entry.sub("address") { Address(&$0) } ?? nil
            }.compactMap { $0 }
            filterChains = reader.list("filterChains") { FilterChain(&$0) }
            defaultFilterChain = reader.sub("defaultFilterChain") { FilterChain(&$0) }
            listenerFilters = reader.list("listenerFilters") { ListenerFilter(&$0) }
            listenerFiltersTimeout = reader.duration("listenerFiltersTimeout")
            continueOnListenerFiltersTimeout = reader.flag("continueOnListenerFiltersTimeout")
            useOriginalDst = reader.flag("useOriginalDst")
            bindToPort = reader.wrapped("bindToPort") ?? true
            reader.sub("deprecatedV1") { if let bind = $0.wrapped("bindToPort") { bindToPort = bind } }
            trafficDirection = reader.choice("trafficDirection", TrafficDirection.unspecified)
            statPrefix = reader.text("statPrefix")
            perConnectionBufferLimitBytes = reader.number("perConnectionBufferLimitBytes")
            maxConnectionsToAcceptPerSocketEvent = reader.number("maxConnectionsToAcceptPerSocketEvent")
            enableReusePort = reader.wrapped("enableReusePort")
            tcpBacklogSize = reader.number("tcpBacklogSize")
            transparent = reader.flag("transparent")
            accessLog = reader.accessLog()
            metadata = reader.metadata("metadata")
            isInternal = reader.has("internalListener")
            reader.finish()
        }
    }
}

extension MessageReader {
    mutating func accessLog() -> [ExtensionConfig] {
        list("accessLog") {
            $0.ignore("filter")
            return ExtensionConfig(&$0)
        }
    }
}

extension ListenerFilter {
    init(_ reader: inout MessageReader) {
        let config = ExtensionConfig(&reader)
        let kind: Kind =
            switch (config.name, config.typeURL.split(separator: ".").last) {
            case (_, "TlsInspector"), ("envoy.filters.listener.tls_inspector", _): .tlsInspector
            case (_, "HttpInspector"), ("envoy.filters.listener.http_inspector", _): .httpInspector
            case (_, "OriginalDst"), ("envoy.filters.listener.original_dst", _): .originalDst
            case (_, "ProxyProtocol"), ("envoy.filters.listener.proxy_protocol", _): .proxyProtocol
            default: .other
            }
        self.init(kind: kind, config: config, filterDisabled: reader.sub("filterDisabled") { PortPredicate(&$0) })
        reader.ignore("configDiscovery")
    }
}

extension PortPredicate {
    init(_ reader: inout MessageReader) {
        if let range = reader.sub(
            "destinationPortRange",
            { PortPredicate.destinationPorts(start: Int($0.signed("start") ?? 0), end: Int($0.signed("end") ?? 0)) })
        {
            self = range
        } else if let inner = reader.sub("notMatch", { PortPredicate(&$0) }) {
            self = .not(inner)
        } else if let rules = reader.sub("andMatch", { $0.list("rules") { PortPredicate(&$0) } }) {
            self = .and(rules)
        } else if let rules = reader.sub("orMatch", { $0.list("rules") { PortPredicate(&$0) } }) {
            self = .or(rules)
        } else {
            reader.ignore("anyMatch")
            self = .any
        }
    }
}

extension FilterChain {
    init(_ reader: inout MessageReader) {
        self.init(name: reader.text("name"))
        match = reader.sub("filterChainMatch") { FilterChainMatch(&$0) }
        filters = reader.list("filters") { NetworkFilter(&$0) }
        transportSocket =
            reader.sub("transportSocket") { socket -> DownstreamTransportSocket? in
                let isTLS = socket.node("typedConfig")?["@type"]?.text.hasSuffix(".DownstreamTlsContext") ?? false
                guard isTLS else {
                    let config = ExtensionConfig(&socket)
                    return config.typeURL.hasSuffix(".RawBuffer") ? nil : .other(config)
                }
                socket.ignore("name")
                return socket.typed("typedConfig") { .tls(DownstreamTLSContext(&$1)) }
            } ?? nil
        transportSocketConnectTimeout = reader.duration("transportSocketConnectTimeout")
        metadata = reader.metadata("metadata")
    }
}

extension FilterChainMatch {
    init(_ reader: inout MessageReader) {
        self.init()
        destinationPort = reader.number("destinationPort").map { UInt16(truncatingIfNeeded: $0) }
        prefixRanges = reader.list("prefixRanges") { CIDRRange(&$0) }
        directSourcePrefixRanges = reader.list("directSourcePrefixRanges") { CIDRRange(&$0) }
        sourceType = reader.choice("sourceType", SourceType.any)
        sourcePrefixRanges = reader.list("sourcePrefixRanges") { CIDRRange(&$0) }
        sourcePorts = reader.nodes("sourcePorts").compactMap { node in node.int.flatMap { UInt16(exactly: $0) } }
        serverNames = reader.strings("serverNames")
        transportProtocol = reader.text("transportProtocol")
        applicationProtocols = reader.strings("applicationProtocols")
    }
}

extension NetworkFilter {
    init(_ reader: inout MessageReader) {
        let type = reader.node("typedConfig")?["@type"]?.text.split(separator: ".").last
        let name = reader.text("name")
        switch type {
        case "HttpConnectionManager":
            let manager = reader.typed("typedConfig") { HTTPConnectionManager(&$1) }
            self.init(
                name: name,
                config: .httpConnectionManager(
                    manager ?? HTTPConnectionManager(statPrefix: "", routeSource: .none)))
        case "TcpProxy":
            let proxy = reader.typed("typedConfig") { TCPProxy(&$1) }
            self.init(name: name, config: .tcpProxy(proxy ?? TCPProxy(statPrefix: "", cluster: "")))
        default: self.init(name: name, config: .other(ExtensionConfig(&reader)))
        }
    }
}

extension TCPProxy {
    init(_ reader: inout MessageReader) {
        self.init(statPrefix: reader.text("statPrefix"), cluster: reader.text("cluster"))
        weightedClusters =
            reader.sub("weightedClusters") { clusters in
                clusters.list("clusters") {
                    _ = $0.unmodelled("metadataMatch")
                    return WeightedCluster(name: $0.text("name"), weight: $0.number("weight") ?? 0)
                }
            } ?? []
        metadataMatch = reader.sub("metadataMatch") { Metadata(&$0) }
        idleTimeout = reader.duration("idleTimeout")
        maxDownstreamConnectionDuration = reader.duration("maxDownstreamConnectionDuration")
        maxConnectAttempts = reader.number("maxConnectAttempts")
        hashPolicySourceIP = reader.list("hashPolicy") { $0.has("sourceIp") }.contains(true)
        accessLog = reader.accessLog()
        if let tunnel = reader.unmodelled("tunnelingConfig") {
            tunneling = Tunneling(
                hostname: tunnel["hostname"]?.string ?? "",
                usesPost: tunnel["usePost"] == true || tunnel["use_post"] == true)
        }
    }
}
