/// Manifests of all kinds that change at random: objects come, go, move and are edited. The same seed gives the same
/// changes.
package struct ChangingMesh: Sendable {
    package struct File: Sendable {
        package let name: String
        /// Texts of objects, and whose they are.
        fileprivate(set) var documents: [(key: String, text: String)] = []

        package var text: String { documents.map(\.text).joined(separator: "---\n") }
    }

    package private(set) var files = (0..<5).map { File(name: "\($0).yaml") }
    private var random: SplitMix64
    private let repeats: Bool

    /// `repeats`: an object may be there twice, so that only the last one counts.
    package init(seed: UInt64, objects: Int = 60, repeats: Bool = true) {
        random = SplitMix64(seed: seed)
        self.repeats = repeats
        for _ in 0..<objects { add() }
    }

    /// Does something to an object, or to a few; says what.
    package mutating func change() -> String {
        (0..<pick([1, 1, 1, 1, 2, 5])).map { _ in step() }.joined(separator: ", ")
    }

    private mutating func step() -> String {
        let file = files.indices.randomElement(using: &random) ?? 0
        guard let place = files[file].documents.indices.randomElement(using: &random) else { return add() }
        let document = files[file].documents[place]
        switch UInt64.random(in: 0..<10, using: &random) {
        case 0, 1: return add()
        case 2:
            files[file].documents.remove(at: place)
            return "\(document.key) is deleted"
        case 3:
            let target = files.indices.randomElement(using: &random) ?? 0
            files[file].documents.remove(at: place)
            let places = 0...files[target].documents.count
            files[target].documents.insert(document, at: Int.random(in: places, using: &random))
            return "\(document.key) moves to \(files[target].name)"
        case 4:
            files[file].documents[place].text = "# a line more\n" + document.text
            return "\(document.key) moves down"
        case 5 where repeats:
            files[file].documents.append(document)
            return "\(document.key) is there twice"
        case 6:
            files[file].documents[place].text = "kind: [\n"
            return "\(document.key) is broken"
        default:
            let words = document.key.split(separator: " ").map(String.init)
            guard words.count == 3 else { return "nothing" }
            files[file].documents[place].text = object(words[0], words[1], words[2])
            return "\(document.key) is edited"
        }
    }

    @discardableResult
    private mutating func add() -> String {
        let kind = pick(Self.kinds)
        let isClusterWide = ["Namespace", "Node", "GatewayClass", "IngressClass"].contains(kind)
        let namespace = isClusterWide ? "-" : pick(Self.namespaces)
        let name = kind == "Namespace" ? pick(Self.namespaces) : pick(Self.names)
        let file = files.indices.randomElement(using: &random) ?? 0
        let key = "\(kind) \(namespace) \(name)"
        if !repeats, files.contains(where: { $0.documents.contains { $0.key == key } }) {
            return "nothing"
        }
        let text = object(kind, namespace, name)
        files[file].documents.insert((key, text), at: Int.random(in: 0...files[file].documents.count, using: &random))
        return "\(key) is added"
    }

    private static let namespaces = ["n1", "n2", "istio-system"]
    private static let names = ["a", "b", "c", "d"]
    private static let kinds = [
        "Service", "Service", "Service", "EndpointSlice", "EndpointSlice", "Endpoints", "Pod", "Pod", "Deployment",
        "Node", "Namespace", "Secret", "ConfigMap", "Ingress", "IngressClass", "Gateway", "Gateway", "VirtualService",
        "VirtualService", "VirtualService", "DestinationRule", "DestinationRule", "ServiceEntry", "WorkloadEntry",
        "WorkloadGroup", "Sidecar", "PeerAuthentication", "GatewayClass", "KubernetesGateway", "HTTPRoute",
        "GRPCRoute", "TLSRoute", "TCPRoute", "ReferenceGrant", "BackendTLSPolicy", "EnvoyFilter",
    ]

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &random)]
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func host() -> String {
        pick([
            pick(Self.names), "\(pick(Self.names)).\(pick(Self.namespaces)).svc.cluster.local", "*.example.com",
            "x.org",
        ])
    }

    private mutating func exportTo() -> String { pick(["", "", ", exportTo: [\".\"]", ", exportTo: [n1]"]) }

    /// An object with random fields.
    private mutating func object(_ kind: String, _ namespace: String, _ name: String) -> String {
        let (version, word) = Self.types[kind] ?? ("v1", kind)
        let created = pick(["", "", ", creationTimestamp: \"20\(number(10...20))-01-01T00:00:00Z\""])
        let label = "labels: {app: \(pick(Self.names)), version: v\(number(1...2))}"
        return """
            apiVersion: \(version)
            kind: \(word)
            metadata: {name: \(name), namespace: "\(namespace)", \(metadataLabels(kind, name) ?? label)\(created)}
            \(body(kind, namespace))

            """
    }

    private static let types: [String: (String, String)] = {
        var types: [String: (String, String)] = [:]
        for kind in ["VirtualService", "DestinationRule", "Gateway", "ServiceEntry", "WorkloadEntry", "Sidecar"]
            + ["WorkloadGroup", "EnvoyFilter"]
        {
            types[kind] = ("networking.istio.io/v1", kind)
        }
        for kind in ["HTTPRoute", "GRPCRoute", "GatewayClass"] { types[kind] = ("gateway.networking.k8s.io/v1", kind) }
        for kind in ["TLSRoute", "TCPRoute"] { types[kind] = ("gateway.networking.k8s.io/v1alpha2", kind) }
        types["KubernetesGateway"] = ("gateway.networking.k8s.io/v1", "Gateway")
        types["ReferenceGrant"] = ("gateway.networking.k8s.io/v1beta1", "ReferenceGrant")
        types["BackendTLSPolicy"] = ("gateway.networking.k8s.io/v1", "BackendTLSPolicy")
        types["PeerAuthentication"] = ("security.istio.io/v1", "PeerAuthentication")
        types["EndpointSlice"] = ("discovery.k8s.io/v1", "EndpointSlice")
        types["Deployment"] = ("apps/v1", "Deployment")
        types["Ingress"] = ("networking.k8s.io/v1", "Ingress")
        types["IngressClass"] = ("networking.k8s.io/v1", "IngressClass")
        return types
    }()

    private mutating func metadataLabels(_ kind: String, _ name: String) -> String? {
        switch kind {
        case "EndpointSlice": "labels: {kubernetes.io/service-name: \(pick([name, name, pick(Self.names)]))}"
        case "Pod":
            "labels: {app: \(pick(Self.names)), security.istio.io/tlsMode: \(pick(["istio", "disabled"]))}"
        case "Namespace": "labels: {istio-injection: \(pick(["enabled", "disabled"]))}"
        case "Node": "labels: {topology.kubernetes.io/region: r\(number(1...2)), topology.kubernetes.io/zone: z}"
        case "ConfigMap": "labels: {}"
        default: nil
        }
    }

    private mutating func body(_ kind: String, _ namespace: String) -> String {
        switch kind {
        case "Service":
            let ip = pick(["", "", ", clusterIP: None", ", clusterIP: 10.0.0.\(number(1...250))"])
            let type = pick(["", "", "", ", type: ExternalName, externalName: \(host())"])
            let ports = pick(["{name: http, port: 80, targetPort: 8080}", "{name: tcp, port: \(number(80...82))}"])
            return "spec: {selector: {app: \(pick(Self.names))}, ports: [\(ports)]\(ip)\(type)}"
        case "EndpointSlice":
            let ready = pick(["true", "true", "false"])
            return "addressType: IPv4\nports: [{name: http, port: 8080}]\nendpoints: [{addresses: [10.1.0."
                + "\(number(1...40))], conditions: {ready: \(ready)}, nodeName: \(pick(Self.names))}]"
        case "Endpoints":
            return "subsets: [{addresses: [{ip: 10.2.0.\(number(1...40))}], ports: [{name: http, port: 8080}]}]"
        case "Pod":
            return "spec: {nodeName: \(pick(Self.names)), containers: [{name: main, ports: [{containerPort: 8080}]}]}\n"
                + "status: {phase: Running, podIP: 10.1.0.\(number(1...40))}"
        case "Deployment":
            let app = pick(Self.names)
            let istio = pick(["", ", istio: ingressgateway"])
            return "spec: {replicas: \(number(0...3)), selector: {matchLabels: {app: \(app)}}, template: {metadata: "
                + "{labels: {app: \(app)\(istio)}}, spec: {containers: [{name: main}]}}}"
        case "Secret": return "stringData: {tls.crt: \"\(number(1...9))\"}"
        case "ConfigMap": return "data: {mesh: \"connectTimeout: \(number(1...3))s\"}"
        case "Ingress":
            return "spec: {ingressClassName: istio, rules: [{host: \(pick(Self.names)).org, http: {paths: [{path: /, "
                + "pathType: Prefix, backend: {service: {name: \(pick(Self.names)), port: {number: 80}}}}]}}]}"
        case "IngressClass": return "spec: {controller: istio.io/ingress-controller}"
        case "KubernetesGateway":
            return "spec: {gatewayClassName: istio, listeners: [{name: l, port: \(pick([80, 81])), protocol: HTTP, "
                + "allowedRoutes: {namespaces: {from: \(pick(["All", "Same"]))}}}]}"
        case "GatewayClass": return "spec: {controllerName: istio.io/gateway-controller}"
        case "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute":
            let parent = "{name: \(pick(Self.names)), namespace: \(pick(Self.namespaces))}"
            return "spec: {parentRefs: [\(parent)], rules: [{backendRefs: [{name: \(pick(Self.names)), port: 80}]}]}"
        case "ReferenceGrant":
            return "spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: "
                + "\(pick(Self.namespaces))}], to: [{group: \"\", kind: Service}]}"
        case "BackendTLSPolicy":
            return "spec: {targetRefs: [{group: \"\", kind: Service, name: \(pick(Self.names))}], validation: "
                + "{hostname: h.org, wellKnownCACertificates: System}}"
        case "EnvoyFilter": return "spec: {}"
        default: return istioBody(kind)
        }
    }

    private mutating func istioBody(_ kind: String) -> String {
        let ipAddress = "10.3.0.\(number(1...9))"
        switch kind {
        case "Gateway":
            let tls = pick(["", "", ", tls: {httpsRedirect: true}"])
            let hosts = pick(["\"*\"", "\"*.example.com\", x.org", "\"n1/*\""])
            return
                "spec: {selector: {istio: ingressgateway}, servers: [{port: {number: \(pick([80, 8080])), name: http, "
                + "protocol: HTTP}, hosts: [\(hosts)]\(tls)}]}"
        case "VirtualService":
            let match = pick(["", "match: [{uri: {prefix: /\(number(1...3))}}], ", "match: [{port: 80}], "])
            let delegate = "delegate: {name: \(pick(Self.names)), namespace: \(pick(Self.namespaces))}"
            let target = "{destination: {host: \(host()), subset: v\(number(1...2))}, weight: \(number(1...99))}"
            let action = pick(["route: [\(target)]", "route: [\(target), \(target)]", "redirect: {uri: /r}", delegate])
            let hosts = pick(["hosts: [\(host())], ", "hosts: [\(host()), \(pick(Self.names)).example.com], ", ""])
            let gateways = pick(["", "gateways: [istio-system/\(pick(Self.names))], ", "gateways: [mesh, n1/a], "])
            return "spec: {\(hosts)\(gateways)http: [{\(match)\(action)}]\(exportTo())}"
        case "DestinationRule":
            let policy = pick(["simple: RANDOM", "consistentHash: {httpHeaderName: h\(number(1...3))}"])
            let subsets = pick(["", ", subsets: [{name: v1, labels: {version: v1}}]"])
            let selector = pick(["", "", "", ", workloadSelector: {matchLabels: {app: \(pick(Self.names))}}"])
            return "spec: {host: \(host()), trafficPolicy: {loadBalancer: {\(policy)}, tls: {mode: "
                + "\(pick(["ISTIO_MUTUAL", "DISABLE"]))}}\(subsets)\(selector)\(exportTo())}"
        case "ServiceEntry":
            let from = pick([
                "endpoints: [{address: \(ipAddress)}]", "workloadSelector: {labels: {app: \(pick(Self.names))}}",
            ])
            return "spec: {hosts: [\(pick(["x.org", "y.org"]))], ports: [{number: 80, name: http, protocol: HTTP}], "
                + "resolution: \(pick(["STATIC", "DNS"])), location: MESH_EXTERNAL, \(from)\(exportTo())}"
        case "WorkloadEntry": return "spec: {address: \(ipAddress), labels: {app: \(pick(Self.names))}}"
        case "WorkloadGroup": return "spec: {template: {}}"
        case "Sidecar":
            let selector = pick(["", "workloadSelector: {labels: {app: \(pick(Self.names))}}, "])
            return "spec: {\(selector)egress: [{hosts: [\(pick(["\"*/*\"", "\"./*\"", "\"n1/*\""]))]}]}"
        case "PeerAuthentication": return "spec: {mtls: {mode: \(pick(["STRICT", "PERMISSIVE", "DISABLE"]))}}"
        default: return "spec: {}"
        }
    }
}
