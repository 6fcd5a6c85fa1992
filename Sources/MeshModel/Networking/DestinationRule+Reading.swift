import Documents

extension DestinationRule {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var rule = DestinationRule(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink, spelling: .protobuf)
        object.spec("DestinationRule") { fields in
            rule.host = fields.string("host") ?? ""
            rule.hostLocation = fields.place(of: "host")
            rule.trafficPolicy = fields.object("trafficPolicy", of: "TrafficPolicy") { TrafficPolicy(&$0) }
            rule.subsets = fields.list("subsets", of: "Subset") { fields in
                var subset = Subset()
                subset.name = fields.string("name") ?? ""
                subset.labels = fields.stringMap("labels")
                subset.trafficPolicy = fields.object("trafficPolicy", of: "TrafficPolicy") { TrafficPolicy(&$0) }
                subset.location = fields.node.location
                return subset
            }
            rule.exportTo = fields.strings("exportTo")
            rule.workloadSelector = fields.object("workloadSelector", of: "WorkloadSelector") {
                $0.stringMap("matchLabels")
            }
        }
        object.finish()
        return rule
    }
}

extension TrafficPolicy {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        loadBalancer = fields.object("loadBalancer", of: "LoadBalancerSettings") { LoadBalancerSettings(&$0) }
        connectionPool = fields.object("connectionPool", of: "ConnectionPoolSettings") {
            ConnectionPoolSettings(&$0)
        }
        outlierDetection = fields.object("outlierDetection", of: "OutlierDetection") { OutlierDetection(&$0) }
        tls = fields.object("tls", of: "ClientTLSSettings") { ClientTLSSettings(&$0) }
        portLevelSettings = fields.list("portLevelSettings", of: "PortTrafficPolicy") { PortTrafficPolicy(&$0) }
        tunnel = fields.object("tunnel", of: "TunnelSettings") { fields in
            var tunnel = TunnelSettings()
            tunnel.protocol = fields.string("protocol") ?? ""
            tunnel.targetHost = fields.string("targetHost") ?? ""
            tunnel.targetPort = fields.port("targetPort") ?? 0
            return tunnel
        }
        proxyProtocol = fields.object("proxyProtocol", of: "ProxyProtocol") { $0.enumeration("version") ?? .v1 }
        retryBudget = fields.object("retryBudget", of: "RetryBudget") { fields in
            var budget = RetryBudget()
            budget.percent = fields.percentOrNumber("percent")
            budget.minRetryConcurrency = fields.natural("minRetryConcurrency")
            budget.budgetInterval = fields.duration("budgetInterval")
            return budget
        }
    }
}

extension FieldReader {
    /// A percentage as a plain number (`DoubleValue`), or as `{value: 20}`.
    fileprivate mutating func percentOrNumber(_ name: String) -> Double? {
        node[name]?.isMapping == true ? percent(name) : double(name)
    }
}

extension TrafficPolicy.PortTrafficPolicy {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        port = fields.portNumber("port") ?? 0
        loadBalancer = fields.object("loadBalancer", of: "LoadBalancerSettings") { LoadBalancerSettings(&$0) }
        connectionPool = fields.object("connectionPool", of: "ConnectionPoolSettings") {
            ConnectionPoolSettings(&$0)
        }
        outlierDetection = fields.object("outlierDetection", of: "OutlierDetection") { OutlierDetection(&$0) }
        tls = fields.object("tls", of: "ClientTLSSettings") { ClientTLSSettings(&$0) }
    }
}

extension ConnectionPoolSettings {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        tcp = fields.object("tcp", of: "TCPSettings") { fields in
            var tcp = TCP()
            tcp.maxConnections = fields.natural("maxConnections") ?? 0
            tcp.connectTimeout = fields.duration("connectTimeout")
            tcp.tcpKeepalive = fields.tcpKeepalive("tcpKeepalive")
            tcp.maxConnectionDuration = fields.duration("maxConnectionDuration")
            tcp.idleTimeout = fields.duration("idleTimeout")
            return tcp
        }
        http = fields.object("http", of: "HTTPSettings") { fields in
            var http = HTTP()
            http.http1MaxPendingRequests = fields.natural("http1MaxPendingRequests") ?? 0
            http.http2MaxRequests = fields.natural("http2MaxRequests") ?? 0
            http.maxRequestsPerConnection = fields.natural("maxRequestsPerConnection") ?? 0
            http.maxRetries = fields.natural("maxRetries") ?? 0
            http.idleTimeout = fields.duration("idleTimeout")
            http.h2UpgradePolicy = fields.enumeration("h2UpgradePolicy") ?? .default
            http.useClientProtocol = fields.bool("useClientProtocol") ?? false
            http.maxConcurrentStreams = fields.natural("maxConcurrentStreams") ?? 0
            return http
        }
    }
}

extension FieldReader {
    mutating func tcpKeepalive(_ name: String) -> TCPKeepalive? {
        object(name, of: "TcpKeepalive") { fields in
            var keepalive = TCPKeepalive()
            keepalive.probes = fields.natural("probes")
            keepalive.time = fields.duration("time")
            keepalive.interval = fields.duration("interval")
            return keepalive
        }
    }
}

extension OutlierDetection {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        consecutiveErrors = fields.natural("consecutiveErrors")
        splitExternalLocalOriginErrors = fields.bool("splitExternalLocalOriginErrors") ?? false
        consecutiveLocalOriginFailures = fields.natural("consecutiveLocalOriginFailures")
        consecutiveGatewayErrors = fields.natural("consecutiveGatewayErrors")
        consecutive5xxErrors = fields.natural("consecutive5xxErrors")
        interval = fields.duration("interval")
        baseEjectionTime = fields.duration("baseEjectionTime")
        maxEjectionPercent = fields.natural("maxEjectionPercent") ?? 0
        minHealthPercent = fields.natural("minHealthPercent") ?? 0
        outlierDetectionHttpErrorCodes = fields.list("outlierDetectionHttpErrorCodes").map(\.text)
    }
}

extension ClientTLSSettings {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        mode = fields.enumeration("mode") ?? .disable
        clientCertificate = fields.string("clientCertificate") ?? ""
        privateKey = fields.string("privateKey") ?? ""
        caCertificates = fields.string("caCertificates") ?? ""
        credentialName = fields.string("credentialName") ?? ""
        subjectAltNames = fields.strings("subjectAltNames")
        sni = fields.string("sni") ?? ""
        insecureSkipVerify = fields.bool("insecureSkipVerify")
        caCrl = fields.string("caCrl") ?? ""
    }
}
