import Documents

extension MeshGenerator {
    var gatewayNames: [String] { ["istio-system/front", "istio-system/back", "alpha/own"] }

    /// Istio Gateways on one workload: several servers, hosts and ports, all TLS modes.
    mutating func makeGateways() {
        for full in gatewayNames where full.hasSuffix("front") || chance(0.6) {
            let parts = full.split(separator: "/").map(String.init)
            addIstio(
                "Gateway", parts[1], parts[0],
                [
                    "selector": ["istio": "ingressgateway"],
                    "servers": .array(list(1...4) { $0.server() }),
                ])
        }
    }

    private mutating func server() -> JSON {
        let kind = number(0...9)
        let hosts = serverHosts(mayQualify: kind < 6)
        switch kind {
        case 0...5:
            let port = pick([80, 80, 80, 9000])
            return fields([
                "port": ["number": .number(port), "name": .string(name("http")), "protocol": "HTTP"],
                "hosts": texts(hosts),
                "tls": maybe(0.12) { _ in ["httpsRedirect": true] }, "name": maybe(0.2) { .string($0.name("server")) },
            ])
        case 6:
            return fields([
                "port": ["number": 31400, "name": .string(name("tcp")), "protocol": "TCP"], "hosts": ["*"],
            ])
        case 7:
            return fields([
                "port": ["number": .number(pick([443, 15443])), "name": .string(name("tls")), "protocol": "TLS"],
                "hosts": texts(hosts),
                "tls": ["mode": .string(pick(["PASSTHROUGH", "PASSTHROUGH", "AUTO_PASSTHROUGH"]))],
            ])
        default:
            return fields([
                "port": ["number": 443, "name": .string(name("https")), "protocol": "HTTPS"], "hosts": texts(hosts),
                "tls": terminating(),
            ])
        }
    }

    private mutating func terminating() -> JSON {
        switch pick(["SIMPLE", "SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL", "ISTIO_MUTUAL"]) {
        case "ISTIO_MUTUAL": return ["mode": "ISTIO_MUTUAL"]
        case "SIMPLE":
            return fields([
                "mode": "SIMPLE", "credentialName": "shop-cert", "minProtocolVersion": maybe(0.3) { _ in "TLSV1_2" },
            ])
        case let mode: return ["mode": .string(mode), "credentialName": "mutual-cert"]
        }
    }

    private mutating func serverHosts(mayQualify: Bool) -> [String] {
        var hosts = some(mesh.words.publicHosts + mesh.words.wildcards + ["*", "*"], upTo: 3)
        // Not for TLS: of a host with and without namespace istiod makes two chains, which Envoy refuses.
        if mayQualify, chance(0.15), let first = hosts.first { hosts[0] = pick(["alpha/", "./", "*/"]) + first }
        return hosts
    }

    mutating func makeSidecar() {
        let all = namespaces.map { "\($0)/*" } + ["*/*", "./*", "istio-system/*"]
        var egress: [JSON] = [["hosts": texts(some(all, upTo: 3))]]
        if chance(0.3), let service = services.first(where: { !$0.ports.isEmpty && !$0.host.hasPrefix("*") }) {
            egress.insert(
                [
                    "port": ["number": .number(pick(service.ports)), "protocol": "HTTP", "name": "egress-http"],
                    "hosts": [.string("*/\(service.host)")],
                ], at: 0)
        }
        addIstio(
            "Sidecar", name("sidecar"), "alpha",
            fields([
                "workloadSelector": maybe(0.4) { _ in ["labels": ["app": "client"]] }, "egress": .array(egress),
                "ingress": maybe(0.25) { _ in
                    [
                        [
                            "port": ["number": 9090, "protocol": "HTTP", "name": "in"],
                            "defaultEndpoint": "127.0.0.1:8080",
                        ]
                    ]
                },
                "outboundTrafficPolicy": maybe(0.4) { ["mode": .string($0.pick(["ALLOW_ANY", "REGISTRY_ONLY"]))] },
            ]))
    }

    mutating func makePeerAuthentications() {
        let modes = ["STRICT", "PERMISSIVE", "DISABLE", "UNSET"]
        func peer(_ generator: inout Self, _ namespace: String, _ spec: JSON) {
            generator.add(
                "security.istio.io/v1", "PeerAuthentication", generator.name("peer"), namespace, ["spec": spec])
        }
        if chance(0.3) { peer(&self, "istio-system", ["mtls": ["mode": .string(pick(modes))]]) }
        if chance(0.3) { peer(&self, pick(namespaces), ["mtls": ["mode": .string(pick(modes))]]) }
        guard chance(0.3) else { return }
        peer(
            &self, "alpha",
            fields([
                "selector": ["matchLabels": ["app": "client"]],
                "mtls": maybe(0.7) { ["mode": .string($0.pick(modes))] },
                "portLevelMtls": maybe(0.5) { ["8080": ["mode": .string($0.pick(modes))]] },
            ]))
    }

    mutating func makeIngress() {
        let name = name("ingress")
        let choices = services.filter { $0.kubernetesName != nil }
        let service = pick(choices)
        let rules = list(1...2) { generator in
            fields([
                "host": generator.maybe(0.8) { .string($0.pick($0.mesh.words.publicHosts + ["*.example.com"])) },
                "http": [
                    "paths": .array(
                        generator.list(1...3) { generator in
                            let own = choices.filter { $0.namespace == service.namespace }
                            let target = generator.pick(own)
                            return [
                                "path": .string(
                                    "/" + generator.pick(generator.mesh.words.segments.filter { !$0.contains("%") })),
                                "pathType": .string(generator.pick(["Prefix", "Exact", "Prefix"])),
                                "backend": [
                                    "service": [
                                        "name": .string(target.kubernetesName ?? ""),
                                        "port": ["number": .number(generator.pick(target.ports))],
                                    ]
                                ],
                            ]
                        })
                ],
            ])
        }
        add(
            "networking.k8s.io/v1", "Ingress", name, service.namespace,
            annotations: ["kubernetes.io/ingress.class": "istio"], ["spec": ["rules": .array(rules)]])
    }
}
