import Documents
import TestSupport
import Testing
import TrafficEngine

@testable import Paths

/// Canaries of ingress-nginx: another Ingress for a path that one has.
struct CanaryTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        /// Annotations behind `nginx.ingress.kubernetes.io/canary`.
        var annotations: [String]
        var headers: [[String]] = []
        var isCanary: Bool
        /// A part of what is said about it.
        var words = ""
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(
            name: "without a rule nothing is for it", annotations: [], isCanary: false, words: "nothing of this request"
        ),
        Row(
            name: "header always", annotations: ["-by-header: X-Canary"], headers: [["x-canary", "always"]],
            isCanary: true, words: "header X-Canary is always: the canary's"),
        Row(
            name: "header never, whatever the weight", annotations: ["-by-header: X-Canary", "-weight: \"90\""],
            headers: [["x-canary", "never"]], isCanary: false, words: "not the canary's"),
        Row(
            name: "another value of the header leaves it to the weight",
            annotations: ["-by-header: X-Canary", "-weight: \"90\""], headers: [["x-canary", "perhaps"]],
            isCanary: true, words: "90 of 100"),
        Row(
            name: "a header's own value", annotations: ["-by-header: X-Canary", "-by-header-value: blue"],
            headers: [["x-canary", "blue"]], isCanary: true),
        Row(
            name: "with a value of its own, always is a value like others",
            annotations: ["-by-header: X-Canary", "-by-header-value: blue"], headers: [["x-canary", "always"]],
            isCanary: false),
        Row(
            name: "a header's pattern", annotations: ["-by-header: X-User", "-by-header-pattern: 7$"],
            headers: [["x-user", "id-17"]], isCanary: true),
        Row(
            name: "a cookie", annotations: ["-by-cookie: canary"], headers: [["cookie", "a=b; canary=always"]],
            isCanary: true, words: "cookie canary is always"),
        Row(
            name: "a small weight", annotations: ["-weight: \"20\""], isCanary: false, words: "20 of 100 requests"),
        Row(
            name: "a weight of another total", annotations: ["-weight: \"20\"", "-weight-total: \"30\""],
            isCanary: true, words: "20 of 30"),
    ]

    @Test("which backend a canary leaves a request to", arguments: rows)
    func canary(_ row: Row) throws {
        let annotations = (["\u{20}: \"true\""] + row.annotations).map { line in
            "    nginx.ingress.kubernetes.io/canary" + (line.hasPrefix(" ") ? String(line.dropFirst()) : line) + "\n"
        }
        let ingress = { (name: String, paths: [String], annotations: String) in
            """
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: \(name)
              namespace: app
              annotations:
                example.com/none: x
            \(annotations)spec:
              ingressClassName: nginx
              rules:
              - http:
                  paths:
            \(paths.map { "      - {path: \($0), pathType: Prefix, backend: {service: {name: \(name), port: {number: 80}}}}\n" }.joined())status: {loadBalancer: {ingress: [{hostname: front.example.com}]}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: \(name), namespace: app}
            spec: {selector: {app: \(name)}, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: \(name), namespace: app}
            spec: {selector: {matchLabels: {app: \(name)}}, template: {metadata: {labels: {app: \(name)}}, spec: {containers: [{name: c, image: i}]}}}

            """
        }
        let tracing = Tracing(
            ingress("main", ["/"], "") + ingress("canary", ["/"], annotations.joined()))
        let path = try tracing.path(
            "http://front.example.com/", headers: row.headers.map { ($0[0], $0[1]) })
        #expect(path.hop(.endpoint)?.name.hasPrefix(row.isCanary ? "canary-" : "main-") == true, "\(path.kinds)")
        let facts = path.hops.flatMap(\.facts)
        let fact = facts.first { $0.text.hasPrefix("canary app/canary") }
        #expect(fact?.text.contains(row.words) ?? row.words.isEmpty, "\(facts.map(\.text))")
        if !row.words.isEmpty { #expect(fact?.source?.location != nil) }
    }
}
