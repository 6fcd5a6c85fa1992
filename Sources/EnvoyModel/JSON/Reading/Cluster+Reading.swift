package import Documents

extension Cluster {
    /// Reads the message; what is not modelled goes into `unmodelled`, and `raw` keeps everything.
    package init(_ node: Node, unmodelled: inout [UnmodelledField]) {
        let context = ReadingContext()
        self.init(node, context)
        unmodelled += context.unmodelled
    }

    init(_ node: Node, _ context: ReadingContext) {
        let name = node["name"]?.text ?? ""
        self.init(name: name, type: .static)
        raw = RawMessage(node)
        context.owned(by: "cluster \"\(name)\"") {
            var reader = MessageReader(node, type: "Cluster", context)
            reader.ignore("name")
            readDiscovery(&reader)
            readBalancing(&reader)
            readConnections(&reader)
            readProtocols(&reader)
            reader.finish()
        }
    }

    private mutating func readDiscovery(_ reader: inout MessageReader) {
        switch reader.text("type") {
        case "STRICT_DNS", "1": type = .strictDNS
        case "LOGICAL_DNS", "2": type = .logicalDNS
        case "EDS", "3": type = .eds
        case "ORIGINAL_DST", "4": type = .originalDst
        default: type = .static
        }
        if let custom = reader.sub("clusterType", { ExtensionConfig(&$0) }) {
            switch custom.typeURL.split(separator: ".").last {
            case "DnsCluster":
                let config = custom.config
                type =
                    (config?["all_addresses_in_single_endpoint"] ?? config?["allAddressesInSingleEndpoint"])
                        == .bool(true)
                    ? .logicalDNS : .strictDNS
            default: type = .custom(custom)
            }
        }
        altStatName = reader.text("altStatName")
        edsServiceName =
            reader.sub("edsClusterConfig") {
                $0.ignore("edsConfig")
                return $0.text("serviceName")
            } ?? ""
        if let node = reader.node("loadAssignment") { loadAssignment = ClusterLoadAssignment(node, reader.context) }
        healthChecks = reader.nodes("healthChecks").map(\.json)
        dnsLookupFamily = reader.text("dnsLookupFamily")
        dnsRefreshRate = reader.duration("dnsRefreshRate")
        respectDNSTTL = reader.flag("respectDnsTtl")
        reader.ignore(
            "dnsJitter", "dnsFailureRefreshRate", "dnsResolvers", "dnsResolutionConfig", "typedDnsResolverConfig",
            "useTcpForDnsLookups", "waitForWarmOnInit")
        cleanupInterval = reader.duration("cleanupInterval")
    }

    private mutating func readConnections(_ reader: inout MessageReader) {
        connectTimeout = reader.duration("connectTimeout")
        perConnectionBufferLimitBytes = reader.number("perConnectionBufferLimitBytes")
        circuitBreakers = reader.sub("circuitBreakers") { CircuitBreakers(&$0) } ?? CircuitBreakers()
        outlierDetection = reader.sub("outlierDetection") { OutlierDetection(&$0) }
        transportSocket = reader.sub("transportSocket") { UpstreamTransportSocket(&$0) } ?? .rawBuffer
        transportSocketMatches = reader.list("transportSocketMatches") { match in
            TransportSocketMatch(
                name: match.text("name"), match: match.map("match"),
                transportSocket: match.sub("transportSocket") { UpstreamTransportSocket(&$0) } ?? .rawBuffer)
        }
        bindSourceAddress =
            reader.sub("upstreamBindConfig") { bind in bind.sub("sourceAddress") { SocketAddress(&$0) } } ?? nil
        tcpKeepalive = reader.sub("upstreamConnectionOptions") { $0.json("tcpKeepalive") } ?? nil
        ignoreHealthOnHostRemoval = reader.flag("ignoreHealthOnHostRemoval")
        closeConnectionsOnHostHealthFailure = reader.flag("closeConnectionsOnHostHealthFailure")
        filters = reader.list("filters") { ExtensionConfig(&$0) }
        metadata = reader.metadata("metadata")
    }

    private mutating func readProtocols(_ reader: inout MessageReader) {
        maxRequestsPerConnection = reader.number("maxRequestsPerConnection")
        readCommon(&reader)
        if reader.has("http2ProtocolOptions") {
            upstreamProtocol = .http2
            http2MaxConcurrentStreams = reader.sub("http2ProtocolOptions") { readHTTP2(&$0) } ?? nil
        }
        reader.ignore("httpProtocolOptions", "upstreamHttpProtocolOptions")
        if reader.text("protocolSelection") == "USE_DOWNSTREAM_PROTOCOL" { upstreamProtocol = .useDownstream }
        for (_, node) in reader.entries("typedExtensionProtocolOptions")
        where node["@type"]?.text.hasSuffix(".HttpProtocolOptions") ?? false {
            var options = MessageReader(
                node, type: "HttpProtocolOptions", path: .field(.start, "typed_extension_protocol_options"),
                reader.context)
            options.ignore("@type", "upstreamHttpProtocolOptions")
            readCommon(&options)
            options.sub("explicitHttpConfig") { config in
                config.ignore("httpProtocolOptions")
                if config.has("http2ProtocolOptions") {
                    upstreamProtocol = .http2
                    http2MaxConcurrentStreams = config.sub("http2ProtocolOptions") { readHTTP2(&$0) } ?? nil
                }
            }
            for (name, kind) in [
                ("useDownstreamProtocolConfig", UpstreamProtocol.useDownstream), ("autoConfig", .auto),
            ] {
                options.sub(name) { config in
                    upstreamProtocol = kind
                    config.ignore("httpProtocolOptions", "http3ProtocolOptions")
                    http2MaxConcurrentStreams = config.sub("http2ProtocolOptions") { readHTTP2(&$0) } ?? nil
                }
            }
            options.finish()
        }
    }

    private func readHTTP2(_ reader: inout MessageReader) -> UInt32? {
        let streams = reader.number("maxConcurrentStreams")
        reader.keepWhole()
        return streams
    }

    private mutating func readCommon(_ reader: inout MessageReader) {
        reader.sub("commonHttpProtocolOptions") {
            idleTimeout = $0.duration("idleTimeout")
            maxConnectionDuration = $0.duration("maxConnectionDuration")
            if let maximum = $0.number("maxRequestsPerConnection") { maxRequestsPerConnection = maximum }
            $0.ignore("maxHeadersCount")
        }
    }
}

extension CircuitBreakers {
    init(_ reader: inout MessageReader) {
        self.init()
        _ = reader.list("thresholds") { entry in
            var thresholds = Thresholds()
            thresholds.maxConnections = entry.number("maxConnections")
            thresholds.maxPendingRequests = entry.number("maxPendingRequests")
            thresholds.maxRequests = entry.number("maxRequests")
            thresholds.maxRetries = entry.number("maxRetries")
            thresholds.maxConnectionPools = entry.number("maxConnectionPools")
            thresholds.trackRemaining = entry.flag("trackRemaining")
            thresholds.retryBudget = entry.sub("retryBudget") {
                Thresholds.RetryBudget(
                    budgetPercent: $0.percentage("budgetPercent"), minRetryConcurrency: $0.number("minRetryConcurrency")
                )
            }
            // The first entry of a priority counts.
            if entry.text("priority") == "HIGH" {
                high = high ?? thresholds
            } else {
                self.default = self.default ?? thresholds
            }
        }
        _ = reader.unmodelled("perHostThresholds")
    }
}

extension MessageReader {
    /// `type.v3.Percent`.
    mutating func percentage(_ name: String) -> Double? { sub(name) { $0.double("value") ?? 0 } }
}

extension OutlierDetection {
    init(_ reader: inout MessageReader) {
        self.init()
        consecutive5xx = reader.number("consecutive5xx") ?? reader.number("consecutive_5xx")
        interval = reader.duration("interval")
        baseEjectionTime = reader.duration("baseEjectionTime")
        maxEjectionTime = reader.duration("maxEjectionTime")
        maxEjectionPercent = reader.number("maxEjectionPercent")
        enforcingConsecutive5xx =
            reader.number("enforcingConsecutive5xx") ?? reader.number("enforcing_consecutive_5xx")
        consecutiveGatewayFailure = reader.number("consecutiveGatewayFailure")
        enforcingConsecutiveGatewayFailure = reader.number("enforcingConsecutiveGatewayFailure")
        enforcingSuccessRate = reader.number("enforcingSuccessRate")
        successRateMinimumHosts = reader.number("successRateMinimumHosts")
        successRateRequestVolume = reader.number("successRateRequestVolume")
        successRateStdevFactor = reader.number("successRateStdevFactor")
        splitExternalLocalOriginErrors = reader.flag("splitExternalLocalOriginErrors")
        consecutiveLocalOriginFailure = reader.number("consecutiveLocalOriginFailure")
        enforcingConsecutiveLocalOriginFailure = reader.number("enforcingConsecutiveLocalOriginFailure")
        enforcingLocalOriginSuccessRate = reader.number("enforcingLocalOriginSuccessRate")
        failurePercentageThreshold = reader.number("failurePercentageThreshold")
        enforcingFailurePercentage = reader.number("enforcingFailurePercentage")
        alwaysEjectOneHost = reader.wrapped("alwaysEjectOneHost")
        monitors = reader.list("monitors") { ExtensionConfig(&$0) }
    }
}

extension ClusterLoadAssignment {
    /// Reads the message; what is not modelled goes into `unmodelled`, and `raw` keeps everything.
    package init(_ node: Node, unmodelled: inout [UnmodelledField]) {
        let context = ReadingContext()
        self.init(node, context)
        unmodelled += context.unmodelled
    }

    init(_ node: Node, _ context: ReadingContext) {
        var reader = MessageReader(
            node, type: "ClusterLoadAssignment", path: .field(.start, "load_assignment"), context)
        self.init(clusterName: reader.text("clusterName"))
        raw = RawMessage(node)
        localities = reader.list("endpoints") { LocalityLbEndpoints(&$0) }
        reader.sub("policy") {
            overprovisioningFactor = $0.number("overprovisioningFactor")
            weightedPriorityHealth = $0.flag("weightedPriorityHealth")
            $0.ignore("endpointStaleAfter")
        }
        reader.finish()
    }
}

extension LocalityLbEndpoints {
    init(_ reader: inout MessageReader) {
        self.init(
            locality: reader.sub("locality") { Locality(&$0) },
            endpoints: reader.list("lbEndpoints") { LbEndpoint(&$0) },
            loadBalancingWeight: reader.number("loadBalancingWeight"), priority: reader.number("priority") ?? 0)
        metadata = reader.metadata("metadata")
        reader.ignore("proximity")
    }
}

extension LbEndpoint {
    init(_ reader: inout MessageReader) {
        self.init(address: nil)
        reader.sub("endpoint") { endpoint in
            address = endpoint.sub("address") { Address(&$0) } ?? nil
            hostname = endpoint.text("hostname")
            healthCheckConfig = endpoint.json("healthCheckConfig")
            additionalAddresses = endpoint.list("additionalAddresses") { entry in
                entry.sub("address") { Address(&$0) } ?? nil
            }.compactMap { $0 }
        }
        healthStatus = reader.choice("healthStatus", HealthStatus.unknown)
        loadBalancingWeight = reader.number("loadBalancingWeight")
        metadata = reader.metadata("metadata")
    }
}
