import Documents
import MeshModel
import TestSupport
import Testing

@Suite struct SnapshotTests {
    @Test("of two objects with one name the later file's is used, and a warning names both places")
    func twice() {
        let first = manifest("apiVersion: v1\nkind: Service\nmetadata: {name: a, labels: {n: \"1\"}}\n", file: "a.yaml")
        let second = manifest(
            "# moved\napiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: default, labels: {n: \"2\"}}\n",
            file: "b.yaml")
        let (snapshot, diagnostics) = MeshSnapshot.build(files: [first, second])
        #expect(snapshot.services.map { $0.meta.labels["n"] } == ["2"])
        #expect(
            diagnostics.map { "\($0.location?.description ?? "") \($0.message)" } == [
                "b.yaml:2:1 Service \"default/a\" is there twice, first at a.yaml:1; this one, the last, is used"
            ])
    }

    @Test("the same name in other groups, namespaces and clusters is another object")
    func notTwice() {
        let text = """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: a}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: a}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: a, namespace: other}
            """
        let documents = DocumentReader.read(text, file: "a.yaml").documents
        let files = ["one", "two"].map { ManifestFile.read(path: "a.yaml", cluster: $0, documents: documents) }
        let (snapshot, diagnostics) = MeshSnapshot.build(files: files)
        #expect(diagnostics == [])
        #expect(snapshot.gateways.count == 4)
        #expect(snapshot.kubernetesGateways.count == 2)
    }

    @Test("a namespaced object without namespace is in default and says so; a cluster's object has none")
    func namespaces() {
        let snapshot = snapshot(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: a}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: node, namespace: ignored}
            """)
        #expect(snapshot.services.map(\.namespace) == ["default"])
        #expect(snapshot.services.map(\.meta.hasExplicitNamespace) == [false])
        #expect(snapshot.nodes.map(\.namespace) == [""])
    }

    @Test("lists are in Istio's order: creation time, name, namespace")
    func order() {
        let metas = [
            "b, namespace: x", "a, namespace: w", "a, namespace: x", "z, creationTimestamp: \"2020-01-01T00:00:00Z\"",
        ]
        let texts = metas.map { "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: \($0)}\n" }
        let snapshot = snapshot(texts.joined(separator: "---\n"))
        #expect(snapshot.sidecars.map(\.namespacedName.description) == ["default/z", "w/a", "x/a", "x/b"])
    }

    @Test("items of lists are objects; those of typed lists need no kind")
    func lists() {
        let snapshot = snapshot(
            """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: Service
              metadata: {name: a}
            ---
            apiVersion: v1
            kind: ServiceList
            items:
            - metadata: {name: b}
            """)
        #expect(snapshot.services.map(\.name) == ["a", "b"])
    }

    @Test("internal annotations of manifests count only when asked for", arguments: [false, true])
    func internalAnnotations(isAsked: Bool) {
        var settings = MeshSnapshot.Settings()
        settings.options.internalAnnotations = isAsked
        let snapshot = snapshot(
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: a, annotations: {internal.istio.io/route-semantics: gateway, own: kept}}
            """, settings: settings)
        #expect(snapshot.virtualServices.map(\.semantics) == [isAsked ? .gateway : .standard])
        #expect(snapshot.virtualServices.map { $0.meta.annotations["own"] } == ["kept"])
    }

    @Test("MeshConfig is read from ConfigMap istio, and mistakes in it have the file's lines")
    func meshConfig() {
        let file = manifest(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data:
              mesh: |-
                outboundTrafficPolicy: {mode: REGISTRY_ONLY}
                rootNamespace: root
                connectTimeout: 1s
                defaultConfig:
                  gatewayTopology: {numTrustedProxies: 2}
              meshNetworks: |-
                networks:
                  n1:
                    endpoints: [{fromRegistry: c1}]
                    gateways: [{address: 1.2.3.4, port: 15443}]
            """)
        let (snapshot, diagnostics) = MeshSnapshot.build(files: [file])
        #expect(diagnostics == [])
        #expect(snapshot.meshConfig.outboundTrafficPolicy.mode == .registryOnly)
        #expect(snapshot.meshConfig.rootNamespace == "root")
        #expect(snapshot.meshConfig.connectTimeout == .seconds(1))
        #expect(snapshot.meshConfig.defaultConfig.topology.numTrustedProxies == 2)
        #expect(snapshot.meshConfig.enableAutoMtls)
        #expect(snapshot.meshNetworks.networks["n1"]?.gateways.map(\.port) == [15443])
        #expect(snapshot.meshNetworks.networks["n1"]?.fromRegistries == ["c1"])
    }

    @Test("an Endpoints object is as good as an EndpointSlice, unless there is one")
    func endpoints() {
        let text = """
            apiVersion: v1
            kind: Endpoints
            metadata: {name: a}
            subsets: [{addresses: [{ip: 10.0.0.1}], notReadyAddresses: [{ip: 10.0.0.2}], ports: [{port: 80}]}]
            """
        let alone = snapshot(text).endpointSlices(ofService: "a", namespace: "default")
        #expect(alone.flatMap(\.endpoints).map(\.addresses) == [["10.0.0.1"], ["10.0.0.2"]])
        #expect(alone.flatMap(\.endpoints).map(\.isReady) == [true, false])
        let slice = """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: a-1, labels: {kubernetes.io/service-name: a}}
            endpoints: [{addresses: [10.0.0.9]}]
            """
        let both = snapshot(text, slice).endpointSlices(ofService: "a", namespace: "default")
        #expect(both.flatMap(\.endpoints).map(\.addresses) == [["10.0.0.9"]])
    }

    @Test("services and proxies described by hand are read")
    func described() throws {
        var settings = MeshSnapshot.Settings()
        settings.services =
            DocumentReader.read(
                """
                - {hostname: a.example, namespace: ns1, ports: [{number: 80, name: http, protocol: HTTP}], registry: Kubernetes,
                   resolution: NONE, external: true, addresses: {c1: [1.1.1.1]}, aliases: [b.example], exportTo: ["*"],
                   externalAddresses: [2.2.2.2], labels: {l: v}, address: 3.3.3.3, name: a,
                   endpoints: [{address: 4.4.4.4, ports: {http: 8080}, labels: {x: "y"}}]}
                """, file: "services.yaml"
            ).documents.first?.root
        let (snapshot, diagnostics) = MeshSnapshot.build(files: [], settings: settings)
        #expect(diagnostics == [])
        let service = try #require(snapshot.serviceDescriptions.first)
        #expect(service.registry == .kubernetes && service.resolution == .none && service.isExternal)
        #expect(service.endpoints.map(\.ports) == [["http": 8080]])
        #expect(service.addresses == ["c1": ["1.1.1.1"]])

        let text = "{type: gateway, namespace: edge, labels: {istio: gw}, metadata: {CLUSTER_ID: c2}}"
        let root = try #require(DocumentReader.read(text, file: "proxy.yaml").documents.first?.root)
        let (proxy, problems) = ProxyNode.read(root)
        #expect(problems == [])
        #expect(proxy?.type == .gateway && proxy?.dnsDomain == "edge.svc.cluster.local" && proxy?.cluster == "c2")
        let wrong = try #require(DocumentReader.read("{type: router}", file: "p.yaml").documents.first?.root)
        #expect(ProxyNode.read(wrong).0 == nil)
    }
}
