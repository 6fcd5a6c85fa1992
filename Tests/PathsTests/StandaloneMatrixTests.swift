import Documents
import EnvoyModel
import MeshModel
import Testing
import TrafficEngine

@testable import Paths

/// The outcomes of a third-party ingress that sends to workloads by itself (product research, 6.1), each computed from
/// manifests. Where the research is less exact than Istio, the row says so.
struct StandaloneMatrixTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var hasSidecar: Bool
        /// `service-upstream`.
        var toService = false
        /// `upstream-vhost`; `nil` leaves the public Host.
        var host: String?
        var mode = "PERMISSIVE"
        /// The Pod's port; the Service's is 80.
        var podPort = 8080
        var portName = "http"
        var isRegistryOnly = false
        /// Leaves what comes in to the ingress itself.
        var ignoresInbound = true
        // Outcome
        var status: Int
        /// The cluster that the ingress' sidecar picks.
        var cluster: String?
        /// What the workload's sidecar receives.
        var transport = "plaintext"
        var codes: Set<String> = []
        var testDescription: String { name }
    }

    private static let full = "web.shop.svc.cluster.local"
    private static let outbound = "outbound|80||web.shop.svc.cluster.local"

    static let rows: [Row] = [
        Row(name: "no sidecar, Pod IP, PERMISSIVE", hasSidecar: false, status: 200),
        Row(name: "no sidecar, Service, PERMISSIVE", hasSidecar: false, toService: true, status: 200),
        Row(name: "no sidecar, Pod IP, STRICT", hasSidecar: false, mode: "STRICT", status: 502, codes: ["MT0311"]),
        Row(
            name: "no sidecar, Service, STRICT", hasSidecar: false, toService: true, mode: "STRICT", status: 502,
            codes: ["MT0311"]),
        Row(
            name: "no sidecar, Service and its Host, STRICT", hasSidecar: false, toService: true, host: full,
            mode: "STRICT",
            status: 502, codes: ["MT0311"]),
        Row(
            name: "sidecar, Pod IP, public Host", hasSidecar: true, status: 200, cluster: "PassthroughCluster",
            codes: ["MT0330"]),
        // The research says 503 UC for both. That is so where the sidecar has an HTTP listener for the port that is dialled: then it
        // is an HTTP proxy that has to answer. On any other port it passes bytes on, the reset reaches nginx, and nginx answers 502.
        Row(
            name: "sidecar, Pod IP, public Host, STRICT, same port", hasSidecar: true, mode: "STRICT", podPort: 80,
            status: 503,
            cluster: "PassthroughCluster", codes: ["MT0330", "MT0311"]),
        Row(
            name: "sidecar, Pod IP, public Host, STRICT, other port", hasSidecar: true, mode: "STRICT", status: 502,
            cluster: "PassthroughCluster", codes: ["MT0330", "MT0311"]),
        Row(
            name: "sidecar, Pod IP, Service's Host, same port", hasSidecar: true, host: full, podPort: 80, status: 200,
            cluster: outbound, transport: "mtls"),
        Row(
            name: "sidecar, Pod IP, Service's Host, same port, STRICT", hasSidecar: true, host: full, mode: "STRICT",
            podPort: 80, status: 200, cluster: outbound, transport: "mtls"),
        Row(
            name: "sidecar, Pod IP, Service's Host, other port", hasSidecar: true, host: full, status: 200,
            cluster: "PassthroughCluster", codes: ["MT0330"]),
        Row(
            name: "sidecar, Service, Service's Host", hasSidecar: true, toService: true, host: full, status: 200,
            cluster: outbound, transport: "mtls"),
        Row(
            name: "sidecar, Service, Service's Host, STRICT", hasSidecar: true, toService: true, host: full,
            mode: "STRICT",
            status: 200, cluster: outbound, transport: "mtls"),
        Row(
            name: "sidecar, Service, public Host", hasSidecar: true, toService: true, status: 200,
            cluster: "PassthroughCluster", codes: ["MT0331"]),
        Row(
            name: "sidecar, Service, public Host, REGISTRY_ONLY", hasSidecar: true, toService: true,
            isRegistryOnly: true,
            status: 502),
        Row(
            name: "sidecar, Service whose port is TCP", hasSidecar: true, toService: true, portName: "tcp-web",
            status: 200,
            cluster: outbound, transport: "mtls"),
        Row(
            name: "sidecar, Service whose port is TCP, STRICT", hasSidecar: true, toService: true, mode: "STRICT",
            portName: "tcp-web", status: 200, cluster: outbound, transport: "mtls"),
        Row(
            name: "sidecar that takes what comes in", hasSidecar: true, toService: true, host: full,
            ignoresInbound: false,
            status: 200, cluster: outbound, transport: "mtls"),
    ]

    static func manifests(_ row: Row) -> String {
        let redirection =
            row.ignoresInbound ? "traffic.sidecar.istio.io/includeInboundPorts: \"\"" : "example.com/none: x"
        let upstream = row.toService ? "nginx.ingress.kubernetes.io/service-upstream: \"true\"" : "example.com/none: x"
        let vhost = row.host.map { "nginx.ingress.kubernetes.io/upstream-vhost: \($0)" } ?? "example.com/no: x"
        return """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data:
              mesh: |
                outboundTrafficPolicy: {mode: \(row.isRegistryOnly ? "REGISTRY_ONLY" : "ALLOW_ANY")}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {istio-injection: enabled}}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: ingress, labels: {istio-injection: \(row.hasSidecar ? "enabled" : "disabled")}}
            ---
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: shop}
            spec: {mtls: {mode: \(row.mode)}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {selector: {app: web}, ports: [{name: \(row.portName), port: 80, targetPort: \(row.podPort)}]}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web, security.istio.io/tlsMode: istio}}
                spec: {containers: [{name: web, image: web, ports: [{containerPort: \(row.podPort)}]}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: nginx, namespace: ingress}
            spec:
              type: LoadBalancer
              externalTrafficPolicy: Local
              healthCheckNodePort: 32000
              selector: {app: nginx}
              ports: [{name: http, port: 80, nodePort: 30080}]
            status: {loadBalancer: {ingress: [{ip: 203.0.113.5}]}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: nginx, namespace: ingress}
            spec:
              selector: {matchLabels: {app: nginx}}
              template:
                metadata: {labels: {app: nginx}, annotations: {\(redirection)}}
                spec: {containers: [{name: controller, image: registry.k8s.io/ingress-nginx/controller:v1.11.2}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              namespace: shop
              annotations:
                \(upstream)
                \(vhost)
            spec:
              ingressClassName: nginx
              rules:
              - host: www.example.com
                http:
                  paths:
                  - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
            """
    }

    @Test("a third-party ingress in standalone mode", arguments: rows)
    func outcome(_ row: Row) throws {
        let tracing = Tracing(Self.manifests(row))
        let path = try tracing.path("http://203.0.113.5/", host: "www.example.com")
        #expect(path.status == row.status, "\(path.kinds)\n\(path.problems.map(\.text))")
        #expect(path.mode == .standalone)
        let ingress = try #require(tracing.mesh.pods.first { $0.workload?.name == "nginx" })
        let outgoing = path.trace.hops.first {
            $0.proxy.hasPrefix(ingress.name) && $0.listener?.name != "virtualInbound"
        }
        #expect(outgoing?.clusterReference == row.cluster || row.isRegistryOnly)
        #expect((outgoing != nil) == row.hasSidecar)
        let inbound = path.hops.last { $0.kind == .sidecar && $0.name.hasPrefix("web-") }
        if !row.isRegistryOnly { #expect(inbound?.arrives?.transport.rawValue == row.transport) }
        #expect(path.codes.intersection(["MT0311", "MT0330", "MT0331"]) == row.codes, "\(path.problems.map(\.text))")
        let lost = path.hop(.ingress)?.facts.contains { $0.text.contains("client's address is lost") }
        #expect(lost == (row.hasSidecar && !row.ignoresInbound))
        if row.status == 502, !row.isRegistryOnly {
            #expect(path.answeredBy.map { path.hops[$0].kind } == .ingress)
        }
        if row.isRegistryOnly { #expect(outgoing?.virtualHost?.name == "block_all") }
    }

    @Test("the client's address stays with includeInboundPorts: \"\", and becomes 127.0.0.6 without")
    func source() throws {
        for isKept in [true, false] {
            let row = Row(
                name: "", hasSidecar: true, toService: true, host: Self.full, ignoresInbound: isKept, status: 200)
            let path = try Tracing(Self.manifests(row)).path("http://203.0.113.5/", host: "www.example.com")
            let ingress = try #require(path.hop(.ingress))
            #expect(ingress.arrives?.sourceIP == (isKept ? DestinationResolver.outsideAddress : "127.0.0.6"))
            let forwarded = ingress.changes.first { $0.name == "x-forwarded-for" }?.after
            #expect(forwarded == (isKept ? DestinationResolver.outsideAddress : "127.0.0.6"))
            #expect(ingress.server == .removes)
            // The ingress's own sidecar names itself where it is not passed by.
            #expect(path.server == (isKept ? nil : "istio-envoy"))
        }
    }

    @Test("from a mesh Pod an address is ignored: HTTP is routed by port and Host")
    func anyAddress() throws {
        let row = Row(name: "", hasSidecar: true, status: 200)
        let tracing = Tracing(Self.manifests(row))
        let caller = try #require(tracing.proxy("web"))
        let path = try tracing.path("http://8.8.8.8/", host: Self.full, from: .pod(caller))
        #expect(path.trace.hops.first?.clusterReference == Self.outbound)
        #expect(path.status == 200)
        #expect(path.mode == .mesh)
        let pod = try #require(tracing.mesh.pods.first { $0.workload?.name == "nginx" })
        let plain = try tracing.path("http://web.shop/", from: .plainPod(pod))
        #expect(plain.kinds == "client > node > sidecar > endpoint")
        #expect(plain.status == 200)
    }
}
