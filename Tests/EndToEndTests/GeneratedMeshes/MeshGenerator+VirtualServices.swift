import Documents

extension MeshGenerator {
    /// A VirtualService for gateways, for the mesh, or both.
    mutating func makeVirtualService() {
        let name = name("vs")
        let namespace = pick(namespaces)
        let isForMesh = chance(0.5)
        let gateways = isForMesh ? (chance(0.25) ? ["mesh", pick(gatewayNames)] : []) : some(gatewayNames, 1, upTo: 2)
        let hosts = isForMesh ? meshHosts(namespace) : some(mesh.words.publicHosts + mesh.words.wildcards, 1, upTo: 2)
        guard !hosts.isEmpty else { return }
        let hasHTTP = chance(0.85)
        addIstio(
            "VirtualService", name, namespace,
            fields([
                "hosts": texts(hosts), "gateways": gateways.isEmpty ? nil : texts(gateways), "exportTo": exportTo(0.1),
                "http": hasHTTP ? .array(list(1...4) { $0.httpRoute(gateways: gateways, namespace: namespace) }) : nil,
                "tls": maybe(0.25) { $0.tlsRoutes(hosts: hosts) },
                "tcp": maybe(hasHTTP ? 0.2 : 1) { $0.tcpRoutes() },
            ]))
    }

    private func isWild(_ host: String) -> Bool { host.hasPrefix("*") }

    private mutating func meshHosts(_ namespace: String) -> [String] {
        some(services, namespace: namespace)
    }

    /// Hosts of Services as a VirtualService of this namespace can write them; now and then a pattern.
    private mutating func some(_ services: [GeneratedService], namespace: String) -> [String] {
        var hosts: [String] = []
        for _ in 0..<number(1...2) {
            let service = pick(services)
            var host = service.host
            if let name = service.kubernetesName, service.namespace == namespace, chance(0.4) { host = name }
            if chance(0.1) { host = pick(["*.alpha.svc.cluster.local", "*.example.org", "bare.example.net"]) }
            if !hosts.contains(host) { hosts.append(host) }
        }
        return hosts
    }

    mutating func httpRoute(gateways: [String], namespace: String) -> JSON {
        let matches = chance(0.75) ? list(1...2) { $0.httpMatch(gateways: gateways) } : []
        var route: KeyValuePairs<String, JSON?>
        switch number(0...19) {
        case 0...1:
            route = ["redirect": redirect()]
        case 2...3:
            route = [
                "directResponse": [
                    "status": .number(pick([200, 404, 418, 503])), "body": ["string": "said by the proxy"],
                ]
            ]
        case 4 where matches.allSatisfy({ $0["headers"] == nil }):
            route = ["delegate": makeDelegate(namespace)]
        default:
            return forwarding(matches: matches)
        }
        return fields([
            "name": maybe(0.5) { .string($0.name("route")) }, "match": matches.isEmpty ? nil : .array(matches),
            "redirect": route.first { $0.key == "redirect" }?.value,
            "directResponse": route.first { $0.key == "directResponse" }?.value,
            "delegate": route.first { $0.key == "delegate" }?.value,
            "headers": maybe(0.15) { $0.headerOperations() },
        ])
    }

    private mutating func makeDelegate(_ namespace: String) -> JSON {
        let name = name("delegate")
        let own = chance(0.6) ? namespace : pick(namespaces)
        let routes = list(1...2) { generator in
            generator.forwarding(matches: generator.chance(0.6) ? [generator.httpMatch(gateways: [])] : [])
        }
        addIstio("VirtualService", name, own, ["http": .array(routes)])
        return ["name": .string(name), "namespace": .string(own)]
    }

    private mutating func forwarding(matches: [JSON]) -> JSON {
        let destinations = list(1...(chance(0.7) ? 1 : 3)) { $0.destination() }
        let hasOne = destinations.count == 1
        let mirrors = maybe(0.15) { generator in
            JSON.array(
                generator.list(1...2) {
                    fields(["destination": $0.destination(), "percentage": $0.maybe(0.5) { _ in ["value": 50] }])
                })
        }
        return fields([
            "name": maybe(0.5) { .string($0.name("route")) }, "match": matches.isEmpty ? nil : .array(matches),
            "route": .array(
                destinations.enumerated().map { index, destination in
                    // Some weight is above 0: istiod's webhook sees to that.
                    let isFirst = index == 0
                    return fields([
                        "destination": destination,
                        "weight": hasOne ? nil : .number(isFirst ? 30 : pick([0, 10, 25, 50])),
                        "headers": maybe(0.15) { $0.headerOperations() },
                    ])
                }),
            "rewrite": maybe(0.25) { $0.rewrite() }, "timeout": maybe(0.2) { .string($0.pick(["10s", "0s", "20s"])) },
            "retries": maybe(0.2) { $0.retries() }, "fault": maybe(0.12) { $0.fault() },
            "corsPolicy": maybe(0.15) { $0.cors() }, "headers": maybe(0.2) { $0.headerOperations() },
            "mirrors": mirrors,
        ])
    }

    mutating func destination() -> JSON {
        if chance(0.05) { return ["host": "nowhere.example.net", "port": ["number": 80]] }
        let service = pick(services)
        let known = subsets[service.host] ?? []
        let host = service.host.hasPrefix("*") ? "x" + service.host.dropFirst() : service.host
        let needsPort = service.ports.count > 1 || chance(0.7)
        return fields([
            "host": .string(host), "port": needsPort ? ["number": .number(pick(service.ports))] : nil,
            "subset": known.isEmpty ? nil : maybe(0.5) { .string($0.pick(known)) },
        ])
    }

    private mutating func redirect() -> JSON {
        fields([
            "uri": maybe(0.6) { .string("/" + $0.pick($0.mesh.words.segments)) },
            "authority": maybe(0.6) { .string($0.pick($0.mesh.words.publicHosts)) },
            "scheme": maybe(0.4) { .string($0.pick(["http", "https"])) },
            "redirectCode": maybe(0.5) { .number($0.pick([301, 302, 303, 307, 308])) },
            "port": maybe(0.3) { .number($0.pick([80, 443, 8443])) },
        ])
    }

    private mutating func rewrite() -> JSON {
        let target = "/" + pick(["", "new", "new/", "a/b"])
        return chance(0.75)
            ? fields(["uri": .string(target), "authority": maybe(0.4) { _ in "inner.example.com" }])
            : ["uriRegexRewrite": ["match": "^/([^/]+)/(.*)$", "rewrite": "/\\2/\\1"]]
    }

    private mutating func retries() -> JSON {
        fields([
            "attempts": .number(number(0...3)), "perTryTimeout": maybe(0.4) { _ in "5s" },
            "retryOn": maybe(0.5) { .string($0.pick(["5xx", "gateway-error,connect-failure", "503,reset"])) },
            "retryRemoteLocalities": maybe(0.2) { _ in true },
        ])
    }

    private mutating func fault() -> JSON {
        fields([
            "abort": maybe(0.7) { generator in
                fields([
                    "httpStatus": generator.chance(0.8) ? .number(generator.pick([400, 418, 503])) : nil,
                    "percentage": ["value": .number(generator.pick([100, 100, 0]))],
                ]).aborting
            },
            "delay": maybe(0.4) { ["fixedDelay": "0.005s", "percentage": ["value": .number($0.pick([100, 0]))]] },
        ])
    }

    private mutating func cors() -> JSON {
        fields([
            "allowOrigins": .array(
                list(1...2) {
                    $0.pick([
                        ["exact": "https://a.test"], ["prefix": "https://"], ["regex": ".*\\.test"], ["exact": "*"],
                    ])
                }),
            "allowMethods": maybe(0.7) { _ in ["GET", "POST"] }, "allowHeaders": maybe(0.3) { _ in ["x-user"] },
            "exposeHeaders": maybe(0.3) { _ in ["x-env"] }, "maxAge": maybe(0.4) { _ in "24h" },
            "allowCredentials": maybe(0.3) { .bool($0.chance(0.5)) },
            "unmatchedPreflights": maybe(0.3) { .string($0.pick(["FORWARD", "IGNORE"])) },
        ])
    }

    mutating func headerOperations() -> JSON {
        fields([
            "request": maybe(0.7) {
                fields([
                    "set": $0.maybe(0.6) { _ in ["x-env": "test"] },
                    "add": $0.maybe(0.6) { _ in ["x-added": "%REQ(x-user)%"] },
                    "remove": $0.maybe(0.4) { _ in ["x-canary"] },
                ])
            },
            "response": maybe(0.5) { _ in ["set": ["x-from": "mesh"], "remove": ["server"]] },
        ])
    }

    // MARK: Matches

    mutating func httpMatch(gateways: [String]) -> JSON {
        let hasURI = chance(0.75)
        return fields([
            "name": maybe(0.2) { .string($0.name("match")) }, "uri": hasURI ? uriMatch() : nil,
            "ignoreUriCase": hasURI ? maybe(0.2) { _ in true } : nil, "method": maybe(0.15) { $0.methodMatch() },
            "headers": maybe(0.25) { $0.headerMatches() }, "withoutHeaders": maybe(0.12) { $0.headerMatches() },
            "queryParams": maybe(0.15) { generator in
                var object = JSONObject()
                for name in generator.some(generator.mesh.words.queryNames, upTo: 2) {
                    object.add(name, generator.valueMatch())
                }
                return .object(object)
            },
            "authority": maybe(0.1) { $0.authorityMatch() },
            "scheme": maybe(0.07) { ["exact": .string($0.pick(["http", "https"]))] },
            "port": maybe(0.1) { .number($0.pick([80, 8080, 443, 9000, 8000])) },
            "sourceLabels": maybe(0.08) { ["app": .string($0.pick(["client", "other"]))] },
            "sourceNamespace": maybe(0.08) { .string($0.pick(["alpha", "beta"])) },
            "gateways": gateways.isEmpty ? nil : maybe(0.1) { [.string($0.pick(gateways))] },
        ])
    }

    private mutating func path() -> String {
        "/" + list(1...2) { $0.pick($0.mesh.words.segments) }.joined(separator: "/")
    }

    private mutating func uriMatch() -> JSON {
        switch number(0...9) {
        case 0...2: return ["exact": .string(chance(0.1) ? "/" : path())]
        case 3...7: return ["prefix": .string(chance(0.15) ? "/" : path() + (chance(0.2) ? "/" : ""))]
        default: return ["regex": .string(pick(mesh.words.regexes))]
        }
    }

    private mutating func methodMatch() -> JSON {
        chance(0.8) ? ["exact": .string(pick(mesh.words.methods))] : ["regex": "GET|HEAD"]
    }

    private mutating func authorityMatch() -> JSON {
        let host = pick(mesh.words.publicHosts + mesh.words.meshHosts)
        return chance(0.5) ? ["exact": .string(host)] : ["prefix": .string(String(host.prefix(5)))]
    }

    private mutating func headerMatches() -> JSON {
        var object = JSONObject()
        for name in some(mesh.words.headerNames, upTo: 2) { object.add(name, valueMatch()) }
        return .object(object)
    }

    private mutating func valueMatch() -> JSON {
        switch number(0...9) {
        case 0...3: return ["exact": .string(pick(mesh.words.values.filter { !$0.isEmpty }))]
        case 4...6: return ["prefix": .string(pick(["an", "1", "A"]))]
        case 7...8: return ["regex": .string(pick(mesh.words.valueRegexes))]
        default: return [:]
        }
    }

    // MARK: TLS and TCP

    private mutating func tlsRoutes(hosts: [String]) -> JSON {
        .array(
            list(1...2) { generator in
                fields([
                    "match": [
                        fields([
                            // One only: Envoy refuses chains whose names overlap, as istiod would make them.
                            "sniHosts": texts(generator.some(hosts, upTo: 1)),
                            "port": generator.maybe(0.3) { .number($0.pick([443, 15443])) },
                            "sourceLabels": generator.maybe(0.1) { _ in ["app": "client"] },
                        ])
                    ],
                    "route": [["destination": generator.destination()]],
                ])
            })
    }

    private mutating func tcpRoutes() -> JSON {
        .array(
            list(1...2) { generator in
                fields([
                    "match": generator.maybe(0.6) {
                        [
                            fields([
                                "port": $0.maybe(0.6) { .number($0.pick([31400, 3306, 9000])) },
                                "destinationSubnets": $0.maybe(0.2) { _ in ["10.96.0.0/16"] },
                                "sourceLabels": $0.maybe(0.1) { _ in ["app": "client"] },
                            ])
                        ]
                    },
                    "route": .array(generator.weighted()),
                ])
            })
    }

    private mutating func weighted() -> [JSON] {
        chance(0.7)
            ? [["destination": destination()]]
            : [["destination": destination(), "weight": 60], ["destination": destination(), "weight": 40]]
    }
}

extension JSON {
    /// An abort names a status of HTTP or of gRPC.
    fileprivate var aborting: JSON {
        guard case .object(var object) = self, object["httpStatus"] == nil else { return self }
        object["grpcStatus"] = "UNAVAILABLE"
        return .object(object)
    }
}
