import TestSupport
import Testing

/// The lines of the samples, replayed by the program.
@Suite(.enabled(if: Program.path != nil, "the program has not been built"))
struct CurlReplayTests {
    struct Row: Sendable {
        var sample: String
        var words: [String]
        /// The first line of standard output.
        var answer: String
        /// What `--explain` must say, each somewhere.
        var reasons: [String]

        init(_ sample: String, _ line: String, _ answer: String, _ reasons: String...) {
            self.sample = sample
            words = line.split(separator: " ").map(String.init)
            self.answer = answer
            self.reasons = reasons
        }
    }

    static let rows: [Row] = [
        Row(
            "httpbin", "-s -I -HHost:httpbin.example.com http://$INGRESS_HOST:$INGRESS_PORT/status/200",
            "HTTP/1.1 200 OK"),
        Row("httpbin", "-s -I -HHost:httpbin.example.com http://:/status/418", "HTTP/1.1 418 Unknown"),
        Row(
            "httpbin", "-s -I -HHost:httpbin.example.com http://$INGRESS_HOST:$INGRESS_PORT/headers",
            "HTTP/1.1 404 Not Found", "prefix \"/status\"", "prefix \"/delay\"", "differs at character 2",
            "httpbin-vs.yaml:19", "httpbin-vs.yaml:21", "route_not_found"),
        Row(
            "httpbin", "-s -I -HHost:httpbni.example.com http://$INGRESS_HOST/status/200", "HTTP/1.1 404 Not Found",
            "nearest", "httpbin.example.com"),
        Row("httpbin", "-s -i -HHost:httpbin.example.com:80 http://203.0.113.10/status/204", "HTTP/1.1 204 No Content"),
        Row("httpbin-wildcard", "-s -I http://$INGRESS_HOST:$INGRESS_PORT/headers", "HTTP/1.1 200 OK"),
        Row(
            "httpbin-wildcard", "-s -I http://$INGRESS_HOST:$INGRESS_PORT/status/200", "HTTP/1.1 404 Not Found",
            "/headers"),
        Row(
            "httpbin-gateway-api", "-s -I -HHost:httpbin.example.com http://$INGRESS_HOST/status/200", "HTTP/1.1 200 OK"
        ),
        Row(
            "httpbin-gateway-api", "-s -I -HHost:httpbin.example.com http://$INGRESS_HOST/statusx",
            "HTTP/1.1 404 Not Found"),
        Row("httpbin-gateway-api-wildcard", "-s -I http://$INGRESS_HOST/headers", "HTTP/1.1 200 OK"),
        Row(
            "alb/4-virtualservice", "-s -I http://10.3.0.11:31246/ -HHost:istio-test-alb.example.com", "HTTP/1.1 200 OK"
        ),
        Row("alb/5-fixed", "-s -I http://10.3.0.11:31246/ -HHost:istio-test-alb.example.com", "HTTP/1.1 200 OK"),
        Row(
            "alb/3-gateway", "-s -I http://10.3.0.11:31246/ -HHost:istio-test-alb.example.com", "HTTP/1.1 404 Not Found"
        ),
        Row("bookinfo", "-s -I http://203.0.113.10/productpage -HHost:bookinfo.example.com", "HTTP/1.1 200 OK"),
        Row(
            "bookinfo", "-s -I http://203.0.113.10/ratings/1 -HHost:bookinfo.example.com", "HTTP/1.1 404 Not Found",
            "nearest"),
        Row("demo", "-s -I http://203.0.113.10/beta -HHost:shop.example.com", "HTTP/1.1 503 Service Unavailable", "UH"),
        Row("demo", "-s -I http://203.0.113.10/next -HHost:shop.example.com", "HTTP/1.1 503 Service Unavailable", "NC"),
        Row("demo", "-s -I http://203.0.113.10/old/42 -HHost:shop.example.com", "HTTP/1.1 302 Found"),
    ]

    private static let unset = ["INGRESS_HOST": "", "INGRESS_PORT": ""]

    @Test("a sample's line gives the answer of the tutorial", arguments: rows)
    func answers(_ row: Row) throws {
        let arguments = ["curl", "-f", Program.sample(row.sample), "--"] + row.words
        let finished = try Program.run(arguments, environment: Self.unset)
        #expect(finished.status == 0, "\(finished.errors)")
        let lines = finished.output.replacing("\r\n", with: "\n").split(separator: "\n").map(String.init)
        #expect(lines.first == row.answer, "\(finished.output)\(finished.errors)")
        #expect(lines.contains("server: istio-envoy"), "\(finished.output)")
        guard !row.reasons.isEmpty else { return }
        let words = ["curl", "-f", Program.sample(row.sample), "--explain", "--"] + row.words
        let explained = try Program.run(words, environment: Self.unset)
        for reason in row.reasons { #expect(explained.output.contains(reason), "\(reason)\n\(explained.output)") }
    }

    @Test("nobody listens: curl's words and exit code")
    func refused() throws {
        let arguments = [
            "curl", "-f", Program.sample("httpbin"), "--curl-exit", "--", "-sS", "http://203.0.113.10:8081/",
        ]
        let finished = try Program.run(arguments)
        #expect(finished.status == 7)
        #expect(finished.errors.contains("curl: (7) Failed to connect to 203.0.113.10 port 8081"))
    }

    @Test("a repeated request is told by its endpoints")
    func distribution() throws {
        let line = ["http://203.0.113.10/", "-H", "Host: round-robin.example.com"]
        let finished = try Program.run(["curl", "-f", Program.sample("lb-types/each-policy"), "-n", "12", "--"] + line)
        let rows = finished.output.split(separator: "\n").dropFirst()
        #expect(rows.count == 4, "\(finished.output)\(finished.errors)")
        for row in rows {
            let cells = row.split(separator: " ").map(String.init)
            #expect(cells.dropFirst().prefix(4) == ["25.0", "%", "3", "3"], "\(row)")
        }
    }

    @Test("a pasted block runs with its variables, its loop is one request with a count")
    func pasted() throws {
        let block = """
            $ export INGRESS_HOST=$(kubectl -n istio-system get service istio-ingressgateway -o jsonpath='{.status.loadBalancer.ingress[0].ip}')
            $ for i in $(seq 1 40); do curl -s -HHost:bookinfo.example.com http://$INGRESS_HOST/reviews/1; done
            nothing to read here
            """
        let finished = try Program.run(["curl", "-f", Program.sample("bookinfo"), "--", block])
        let rows = finished.output.split(separator: "\n").dropFirst().map { $0.split(separator: " ").map(String.init) }
        #expect(rows.count == 2, "\(finished.output)\(finished.errors)")
        #expect(rows.compactMap { $0.count > 4 ? Int($0[4]) : nil }.reduce(0, +) == 40, "\(finished.output)")
    }

    @Test("a mistake in the line ends with exit code 2 and its place")
    func mistake() throws {
        let finished = try Program.run(["curl", "-f", Program.sample("httpbin"), "--", "--frob", "http://a/"])
        #expect(finished.status == 2)
        #expect(finished.errors.contains("1:1: option --frob is unknown"))
    }
}

/// What a gateway listens on and routes to, state by state, as the tables say it.
@Suite(.enabled(if: Program.path != nil, "the program has not been built"))
struct LoadBalancerStatesTests {
    private static let health = [
        "0.0.0.0 15021 ALL Inline Route: /healthz/ready*", "0.0.0.0 15090 ALL Inline Route: /stats/prometheus*",
    ]
    private static let traffic = ["0.0.0.0 8080 ALL Route: http.8080"]
    private static let own = [
        "backend * /healthz/ready*", "backend * /stats/prometheus*",
    ]

    static let rows: [(state: String, listeners: [String], routes: [String])] = [
        ("1-install", health, own),
        ("2-app", health, own),
        ("3-gateway", traffic + health, ["http.8080 blackhole:80 * /* 404"] + own),
        (
            "4-virtualservice", traffic + health,
            ["http.8080 istio-test-alb.example.com:80 istio-test-alb.example.com /* test-virtualservice.test-ns"] + own
        ),
        (
            "5-fixed", traffic + health,
            ["http.8080 istio-test-alb.example.com:80 istio-test-alb.example.com /* test-virtualservice.test-ns"] + own
        ),
    ]

    private func table(_ kind: String, _ state: String) throws -> [String] {
        let finished = try Program.run(["proxy-config", kind, "-f", Program.sample("alb/" + state)])
        #expect(finished.status == 0, "\(finished.errors)")
        return finished.output.split(separator: "\n").dropFirst().map { line in
            line.split(separator: " ").joined(separator: " ")
        }
    }

    @Test("the tables of the load balancer's sample, state by state", arguments: rows)
    func tables(_ state: String, _ listeners: [String], _ routes: [String]) throws {
        #expect(try table("listeners", state) == listeners)
        #expect(try table("routes", state).sorted() == routes.sorted())
    }

    @Test(
        "predictions hold when the request is really sent",
        arguments: [
            ["-I", "-HHost:httpbin.example.com", "http://203.0.113.10/status/200"],
            ["-i", "-HHost:httpbin.example.com", "http://203.0.113.10/headers"],
            ["-i", "-XDELETE", "-HHost:httpbin.example.com", "http://203.0.113.10/status/403"],
            ["-i", "-HHost:other.example.com", "http://203.0.113.10/"],
        ])
    func live(_ words: [String]) throws {
        let finished = try Program.run(["curl", "-f", Program.sample("httpbin"), "--live", "--"] + words)
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
        #expect(finished.output.hasSuffix("\nas predicted\n"), "\(finished.output)")
        // Status line and headers are the same, side by side; times are not.
        for line in finished.output.split(separator: "\n").dropFirst().dropLast()
        where !line.contains("date:") && !line.contains("service-time:") && !line.hasPrefix("not run,") {
            let cells = line.split(separator: " ").map(String.init)
            let half = cells.count / 2
            #expect(Array(cells[..<half]) == Array(cells[half...]), "\(line)")
        }
    }
}
