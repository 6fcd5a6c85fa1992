import Documents
import MeshModel
import Testing
import Translation

@Suite("when a Gateway is programmed")
struct GatewayStatusTests {
    private static let own = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: edge, namespace: shop}
        spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
        """

    private static func gateway(_ addresses: String, class name: String = "istio", port: Int = 80) -> String {
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: edge, namespace: shop}
        spec:
          gatewayClassName: \(name)
          addresses: \(addresses)
          listeners: [{name: http, port: \(port), protocol: HTTP}]
        """
    }

    private static func service(
        _ name: String, type: String = "LoadBalancer", status: String? = nil, namespace: String = "shop"
    ) -> String {
        """
        apiVersion: v1
        kind: Service
        metadata: {name: \(name), namespace: \(namespace)}
        spec:
          type: \(type)
          clusterIP: 10.0.0.9
          selector: {app: edge}
          ports: [{name: http, port: 80, targetPort: 8080}]
        """ + (status.map { "\nstatus: \($0)" } ?? "")
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let manifests: [String]
        let reason: String
        var message = ""
        var addresses: [String] = []
        var assumed: [String] = []
        var features: [String: String] = [:]
        var testDescription: String { name }
    }

    private static let host = "edge-istio.shop.svc.cluster.local"

    static let cases: [Case] = [
        Case(
            name: "its Service is made by Istio", manifests: [own], reason: "Programmed",
            message: "Resource programmed, assigned to service(s) \(host):80", addresses: ["Hostname \(host)"],
            assumed: ["shop/edge-istio"]),
        Case(
            name: "Istio is told not to make Services", manifests: [own], reason: "AddressNotUsable",
            message: "Failed to assign to any requested addresses: hostname \"\(host)\" not found",
            features: ["PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER": "false"]),
        Case(
            name: "a load balancer from a cluster has an address",
            manifests: [own, service("edge-istio", status: "{loadBalancer: {ingress: [{ip: 198.51.100.7}]}}")],
            reason: "Programmed", addresses: ["IPAddress 198.51.100.7"]),
        Case(
            name: "a load balancer from a cluster waits for its address",
            manifests: [own, service("edge-istio", status: "{loadBalancer: {}}")], reason: "AddressNotAssigned",
            message: "Assigned to service(s) \(host):80, but failed to assign to all requested addresses: "
                + "address pending for hostname \"\(host)\""),
        Case(
            name: "a manifest without status says nothing about addresses",
            manifests: [own, service("edge-istio")], reason: "Programmed", addresses: ["Hostname \(host)"]),
        Case(
            name: "a Service of the user's own, by its short name",
            manifests: [gateway("[{type: Hostname, value: ingress}]"), service("ingress", type: "ClusterIP")],
            reason: "Programmed", addresses: ["Hostname ingress.shop.svc.cluster.local"]),
        Case(
            name: "the port of the workload instead of the Service's",
            manifests: [
                gateway("[{type: Hostname, value: ingress}]", port: 8080), service("ingress", type: "ClusterIP"),
            ], reason: "AddressNotUsable",
            message: "Failed to assign to any requested addresses: port 8080 not found for hostname "
                + "\"ingress.shop.svc.cluster.local\" (hint: the service port should be specified, not the workload "
                + "port. Did you mean one of these ports: [80]?)"),
        Case(
            name: "a Service of another namespace",
            manifests: [
                gateway("[{type: Hostname, value: ingress.infra.svc.cluster.local}]"),
                service("ingress", namespace: "infra"),
            ], reason: "AddressNotUsable",
            message: "Failed to assign to any requested addresses: hostname \"ingress.infra.svc.cluster.local\" not "
                + "found in namespace \"shop\", but it was found in namespace(s) \"infra\""),
        Case(
            name: "the address that the load balancer is asked for", manifests: [gateway("[{value: 198.51.100.9}]")],
            reason: "Programmed", addresses: ["IPAddress 198.51.100.9"], assumed: ["shop/edge-istio"]),
        Case(
            name: "a gateway elsewhere",
            manifests: [gateway("[{type: IPAddress, value: 192.0.2.1}]", class: "istio-remote")],
            reason: "Programmed", message: "This Gateway is remote; Istio will not program it",
            addresses: ["IPAddress 192.0.2.1"]),
    ]

    @Test("the registry decides", arguments: cases)
    func programmed(_ example: Case) throws {
        var settings = MeshSnapshot.Settings()
        settings.options.features = example.features
        let status = try #require(Self.status(example.manifests, settings))
        let conditions = status.json["status"]?["conditions"]?.array ?? []
        let programmed = conditions.first { $0["type"]?.string == "Programmed" }
        #expect(programmed?["reason"]?.string == example.reason)
        #expect(programmed?["status"]?.string == (example.reason == "Programmed" ? "True" : "False"))
        if !example.message.isEmpty { #expect(programmed?["message"]?.string == example.message) }
        let addresses = (status.json["status"]?["addresses"]?.array ?? []).map { address in
            "\(address["type"]?.string ?? "") \(address["value"]?.string ?? "")"
        }
        #expect(addresses == example.addresses)
        #expect(status.assumedServices.map(\.description) == example.assumed)
    }

    @Test("a hand-written description of Kubernetes' services says which there are")
    func described() throws {
        let text = """
            - {hostname: web.shop.svc.cluster.local, namespace: shop, ports: [{number: 80, name: http, protocol: HTTP}]}
            """
        var settings = MeshSnapshot.Settings()
        settings.services = DocumentReader.read(text, file: "services.yaml").documents.first?.root
        let status = try #require(Self.status([Self.own], settings))
        #expect(status.json.yaml.contains("AddressNotUsable"))
        let external = text.replacing("web.shop.svc.cluster.local", with: "legacy.example.com")
        settings.services = DocumentReader.read(external, file: "services.yaml").documents.first?.root
        #expect(try #require(Self.status([Self.own], settings)).assumedServices.count == 1)
    }

    @Test("waypoints have a status with ambient mode only, and take no ListenerSets")
    func waypoint() throws {
        let manifests = [
            Self.gateway("[]", class: "istio-waypoint"),
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: ListenerSet
            metadata: {name: more, namespace: shop}
            spec: {parentRef: {name: edge}, listeners: [{name: http, port: 81, protocol: HTTP}]}
            """,
        ]
        #expect(Self.statuses(manifests, MeshSnapshot.Settings()).isEmpty)
        var settings = MeshSnapshot.Settings()
        settings.options.features = ["PILOT_ENABLE_AMBIENT": "true"]
        let statuses = Self.statuses(manifests, settings)
        #expect(statuses.map(\.kind) == ["Gateway", "ListenerSet"])
        #expect(statuses.last?.json.yaml.contains("does not support ListenerSet") ?? false)
    }

    private static func status(_ manifests: [String], _ settings: MeshSnapshot.Settings) -> ObjectStatus? {
        statuses(manifests, settings).first { $0.kind == "Gateway" }
    }

    private static func statuses(_ manifests: [String], _ settings: MeshSnapshot.Settings) -> [ObjectStatus] {
        let documents = DocumentReader.read(manifests.joined(separator: "\n---\n"), file: "mesh.yaml").documents
        let file = ManifestFile.read(path: "mesh.yaml", documents: documents)
        return gatewayAPIStatuses(of: MeshSnapshot.build(files: [file], settings: settings).0)
    }
}
