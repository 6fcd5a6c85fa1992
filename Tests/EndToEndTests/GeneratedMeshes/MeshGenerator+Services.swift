import Documents

/// A host that requests and routes can name.
struct GeneratedService {
    var host: String
    var namespace: String
    var ports: [Int]
    /// Its `version` labels.
    var versions: [String]
    /// The name of the Service; `nil` for a ServiceEntry's host.
    var kubernetesName: String?
}

extension MeshGenerator {
    mutating func makeNamespaces() {
        for namespace in namespaces + ["istio-system"] {
            var labels = ["kubernetes.io/metadata.name": namespace]
            if namespace == "alpha" { labels["istio-injection"] = "enabled" }
            if namespace != "istio-system", chance(0.5) { labels["team"] = "shop" }
            add("v1", "Namespace", namespace, nil, labels: labels, [:])
        }
        add(
            "gateway.networking.k8s.io/v1", "GatewayClass", "istio", nil,
            ["spec": ["controllerName": "istio.io/gateway-controller"]])
    }

    mutating func makeIngressGateway() {
        let ports: [(name: String, port: Int, target: Int)] = [
            ("http2", 80, 8080), ("https", 443, 8443), ("tcp", 31400, 31400), ("tls", 15443, 15443),
            ("alt", 9000, 9000),
        ]
        let labels = ["app": "istio-ingressgateway", "istio": "ingressgateway"]
        add(
            "v1", "Service", "istio-ingressgateway", "istio-system", labels: labels,
            [
                "spec": [
                    "type": "LoadBalancer", "clusterIP": "10.96.0.1", "selector": texts(labels),
                    "ports": .array(
                        ports.map {
                            ["name": .string($0.name), "port": .number($0.port), "targetPort": .number($0.target)]
                        }),
                ]
            ])
        makePod(
            "istio-ingressgateway", "istio-system", labels: labels, address: "10.244.0.2", ports: ports.map(\.target))
        mesh.gateways = ["istio-ingressgateway.istio-system"]
    }

    /// The Pod whose sidecar is compared. It serves requests too.
    mutating func makeClient() {
        let labels = ["app": "client", "version": "v1"]
        let serves = chance(0.8)
        makePod("client", "alpha", labels: labels, address: "10.244.0.3", ports: [8080, 9090])
        if serves {
            addService("client", "alpha", type: "ClusterIP", labels: labels, pods: ["10.244.0.3"], isClient: true)
        }
    }

    mutating func makePod(_ name: String, _ namespace: String, labels: [String: String], address: String, ports: [Int])
    {
        add(
            "v1", "Pod", name, namespace, labels: labels,
            annotations: maybe(0.2) { ["proxy.istio.io/config": $0.proxyConfig()] } ?? [:],
            [
                "spec": [
                    "containers": [
                        [
                            "name": "main", "image": "app",
                            "ports": .array(ports.map { ["name": .string("p\($0)"), "containerPort": .number($0)] }),
                        ]
                    ]
                ],
                "status": [
                    "phase": "Running", "podIP": .string(address), "podIPs": [["ip": .string(address)]],
                    "conditions": [["type": "Ready", "status": "True"]],
                ],
            ])
    }

    /// A Service of any type with Pods and their EndpointSlice.
    mutating func makeService() {
        let name = name("svc")
        let namespace = pick(namespaces)
        let versions = some(["v1", "v2"], 1, upTo: 2)
        var pods: [String] = []
        let type = pick(["ClusterIP", "ClusterIP", "ClusterIP", "headless", "NodePort", "LoadBalancer", "ExternalName"])
        if type == "ExternalName" { return makeExternalName(name, namespace) }
        for (index, version) in versions.enumerated() {
            // A version may have no Pods: its subset is empty.
            for replica in 0..<(chance(0.15) ? 0 : number(1...2)) {
                let address = address("10.244")
                makePod(
                    "\(name)-\(index)-\(replica)", namespace, labels: ["app": name, "version": version],
                    address: address,
                    ports: [8080, 9090])
                pods.append(address)
            }
        }
        addService(name, namespace, type: type, labels: ["app": name], pods: pods, versions: versions)
    }

    /// What a workload says of its own proxy.
    private mutating func proxyConfig() -> String {
        let topology = maybe(0.5) { "gatewayTopology: {numTrustedProxies: \($0.number(0...2))}" }
        let switches = ["attemptCount", "requestId", "envoyDebugHeaders", "server"]
        let headers = some(switches).map { "\($0): {disabled: true}" }.joined(separator: ", ")
        return "{\([topology, "proxyHeaders: {\(headers)}"].compactMap { $0 }.joined(separator: ", "))}"
    }

    private mutating func servicePorts(isClient: Bool) -> [JSON] {
        let choices: [(name: String, port: Int)] = [
            ("http", 80), ("http-web", 8000), ("http", 8080), ("grpc", 7070), ("http2-x", 8000), ("tcp", 3306),
            ("tcp-db", 9000), ("mongo", 27017), ("mysql", 3306), ("redis", 6379),
            ("tls", 443), ("https", 443), ("web", 80), ("auto", 9090), ("", 80), ("http", 9000),
        ]
        var used: Set<Int> = []
        var names: Set<String> = []
        return some(choices.map(\.port).indices.map { $0 }, 1, upTo: 3).compactMap { index in
            let choice = choices[index]
            guard used.insert(choice.port).inserted, names.insert(choice.name).inserted else { return nil }
            let appProtocol = chance(0.1) ? pick(["http", "tcp", "kubernetes.io/h2c", "grpc"]) : nil
            return fields([
                "name": choice.name.isEmpty ? "unnamed" : .string(choice.name), "port": .number(choice.port),
                "targetPort": chance(0.8) ? .number(isClient ? [8080, 9090][used.count % 2] : 8080) : "p8080",
                "appProtocol": appProtocol.map { .string($0) }, "protocol": "TCP",
            ])
        }
    }

    mutating func addService(
        _ name: String, _ namespace: String, type: String, labels: [String: String], pods: [String],
        versions: [String] = ["v1"], isClient: Bool = false
    ) {
        let ports = servicePorts(isClient: isClient)
        let numbers = ports.compactMap { Self.int($0["port"]) }
        let clusterIP = type == "headless" ? "None" : address("10.96")
        var annotations: [String: String] = [:]
        if chance(0.1) { annotations["networking.istio.io/exportTo"] = pick([".", "*", "alpha", "~"]) }
        add(
            "v1", "Service", name, namespace, annotations: annotations,
            [
                "spec": [
                    "type": .string(type == "headless" ? "ClusterIP" : type), "clusterIP": .string(clusterIP),
                    "selector": texts(labels.filter { $0.key == "app" }), "ports": .array(ports),
                ]
            ])
        add(
            "discovery.k8s.io/v1", "EndpointSlice", name + "-x", namespace,
            labels: ["kubernetes.io/service-name": name],
            [
                "addressType": "IPv4",
                "ports": .array(
                    ports.map {
                        let target = Self.int($0["targetPort"]) ?? 8080
                        return fields(["name": $0["name"], "port": .number(target), "protocol": "TCP"])
                    }),
                "endpoints": .array(
                    pods.map { ["addresses": [.string($0)], "conditions": ["ready": .bool(true)]] }),
            ])
        let host = "\(name).\(namespace).svc.cluster.local"
        services.append(
            GeneratedService(host: host, namespace: namespace, ports: numbers, versions: versions, kubernetesName: name)
        )
        let hosts = [host, "\(name).\(namespace)", name, "\(name).\(namespace).svc"]
        mesh.words.meshHosts += hosts
        for port in numbers {
            for address in type == "headless" ? pods : [clusterIP] {
                mesh.destinations.append(.init(address: address, port: port, hosts: hosts))
            }
        }
    }

    private mutating func makeExternalName(_ name: String, _ namespace: String) {
        let target = services.isEmpty || chance(0.4) ? "outside.example.org" : pick(services).host
        let port = pick(services.flatMap(\.ports) + [80])
        add(
            "v1", "Service", name, namespace,
            [
                "spec": [
                    "type": "ExternalName", "externalName": .string(target),
                    "ports": [["name": "http", "port": .number(port), "targetPort": .number(port)]],
                ]
            ])
        let host = "\(name).\(namespace).svc.cluster.local"
        services.append(
            GeneratedService(host: host, namespace: namespace, ports: [port], versions: [], kubernetesName: name))
        mesh.words.meshHosts += [host, "\(name).\(namespace)"]
    }

    static func int(_ value: JSON?) -> Int? {
        guard case .int(let number)? = value else { return nil }
        return Int(number)
    }
}
