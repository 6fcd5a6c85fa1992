import Documents
import MeshModel
import TestSupport
import Testing

@Suite struct StandInTests {
    private let deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web, version: v1}}
            spec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}
        """
    private let service = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
        """
    private let gateway = """
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: web, namespace: shop}
        spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, protocol: HTTP, name: http}, hosts: ["*"]}]}
        """

    @Test("a Deployment without Pods gets as many as it asks for, with addresses, and its Service gets endpoints")
    func pods() throws {
        let snapshot = snapshot(deployment, service)
        #expect(snapshot.pods.count == 2)
        #expect(snapshot.pods.allSatisfy { $0.isStandIn && $0.name.hasPrefix("web-") && $0.workload?.name == "web" })
        #expect(snapshot.pods.allSatisfy { $0.name.split(separator: "-").map(\.count) == [3, 10, 5] })
        let slices = snapshot.endpointSlices(ofService: "web", namespace: "shop")
        #expect(slices.map(\.isStandIn) == [true])
        #expect(Set(slices[0].endpoints.flatMap(\.addresses)) == Set(snapshot.pods.flatMap(\.ips)))
        #expect(slices[0].ports.map(\.port) == [8080])
        let web = try #require(snapshot.service("web", namespace: "shop"))
        #expect(web.isClusterIPStandIn && web.clusterIP.hasPrefix("10."))
    }

    @Test(
        "a Pod whose sidecar only injection would add has the injector's label, and is known to be assumed",
        arguments: [
            ("istio-injection: enabled", "", "", "istio"), ("istio.io/rev: stable", "", "", "istio"),
            ("istio-injection: disabled", "", "", nil), ("team: a", "", "", nil),
            ("istio-injection: enabled", "sidecar.istio.io/inject: 'false'", "", nil),
            ("team: a", "sidecar.istio.io/inject: 'true'", "", "istio"),
            ("istio-injection: enabled", "security.istio.io/tlsMode: disabled", "", "disabled"),
            ("istio-injection: enabled", "", "hostNetwork: true, ", nil),
        ] as [(String, String, String, String?)])
    func injection(namespace: String, labels: String, spec: String, expected: String?) throws {
        let snapshot = snapshot(
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {\(namespace)}}",
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop, labels: {\(labels)}}
            spec: {\(spec)containers: [{name: web}]}
            """)
        let pod = try #require(snapshot.pods.first)
        #expect(pod.meta.labels["security.istio.io/tlsMode"] == expected)
        #expect(pod.isSidecarAssumed == (expected == "istio"))
        #expect(snapshot.hasSidecar(pod) == (expected != nil))
    }

    @Test("stand-ins do not depend on the order of files, nor on what else is loaded")
    func deterministic() {
        let names = { (snapshot: MeshSnapshot) in snapshot.pods.map { "\($0.name) \($0.ips)" }.sorted() }
        let first = names(snapshot(deployment, service))
        #expect(names(snapshot(service, deployment)) == first)
        let other = deployment.replacing("web", with: "api")
        #expect(Set(names(snapshot(other, deployment))).isSuperset(of: first))
    }

    @Test("a thousand workloads have a thousand addresses")
    func addresses() {
        let texts = (0..<500).map { number in
            deployment.replacing("web", with: "web\(number)")
        }
        let snapshot = snapshot(texts.joined(separator: "\n---\n"))
        #expect(Set(snapshot.pods.flatMap(\.ips)).count == 1000)
        #expect(Set(snapshot.pods.map(\.name)).count == 1000)
    }

    @Test("no stand-ins where Pods are loaded, owned or only labelled alike, and none for no replicas")
    func notNeeded() {
        let pod = """
            apiVersion: v1
            kind: Pod
            metadata: {name: mine, namespace: shop, labels: {app: web}}
            spec: {containers: [{name: web, ports: [{name: http, containerPort: 9090}]}]}
            status: {phase: Running, podIP: 10.1.1.1}
            """
        let labelled = snapshot(deployment, service, pod)
        #expect(labelled.pods.map(\.name) == ["mine"])
        #expect(labelled.endpointSlices.flatMap(\.ports).map(\.port) == [9090])
        let owned = pod.replacing(
            "labels: {app: web}",
            with: "labels: {app: web, pod-template-hash: h1}, "
                + "ownerReferences: [{kind: ReplicaSet, name: web-h1, apiVersion: apps/v1, controller: true}]")
        let snapshotOfOwned = snapshot(deployment, owned)
        #expect(snapshotOfOwned.pods.map(\.name) == ["mine"])
        #expect(snapshotOfOwned.pods.first?.workload?.kind == "Deployment")
        #expect(snapshot(deployment.replacing("replicas: 2", with: "replicas: 0"), service).pods.isEmpty)
    }

    @Test("a port's name may be another number in another Pod")
    func namedPorts() {
        let other = deployment.replacing("web", with: "web2").replacing("8080", with: "7070")
            .replacing("app: web2", with: "app: web").replacing("replicas: 2", with: "replicas: 1")
        let pods = snapshot(
            other, deployment.replacing("matchLabels: {app: web}", with: "matchLabels: {version: v1}"), service)
        let slices = pods.endpointSlices(ofService: "web", namespace: "shop")
        #expect(Set(slices.flatMap(\.ports).map(\.port)) == [7070, 8080])
    }

    @Test("a Gateway whose workload is not loaded gets the gateway of Istio's default installation")
    func gateways() throws {
        let snapshot = snapshot(gateway)
        let proxy = try #require(snapshot.proxies.first)
        #expect(proxy.id == "istio-ingressgateway.istio-system" && proxy.type == .gateway && proxy.isStandIn)
        #expect(proxy.labels["istio"] == "ingressgateway")
        let service = try #require(snapshot.service("istio-ingressgateway", namespace: "istio-system"))
        #expect(service.isStandIn)
        #expect(service.ports.map(\.port) == [15021, 80, 443])
        #expect(service.ports.compactMap(\.targetPort?.number) == [15021, 8080, 8443])
        #expect(snapshot.endpointSlices(ofService: "istio-ingressgateway", namespace: "istio-system").count == 1)
    }

    @Test("an Ingress of Istio's class needs the gateway too")
    func ingress() {
        let ingress = """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, annotations: {kubernetes.io/ingress.class: istio}}
            """
        #expect(snapshot(ingress).proxies.map(\.id) == ["istio-ingressgateway.istio-system"])
        #expect(snapshot(ingress.replacing("class: istio", with: "class: nginx")).proxies.isEmpty)
    }

    @Test("a loaded gateway needs no stand-in, and several Gateways share one")
    func sharedGateway() {
        let second = gateway.replacing("name: web, namespace: shop", with: "name: second, namespace: other")
        #expect(snapshot(gateway, second).proxies.count == 1)
        let own = deployment.replacing("app: web, version: v1", with: "istio: ingressgateway")
            .replacing("app: web", with: "istio: ingressgateway")
        let loaded = snapshot(gateway, own)
        #expect(loaded.proxies.map(\.id) == ["web.shop"])
        #expect(loaded.services.isEmpty)
    }

    @Test("only the Service of a gateway is loaded: its selector names the stand-in")
    func gatewayService() {
        let edge = """
            apiVersion: v1
            kind: Service
            metadata: {name: edge, namespace: infra}
            spec: {selector: {istio: ingressgateway, app: edge}, ports: [{name: http2, port: 80, targetPort: 8081}]}
            """
        let snapshot = snapshot(gateway, edge)
        #expect(snapshot.proxies.map(\.id) == ["edge.infra"])
        #expect(snapshot.proxies.first?.labels["app"] == "edge")
        #expect(snapshot.services.map(\.name) == ["edge"])
    }

    @Test("a Gateway API Gateway of Istio's class gets the Deployment and Service that Istio makes")
    func managed() throws {
        let text = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: web, namespace: shop}
            spec:
              gatewayClassName: istio
              listeners: [{name: http, port: 80, protocol: HTTP}, {name: https, port: 8443, protocol: HTTPS}]
            """
        let snapshot = snapshot(text)
        #expect(snapshot.proxies.map(\.id) == ["web-istio.shop"])
        let service = try #require(snapshot.service("web-istio", namespace: "shop"))
        #expect(service.ports.map(\.port) == [15021, 80, 8443])
        #expect(snapshot.proxies(named: "web").map(\.id) == ["web-istio.shop"])
        #expect(snapshot.proxies(named: "web.shop").map(\.id) == ["web-istio.shop"])
        let foreign = text.replacing("gatewayClassName: istio", with: "gatewayClassName: nginx")
        #expect(self.snapshot(foreign).proxies.isEmpty)
    }

    @Test(
        "Pods are sidecars by the injector's labels",
        arguments: [
            ("istio-injection: enabled", "", true), ("istio.io/rev: stable", "", true), ("x: \"y\"", "", false),
            ("istio-injection: enabled", ", sidecar.istio.io/inject: \"false\"", false),
            ("x: \"y\"", ", sidecar.istio.io/inject: \"true\"", true),
            ("istio-injection: disabled", ", sidecar.istio.io/inject: \"true\"", false),
        ])
    func sidecars(namespaceLabel: String, podLabel: String, expected: Bool) {
        let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {\(namespaceLabel)}}\n"
        let text = deployment.replacing("app: web, version: v1", with: "app: web, version: v1\(podLabel)")
        #expect(snapshot(namespace, text).proxies.map(\.type) == (expected ? [.sidecar, .sidecar] : []))
    }

    @Test("a proxy is found by Pod, by workload, with and without namespace; a Pod without a sidecar too")
    func lookUp() {
        let snapshot = snapshot(deployment)
        let pod = snapshot.pods[0].name
        for name in [pod, "\(pod).shop"] { #expect(snapshot.proxies(named: name).map(\.name) == [pod]) }
        #expect(snapshot.proxies(named: "web.shop").map(\.workload) == ["web"])
        #expect(snapshot.proxies(named: "web").map(\.type) == [.sidecar])
        #expect(snapshot.proxies(named: "web.elsewhere").isEmpty)
    }

    private func snapshot(_ texts: String...) -> MeshSnapshot {
        MeshSnapshot.build(files: texts.enumerated().map { manifest($1, file: "\($0).yaml") }).0
    }
}
