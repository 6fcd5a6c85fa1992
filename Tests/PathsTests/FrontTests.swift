import Documents
import EnvoyModel
import MeshModel
import Testing
import TrafficEngine

@testable import Paths

/// Rules of third-party load balancers: actions and conditions of ALBs, paths, TLS, redirects, backends.
struct FrontTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var ingressClass = "alb"
        var annotations: [String] = []
        /// `rules:` below `spec`, and whatever else stands there.
        var spec: String
        var url = "http://front.example.com/"
        var headers: [[String]] = []
        var method = "GET"
        var status: Int
        /// The Service whose workload answers, or the `location`.
        var target: String?
        /// The path that arrives at the workload, where that matters.
        var path: String?
        var testDescription: String { name }
    }

    private static func rule(
        _ path: String, _ service: String, _ port: String = "number: 80", _ type: String = "Prefix"
    ) -> String {
        "    - {path: \"\(path)\", pathType: \(type), backend: {service: {name: \(service), port: {\(port)}}}}\n"
    }

    private static func rules(_ paths: String...) -> String {
        "  rules:\n  - http:\n      paths:\n" + paths.joined().indented
    }

    static let rows: [Row] = [
        // ALB
        Row(name: "ALB: the default listener is HTTP on 80", spec: rules(rule("/", "one")), status: 200, target: "one"),
        Row(
            name: "ALB: a certificate alone makes the listener HTTPS on 443",
            annotations: ["alb.ingress.kubernetes.io/certificate-arn: arn:x"], spec: rules(rule("/", "one")), status: 0),
        Row(
            name: "ALB: a certificate alone, asked by https",
            annotations: ["alb.ingress.kubernetes.io/certificate-arn: arn:x"], spec: rules(rule("/", "one")),
            url: "https://front.example.com/", status: 200, target: "one"),
        Row(
            name: "ALB: a listener of its own port",
            annotations: ["alb.ingress.kubernetes.io/listen-ports: '[{\"HTTP\": 8080}]'"],
            spec: rules(rule("/", "one")),
            url: "http://front.example.com:8080/", status: 200, target: "one"),
        Row(
            name: "ALB: prefixes go by elements, the longest first",
            spec: rules(rule("/", "one"), rule("/app", "two")), url: "http://front.example.com/app/x", status: 200,
            target: "two"),
        Row(
            name: "ALB: /apple is not below /app", spec: rules(rule("/", "one"), rule("/app", "two")),
            url: "http://front.example.com/apple", status: 200, target: "one"),
        Row(
            name: "ALB: exact before prefix",
            spec: rules(rule("/app", "one"), rule("/app", "two", "number: 80", "Exact")),
            url: "http://front.example.com/app", status: 200, target: "two"),
        Row(
            name: "ALB: patterns with wildcards",
            spec: rules(rule("/a/*/z", "two", "number: 80", "ImplementationSpecific"), rule("/", "one")),
            url: "http://front.example.com/a/b/z", status: 200, target: "one"),
        Row(
            name: "ALB: a pattern alone",
            spec: rules(rule("/a/*/z", "two", "number: 80", "ImplementationSpecific")),
            url: "http://front.example.com/a/b/c/z", status: 200, target: "two"),
        Row(name: "ALB: no rule is 404", spec: rules(rule("/app", "one")), status: 404),
        Row(
            name: "ALB: a fixed response",
            annotations: [
                "alb.ingress.kubernetes.io/actions.gone: '{\"type\":\"fixed-response\",\"fixedResponseConfig\":{\"statusCode\":\"410\",\"messageBody\":\"no\"}}'"
            ], spec: rules(rule("/", "gone", "name: use-annotation")), status: 410),
        Row(
            name: "ALB: a redirect with parts of the address",
            annotations: [
                "alb.ingress.kubernetes.io/actions.away: '{\"Type\":\"redirect\",\"RedirectConfig\":{\"Host\":\"new.example.com\",\"Path\":\"/v2/#{path}\",\"StatusCode\":\"HTTP_302\"}}'"
            ], spec: rules(rule("/", "away", "name: use-annotation")), url: "http://front.example.com/a?b=c",
            status: 302,
            target: "http://new.example.com:80/v2/a?b=c"),
        Row(
            name: "ALB: weighted target groups",
            annotations: [
                "alb.ingress.kubernetes.io/actions.split: '{\"type\":\"forward\",\"forwardConfig\":{\"targetGroups\":[{\"serviceName\":\"one\",\"servicePort\":80,\"weight\":20},{\"serviceName\":\"two\",\"servicePort\":\"80\",\"weight\":80}]}}'"
            ], spec: rules(rule("/", "split", "name: use-annotation")), status: 200, target: "two"),
        Row(
            name: "ALB: an action that is not there", spec: rules(rule("/", "none", "name: use-annotation")),
            status: 503),
        Row(
            name: "ALB: a header condition holds",
            annotations: [
                "alb.ingress.kubernetes.io/conditions.two: '[{\"field\":\"http-header\",\"httpHeaderConfig\":{\"httpHeaderName\":\"X-Canary\",\"values\":[\"yes*\"]}}]'"
            ], spec: rules(rule("/", "two"), rule("/", "one")), headers: [["x-canary", "YES please"]], status: 200,
            target: "two"),
        Row(
            name: "ALB: a header condition fails",
            annotations: [
                "alb.ingress.kubernetes.io/conditions.two: '[{\"field\":\"http-header\",\"httpHeaderConfig\":{\"httpHeaderName\":\"X-Canary\",\"values\":[\"yes*\"]}}]'"
            ], spec: rules(rule("/", "two"), rule("/", "one")), headers: [["x-canary", "no"]], status: 200,
            target: "one"),
        Row(
            name: "ALB: method, query and source conditions together",
            annotations: [
                "alb.ingress.kubernetes.io/conditions.two: '[{\"field\":\"http-request-method\",\"httpRequestMethodConfig\":{\"Values\":[\"POST\"]}},{\"field\":\"query-string\",\"queryStringConfig\":{\"values\":[{\"key\":\"v\",\"value\":\"2\"}]}},{\"field\":\"source-ip\",\"sourceIPConfig\":{\"values\":[\"203.0.113.0/24\"]}}]'"
            ], spec: rules(rule("/", "two"), rule("/", "one")), url: "http://front.example.com/?v=2", method: "POST",
            status: 200,
            target: "two"),
        Row(
            name: "ALB: instance targets need a node port", spec: rules(rule("/", "inner")), status: 503),
        Row(
            name: "ALB: ip targets do not", annotations: ["alb.ingress.kubernetes.io/target-type: ip"],
            spec: rules(rule("/", "inner")), status: 200, target: "inner"),
        Row(
            name: "ALB: TLS to a plaintext workload",
            annotations: ["alb.ingress.kubernetes.io/backend-protocol: HTTPS"],
            spec: rules(rule("/", "one")), status: 200, target: "one"),
        Row(name: "ALB: the Service is not there", spec: rules(rule("/", "missing")), status: 503),
        // GKE
        Row(name: "GKE: node ports", ingressClass: "gce", spec: rules(rule("/", "one")), status: 200, target: "one"),
        Row(
            name: "GKE: no port 80 with allow-http false", ingressClass: "gce",
            annotations: ["kubernetes.io/ingress.allow-http: \"false\""], spec: rules(rule("/", "one")), status: 0),
        Row(
            name: "GKE: no certificate, no port 443", ingressClass: "gce", spec: rules(rule("/", "one")),
            url: "https://front.example.com/", status: 0),
        Row(name: "GKE: nothing matches", ingressClass: "gce", spec: rules(rule("/app", "one")), status: 404),
        Row(
            name: "GKE: a path without a star is exact", ingressClass: "gce",
            spec: rules(rule("/app", "one", "number: 80", "ImplementationSpecific")),
            url: "http://front.example.com/app/x",
            status: 404),
        // ingress-nginx
        Row(
            name: "nginx: https for a host with TLS", ingressClass: "nginx",
            spec: "  tls: [{hosts: [front.example.com], secretName: t}]\n"
                + rules(rule("/", "one")).replacing("- http:", with: "- host: front.example.com\n    http:"),
            url: "http://front.example.com/a?b", status: 308, target: "https://front.example.com/a?b"),
        Row(
            name: "nginx: unless ssl-redirect is false", ingressClass: "nginx",
            annotations: ["nginx.ingress.kubernetes.io/ssl-redirect: \"false\""],
            spec: "  tls: [{hosts: [front.example.com], secretName: t}]\n"
                + rules(rule("/", "one")).replacing("- http:", with: "- host: front.example.com\n    http:"),
            status: 200,
            target: "one"),
        Row(
            name: "nginx: force-ssl-redirect without TLS of its own", ingressClass: "nginx",
            annotations: ["nginx.ingress.kubernetes.io/force-ssl-redirect: \"true\""], spec: rules(rule("/", "one")),
            status: 308,
            target: "https://front.example.com/"),
        Row(
            name: "nginx: the longest path wins", ingressClass: "nginx",
            spec: rules(rule("/", "one"), rule("/a/b", "two")),
            url: "http://front.example.com/a/b/c", status: 200, target: "two"),
        Row(
            name: "nginx: use-regex makes all paths of the host expressions, in any case", ingressClass: "nginx",
            annotations: [#"nginx.ingress.kubernetes.io/use-regex: "true""#],
            spec: rules(
                rule("/v[0-9]+/", "two", "number: 80", "ImplementationSpecific"),
                rule("/", "one", "number: 80", "ImplementationSpecific")),
            url: "http://front.example.com/V12/x", status: 200, target: "two"),
        Row(
            name: "nginx: an expression is not searched for inside the path", ingressClass: "nginx",
            annotations: [#"nginx.ingress.kubernetes.io/use-regex: "true""#],
            spec: rules(
                rule("/v[0-9]+/", "two", "number: 80", "ImplementationSpecific"),
                rule("/", "one", "number: 80", "ImplementationSpecific")),
            url: "http://front.example.com/a/v1/x", status: 200, target: "one"),
        Row(
            name: "nginx: without use-regex the text itself counts", ingressClass: "nginx",
            spec: rules(
                rule("/v[0-9]+/", "two", "number: 80", "ImplementationSpecific"),
                rule("/", "one", "number: 80", "ImplementationSpecific")),
            url: "http://front.example.com/v1/x", status: 200, target: "one"),
        Row(
            name: "nginx: a rewrite-target with groups", ingressClass: "nginx",
            annotations: ["nginx.ingress.kubernetes.io/rewrite-target: /$2"],
            spec: rules(rule("/app(/|$)(.*)", "two", "number: 80", "ImplementationSpecific")),
            url: "http://front.example.com/app/x/y?q=1", status: 200, target: "two", path: "/x/y?q=1"),
        Row(
            name: "nginx: a rewrite-target without groups", ingressClass: "nginx",
            annotations: ["nginx.ingress.kubernetes.io/rewrite-target: /fixed"],
            spec: rules(rule("/app", "two")), url: "http://front.example.com/app/x", status: 200, target: "two",
            path: "/fixed"),
        Row(
            name: "nginx: a rewrite makes prefixes expressions: /application begins with /app", ingressClass: "nginx",
            annotations: ["nginx.ingress.kubernetes.io/rewrite-target: /fixed"],
            spec: rules(rule("/app", "two")), url: "http://front.example.com/APPlication", status: 200, target: "two"),
        Row(
            name: "nginx: an address that is not allowed", ingressClass: "nginx",
            annotations: ["nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8, 192.168.0.0/16"],
            spec: rules(rule("/", "one")), status: 403),
        Row(
            name: "nginx: an address that is allowed", ingressClass: "nginx",
            annotations: ["nginx.ingress.kubernetes.io/allowlist-source-range: 203.0.113.0/24"],
            spec: rules(rule("/", "one")), status: 200, target: "one"),
        Row(
            name: "nginx: permanent-redirect", ingressClass: "nginx",
            annotations: ["nginx.ingress.kubernetes.io/permanent-redirect: https://other.example.com/"],
            spec: rules(rule("/", "one")), status: 301, target: "https://other.example.com/"),
        Row(
            name: "nginx: app-root takes / alone", ingressClass: "nginx",
            annotations: ["nginx.ingress.kubernetes.io/app-root: /start"], spec: rules(rule("/", "one")),
            status: 302, target: "http://front.example.com/start"),
        Row(name: "nginx: nothing matches", ingressClass: "nginx", spec: rules(rule("/app", "one")), status: 404),
        Row(
            name: "nginx: a Service without Pods", ingressClass: "nginx", spec: rules(rule("/", "empty")), status: 503),
        // Nobody's
        Row(
            name: "another class is nobody's", ingressClass: "traefik", spec: rules(rule("/", "one")), status: 404),
    ]

    private static func manifests(_ row: Row) -> String {
        let services = ["one", "two", "inner", "empty"].map { name in
            """
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: \(name), namespace: app}
            spec:
              type: \(name == "inner" ? "ClusterIP" : "NodePort")
              selector: {app: \(name)}
              ports: [{port: 80, targetPort: 8080\(name == "inner" ? "" : ", nodePort: 3\(name.utf8.reduce(0) { $0 + Int($1) } + 1000)")}]
            \(name == "empty" ? "" : "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: \(name), namespace: app}\nspec: {selector: {matchLabels: {app: \(name)}}, template: {metadata: {labels: {app: \(name)}}, spec: {containers: [{name: c, image: i, ports: [{containerPort: 8080}]}]}}}")
            """
        }
        return """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: front
              namespace: app
              annotations:
                example.com/none: x
            \(row.annotations.map { "    " + $0 + "\n" }.joined())spec:
              ingressClassName: \(row.ingressClass)
            \(row.spec)status: {loadBalancer: {ingress: [{hostname: front.example.com}]}}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: g, namespace: app}
            spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
            \(services.joined(separator: "\n"))
            """
    }

    @Test("a rule of a third-party load balancer", arguments: rows)
    func decide(_ row: Row) throws {
        let tracing = Tracing(Self.manifests(row))
        var (request, host, port) = Tracing.request(row.url, headers: row.headers.map { ($0[0], $0[1]) })
        request.method = row.method
        let path = try tracing.tracer.trace(request, host: host, port: port, caller: .outside, chosen: nil).0
        #expect(path.status ?? 0 == row.status, "\(path.kinds)\n\(path.hops.flatMap(\.facts).map(\.text))")
        guard let target = row.target else { return }
        if target.contains("://") {
            #expect(path.trace.response?.headers.first { $0.name == "location" }?.value == target)
        } else {
            #expect(path.hop(.endpoint)?.name.hasPrefix(target + "-") ?? false, "\(path.kinds)")
        }
        if let wanted = row.path { #expect(path.hop(.endpoint)?.arrives?.path == wanted) }
    }

    static let patterns: [(String, String, Bool)] = [
        ("/a", "/a", true), ("/a/b", "/a/*", true), ("/a", "/a/*", false), ("/abc", "/a?c", true),
        ("/ac", "/a?c", false),
        ("", "*", true), ("/", "", false), ("/aXbXc", "/a*b*c", true), ("/aXbX", "/a*b*c", false), ("a*b", "a*b", true),
        ("/xxxxxxxxxxxxxxxxxxxxxxxxxxxx", "/*x*x*x*x*x*x*y", false),
    ]

    @Test("wildcards of an ALB", arguments: patterns)
    func wildcard(_ text: String, _ pattern: String, _ isMatch: Bool) {
        #expect(PathPattern.matches(text, wildcard: pattern) == isMatch)
    }

    static let hosts: [(String, String, Bool)] = [
        ("a.example.com", "a.example.com", true), ("a.example.com", "A.Example.Com", true), ("a.example.com", "", true),
        ("a.example.com", "*.example.com", true), ("a.b.example.com", "*.example.com", false),
        ("example.com", "*.example.com", false), ("b.example.com", "a.example.com", false),
    ]

    @Test("hosts of Ingress rules", arguments: hosts)
    func host(_ host: String, _ rule: String, _ isMatch: Bool) {
        #expect(PathPattern.matches(host, rule: rule) == isMatch)
    }
}

extension String {
    fileprivate var indented: String { split(separator: "\n").map { "  " + $0 + "\n" }.joined() }
}
