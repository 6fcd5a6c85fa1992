import Documents
import TestSupport
import Testing
import TrafficEngine

@testable import Paths

/// The same request from everywhere (product research, N8; 6.2, troubleshooting 4; the warning of 6.2, row 7).
struct CallerMatrixTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var sample: String
        var url: String
        var host: String?
        /// `KIND | WAY | RESULT | CLUSTER | TRANSPORT`, the Pods' own names left out.
        var lines: [String]
        var testDescription: String { "\(sample) \(url)" }
    }

    static let rows: [Row] = [
        Row(
            sample: "httpbin", url: "http://203.0.113.10/status/200", host: "httpbin.example.com",
            lines: [
                "outside | load balancer of Service istio-system/istio-ingressgateway | 200 | outbound|8000||httpbin.default.svc.cluster.local | plaintext",
                "outside | node port of Service istio-system/istio-ingressgateway | 200 | outbound|8000||httpbin.default.svc.cluster.local | plaintext",
                "mesh Pod* | as the line has it | 200 | PassthroughCluster | plaintext",
                "mesh Pod* | Service default/httpbin | 200 | outbound|8000||httpbin.default.svc.cluster.local | plaintext",
                "plain Pod | as the line has it | 200 | outbound|8000||httpbin.default.svc.cluster.local | plaintext",
                "plain Pod | Service default/httpbin | 200 | - | plaintext",
            ]),
        // The gateway answers 404 for a path that no rule has; inside, no rule has a part in it.
        Row(
            sample: "httpbin", url: "http://203.0.113.10/headers", host: "httpbin.example.com",
            lines: [
                "outside | load balancer of Service istio-system/istio-ingressgateway | 404 NR | - | -",
                "outside | node port of Service istio-system/istio-ingressgateway | 404 NR | - | -",
                "mesh Pod* | as the line has it | 404 | PassthroughCluster | -",
                "plain Pod | as the line has it | 404 NR | - | -",
            ]),
        Row(
            sample: "alb/5-fixed", url: "https://istio-test-alb.example.com/",
            lines: [
                "outside | AWS ALB of Ingress istio-system/test-alb | 200 | outbound|80||test-svc.test-ns.svc.cluster.local | mtls",
                "outside | node port of Service istio-system/istio-ingressgateway, node node-1, plaintext | 200 | outbound|80||test-svc.test-ns.svc.cluster.local | mtls",
                "mesh Pod | as the line has it | 200 | PassthroughCluster | mtls",
                "mesh Pod | Service test-ns/test-svc | 200 | outbound|80||test-svc.test-ns.svc.cluster.local | mtls",
                "plain Pod* | as the line has it | 200 | outbound|80||test-svc.test-ns.svc.cluster.local | mtls",
                "plain Pod* | Service test-ns/test-svc | 200 | - | plaintext",
            ]),
        // STRICT: whoever has no sidecar gets nothing, from outside and from inside.
        Row(
            sample: "third-party/standalone-strict", url: "http://203.0.113.30/", host: "www.example.com",
            lines: [
                "outside | load balancer of Service ingress-nginx/ingress-nginx | 502 | - | -",
                "outside | node port of Service ingress-nginx/ingress-nginx | 502 | - | -",
                "mesh Pod | as the line has it | 502 | PassthroughCluster | -",
                "mesh Pod | Service shop/web | 200 | outbound|80||web.shop.svc.cluster.local | mtls",
                "plain Pod* | as the line has it | 502 | - | -",
                "plain Pod* | Service shop/web | no-filter-chain | - | -",
            ]),
        Row(
            sample: "httpbin-gateway-api", url: "http://203.0.113.20/status/200", host: "httpbin.example.com",
            lines: [
                "outside | address of Gateway default/httpbin-gateway | 200 | outbound|8000||httpbin.default.svc.cluster.local | plaintext",
                "mesh Pod* | as the line has it | 200 | PassthroughCluster | plaintext",
                "mesh Pod* | Service default/httpbin | 200 | outbound|8000||httpbin.default.svc.cluster.local | plaintext",
                "plain Pod | as the line has it | 200 | outbound|8000||httpbin.default.svc.cluster.local | plaintext",
                "plain Pod | Service default/httpbin | 200 | - | plaintext",
            ]),
    ]

    private func lines(_ matrix: CallerMatrix) -> [String] {
        matrix.rows.map { row in
            let isAnswered = (row.path?.trace.response?.status ?? 500) < 400
            return [
                row.kind.rawValue + (row.isAssumed ? "*" : ""), row.way, row.result, row.cluster ?? "-",
                isAnswered ? row.transport ?? "-" : "-",
            ].joined(separator: " | ")
        }
    }

    @Test("one request, everybody who might make it", arguments: rows)
    func callers(_ row: Row) throws {
        let tracing = try Tracing(sample: row.sample)
        let (request, host, port) = Tracing.request(row.url, host: row.host)
        let matrix = tracing.tracer.callers(of: request, host: host, port: port, chosen: nil)
        #expect(lines(matrix) == row.lines, "\(lines(matrix).joined(separator: "\n"))")
    }

    @Test("externalTrafficPolicy Local: a node with a Pod answers, one without drops")
    func nodes() throws {
        var files = try SampleText.files("alb/5-fixed")
        files["istio-ingressgateway.yaml"] = files["istio-ingressgateway.yaml"]?.replacing(
            "externalTrafficPolicy: Cluster", with: "externalTrafficPolicy: Local"
        ).replacing("      containers:\n", with: "      nodeName: node-1\n      containers:\n")
        files["other.yaml"] = """
            apiVersion: v1
            kind: Node
            metadata: {name: node-2}
            status: {addresses: [{type: InternalIP, address: 10.3.0.12}]}
            """
        let tracing = Tracing(["Kubernetes": files], order: ["Kubernetes"])
        let (request, host, port) = Tracing.request(
            "http://10.3.0.11:31246/", host: "istio-test-alb.example.com")
        let matrix = tracing.tracer.callers(of: request, host: host, port: port, chosen: nil)
        let outside = matrix.rows.filter { $0.kind == .outside }
        #expect(outside.contains { $0.result == "200" })
        let without = try #require(outside.first { $0.way.contains("without a Pod of it") }, "\(lines(matrix))")
        #expect(without.result != "200")
        #expect(without.firstProblem?.text.contains("the connection is dropped") == true)
    }

    @Test("a rule that only one namespace may use is told by the caller's row")
    func visibility() throws {
        let pod = { (namespace: String) in
            """
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: \(namespace), labels: {istio-injection: enabled}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: sleep, namespace: \(namespace)}
            spec:
              selector: {matchLabels: {app: sleep}}
              template:
                metadata: {labels: {app: sleep}}
                spec: {containers: [{name: sleep, image: sleep}]}

            """
        }
        let text =
            pod("one") + pod("two") + pod("shop") + """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: shop}
                spec: {selector: {app: sleep}, ports: [{name: http, port: 80, targetPort: 8080}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: web, namespace: one}
                spec:
                  exportTo: ["."]
                  hosts: [web.shop.svc.cluster.local]
                  http: [{directResponse: {status: 418}}]
                """
        let tracing = Tracing(text)
        let (request, host, port) = Tracing.request("http://web.shop.svc.cluster.local/")
        let matrix = tracing.tracer.callers(of: request, host: host, port: port, chosen: tracing.proxy("sleep"))
        let results = Dictionary(
            matrix.rows.filter { $0.kind == .meshPod }.map { ($0.caller.split(separator: ".").last ?? "", $0.result) }
        ) { first, _ in first }
        #expect(results == ["one": "418", "two": "200", "shop": "200"])
        #expect(matrix.rows.first { $0.result == "418" }?.rule?.name == "web")
    }

    @Test("of many namespaces so many are asked as one wants, and the rest is said")
    func limit() throws {
        let tracing = try Tracing(sample: "third-party/nginx")
        let (request, host, port) = Tracing.request("http://203.0.113.30/", host: "www.example.com")
        let matrix = tracing.tracer.callers(of: request, host: host, port: port, chosen: nil, limit: 1)
        #expect(Set(matrix.rows.filter { $0.kind != .outside }.map(\.caller)).count == 1)
        #expect(matrix.notes.count == 1)
    }
}
