import Documents

extension MeshConfig {
    /// The defaults of Istio, overridden by a document.
    init(_ node: Node, sink: DiagnosticSink) {
        self.init()
        var fields = FieldReader(node, type: "MeshConfig", sink: sink, spelling: .protobuf)
        location = node.location
        raw = node.json
        readNames(&fields)
        readPolicies(&fields)
        readTransport(&fields)
        // The many other fields have no part in what is computed.
        fields.ignoreOthers()
        fields.finish()
    }

    private mutating func readNames(_ fields: inout FieldReader) {
        rootNamespace = fields.string("rootNamespace").flatMap { $0.isEmpty ? nil : $0 } ?? rootNamespace
        trustDomain = fields.string("trustDomain") ?? trustDomain
        trustDomainAliases = fields.strings("trustDomainAliases")
        ingressControllerMode = fields.enumeration("ingressControllerMode") ?? ingressControllerMode
        ingressClass = fields.string("ingressClass") ?? ingressClass
        ingressService = fields.string("ingressService") ?? ingressService
        ingressSelector = fields.string("ingressSelector") ?? ingressSelector
        if fields.node("defaultServiceExportTo") != nil {
            defaultServiceExportTo = fields.strings("defaultServiceExportTo")
        }
        if fields.node("defaultVirtualServiceExportTo") != nil {
            defaultVirtualServiceExportTo = fields.strings("defaultVirtualServiceExportTo")
        }
        if fields.node("defaultDestinationRuleExportTo") != nil {
            defaultDestinationRuleExportTo = fields.strings("defaultDestinationRuleExportTo")
        }
        accessLogFile = fields.string("accessLogFile") ?? ""
        accessLogFormat = fields.string("accessLogFormat") ?? ""
        accessLogEncoding = fields.string("accessLogEncoding") ?? ""
    }

    private mutating func readPolicies(_ fields: inout FieldReader) {
        outboundTrafficPolicy = fields.outboundTrafficPolicy("outboundTrafficPolicy") ?? outboundTrafficPolicy
        inboundTrafficPolicy =
            fields.object("inboundTrafficPolicy", of: "InboundTrafficPolicy") {
                $0.enumeration("mode") ?? .passthrough
            } ?? inboundTrafficPolicy
        enableAutoMtls = fields.bool("enableAutoMtls") ?? enableAutoMtls
        localityLbSetting =
            fields.object("localityLbSetting", of: "LocalityLoadBalancerSetting") { LocalityLoadBalancerSetting(&$0) }
            ?? localityLbSetting
        zoneAwareLbSetting = fields.object("zoneAwareLbSetting", of: "ZoneAwareLoadBalancerSetting") {
            ZoneAwareLoadBalancerSetting(&$0)
        }
        defaultHttpRetryPolicy = fields.object("defaultHttpRetryPolicy", of: "HTTPRetry") { HTTPRetry(&$0) }
        defaultInboundHttpRetryPolicy = fields.object("defaultInboundHttpRetryPolicy", of: "HTTPRetry") {
            HTTPRetry(&$0)
        }
        defaultTrafficPolicy = fields.object("defaultTrafficPolicy", of: "DefaultTrafficPolicy") { fields in
            var policy = DefaultTrafficPolicy()
            policy.connectionPool = fields.object("connectionPool", of: "ConnectionPoolSettings") {
                ConnectionPoolSettings(&$0)
            }
            policy.outlierDetection = fields.object("outlierDetection", of: "OutlierDetection") {
                OutlierDetection(&$0)
            }
            return policy
        }
        pathNormalization =
            fields.object("pathNormalization", of: "ProxyPathNormalization") {
                $0.enumeration("normalization") ?? .default
            } ?? pathNormalization
        serviceSettings = fields.list("serviceSettings", of: "ServiceSettings") { fields in
            var setting = ServiceSetting()
            setting.hosts = fields.strings("hosts")
            setting.clusterLocal =
                fields.object("settings", of: "Settings") { $0.bool("clusterLocal") ?? false } ?? false
            return setting
        }
    }

    private mutating func readTransport(_ fields: inout FieldReader) {
        proxyListenPort = fields.port("proxyListenPort") ?? proxyListenPort
        proxyInboundListenPort = fields.port("proxyInboundListenPort") ?? proxyInboundListenPort
        proxyHttpPort = fields.port("proxyHttpPort") ?? proxyHttpPort
        connectTimeout = fields.duration("connectTimeout") ?? connectTimeout
        protocolDetectionTimeout = fields.duration("protocolDetectionTimeout")
        tcpKeepalive = fields.tcpKeepalive("tcpKeepalive")
        dnsRefreshRate = fields.duration("dnsRefreshRate") ?? dnsRefreshRate
        h2UpgradePolicy = fields.enumeration("h2UpgradePolicy") ?? h2UpgradePolicy
        meshMTLS = fields.tlsConfig("meshMTLS")
        tlsDefaults = fields.tlsConfig("tlsDefaults")
        extensionProviders = fields.list("extensionProviders", of: "ExtensionProvider") { fields in
            var provider = ExtensionProvider()
            provider.name = fields.string("name") ?? ""
            provider.sds = fields.object("sds", of: "SDSProvider") { fields in
                var sds = ExtensionProvider.SDS()
                sds.name = fields.string("name") ?? ""
                sds.service = fields.string("service") ?? ""
                sds.port = fields.port("port") ?? 0
                fields.ignoreOthers()
                return sds
            }
            fields.ignoreOthers()
            return provider
        }
        defaultConfig = fields.object("defaultConfig", of: "ProxyConfig") { ProxyConfig(&$0) } ?? ProxyConfig()
    }
}

extension FieldReader {
    fileprivate mutating func tlsConfig(_ name: String) -> MeshConfig.TLSConfig? {
        object(name, of: "TLSConfig") { fields in
            var config = MeshConfig.TLSConfig()
            config.minProtocolVersion = fields.enumeration("minProtocolVersion") ?? .automatic
            config.ecdhCurves = fields.strings("ecdhCurves")
            config.cipherSuites = fields.strings("cipherSuites")
            return config
        }
    }
}

extension MeshNetworks {
    init(_ node: Node, sink: DiagnosticSink) {
        self.init()
        var fields = FieldReader(node, type: "MeshNetworks", sink: sink, spelling: .protobuf)
        for entry in fields.entries("networks") {
            var reader = FieldReader(entry.value, type: "Network", sink: sink, spelling: .protobuf)
            var network = Network()
            for endpoint in reader.list("endpoints") {
                var fields = FieldReader(endpoint, type: "NetworkEndpoints", sink: sink, spelling: .protobuf)
                if let cidr = fields.string("fromCidr") { network.fromCIDRs.append(cidr) }
                if let registry = fields.string("fromRegistry") { network.fromRegistries.append(registry) }
                fields.finish()
            }
            network.gateways = reader.list("gateways", of: "IstioNetworkGateway") { fields in
                var gateway = Gateway()
                gateway.address = fields.string("address") ?? ""
                gateway.registryServiceName = fields.string("registryServiceName") ?? ""
                gateway.port = fields.port("port") ?? 0
                gateway.locality = fields.string("locality") ?? ""
                return gateway
            }
            reader.finish()
            networks[entry.key] = network
        }
        fields.finish()
    }
}
