import Documents
import TestSupport
import Testing
import TrafficEngine

@testable import Paths

/// Emissary's Mappings, Hosts and Listeners.
struct EmissaryTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        /// `spec` of each Mapping, in flow style.
        var mappings: [String]
        var hosts: [String] = []
        var listeners: [String] = []
        var url = "http://203.0.113.30/"
        var host = "www.example.com"
        var method = "GET"
        var headers: [[String]] = []
        var status = 200
        /// The Service whose workload answers, or the `location`.
        var target: String?
        /// The path that arrives there.
        var path: String?
        /// A part of what is said.
        var words = ""
        var testDescription: String { name }
    }

    private static let one = "{hostname: \"*\", prefix: /, service: one}"

    static let rows: [Row] = [
        Row(
            name: "the longest prefix", mappings: [one, "{prefix: /two/, service: two}"],
            url: "http://203.0.113.30/two/x", target: "two", path: "/x"),
        Row(
            name: "a prefix stays with rewrite \"\"", mappings: ["{prefix: /two/, rewrite: \"\", service: two}"],
            url: "http://203.0.113.30/two/x?q", target: "two", path: "/two/x?q"),
        Row(
            name: "a higher precedence wins over a longer prefix",
            mappings: ["{prefix: /, precedence: 1, service: one}", "{prefix: /two/, service: two}"],
            url: "http://203.0.113.30/two/x", target: "one"),
        Row(
            name: "more conditions win", mappings: [one, "{prefix: /, headers: {x-v: \"2\"}, service: two}"],
            headers: [["x-v", "2"]], target: "two"),
        Row(
            name: "a header that is another", mappings: [one, "{prefix: /, headers: {x-v: \"2\"}, service: two}"],
            headers: [["x-v", "3"]], target: "one"),
        Row(
            name: "a header that is only there", mappings: [one, "{prefix: /, headers: {x-v: true}, service: two}"],
            headers: [["x-v", "3"]], target: "two"),
        Row(
            name: "a header by expression, as a whole",
            mappings: [one, "{prefix: /, regex_headers: {x-v: \"2.*\"}, service: two}"],
            headers: [["x-v", "25"]], target: "two"),
        Row(
            name: "a method", mappings: [one, "{prefix: /, method: POST, service: two}"], method: "POST", target: "two"),
        Row(
            name: "a query parameter", mappings: [one, "{prefix: /, query_parameters: {v: \"2\"}, service: two}"],
            url: "http://203.0.113.30/?a=1&v=2", target: "two"),
        Row(
            name: "prefix_exact", mappings: ["{prefix: /two, prefix_exact: true, service: two}"],
            url: "http://203.0.113.30/two/x", status: 404, words: "its prefix is /two"),
        Row(
            name: "prefix_regex", mappings: [one, "{prefix: \"/v[0-9]+/.*\", prefix_regex: true, service: two}"],
            url: "http://203.0.113.30/v12/x", target: "two", path: "/v12/x"),
        Row(
            name: "case_sensitive: false", mappings: ["{prefix: /Two/, case_sensitive: false, service: two}"],
            url: "http://203.0.113.30/tWo/x", target: "two"),
        Row(
            name: "regex_rewrite",
            mappings: [#"{prefix: /, regex_rewrite: {pattern: "^/a/(.*)$", substitution: "/b/\\1"}, service: two}"#],
            url: "http://203.0.113.30/a/x", target: "two", path: "/b/x"),
        Row(
            name: "another hostname", mappings: ["{hostname: other.example.com, prefix: /, service: two}"], status: 404,
            words: "its hostname is other.example.com"),
        Row(
            name: "a glob covers any number of labels",
            mappings: ["{hostname: \"*.example.com\", prefix: /, service: two}"], host: "a.b.example.com", target: "two"
        ),
        Row(
            name: "weights: what has none gets the rest",
            mappings: [one, "{hostname: \"*\", prefix: /, weight: 20, service: two}"], target: "one",
            words: "one 80 %, two 20 %"),
        Row(
            name: "host_redirect",
            mappings: ["{prefix: /old/, host_redirect: true, prefix_redirect: /new/, service: new.example.com}"],
            url: "http://203.0.113.30/old/x?y", status: 301, target: "http://new.example.com/new/x?y"),
        Row(
            name: "a field that has no part here is named",
            mappings: ["{prefix: /, service: one, cors: {origins: \"*\"}}"],
            target: "one", words: "cors of Mapping shop/m0 / is not evaluated"),
        Row(
            name: "plain text for a Host without requestPolicy is redirected", mappings: [one],
            hosts: ["{hostname: www.example.com}"], url: "http://203.0.113.30/a?b", status: 301,
            target: "https://www.example.com/a?b", words: "requestPolicy of Host shop/h0"),
        Row(
            name: "plain text that the Host routes", mappings: [one],
            hosts: ["{hostname: www.example.com, requestPolicy: {insecure: {action: Route}}}"], target: "one"),
        Row(
            name: "plain text that the Host rejects", mappings: [one],
            hosts: ["{hostname: www.example.com, requestPolicy: {insecure: {action: Reject}}}"], status: 404,
            words: "rejected"),
        Row(
            name: "the most exact Host says", mappings: [one],
            hosts: ["{hostname: \"*\"}", "{hostname: www.example.com, requestPolicy: {insecure: {action: Route}}}"],
            target: "one"),
        Row(
            name: "a name that no Host has", mappings: [one], hosts: ["{hostname: other.example.com}"], status: 404,
            words: "no Host has www.example.com; there are other.example.com"),
        Row(
            name: "x-forwarded-proto counts where a Listener knows of a load balancer", mappings: [one],
            hosts: ["{hostname: www.example.com}"], listeners: ["{port: 8080, protocol: HTTP, l7Depth: 1}"],
            headers: [["x-forwarded-proto", "https"]], target: "one"),
        Row(
            name: "x-forwarded-proto of anybody does not", mappings: [one], hosts: ["{hostname: www.example.com}"],
            listeners: ["{port: 8080, protocol: HTTP}"], headers: [["x-forwarded-proto", "https"]], status: 301),
        Row(
            name: "a Listener of another port", mappings: [one], listeners: ["{port: 9999, protocol: HTTP}"], status: 0,
            words: "no Listener is on port 8080; they are on 9999"),
    ]

    private static func manifests(_ row: Row) -> String {
        func objects(_ kind: String, _ letter: String, _ specs: [String]) -> String {
            specs.enumerated().map { index, spec in
                """
                ---
                apiVersion: getambassador.io/v3alpha1
                kind: \(kind)
                metadata: {name: \(letter)\(index), namespace: shop}
                spec: \(spec)

                """
            }.joined()
        }
        let workloads = ["one", "two", "emissary"].map { name in
            """
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: \(name), namespace: shop}
            spec:
              type: \(name == "emissary" ? "LoadBalancer" : "ClusterIP")
              selector: {app: \(name)}
              ports: [{port: 80, targetPort: 8080}]
            status: {loadBalancer: {ingress: [{ip: \(name == "emissary" ? "203.0.113.30" : "\"\"")}]}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: \(name), namespace: shop}
            spec: {selector: {matchLabels: {app: \(name)}}, template: {metadata: {labels: {app: \(name)}}, spec: {containers: [{name: c, image: "docker.io/\(name == "emissary" ? "emissaryingress/emissary" : "x")"}]}}}

            """
        }
        return workloads.joined() + objects("Mapping", "m", row.mappings) + objects("Host", "h", row.hosts)
            + objects("Listener", "l", row.listeners)
    }

    @Test("what Emissary makes of a request", arguments: rows)
    func decide(_ row: Row) throws {
        let tracing = Tracing(Self.manifests(row))
        var (request, address, port) = Tracing.request(
            row.url, host: row.host, headers: row.headers.map { ($0[0], $0[1]) })
        request.method = row.method
        let path = try tracing.tracer.trace(request, host: address, port: port, caller: .outside, chosen: nil).0
        let facts = path.hops.flatMap(\.facts)
        #expect(path.status ?? 0 == row.status, "\(path.kinds)\n\(facts.map(\.text))")
        if !row.words.isEmpty {
            let fact = facts.first { $0.text.contains(row.words) }
            #expect(fact?.source?.location != nil, "\(facts.map(\.text))")
        }
        if let wanted = row.path { #expect(path.hop(.endpoint)?.arrives?.path == wanted) }
        guard let target = row.target else { return }
        if target.contains("://") {
            #expect(path.trace.response?.headers.first { $0.name == "location" }?.value == target)
        } else {
            #expect(path.hop(.endpoint)?.name.hasPrefix(target + "-") ?? false, "\(path.kinds)")
        }
    }
}
