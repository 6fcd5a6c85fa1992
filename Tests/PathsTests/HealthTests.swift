import Documents
import Testing

@testable import Paths

/// Health checks of cloud load balancers: which port and path, what answers, healthy or not and why.
struct HealthTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var annotations: [String]
        var type = "NodePort"
        var policy = "Cluster"
        var hasGateway = true
        var question: String
        var healthy: Int
        var reason: String
        var code: String?
        var testDescription: String { name }
    }

    private static func alb(_ name: String, _ value: String) -> String { "alb.ingress.kubernetes.io/\(name): \(value)" }

    static let rows: [Row] = [
        Row(
            name: "readiness by node port",
            annotations: [alb("healthcheck-port", "\"30021\""), alb("healthcheck-path", "/healthz/ready")],
            question: "HTTP :30021/healthz/ready", healthy: 2, reason: "readiness endpoint"),
        Row(
            name: "readiness by the name of the port",
            annotations: [alb("healthcheck-port", "status-port"), alb("healthcheck-path", "/healthz/ready")],
            question: "HTTP :30021/healthz/ready", healthy: 2, reason: "readiness endpoint"),
        Row(
            name: "another path of the readiness port",
            annotations: [alb("healthcheck-port", "\"30021\""), alb("healthcheck-path", "/")],
            question: "HTTP :30021/", healthy: 0, reason: "404: it knows /healthz/ready only"),
        Row(
            name: "the traffic port by default", annotations: [], question: "HTTP :30080/", healthy: 0,
            reason: "answers 404 NR"),
        Row(
            name: "a 404 that counts", annotations: [alb("success-codes", "200,404")], question: "HTTP :30080/",
            healthy: 2,
            reason: "answers 404 NR"),
        Row(
            name: "a range of codes", annotations: [alb("success-codes", "200-499")], question: "HTTP :30080/",
            healthy: 2,
            reason: "answers 404 NR"),
        Row(
            name: "the traffic port without a Gateway", annotations: [], hasGateway: false, question: "HTTP :30080/",
            healthy: 0, reason: "refused"),
        Row(
            name: "a number of the Service instead of a node port", annotations: [alb("healthcheck-port", "\"15021\"")],
            question: "HTTP :15021/", healthy: 0, reason: "no node port", code: "MT0220"),
        Row(
            name: "12021 for 15021", annotations: [alb("healthcheck-port", "\"12021\"")], question: "HTTP :12021/",
            healthy: 0, reason: "no node port", code: "MT0220"),
        Row(
            name: "target-type ip asks Pods",
            annotations: [
                alb("target-type", "ip"), alb("healthcheck-port", "\"15021\""),
                alb("healthcheck-path", "/healthz/ready"),
            ], question: "HTTP :15021/healthz/ready", healthy: 1, reason: "readiness endpoint"),
        Row(
            name: "Local: a node without a Pod fails",
            annotations: [alb("healthcheck-port", "\"30021\""), alb("healthcheck-path", "/healthz/ready")],
            policy: "Local",
            question: "HTTP :30021/healthz/ready", healthy: 1, reason: "no Pod of it runs here"),
        Row(
            name: "a doubled prefix",
            annotations: [
                "alb.ingress.kubernetes.io/alb.ingress.kubernetes.io/healthcheck-path: /x",
                alb("healthcheck-port", "\"30021\""),
            ], question: "HTTP :30021/", healthy: 0, reason: "404", code: "MT0222"),
    ]

    private static func manifests(_ row: Row) -> String {
        let gateway = """
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: web, namespace: istio-system}
            spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [a.example.com]}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: web, namespace: istio-system}
            spec: {hosts: [a.example.com], gateways: [web], http: [{directResponse: {status: 200}}]}
            """
        let annotations = row.annotations.map { "    \($0)\n" }.joined()
        return """
            apiVersion: v1
            kind: Node
            metadata: {name: one}
            status: {addresses: [{type: InternalIP, address: 10.0.0.1}]}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: two}
            status: {addresses: [{type: InternalIP, address: 10.0.0.2}]}
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: istio-ingressgateway
              namespace: istio-system
              annotations:
                example.com/none: x
            \(annotations)spec:
              type: \(row.type)
              externalTrafficPolicy: \(row.policy)
              \(row.policy == "Local" ? "healthCheckNodePort: 32000" : "sessionAffinity: None")
              selector: {istio: ingressgateway}
              ports:
              - {name: status-port, port: 15021, nodePort: 30021}
              - {name: http2, port: 80, targetPort: 8080, nodePort: 30080}
            \(row.type == "LoadBalancer" ? "status: {loadBalancer: {ingress: [{ip: 203.0.113.9}]}}" : "")
            ---
            apiVersion: v1
            kind: Pod
            metadata:
              name: gw
              namespace: istio-system
              labels: {istio: ingressgateway}
              annotations: {inject.istio.io/templates: gateway}
            spec: {nodeName: one, containers: [{name: istio-proxy, image: auto}]}
            status: {phase: Running, podIP: 10.1.0.1, hostIP: 10.0.0.1}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: front
              namespace: istio-system
              annotations: {external-dns.alpha.kubernetes.io/hostname: a.example.com}
            spec:
              ingressClassName: alb
              defaultBackend: {service: {name: istio-ingressgateway, port: {number: 80}}}
            \(row.hasGateway ? gateway : "")
            """.replacing("        alb.", with: "    alb.")
    }

    @Test("an ALB's health check", arguments: rows)
    func check(_ row: Row) throws {
        let path = try Tracing(Self.manifests(row)).path("http://a.example.com/")
        let report = try #require(path.health.first)
        #expect(report.question == row.question)
        #expect(report.healthyCount == row.healthy, "\(report.targets.map(\.reason))")
        #expect(report.targets.contains { $0.reason.contains(row.reason) }, "\(report.targets.map(\.reason))")
        if let code = row.code {
            let fact = report.facts.first { $0.code == code }
            #expect(fact?.source?.location != nil, "\(report.facts)")
            if row.name.hasPrefix("12021") {
                #expect(fact?.text.contains("nearest is 15021, whose node port is 30021") ?? false)
            }
            if code == "MT0222" { #expect(fact?.text.contains("healthcheck-path?") ?? false) }
        } else {
            #expect(report.facts.isEmpty, "\(report.facts)")
        }
    }

    /// Services of type LoadBalancer: annotations, `externalTrafficPolicy`, then the check and what it finds on two nodes.
    static let services: [(annotations: [String], policy: String, question: String?, healthy: Int)] = [
        (["service.beta.kubernetes.io/aws-load-balancer-type: nlb"], "Local", "HTTP :32000/healthz", 1),
        (["service.beta.kubernetes.io/aws-load-balancer-type: nlb"], "Cluster", "TCP :30080", 2),
        (
            [
                "service.beta.kubernetes.io/aws-load-balancer-type: external",
                "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type: ip",
                "service.beta.kubernetes.io/aws-load-balancer-healthcheck-port: \"15021\"",
                "service.beta.kubernetes.io/aws-load-balancer-healthcheck-protocol: http",
                "service.beta.kubernetes.io/aws-load-balancer-healthcheck-path: /healthz/ready",
            ], "Cluster", "HTTP :15021/healthz/ready", 1
        ),
        (["cloud.google.com/l4-rbs: enabled"], "Cluster", "HTTP :10256/healthz", 2),
        (["cloud.google.com/l4-rbs: enabled"], "Local", "HTTP :32000/healthz", 1),
        (["service.beta.kubernetes.io/azure-load-balancer-internal: \"true\""], "Cluster", "TCP :30080", 2),
        ([], "Cluster", nil, 0),
    ]

    @Test("the check of a network load balancer", arguments: services.indices)
    func network(_ index: Int) throws {
        let item = Self.services[index]
        let row = Row(
            name: "", annotations: item.annotations, type: "LoadBalancer", policy: item.policy, question: "",
            healthy: 0,
            reason: "")
        let path = try Tracing(Self.manifests(row)).path("http://203.0.113.9/", host: "a.example.com")
        #expect(path.status == 200, "\(path.problems.map(\.text))")
        #expect(path.health.first?.question == item.question)
        #expect(
            path.health.first?.healthyCount ?? 0 == item.healthy, "\(path.health.first?.targets.map(\.reason) ?? [])")
    }

    @Test("STRICT fails the load balancer's check of a workload, while the kubelet's probe passes")
    func strict() throws {
        let text = try Tracing(sample: "third-party/gclb")
        #expect(try text.path("https://www.example.com/").health.first?.healthyCount == 2)
        let folder = try SampleText.files("third-party/gclb").mapValues { $0.replacing("PERMISSIVE", with: "STRICT") }
        let path = try Tracing(["Kubernetes": folder], order: ["Kubernetes"]).path("https://www.example.com/")
        let report = try #require(path.health.first)
        #expect(report.healthyCount == 0)
        #expect(report.targets.first?.reason.contains("15020") ?? false)
        #expect(report.targets.first?.source?.kind == "PeerAuthentication")
        #expect(path.status == 502)
    }

    static let codes: [(Int, String, Bool)] = [
        (200, "200", true), (204, "200", false), (302, "200,302", true), (399, "200-399", true),
        (400, "200-399", false),
        (200, "", false), (200, "x-y", false), (200, "199-", false),
    ]

    @Test("success codes: numbers, lists, ranges", arguments: codes)
    func counts(_ status: Int, _ codes: String, _ isGood: Bool) {
        #expect(HealthCheck.counts(status, codes) == isGood)
    }
}
