import Documents

/// Objects of the Gateway API.
extension MeshGenerator {
    private var group: String { "gateway.networking.k8s.io" }

    mutating func makeKubernetesGateways() {
        let namespace = pick(namespaces)
        let name = "edge"
        let listeners = gatewayListeners()
        add(
            group + "/v1", "Gateway", name, namespace,
            [
                "spec": fields([
                    "gatewayClassName": "istio", "listeners": .array(listeners.map(\.json)),
                    "allowedListeners": ["namespaces": ["from": "All"]],
                ])
            ])
        if chance(0.3) {
            let more = pick([8081, 80])
            add(
                group + "/v1", "ListenerSet", self.name("set"), pick(namespaces),
                [
                    "spec": [
                        "parentRef": [
                            "name": .string(name), "namespace": .string(namespace), "kind": "Gateway",
                            "group": .string(group),
                        ],
                        "listeners": [
                            [
                                "name": "more", "port": .number(more), "protocol": "HTTP",
                                "hostname": "set.example.com",
                                "allowedRoutes": ["namespaces": ["from": "All"]],
                            ]
                        ],
                    ]
                ])
        }
        mesh.gateways.append("\(name)-istio.\(namespace)")
        let parent: JSON = ["name": .string(name), "namespace": .string(namespace)]
        for _ in 0..<number(1...4) { makeHTTPRoute(parent: parent, sections: listeners.map(\.name)) }
        if chance(0.3) { makeGRPCRoute(parent: parent) }
        if chance(0.3) { makeL4Route("TLSRoute", parent: parent) }
        if chance(0.3) { makeL4Route("TCPRoute", parent: parent) }
        if chance(0.5) { makeReferenceGrant() }
        if chance(0.3) { makeBackendTLSPolicy() }
        if chance(0.2) { makeBackendTrafficPolicy() }
    }

    private mutating func gatewayListeners() -> [(name: String, port: Int, json: JSON)] {
        var used: Set<String> = []
        return list(1...4) { $0.number(0...9) }.enumerated().compactMap { index, kind in
            let name = "l\(index)"
            let hostname = maybe(0.6) {
                $0.pick(["*.example.com", "shop.example.com", "api.example.com", "*.other.test"])
            }
            let (port, protocolName, tls): (Int, String, JSON?) =
                switch kind {
                case 0...6: (pick([80, 80, 8080]), "HTTP", nil)
                case 7: (443, "TLS", ["mode": "Passthrough"])
                case 8: (443, "HTTPS", ["mode": "Terminate", "certificateRefs": [["name": "shop-cert"]]])
                default: (9000, "TCP", nil)
                }
            guard used.insert("\(port) \(hostname ?? "")").inserted else { return nil }
            let json = fields([
                "name": .string(name), "port": .number(port), "protocol": .string(protocolName), "tls": tls,
                "hostname": protocolName == "TCP" ? nil : hostname.map { .string($0) },
                "allowedRoutes": [
                    "namespaces": pick([
                        ["from": "All"], ["from": "All"], ["from": "Same"],
                        ["from": "Selector", "selector": ["matchLabels": ["team": "shop"]]],
                    ])
                ],
            ])
            return (name, port, json)
        }
    }

    /// Routes of a Service: its clients' sidecars follow them.
    mutating func makeMeshRoute() {
        let owned = services.filter { $0.kubernetesName != nil && !$0.versions.isEmpty }
        let service = pick(owned)
        let parent = fields([
            "group": "", "kind": "Service", "name": .string(service.kubernetesName ?? ""),
            "namespace": .string(service.namespace), "port": maybe(0.4) { .number($0.pick(service.ports)) },
        ])
        let namespace = chance(0.7) ? service.namespace : pick(namespaces)
        if chance(0.15) { return makeL4Route("TCPRoute", parent: parent) }
        if chance(0.15) { return makeGRPCRoute(parent: parent) }
        add(
            group + "/v1", "HTTPRoute", name("mesh-route"), namespace,
            ["spec": ["parentRefs": [parent], "rules": .array(list(1...3) { $0.rule(namespace) })]])
    }

    private mutating func makeHTTPRoute(parent: JSON, sections: [String]) {
        let namespace = pick(namespaces)
        var reference = parent
        if !sections.isEmpty, chance(0.3), case .object(var object) = parent {
            object["sectionName"] = .string(pick(sections))
            reference = .object(object)
        }
        let hostnames = some(
            ["shop.example.com", "*.example.com", "api.example.com", "a.other.test", "*.shop.example.com"], 0, upTo: 2)
        add(
            group + "/v1", "HTTPRoute", name("http"), namespace,
            [
                "spec": fields([
                    "parentRefs": [reference], "hostnames": hostnames.isEmpty ? nil : texts(hostnames),
                    "rules": .array(list(1...3) { $0.rule(namespace) }),
                ])
            ])
    }

    private mutating func rule(_ namespace: String) -> JSON {
        let redirects = chance(0.12)
        let backends: [JSON] = redirects ? [] : list(0...(chance(0.8) ? 1 : 2)) { $0.backend(namespace) }
        var filters: [JSON] = []
        if redirects { filters.append(["type": "RequestRedirect", "requestRedirect": requestRedirect()]) }
        if !redirects, chance(0.2) { filters.append(["type": "URLRewrite", "urlRewrite": urlRewrite()]) }
        if chance(0.2) {
            filters.append([
                "type": "RequestHeaderModifier",
                "requestHeaderModifier": ["set": [["name": "x-env", "value": "test"]], "remove": ["x-canary"]],
            ])
        }
        if chance(0.1) {
            filters.append([
                "type": "ResponseHeaderModifier",
                "responseHeaderModifier": ["add": [["name": "x-from", "value": "mesh"]]],
            ])
        }
        if !redirects, chance(0.1) {
            filters.append(["type": "RequestMirror", "requestMirror": backendReference(namespace)])
        }
        let usesPrefix = filters.contains { $0.text().contains("ReplacePrefixMatch") }
        return fields([
            "name": maybe(0.2) { .string($0.name("rule")) },
            "matches": usesPrefix || chance(0.85) ? .array(list(1...2) { $0.routeMatch(prefixOnly: usesPrefix) }) : nil,
            "filters": filters.isEmpty ? nil : .array(filters),
            "backendRefs": backends.isEmpty ? nil : .array(backends),
            "timeouts": maybe(0.15) { _ in ["request": "10s", "backendRequest": "5s"] },
        ])
    }

    private mutating func routeMatch(prefixOnly: Bool) -> JSON {
        let path =
            "/" + list(1...2) { $0.pick($0.mesh.words.segments.filter { !$0.contains("%") }) }.joined(separator: "/")
        let kind = prefixOnly ? "PathPrefix" : pick(["PathPrefix", "PathPrefix", "Exact", "RegularExpression"])
        let value = kind == "RegularExpression" ? pick(mesh.words.regexes.filter { $0 != ".*" }) : path
        return fields([
            "path": prefixOnly || chance(0.85) ? ["type": .string(kind), "value": .string(value)] : nil,
            "headers": maybe(0.25) { generator in
                .array(
                    generator.some(generator.mesh.words.headerNames, upTo: 2).map { name in
                        fields([
                            "name": .string(name), "type": "Exact",
                            "value": .string(generator.pick(generator.mesh.words.values.filter { !$0.isEmpty })),
                        ])
                    })
            },
            "queryParams": maybe(0.15) { [["name": .string($0.pick($0.mesh.words.queryNames)), "value": "ann"]] },
            "method": maybe(0.15) { .string($0.pick($0.mesh.words.methods)) },
        ])
    }

    private mutating func requestRedirect() -> JSON {
        fields([
            "scheme": maybe(0.4) { .string($0.pick(["http", "https"])) },
            "hostname": maybe(0.5) { _ in "moved.example.com" }, "port": maybe(0.3) { .number($0.pick([80, 8443])) },
            "statusCode": maybe(0.6) { .number($0.pick([301, 302])) },
            "path": maybe(0.5) { $0.pathModifier() },
        ])
    }

    private mutating func urlRewrite() -> JSON {
        fields(["hostname": maybe(0.5) { _ in "inner.example.com" }, "path": pathModifier()])
    }

    private mutating func pathModifier() -> JSON {
        chance(0.5)
            ? ["type": "ReplaceFullPath", "replaceFullPath": "/new"]
            : ["type": "ReplacePrefixMatch", "replacePrefixMatch": .string(pick(["/new", "/", "/new/"]))]
    }

    /// A Service of the same namespace, or of another one, which needs a ReferenceGrant.
    private mutating func backendReference(_ namespace: String) -> JSON {
        let owned = services.filter { $0.kubernetesName != nil }
        let near = owned.filter { $0.namespace == namespace }
        let service = near.isEmpty || chance(0.15) ? pick(owned) : pick(near)
        if chance(0.04) { return ["backendRef": ["name": "missing", "port": 80]] }
        return [
            "backendRef": fields([
                "name": .string(service.kubernetesName ?? ""), "port": .number(pick(service.ports)),
                "namespace": service.namespace == namespace ? nil : .string(service.namespace),
            ])
        ]
    }

    private mutating func backend(_ namespace: String) -> JSON {
        guard case .object(var object)? = backendReference(namespace)["backendRef"] else { return [:] }
        if chance(0.4) { object["weight"] = .number(pick([0, 1, 5, 10])) }
        if chance(0.1) {
            object["filters"] = [
                [
                    "type": "RequestHeaderModifier",
                    "requestHeaderModifier": ["add": [["name": "x-added", "value": "1"]]],
                ]
            ]
        }
        return .object(object)
    }

    private mutating func makeGRPCRoute(parent: JSON) {
        let namespace = pick(namespaces)
        add(
            group + "/v1", "GRPCRoute", name("grpc"), namespace,
            [
                "spec": fields([
                    "parentRefs": [parent], "hostnames": maybe(0.5) { _ in ["api.example.com"] },
                    "rules": .array(
                        list(1...2) { generator in
                            fields([
                                "matches": [
                                    fields([
                                        "method": generator.maybe(0.8) {
                                            fields(["service": "shop", "method": $0.maybe(0.5) { _ in "a" }])
                                        },
                                        "headers": generator.maybe(0.3) { _ in [["name": "x-user", "value": "ann"]] },
                                    ])
                                ],
                                "backendRefs": .array([generator.backend(namespace)]),
                            ])
                        }),
                ])
            ])
    }

    private mutating func makeL4Route(_ kind: String, parent: JSON) {
        let namespace = pick(namespaces)
        add(
            group + (kind == "TLSRoute" ? "/v1" : "/v1alpha2"), kind, name(kind.lowercased()), namespace,
            [
                "spec": fields([
                    "parentRefs": [parent],
                    "hostnames": kind == "TLSRoute"
                        ? texts(some(["shop.example.com", "*.example.com"], upTo: 2)) : nil,
                    "rules": [
                        ["backendRefs": .array(list(1...2) { $0.backendReference(namespace)["backendRef"] ?? [:] })]
                    ],
                ])
            ])
    }

    private mutating func makeReferenceGrant() {
        let target = pick(namespaces)
        add(
            group + "/v1beta1", "ReferenceGrant", name("grant"), target,
            [
                "spec": [
                    "from": .array(
                        namespaces.map { ["group": .string(group), "kind": "HTTPRoute", "namespace": .string($0)] }),
                    "to": [["group": "", "kind": "Service"]],
                ]
            ])
    }

    private mutating func makeBackendTrafficPolicy() {
        let service = pick(services.filter { $0.kubernetesName != nil })
        add(
            "gateway.networking.x-k8s.io/v1alpha1", "XBackendTrafficPolicy", name("traffic"), service.namespace,
            [
                "spec": [
                    "targetRefs": [["group": "", "kind": "Service", "name": .string(service.kubernetesName ?? "")]],
                    "retryConstraint": ["budget": ["percent": .number(number(10...50)), "interval": "10s"]],
                ]
            ])
    }

    private mutating func makeBackendTLSPolicy() {
        let service = pick(services.filter { $0.kubernetesName != nil })
        add(
            group + "/v1", "BackendTLSPolicy", name("policy"), service.namespace,
            [
                "spec": [
                    "targetRefs": [["group": "", "kind": "Service", "name": .string(service.kubernetesName ?? "")]],
                    "validation": ["hostname": "inner.example.com", "wellKnownCACertificates": "System"],
                ]
            ])
    }
}
