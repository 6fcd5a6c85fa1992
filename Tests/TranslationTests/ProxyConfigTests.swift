import Documents
import EnvoyModel
import MeshModel
import Testing
import Translation

@Suite("what MeshConfig and annotations say of single proxies")
struct ProxyConfigTests {
    private static let meshConfig = """
        trustDomain: one.example
        trustDomainAliases: [two.example]
        meshMTLS: {minProtocolVersion: TLSV1_3}
        tlsDefaults: {ecdhCurves: [P-256]}
        defaultConfig:
          gatewayTopology: {numTrustedProxies: 1}
          proxyMetadata: {ISTIO_META_DNS_CAPTURE: "true"}
          proxyHeaders: {attemptCount: {disabled: true}, server: {value: edge}}
        """

    private static func pod(_ name: String, labels: String, annotation: String? = nil) -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: \(name)
          namespace: shop
          labels: \(labels)
          annotations: {\(annotation.map { "proxy.istio.io/config: '\($0)'" } ?? "")}
        spec: {containers: [{name: istio-proxy, args: [proxy, \(name == "app" ? "sidecar" : "router")]}]}
        status: {podIP: 10.0.0.\(name.count), phase: Running}
        """
    }

    private static let objects = """
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: edge, namespace: shop}
        spec:
          servers:
            - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}
            - port: {number: 443, name: https, protocol: HTTPS}
              hosts: ["*"]
              tls: {mode: SIMPLE, credentialName: site}
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: all, namespace: shop}
        spec: {hosts: ["*"], gateways: [edge], http: [{directResponse: {status: 200}}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: app, namespace: shop}
        spec: {clusterIP: 10.96.0.1, selector: {app: app}, ports: [{name: http, port: 80}]}
        """

    private func configuration(of proxy: String) throws -> XDSSnapshot {
        let annotation =
            "{gatewayTopology: {numTrustedProxies: 3, proxyProtocol: {}}, proxyHeaders: {server: {disabled: true}, "
            + "envoyDebugHeaders: {disabled: true}, requestId: {disabled: true}}}"
        let text = [
            Self.objects, Self.pod("plain", labels: "{istio: ingressgateway}"),
            Self.pod("special", labels: "{istio: other}", annotation: annotation),
            Self.pod("app", labels: "{app: app}"),
        ].joined(separator: "\n---\n")
        var settings = MeshSnapshot.Settings()
        settings.meshConfig = DocumentReader.read(Self.meshConfig, file: "mesh.yaml").documents.first?.root
        let documents = DocumentReader.read(text, file: "objects.yaml").documents
        let mesh = MeshSnapshot.build(
            files: [ManifestFile.read(path: "objects.yaml", documents: documents)], settings: settings
        ).0
        let node = try #require(mesh.proxies(named: proxy).first)
        return MeshTranslation(mesh).configuration(for: node).xds
    }

    private func managers(_ xds: XDSSnapshot, in listener: String) -> [HTTPConnectionManager] {
        (xds.listeners.first { $0.name == listener }?.filterChains ?? []).flatMap(\.filters).compactMap {
            if case .httpConnectionManager(let manager) = $0.config { manager } else { nil }
        }
    }

    @Test("a gateway's annotation goes before the mesh's default, field by field")
    func gateways() throws {
        let plain = try #require(managers(try configuration(of: "plain"), in: "0.0.0.0_80").first)
        #expect(plain.xffNumTrustedHops == 1 && plain.serverName == "edge" && plain.generateRequestID)
        #expect(plain.serverHeaderTransformation == .overwrite)
        let special = try #require(managers(try configuration(of: "special"), in: "0.0.0.0_80").first)
        #expect(special.xffNumTrustedHops == 3 && special.serverName.isEmpty && !special.generateRequestID)
        #expect(special.serverHeaderTransformation == .passThrough)
        let listeners = try configuration(of: "special").listeners
        #expect(
            listeners.first { $0.name == "0.0.0.0_443" }?.listenerFilters.map(\.kind) == [
                .proxyProtocol, .tlsInspector,
            ])
        let routers = special.httpFilters.filter {
            if case .router(let router) = $0.config { router.suppressEnvoyHeaders } else { false }
        }
        #expect(routers.count == 1)
    }

    @Test("what Istio deploys for a Gateway has the Gateway's annotations")
    func deployed() throws {
        let text = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata:
              name: front
              namespace: shop
              annotations: {proxy.istio.io/config: '{gatewayTopology: {numTrustedProxies: 2}}'}
            spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
            """
        let documents = DocumentReader.read(text, file: "gateway.yaml").documents
        let mesh = MeshSnapshot.build(files: [ManifestFile.read(path: "gateway.yaml", documents: documents)]).0
        let node = try #require(mesh.proxies(named: "front").first)
        let manager = try #require(
            managers(MeshTranslation(mesh).configuration(for: node).xds, in: "0.0.0.0_80").first)
        #expect(manager.xffNumTrustedHops == 2)
    }

    @Test("attempts are not counted where the mesh does not want it")
    func attempts() throws {
        let hosts = try configuration(of: "plain").routes.flatMap(\.virtualHosts)
        #expect(!hosts.isEmpty && hosts.allSatisfy { !$0.includeRequestAttemptCount })
    }

    @Test("metadata of the mesh's default are the proxy's")
    func metadata() throws {
        let documents = DocumentReader.read(Self.pod("app", labels: "{app: app}"), file: "pod.yaml").documents
        var settings = MeshSnapshot.Settings()
        settings.meshConfig = DocumentReader.read(Self.meshConfig, file: "mesh.yaml").documents.first?.root
        let mesh = MeshSnapshot.build(
            files: [ManifestFile.read(path: "pod.yaml", documents: documents)], settings: settings
        ).0
        #expect(mesh.proxies(named: "app").first?.metadata["DNS_CAPTURE"] == "true")
    }

    @Test("the mesh's TLS: its lowest version, its trust domains; other TLS has the defaults")
    func transport() throws {
        let inbound = try configuration(of: "app").listeners.first { $0.name == "virtualInbound" }
        let contexts = (inbound?.filterChains ?? []).compactMap { chain -> DownstreamTLSContext? in
            if case .tls(let context)? = chain.transportSocket { context } else { nil }
        }
        #expect(!contexts.isEmpty)
        for context in contexts {
            #expect(context.common.minimumProtocolVersion == "TLSv1_3")
            #expect(
                context.common.validation?.matchSubjectAltNames == [
                    StringMatcher(.prefix("spiffe://one.example/")), StringMatcher(.prefix("spiffe://two.example/")),
                ])
        }
        let edge = try configuration(of: "plain").listeners.first { $0.name == "0.0.0.0_443" }
        guard case .tls(let site)? = edge?.filterChains.first?.transportSocket else {
            Issue.record("no TLS on port 443")
            return
        }
        #expect(site.common.ecdhCurves == ["P-256"])
    }
}
