import Documents

extension MeshGenerator {
    mutating func makeDestinationRules() {
        for service in services where chance(0.6) {
            // Now and then two rules for one host, which istiod merges.
            for _ in 0..<(chance(0.1) ? 2 : 1) { makeDestinationRule(of: service) }
        }
        if chance(0.15) {
            addIstio(
                "DestinationRule", name("all"), "istio-system",
                ["host": "*.svc.cluster.local", "trafficPolicy": trafficPolicy(ports: [])])
        }
    }

    private mutating func makeDestinationRule(of service: GeneratedService) {
        let isShort = service.kubernetesName != nil && chance(0.3)
        let name = name("rule")
        let namespace = chance(0.8) ? service.namespace : pick(namespaces + ["istio-system"])
        let host = isShort && namespace == service.namespace ? service.kubernetesName ?? "" : service.host
        let subsetNames = host.hasPrefix("*") ? [] : some(["v1", "v2", "all"], 0, upTo: 3)
        subsets[service.host, default: []] += subsetNames
        let made = subsetNames.map { subset in
            fields([
                "name": .string(subset), "labels": subset == "all" ? nil : ["version": .string(subset)],
                "trafficPolicy": maybe(0.3) { $0.trafficPolicy(ports: service.ports) },
            ])
        }
        addIstio(
            "DestinationRule", name, namespace,
            fields([
                "host": .string(host), "subsets": made.isEmpty ? nil : .array(made),
                "trafficPolicy": maybe(0.7) { $0.trafficPolicy(ports: service.ports) }, "exportTo": exportTo(0.15),
                "workloadSelector": maybe(0.1) { _ in ["matchLabels": ["app": "client"]] },
            ]))
    }

    mutating func trafficPolicy(ports: [Int], isPort: Bool = false) -> JSON {
        var policy = fields([
            "loadBalancer": maybe(0.5) { $0.loadBalancer() }, "connectionPool": maybe(0.3) { $0.connectionPool() },
            "outlierDetection": maybe(0.3) { $0.outlierDetection() }, "tls": maybe(0.3) { $0.clientTLS() },
        ])
        guard !isPort, case .object(var object) = policy else { return policy }
        if !ports.isEmpty, chance(0.25) {
            let port = pick(ports)
            guard case .object(var settings) = trafficPolicy(ports: [], isPort: true) else { return policy }
            settings["port"] = ["number": .number(port)]
            object["portLevelSettings"] = [.object(settings)]
        }
        if chance(0.1) { object["proxyProtocol"] = ["version": .string(pick(["V1", "V2"]))] }
        policy = .object(object)
        return policy
    }

    private mutating func loadBalancer() -> JSON {
        var made: JSON
        if chance(0.5) {
            let names = ["ROUND_ROBIN", "RANDOM", "LEAST_REQUEST", "LEAST_CONN", "UNSPECIFIED", "PASSTHROUGH"]
            made = ["simple": .string(pick(names))]
        } else {
            var hash: JSONObject = JSONObject()
            switch number(0...3) {
            case 0: hash.add("httpHeaderName", "x-user")
            case 1:
                hash.add(
                    "httpCookie",
                    fields(["name": "user", "ttl": .string(pick(["0s", "30s"])), "path": maybe(0.3) { _ in "/" }]))
            case 2: hash.add("useSourceIp", true)
            default: hash.add("httpQueryParameterName", "q")
            }
            if chance(0.3) { hash.add("ringHash", ["minimumRingSize": 128]) }
            if chance(0.3), hash["ringHash"] == nil { hash.add("maglev", ["tableSize": 1009]) }
            made = ["consistentHash": .object(hash)]
        }
        guard case .object(var object) = made else { return made }
        if chance(0.2) {
            object["localityLbSetting"] = pick([
                ["enabled": true], ["enabled": false],
                ["distribute": [["from": "r1/*", "to": ["r1/z1/*": 80, "r1/z2/*": 20]]]],
                ["failover": [["from": "r1", "to": "r2"]]], ["failoverPriority": ["topology.kubernetes.io/region"]],
            ])
        }
        if chance(0.15) { object["warmup"] = ["duration": "30s"] }
        return .object(object)
    }

    private mutating func connectionPool() -> JSON {
        fields([
            "tcp": maybe(0.7) {
                fields([
                    "maxConnections": .number($0.number(50...100)),
                    "connectTimeout": .string($0.pick(["1s", "250ms"])),
                    "tcpKeepalive": $0.maybe(0.3) { _ in ["time": "7200s", "interval": "75s", "probes": 3] },
                    "maxConnectionDuration": $0.maybe(0.2) { _ in "1h" }, "idleTimeout": $0.maybe(0.2) { _ in "1h" },
                ])
            },
            "http": maybe(0.7) {
                fields([
                    "http1MaxPendingRequests": .number($0.number(50...100)),
                    "http2MaxRequests": .number($0.number(50...100)),
                    "maxRequestsPerConnection": .number($0.number(0...5)), "maxRetries": .number($0.number(1...5)),
                    "idleTimeout": $0.maybe(0.3) { _ in "15s" },
                    "h2UpgradePolicy": $0.maybe(0.2) { .string($0.pick(["DEFAULT", "DO_NOT_UPGRADE"])) },
                    "useClientProtocol": $0.maybe(0.1) { _ in true },
                    "maxConcurrentStreams": $0.maybe(0.1) { _ in 100 },
                ])
            },
        ])
    }

    private mutating func outlierDetection() -> JSON {
        fields([
            "consecutive5xxErrors": .number(number(50...90)), "interval": "10s", "baseEjectionTime": "30s",
            "maxEjectionPercent": .number(number(10...100)),
            "minHealthPercent": maybe(0.3) { .number($0.number(0...50)) },
            "consecutiveGatewayErrors": maybe(0.3) { _ in 50 },
            "splitExternalLocalOriginErrors": maybe(0.2) { _ in true },
        ])
    }

    private mutating func clientTLS() -> JSON {
        switch pick(["DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL", "SIMPLE"]) {
        case "SIMPLE":
            return fields([
                "mode": "SIMPLE", "sni": maybe(0.4) { _ in "outside.example.org" },
                "caCertificates": maybe(0.4) { _ in "/etc/ssl/ca.pem" }, "insecureSkipVerify": maybe(0.2) { _ in true },
            ])
        case "MUTUAL":
            return fields([
                "mode": "MUTUAL", "clientCertificate": "/etc/certs/cert.pem", "privateKey": "/etc/certs/key.pem",
                "caCertificates": "/etc/certs/ca.pem", "subjectAltNames": maybe(0.5) { _ in ["spiffe://x/y"] },
            ])
        case let mode: return ["mode": .string(mode)]
        }
    }
}
