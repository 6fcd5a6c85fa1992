import Documents
import EnvoyModel
import Testing
import TrafficEngine

@testable import Paths

/// The samples with a load balancer in front, and the five states of the article on ALBs (6.3).
struct SampleLadderTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var sample: String
        var url: String
        var host: String?
        var status: Int
        var server: String?
        var mode = RequestPath.Mode.chained
        var kinds: String
        /// Texts of facts, each with the file that it names (`nil`: none).
        var facts: [(text: String, file: String?)] = []
        var testDescription: String { "\(sample) \(url)" }
    }

    private static let alb = "https://istio-test-alb.example.com/"

    static let rows: [Row] = [
        Row(
            sample: "alb/1-install", url: alb, status: 502, server: "awselb/2.0",
            kinds: "client > cloud load balancer > node > gateway",
            facts: [
                ("answers 502 by itself", nil), ("nothing listens on port 8080", nil),
                ("TLS ends here", "ingress.yaml"),
                ("redirect leads back here", "ingress.yaml"),
            ]),
        Row(
            sample: "alb/2-app", url: alb, status: 502, server: "awselb/2.0",
            kinds: "client > cloud load balancer > node > gateway"),
        Row(
            sample: "alb/3-gateway", url: alb, status: 404, server: "istio-envoy",
            kinds: "client > cloud load balancer > node > gateway"),
        Row(
            sample: "alb/4-virtualservice", url: alb, status: 200, server: "istio-envoy",
            kinds: "client > cloud load balancer > node > gateway > sidecar > endpoint",
            facts: [
                ("next hop sees the node (10.3.0.11)", "istio-ingressgateway.yaml"),
                ("x-forwarded-proto https from before is overwritten with http", nil),
            ]),
        Row(
            sample: "alb/5-fixed", url: alb, status: 200, server: "istio-envoy",
            kinds: "client > cloud load balancer > node > gateway > sidecar > endpoint",
            facts: [("targets are nodes (target-type instance)", nil)]),
        Row(
            sample: "alb/5-fixed", url: "http://10.3.0.11:31246/", host: "istio-test-alb.example.com", status: 200,
            server: "istio-envoy", mode: .gateway, kinds: "client > node > gateway > sidecar > endpoint"),
        Row(
            sample: "alb/4-virtualservice", url: "http://istio-test-alb.example.com/a?b=c", status: 301,
            server: "awselb/2.0",
            mode: .standalone, kinds: "client > cloud load balancer"),
        Row(
            sample: "alb/5-fixed", url: "http://istio-test-alb.example.com/a?b=c", status: 301, server: "awselb/2.0",
            mode: .standalone, kinds: "client > cloud load balancer", facts: [("ssl-redirect", "ingress.yaml")]),
        Row(
            sample: "third-party/standalone-strict", url: "http://203.0.113.30/", host: "www.example.com", status: 502,
            mode: .standalone, kinds: "client > network load balancer > node > ingress > sidecar",
            facts: [("accepts mTLS only", "app.yaml"), ("has no sidecar", nil)]),
        Row(
            sample: "third-party/nginx", url: "http://203.0.113.30/", host: "www.example.com", status: 200,
            mode: .standalone,
            kinds: "client > network load balancer > node > ingress > sidecar > node > sidecar > endpoint",
            facts: [("PassthroughCluster", "app.yaml"), ("service-upstream", "ingress.yaml")]),
        Row(
            sample: "third-party/nginx-upstream-vhost", url: "http://203.0.113.30/", host: "www.example.com",
            status: 200,
            mode: .standalone, kinds: "client > network load balancer > node > ingress > sidecar > sidecar > endpoint",
            facts: [("upstream-vhost", "ingress.yaml"), ("includeInboundPorts", "ingress.yaml")]),
        Row(
            sample: "third-party/emissary", url: "http://203.0.113.30/", host: "www.example.com", status: 200,
            server: "envoy", mode: .standalone,
            kinds: "client > network load balancer > node > ingress > sidecar > sidecar > endpoint",
            facts: [("Emissary's default", "mapping.yaml")]),
        Row(
            sample: "third-party/emissary", url: "http://203.0.113.30/public/", host: "www.example.com", status: 503,
            server: "envoy", mode: .standalone,
            kinds: "client > network load balancer > node > ingress > sidecar > node > sidecar"),
        Row(
            sample: "third-party/gclb", url: "http://203.0.113.31/", host: "www.example.com", status: 301,
            mode: .standalone,
            kinds: "client > cloud load balancer", facts: [("redirectToHttps", "ingress.yaml")]),
        Row(
            sample: "third-party/gclb", url: "https://www.example.com/", status: 200, server: "istio-envoy",
            mode: .standalone,
            kinds: "client > cloud load balancer > sidecar > endpoint", facts: [("network endpoint group", "app.yaml")]),
        Row(
            sample: "third-party/nlb", url: "http://web-1234.elb.eu-west-3.amazonaws.com/", host: "www.example.com",
            status: 200, server: "istio-envoy", mode: .gateway,
            kinds: "client > network load balancer > gateway > sidecar > endpoint",
            facts: [("targets are Pods", "gateway.yaml")]),
        Row(
            sample: "httpbin", url: "http://203.0.113.10/status/200", host: "httpbin.example.com", status: 200,
            server: "istio-envoy", mode: .gateway, kinds: "client > network load balancer > node > gateway > endpoint"),
    ]

    @Test("a request through a sample, hop by hop", arguments: rows)
    func ladder(_ row: Row) throws {
        let path = try Tracing(sample: row.sample).path(row.url, host: row.host)
        #expect(path.status == row.status, "\(path.problems.map(\.text))")
        #expect(path.server == row.server)
        #expect(path.kinds == row.kinds)
        #expect(path.mode == row.mode)
        let facts = path.hops.flatMap(\.facts)
        for (text, file) in row.facts {
            let found = facts.first { $0.text.contains(text) }
            #expect(found != nil, "\(text) in \(facts.map(\.text))")
            if let file { #expect(found?.source?.location?.file == file, "\(text)") }
        }
        // The hops of the contract's trace are proxies alone, in the order of the ladder.
        #expect(path.hops.compactMap(\.traceIndex) == Array(path.trace.hops.indices))
    }

    @Test("an ALB's redirect keeps host, path and query, and names the port")
    func redirect() throws {
        for state in ["alb/1-install", "alb/5-fixed"] {
            let path = try Tracing(sample: state).path("http://istio-test-alb.example.com/a?b=c")
            let location = path.trace.response?.headers.first { $0.name == "location" }?.value
            #expect(location == "https://istio-test-alb.example.com:443/a?b=c")
        }
    }

    @Test("ports, TLS, forwarded headers and source address of each hop behind an ALB")
    func hops() throws {
        let path = try Tracing(sample: "alb/5-fixed").path("https://istio-test-alb.example.com/")
        let balancer = path.hops[1]
        #expect(balancer.tls == .ends)
        #expect(balancer.sends == .plaintext)
        #expect(balancer.arrives?.serverName == "istio-test-alb.example.com")
        let changes = Dictionary(balancer.changes.map { ($0.name, $0.after) }) { first, _ in first }
        #expect(changes["x-forwarded-for"] == DestinationResolver.outsideAddress)
        #expect(changes["x-forwarded-proto"] == "https")
        #expect(changes["x-forwarded-port"] == "443")
        #expect(path.hops[2].ports.map(\.number) == [31246, 80, 8080])
        #expect(path.hops[2].arrives?.sourceIP == ALBFront.privateAddress)
        let gateway = path.hops[3]
        #expect(gateway.arrives?.sourceIP == "10.3.0.11")
        #expect(gateway.arrives?.application == .http)
        #expect(gateway.server == .overwrites("istio-envoy"))
        // With no trusted proxy the gateway appends what it sees and says http.
        let sidecar = path.hops[4]
        #expect(sidecar.arrives?.header("x-forwarded-for") == "\(DestinationResolver.outsideAddress),10.3.0.11")
        #expect(sidecar.arrives?.header("x-forwarded-proto") == "http")
        #expect(sidecar.server == .overwrites("istio-envoy"))
        #expect(path.hops[5].arrives?.sourceIP == "127.0.0.6")
        #expect(path.answeredBy == 5)
        for hop in path.hops.dropFirst() { #expect(hop.source?.location != nil, "\(hop.name)") }
    }
}

/// Behind a load balancer that ends TLS.
struct ForwardedTests {
    private static func manifests(trusted: Int, redirects: Bool) throws -> Tracing {
        var files = try SampleText.files("alb/5-fixed")
        files["gateway.yaml"] = files["gateway.yaml"]?.replacing(
            "    hosts:\n", with: redirects ? "    tls:\n      httpsRedirect: true\n    hosts:\n" : "    hosts:\n")
        files["istio.yaml"] = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data:
              mesh: |
                defaultConfig: {gatewayTopology: {numTrustedProxies: \(trusted)}}
            """
        return Tracing(["Kubernetes": files], order: ["Kubernetes"])
    }

    @Test("httpsRedirect behind it goes round for ever, unless its forwarded headers are trusted")
    func loop() throws {
        let url = "https://istio-test-alb.example.com/"
        let endless = try Self.manifests(trusted: 0, redirects: true).path(url)
        #expect(endless.status == 301)
        #expect(endless.problems.contains { $0.text.contains("goes on for ever") }, "\(endless.problems.map(\.text))")
        let trusting = try Self.manifests(trusted: 1, redirects: true).path(url)
        #expect(trusting.status == 200, "\(trusting.problems.map(\.text))")
        #expect(!trusting.problems.contains { $0.text.contains("goes on for ever") })
    }

    @Test("numTrustedProxies: what the gateway makes of x-forwarded-for and x-forwarded-proto", arguments: [0, 1])
    func trusted(_ count: Int) throws {
        let path = try Self.manifests(trusted: count, redirects: false).path("https://istio-test-alb.example.com/")
        let sidecar = try #require(path.hop(.sidecar)?.arrives)
        #expect(sidecar.header("x-forwarded-proto") == (count == 0 ? "http" : "https"))
        #expect(sidecar.header("x-forwarded-for") == "\(DestinationResolver.outsideAddress),10.3.0.11")
        let external = sidecar.header("x-envoy-external-address")
        // With none trusted, the node passes for the client.
        #expect(external == (count == 0 ? "10.3.0.11" : DestinationResolver.outsideAddress))
        #expect(
            path.hop(.gateway)?.facts.contains { $0.text.contains("numTrustedProxies \(count == 0 ? "is 0" : "1")") }
                ?? false)
    }

    static let headers: [(annotation: String, config: String, status: Int)] = [
        ("aws-load-balancer-proxy-protocol: \"*\"", "{}", 400),
        ("aws-load-balancer-proxy-protocol: \"*\"", "{gatewayTopology: {proxyProtocol: {}}}", 200),
        ("aws-load-balancer-healthcheck-interval: \"10\"", "{}", 200),
    ]

    @Test("a PROXY header has to be expected by the gateway", arguments: headers.indices)
    func proxyProtocol(_ index: Int) throws {
        let item = Self.headers[index]
        var files = try SampleText.files("third-party/nlb")
        files["gateway.yaml"] = files["gateway.yaml"]?.replacing(
            "    service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing\n",
            with: "    service.beta.kubernetes.io/\(item.annotation)\n")
        files["istio.yaml"] = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data:
              mesh: |
                defaultConfig: \(item.config)
            """
        let path = try Tracing(["Kubernetes": files], order: ["Kubernetes"]).path(
            "http://web-1234.elb.eu-west-3.amazonaws.com/", host: "www.example.com")
        #expect(path.status == item.status, "\(path.problems.map(\.text))")
    }
}
