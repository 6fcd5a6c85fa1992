import Documents
import EnvoyModel
import MeshModel
import Testing

@testable import Translation

@Suite("several clusters and networks")
struct NetworkTests {
    /// A cluster with Service `web` and one endpoint of it.
    private func cluster(
        _ name: String, ip: String, network: String? = nil, clusterIP: String, mtls: Bool = true, more: String = ""
    ) -> ManifestFile {
        let label = mtls ? ", security.istio.io/tlsMode: istio" : ""
        let namespaceLabels = network.map { "{topology.istio.io/network: \($0)}" } ?? "{}"
        return file(
            name,
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: istio-system, labels: \(namespaceLabels)}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: node, labels: {topology.kubernetes.io/region: r-\(name), topology.kubernetes.io/zone: z}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {clusterIP: \(clusterIP), selector: {app: web}, ports: [{name: http, port: 80}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop, labels: {app: web\(label)}}
            spec: {nodeName: node, containers: [{name: web}]}
            status: {phase: Running, podIP: \(ip), conditions: [{type: Ready, status: "True"}]}
            \(more.isEmpty ? "" : "---\n" + more)
            """)
    }

    private func file(_ cluster: String, _ text: String) -> ManifestFile {
        ManifestFile.read(
            path: "\(cluster).yaml", cluster: cluster,
            documents: DocumentReader.read(text, file: "\(cluster).yaml").documents)
    }

    private func eastWest(_ network: String, _ addresses: [String], port: Int? = nil) -> String {
        let label = port.map { ", networking.istio.io/gatewayPort: \"\($0)\"" } ?? ""
        let ingress = addresses.map { "{ip: \($0)}" }.joined(separator: ", ")
        return """
            apiVersion: v1
            kind: Service
            metadata: {name: eastwest, namespace: istio-system, labels: {topology.istio.io/network: \(network)\(label)}}
            spec: {type: LoadBalancer, selector: {istio: eastwest}, ports: [{name: tls, port: 15443}]}
            status: {loadBalancer: {ingress: [\(ingress)]}}
            """
    }

    private func proxy(in cluster: String, labels: [String: String] = [:]) -> ProxyNode {
        var node = ProxyNode(name: "client", type: .sidecar, namespace: "shop")
        node.cluster = cluster
        node.metadata = ["CLUSTER_ID": .string(cluster)]
        node.ipAddresses = ["10.9.9.9"]
        node.labels = labels
        return node
    }

    /// `ADDRESS:PORT weight` of each endpoint of `web`, in order.
    private func endpoints(_ files: [ManifestFile], in cluster: String, networks: String? = nil) -> [String] {
        var settings = MeshSnapshot.Settings()
        settings.meshNetworks = networks.flatMap { DocumentReader.read($0, file: "n.yaml").documents.first?.root }
        let snapshot = MeshSnapshot.build(files: files, settings: settings).0
        let configuration = MeshTranslation(snapshot).configuration(for: proxy(in: cluster))
        let assignment = configuration.xds.endpoints.first {
            $0.clusterName == "outbound|80||web.shop.svc.cluster.local"
        }
        return (assignment?.localities ?? []).flatMap(\.endpoints).map {
            "\($0.address?.adminText ?? "?") \($0.loadBalancingWeight ?? 0)"
        }
    }

    @Test("on one network the endpoints of all clusters are reached directly, each with its own cluster's locality")
    func flat() throws {
        let files = [
            cluster("a", ip: "10.1.0.1", clusterIP: "10.96.1.1"), cluster("b", ip: "10.2.0.1", clusterIP: "10.96.2.1"),
        ]
        #expect(endpoints(files, in: "a") == ["10.1.0.1:80 1", "10.2.0.1:80 1"])
        let snapshot = MeshSnapshot.build(files: files).0
        let xds = MeshTranslation(snapshot).configuration(for: proxy(in: "b")).xds
        let assignment = xds.endpoints.first { $0.clusterName.contains("web.shop") }
        #expect(assignment?.localities.compactMap { $0.locality?.region } == ["r-a", "r-b"])
        // The address of the Service is that of the proxy's own cluster.
        let domains = xds.routes.first { $0.name == "80" }?.virtualHosts.flatMap(\.domains) ?? []
        #expect(domains.contains("10.96.2.1") && !domains.contains("10.96.1.1"))
    }

    @Test("another network is reached through its gateways, whose weight is that of the endpoints behind them")
    func gateways() {
        let files = [
            cluster("a", ip: "10.1.0.1", network: "n1", clusterIP: "10.96.1.1"),
            cluster(
                "b", ip: "10.2.0.1", network: "n2", clusterIP: "10.96.2.1",
                more: eastWest("n2", ["203.0.113.2", "203.0.113.1"])),
        ]
        // Two gateways: weights are doubled, so that they can be divided.
        #expect(
            endpoints(files, in: "a") == ["10.1.0.1:80 2", "203.0.113.1:15443 1", "203.0.113.2:15443 1"])
        // n1 has no gateway: it is reached directly.
        #expect(endpoints(files, in: "b") == ["10.1.0.1:80 2", "10.2.0.1:80 2"])
    }

    @Test("without mutual TLS nothing says at the gateway where to go: the endpoint is left out")
    func plaintext() {
        let files = [
            cluster("a", ip: "10.1.0.1", network: "n1", clusterIP: "10.96.1.1"),
            cluster(
                "b", ip: "10.2.0.1", network: "n2", clusterIP: "10.96.2.1", mtls: false,
                more: eastWest("n2", ["203.0.113.2"], port: 443)),
        ]
        #expect(endpoints(files, in: "a") == ["10.1.0.1:80 1"])
    }

    @Test("a port of its own for the gateway, and addresses that are no addresses")
    func gatewayPort() {
        let files = [
            cluster("a", ip: "10.1.0.1", network: "n1", clusterIP: "10.96.1.1"),
            cluster(
                "b", ip: "10.2.0.1", network: "n2", clusterIP: "10.96.2.1",
                more: eastWest("n2", ["203.0.113.2", "nonsense"], port: 443)),
        ]
        #expect(endpoints(files, in: "a") == ["10.1.0.1:80 1", "203.0.113.2:443 1"])
    }

    @Test("gateways behind node ports, behind names, with external addresses, and written down for another place")
    func otherGateways() {
        let base = cluster("a", ip: "10.1.0.1", network: "n1", clusterIP: "10.96.1.1")
        func seen(_ more: String) -> [String] {
            let other = cluster("b", ip: "10.2.0.1", network: "n2", clusterIP: "10.96.2.1", more: more)
            return Array(endpoints([base, other], in: "a").dropFirst())
        }
        func service(_ spec: String, _ more: String = "", annotations: String = "{}") -> String {
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: eastwest
              namespace: istio-system
              labels: {topology.istio.io/network: n2}
              annotations: \(annotations)
            spec: {\(spec), ports: [{name: tls, port: 15443, nodePort: 30443}]}
            \(more)
            """
        }
        let nodes = """
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: edge, labels: {role: edge}}
            status: {addresses: [{type: InternalIP, address: 10.0.0.5}, {type: ExternalIP, address: 203.0.113.50}]}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: inner, labels: {role: inner}}
            status: {addresses: [{type: ExternalIP, address: 203.0.113.51}]}
            """
        let selector = "{traffic.istio.io/nodeSelector: '{\"role\": \"edge\"}'}"
        #expect(seen(service("type: NodePort", nodes, annotations: selector)) == ["203.0.113.50:30443 1"])
        #expect(seen(service("type: NodePort", nodes)) == ["10.2.0.1:80 1"], "nothing selects nodes")
        #expect(seen(service("type: ClusterIP, externalIPs: [203.0.113.9]")) == ["203.0.113.9:15443 1"])
        let named = service("type: LoadBalancer", "status: {loadBalancer: {ingress: [{hostname: ew.example.com}]}}")
        #expect(seen(named) == ["\(standInAddress(ofName: "ew.example.com")):15443 1"])
    }

    @Test("a Gateway of class istio-remote names the gateway of a network that is not looked at")
    func remoteGateway() {
        let gateway = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: there, namespace: istio-system, labels: {topology.istio.io/network: n2}}
            spec:
              gatewayClassName: istio-remote
              addresses: [{type: IPAddress, value: 203.0.113.77}]
              listeners:
                - {name: cross-network, port: 15443, protocol: TLS, tls: {mode: Passthrough}}
                - {name: other, port: 15012, protocol: TLS, tls: {mode: Passthrough}}
            """
        let files = [
            cluster("a", ip: "10.1.0.1", network: "n1", clusterIP: "10.96.1.1", more: gateway),
            cluster("b", ip: "10.2.0.1", network: "n2", clusterIP: "10.96.2.1"),
        ]
        #expect(endpoints(files, in: "a") == ["10.1.0.1:80 1", "203.0.113.77:15443 1"])
    }

    @Test("MeshNetworks say by cluster or by address which network an endpoint is on, and where its gateways are")
    func meshNetworks() {
        let files = [
            cluster("a", ip: "10.1.0.1", clusterIP: "10.96.1.1"), cluster("b", ip: "10.2.0.1", clusterIP: "10.96.2.1"),
        ]
        let byRegistry = """
            networks:
              n1: {endpoints: [{fromRegistry: a}]}
              n2: {endpoints: [{fromRegistry: b}], gateways: [{address: 198.51.100.7, port: 15443}]}
            """
        #expect(endpoints(files, in: "a", networks: byRegistry) == ["10.1.0.1:80 1", "198.51.100.7:15443 1"])
        #expect(endpoints(files, in: "b", networks: byRegistry) == ["10.1.0.1:80 1", "10.2.0.1:80 1"])
        let byAddress = """
            networks:
              n1: {endpoints: [{fromCidr: 10.9.0.0/16}, {fromCidr: 10.1.0.0/16}]}
              n2: {endpoints: [{fromCidr: 10.2.0.0/16}], gateways: [{address: 198.51.100.7, port: 443}]}
            """
        #expect(endpoints(files, in: "a", networks: byAddress) == ["10.1.0.1:80 1", "198.51.100.7:443 1"])
    }

    @Test("a cluster-local Service has only the endpoints of the proxy's own cluster")
    func clusterLocal() {
        let mesh = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data: {mesh: "serviceSettings: [{settings: {clusterLocal: true}, hosts: ['*.shop.svc.cluster.local']}]"}
            """
        let files = [
            cluster("a", ip: "10.1.0.1", clusterIP: "10.96.1.1", more: mesh),
            cluster("b", ip: "10.2.0.1", clusterIP: "10.96.2.1"),
        ]
        #expect(endpoints(files, in: "a") == ["10.1.0.1:80 1"])
        // The other control plane has another MeshConfig.
        #expect(endpoints(files, in: "b") == ["10.1.0.1:80 1", "10.2.0.1:80 1"])
    }

    @Test("a remote cluster, which has no configuration, has that of its primary; another primary its own")
    func primaries() {
        let rule = { (policy: String) in
            """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: web, namespace: shop}
            spec: {host: web, trafficPolicy: {loadBalancer: {simple: \(policy)}}}
            """
        }
        let files = [
            cluster("a", ip: "10.1.0.1", clusterIP: "10.96.1.1", more: rule("RANDOM")),
            cluster("b", ip: "10.2.0.1", clusterIP: "10.96.2.1"),
            cluster("c", ip: "10.3.0.1", clusterIP: "10.96.3.1", more: rule("ROUND_ROBIN")),
        ]
        let translation = MeshTranslation(MeshSnapshot.build(files: files).0)
        let policies = ["a", "b", "c"].map { name in
            translation.configuration(for: proxy(in: name)).xds.clusters.first { $0.name.contains("web.shop") }?
                .lbPolicy
        }
        #expect(policies == [.random, .random, .roundRobin(nil)])
    }

    @Test("a gateway between networks forwards by name, and only to endpoints with mutual TLS")
    func sniDNAT() {
        let gateway = """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: cross, namespace: istio-system}
            spec:
              selector: {istio: eastwest}
              servers: [{port: {number: 15443, name: tls, protocol: TLS}, tls: {mode: AUTO_PASSTHROUGH}, hosts: ["*.local"]}]
            """
        let files = [
            cluster("a", ip: "10.1.0.1", clusterIP: "10.96.1.1", mtls: false),
            cluster("b", ip: "10.2.0.1", clusterIP: "10.96.2.1", more: gateway),
        ]
        var node = ProxyNode(name: "eastwest", type: .gateway, namespace: "istio-system")
        node.cluster = "b"
        node.labels = ["istio": "eastwest"]
        node.metadata = ["CLUSTER_ID": "b"]
        let xds = MeshTranslation(MeshSnapshot.build(files: files).0).configuration(for: node).xds
        let name = "outbound_.80_._.web.shop.svc.cluster.local"
        let chains = xds.listeners.flatMap(\.filterChains).compactMap(\.match?.serverNames)
        #expect(chains.contains([name]))
        let endpoints = xds.endpoints.first { $0.clusterName == name }?.localities.flatMap(\.endpoints) ?? []
        #expect(endpoints.map { $0.address?.adminText } == ["10.2.0.1:80"])
    }
}
