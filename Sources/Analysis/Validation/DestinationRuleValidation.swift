import Documents
import MeshModel

extension KindValidation {
    static let destinationRule = KindValidation(kind: "DestinationRule", group: "networking.istio.io") { validation in
        let spec = validation.spec
        if let problem = Names.problem(ofWildcardHost: spec?.at("host")?.text ?? "") {
            validation.reject(problem, at: spec?.at("host") ?? spec)
        }
        validation.check(trafficPolicy: spec?.at("trafficPolicy"))
        var names: Set<String> = []
        for subset in spec?.at("subsets")?.list ?? [] {
            let name = subset.at("name")?.text ?? ""
            if name.isEmpty {
                validation.reject("subset name cannot be empty", at: subset)
            } else if !Names.isLabel(name) {
                validation.reject("subset name is invalid: \(name)", at: subset.at("name"))
            }
            if !names.insert(name).inserted {
                validation.reject("duplicate subset names: \(name)", at: subset.at("name") ?? subset)
            }
            validation.check(trafficPolicy: subset.at("trafficPolicy"))
        }
        let selector = spec?.at("workloadSelector")
        validation.checkExportTo(hasSelector: selector != nil)
        validation.check(selector: selector, labels: "matchLabels")
    }
}

extension Validation {
    /// A traffic policy of a rule, of a subset, or of a port.
    fileprivate mutating func check(trafficPolicy policy: Node?) {
        guard let policy else { return }
        let fields = [
            "outlierDetection", "connectionPool", "loadBalancer", "tls", "portLevelSettings", "tunnel", "proxyProtocol",
            "retryBudget",
        ]
        if !fields.contains(where: { policy.at($0) != nil }) {
            reject("traffic policy must have at least one field", at: policy)
        }
        if policy.at("tunnel") != nil, policy.at("proxyProtocol") != nil {
            reject("tunnel and proxyProtocol must not be set together", at: policy.at("proxyProtocol"))
        }
        check(settingsOf: policy)
        for port in policy.at("portLevelSettings")?.list ?? [] {
            if port.at("port", "number") == nil { reject("portTrafficPolicy must have valid port", at: port) }
            if !fields[..<4].contains(where: { port.at($0) != nil }) {
                reject("port traffic policy must have at least one field", at: port)
            }
            check(settingsOf: port)
        }
        guard let tunnel = policy.at("tunnel") else { return }
        if let name = tunnel.at("protocol"), !["", "CONNECT", "POST"].contains(name.text) {
            reject("tunnel protocol must be \"CONNECT\" or \"POST\"", at: name)
        }
        let host = tunnel.at("targetHost")
        if Names.problem(ofHost: host?.text ?? "") != nil, !Names.isIPAddress(host?.text ?? "") {
            reject("tunnel target host must be valid FQDN or IP address", at: host ?? tunnel)
        }
        if tunnel.at("targetPort") == nil { reject("tunnel target port is invalid: 0", at: tunnel) }
    }

    private mutating func check(settingsOf policy: Node) {
        let detection = policy.at("outlierDetection")
        check(outlierDetection: detection)
        check(connectionPool: policy.at("connectionPool"))
        check(loadBalancer: policy.at("loadBalancer"), detection: detection)
        check(clientTLS: policy.at("tls"))
    }

    private mutating func check(outlierDetection detection: Node?) {
        guard let detection else { return }
        for field in ["baseEjectionTime", "interval"] { check(duration: detection.at(field)) }
        for field in ["maxEjectionPercent", "minHealthPercent"] {
            check(detection.at(field), isIn: 0...100) { "percentage \($0) is not in range 0..100" }
        }
        if let old = detection.at("consecutiveErrors") {
            warn(
                "outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or"
                    + " consecutive5xxErrors instead", at: old)
        }
        if let failures = detection.at("consecutiveLocalOriginFailures"), failures.int ?? 0 > 0,
            detection.at("splitExternalLocalOriginErrors")?.bool != true
        {
            reject(
                "outlier detection consecutive local origin failures is specified, but split external local origin"
                    + " errors is set to false", at: failures, hint: "set splitExternalLocalOriginErrors: true")
        }
    }

    private mutating func check(connectionPool pool: Node?) {
        guard let pool else { return }
        if pool.at("http") == nil, pool.at("tcp") == nil {
            reject("connection pool must have at least one field", at: pool)
        }
        if let http = pool.at("http") {
            for (field, words) in [
                ("http1MaxPendingRequests", "http1 max pending requests"), ("http2MaxRequests", "http2 max requests"),
                ("maxRequestsPerConnection", "max requests per connection"), ("maxRetries", "max retries"),
                ("maxConcurrentStreams", "max concurrent streams"),
            ] {
                check(http.at(field), isIn: 0...Double(Int32.max)) { _ in "\(words) must be non-negative" }
            }
            check(duration: http.at("idleTimeout"))
            if http.at("h2UpgradePolicy")?.text == "UPGRADE", let client = http.at("useClientProtocol"),
                client.bool == true
            {
                reject("use client protocol must not be true when H2UpgradePolicy is UPGRADE", at: client)
            }
        }
        if let tcp = pool.at("tcp") {
            check(tcp.at("maxConnections"), isIn: 0...Double(Int32.max)) { _ in "max connections must be non-negative" }
            for field in ["connectTimeout", "maxConnectionDuration", "idleTimeout"] { check(duration: tcp.at(field)) }
            for field in ["time", "interval"] { check(duration: tcp.at("tcpKeepalive", field)) }
        }
    }

    private mutating func check(clientTLS tls: Node?) {
        guard let tls else { return }
        let given = { (name: String) in tls.at(name).map { !($0.isScalar && $0.text.isEmpty) } ?? false }
        let mode = tls.at("mode")?.text ?? "DISABLE"
        guard mode == "SIMPLE" || mode == "MUTUAL" else { return }
        if tls.at("insecureSkipVerify")?.bool == true,
            let field = ["caCertificates", "credentialName", "subjectAltNames"].first(where: given),
            mode == "SIMPLE" || field == "caCertificates"
        {
            reject("cannot specify \(field) when InsecureSkipVerify is set true", at: tls.at(field))
        }
        if given("credentialName") {
            for field in ["clientCertificate", "caCertificates", "privateKey", "caCrl"] where given(field) {
                reject("cannot specify \(field) if credentialName is set", at: tls.at(field))
            }
        } else if mode == "MUTUAL" {
            if !given("clientCertificate") { reject("client certificate required for mutual tls", at: tls) }
            if !given("privateKey") { reject("private key required for mutual tls", at: tls) }
        }
    }
}
