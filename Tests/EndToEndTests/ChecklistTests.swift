import TestSupport
import Testing

/// Rows of the seeds' checklists (product research, 6.1 to 6.4) and traps (6.6) that one run of the program shows. Rows that need
/// meshes of their own have tests of their own: `StandaloneMatrixTests`, `SampleLadderTests`, `TwoTierPathTests`, `PlayTests`, ….
@Suite(.enabled(if: Program.path != nil, "the program has not been built"))
struct ChecklistTests {
    struct Row: Sendable, CustomTestStringConvertible {
        /// `6.2 #15`, `trap 19`.
        var row: String
        var arguments: [String]
        var status: Int32 = 0
        var environment: [String: String] = [:]
        /// Texts of standard output and standard error, runs of blanks as one.
        var says: [String]
        var saysNot: [String] = []
        var testDescription: String { "\(row): \(arguments.joined(separator: " "))" }

        init(
            _ row: String, _ command: String, _ sample: String?, _ rest: [String] = [], status: Int32 = 0,
            environment: [String: String] = [:], says: [String], not: [String] = []
        ) {
            self.row = row
            arguments =
                command.split(separator: " ").map(String.init)
                + (sample.map { ["-f", Program.sample($0)] } ?? []) + rest
            self.status = status
            self.environment = environment
            self.says = says
            saysNot = not
        }
    }

    private static let balanced = "http://203.0.113.10"

    static let rows: [Row] = [
        // 6.1
        Row(
            "6.1 #2", "curl --explain", "third-party/standalone-strict",
            ["--", "-HHost:www.example.com http://203.0.113.30/"],
            status: 0, says: ["path standalone", "ingress-nginx"]),
        Row(
            "6.1 #4", "curl --explain", "third-party/standalone-strict",
            ["--", "-HHost:www.example.com", "http://203.0.113.30/"],
            says: ["plaintext arrives, and port 8080 accepts mTLS only (STRICT", "[MT0311]", "502 Bad Gateway"]),
        Row(
            "6.1 #5", "curl --explain", "alb/5-fixed", ["--", "-I", "https://istio-test-alb.example.com/"],
            says: ["path chained", "TLS ends here with certificate", "gateway istio-ingressgateway.istio-system"]),
        Row(
            "6.1 #9", "curl --explain", "third-party/gclb", ["--", "-I", "https://www.example.com/"],
            says: ["Google load balancer of Ingress", "network endpoint group", "path standalone"]),
        Row(
            "6.1 #12", "curl --explain", "third-party/nginx-upstream-vhost",
            ["--", "-HHost:www.example.com", "http://203.0.113.30/"],
            says: ["includeInboundPorts", "the client's address stays (203.0.113.77)"]),
        Row(
            "6.1 #16", "curl --explain", "third-party/nginx", ["--", "-HHost:www.example.com", "http://203.0.113.30/"],
            says: [
                "service-upstream: it dials the Service's address", "PassthroughCluster", "[MT0331]", "upstream-vhost",
            ]),
        Row(
            "6.1 #17", "curl --explain", "third-party/emissary",
            ["--", "-HHost:www.example.com", "http://203.0.113.30/"],
            says: ["Emissary-ingress", "it dials the Service's address (Emissary's default)"]),
        // 6.2
        Row(
            "6.2 #4", "proxy-config listeners", "httpbin",
            says: ["0.0.0.0 8080 ALL Route: http.8080", "0.0.0.0 15021 ALL Inline Route: /healthz/ready*"]),
        Row(
            "6.2 #5", "proxy-config routes", "httpbin",
            says: [
                "http.8080 httpbin.example.com:80 httpbin.example.com /status* httpbin.default",
                "http.8080 httpbin.example.com:80 httpbin.example.com /delay* httpbin.default",
                "backend * /healthz/ready*", "backend * /stats/prometheus*",
            ]),
        Row(
            "6.2 #6", "curl", "httpbin", ["--", "-s -I -HHost:httpbin.example.com \(balanced)/get"],
            says: ["HTTP/1.1 404 Not Found"]),
        Row(
            "6.2 #7", "curl --callers", "httpbin", ["--", "-HHost:httpbin.example.com \(balanced)/status/200"],
            says: [
                "mesh Pod any.default* Service default/httpbin httpbin.default.svc.cluster.local:8000 200",
                "no rule names it: the Service's own route",
            ]),
        Row(
            "6.2 #8", "proxy-config routes", "httpbin-gateway-api",
            says: ["http.80 httpbin.example.com:80 httpbin.example.com PathPrefix:/status", "PathPrefix:/delay"]),
        Row(
            "6.2 #10", "proxies", "httpbin-gateway-api", says: ["httpbin-gateway-istio* gateway default"]),
        Row(
            "6.2 #11", "get gtw httpbin-gateway", "httpbin-gateway-api",
            says: ["NAME CLASS ADDRESS PROGRAMMED AGE", "httpbin-gateway istio 203.0.113.20 True"]),
        Row(
            "6.2 #12", "curl", "httpbin-gateway-api",
            ["--", "-s -o /dev/null -w '%{http_code}\\n' -HHost:httpbin.example.com http://203.0.113.20/statusx"],
            says: ["404"]),
        Row(
            "6.2 #12", "curl", "httpbin",
            [
                "--",
                "-s -o /dev/null -w '%{http_code} %{num_headers}\\n' -HHost:httpbin.example.com \(balanced)/status/202",
            ],
            says: ["202"]),
        Row(
            "6.2 #15", "get svc istio-ingressgateway -n istio-system", "httpbin",
            says: [
                "NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE",
                "istio-ingressgateway LoadBalancer 10.96.0.80 203.0.113.10 15021:30021/TCP,80:30080/TCP,443:30443/TCP",
            ]),
        Row(
            "6.2 #15", "get svc istio-ingressgateway -n istio-system", "alb/5-fixed",
            says: ["istio-ingressgateway NodePort 172.20.112.213 <none> 15021:30218/TCP,80:31246/TCP"]),
        Row(
            "6.2 #16", "get svc istio-ingressgateway -n istio-system", "httpbin",
            ["-o", "jsonpath={.status.loadBalancer.ingress[0].ip}"], says: ["203.0.113.10"]),
        Row(
            "6.2 #16", "get svc istio-ingressgateway -n istio-system", "httpbin",
            ["-o", "jsonpath={.spec.ports[?(@.name==\"http2\")].port}"], says: ["80"]),
        Row(
            "6.2 #16", "get svc istio-ingressgateway -n istio-system", "httpbin",
            ["-o", "jsonpath={.spec.ports[?(@.name==\"https\")].port}"], says: ["443"]),
        Row(
            "6.2 #17", "get gtw httpbin-gateway", "httpbin-gateway-api",
            ["-o", "jsonpath={.status.addresses[0].value}"], says: ["203.0.113.20"]),
        Row(
            "6.2 #17", "get gtw httpbin-gateway", "httpbin-gateway-api",
            ["-o", "jsonpath={.spec.listeners[?(@.name==\"http\")].port}"], says: ["80"]),
        Row(
            "6.2 #18", "curl", "httpbin",
            ["--", "curl -s -I -HHost:httpbin.example.com \"http://$INGRESS_HOST:$INGRESS_PORT/status/200\""],
            says: ["HTTP/1.1 200 OK", "server: istio-envoy"]),
        Row(
            "6.2 #19", "curl --explain", "httpbin",
            ["--", "curl -s -I -HHost:httpbin.example.com \"http://$INGRESS_HOST:$INGRESS_PORT/headers\""],
            says: ["404 Not Found flags NR route_not_found", "differs at character 2"]),
        Row(
            "6.2 #20", "curl --explain", "httpbin", ["--", "http://203.0.113.10/status/200"],
            says: ["404 Not Found", "no virtual host", "httpbin.example.com"]),
        Row(
            "6.2 #22", "curl", "httpbin-wildcard", ["--", "-s -I http://203.0.113.10/headers"],
            says: ["HTTP/1.1 200 OK"]),
        Row(
            "6.2 #22", "curl", "httpbin-wildcard", ["--", "-s -I -HHost:any.org http://203.0.113.10/status/200"],
            says: ["HTTP/1.1 404 Not Found"]),
        Row(
            "6.2 #23", "curl", "httpbin-gateway-api-wildcard", ["--", "-s -I http://$INGRESS_HOST/headers"],
            says: ["HTTP/1.1 200 OK"]),
        Row(
            "6.2 #25", "get svc istio-ingressgateway -n istio-system", "httpbin",
            ["-o", "jsonpath={.spec.ports[?(@.name==\"http2\")].nodePort}"], says: ["30080"]),
        Row(
            "6.2 #27", "get po -l app=istio-ingressgateway -n istio-system", "alb/5-fixed",
            says: ["NAME READY STATUS RESTARTS AGE", "istio-ingressgateway-", "1/1 Running"]),
        Row(
            "6.2 #28", "curl", "httpbin",
            ["--", "echo x; curl -s -o /dev/null -w '%{url_effective}\\n' \"http://$INGRESS_HOST:$INGRESS_PORT/\""],
            says: ["http://203.0.113.10:80/"]),
        Row(
            "6.2 #30", "get ingress --all-namespaces", "alb/1-install",
            says: ["NAMESPACE NAME CLASS HOSTS ADDRESS PORTS AGE", "istio-system test-alb"]),
        Row(
            "6.2 #31", "curl --callers", "httpbin", ["--", "-HHost:httpbin.example.com \(balanced)/status/200"],
            says: ["outside node port of Service istio-system/istio-ingressgateway a node:30080 200"]),
        // 6.3
        Row(
            "6.3 #3", "get svc istio-ingressgateway -n istio-system", "alb/1-install",
            says: ["15021:30218/TCP,80:31246/TCP,443:30486/TCP"]),
        Row(
            "6.3 #10", "curl --explain", "alb/5-fixed", ["--", "-I", "https://istio-test-alb.example.com/"],
            says: ["HTTP :30218/healthz/ready 1 of 1 healthy", "node port 30218 -> target port 15021"]),
        Row(
            "6.3 #14", "curl", "alb/5-fixed", ["--", "-sI http://istio-test-alb.example.com/"],
            says: ["301", "location: https://istio-test-alb.example.com:443/"]),
        Row(
            "6.3 #15", "curl", "alb/1-install", ["--", "-sI https://istio-test-alb.example.com"],
            says: ["HTTP/2 502", "server: awselb/2.0"]),
        Row(
            "6.3 #15", "proxy-config listeners", "alb/1-install",
            says: [
                "0.0.0.0 15021 ALL Inline Route: /healthz/ready*", "0.0.0.0 15090 ALL Inline Route: /stats/prometheus*",
            ],
            not: ["8080"]),
        Row(
            "6.3 #17", "curl", "alb/2-app", ["--", "-sI https://istio-test-alb.example.com"], says: ["HTTP/2 502"]),
        Row(
            "6.3 #19", "proxy-config listeners", "alb/3-gateway", says: ["0.0.0.0 8080 ALL Route: http.8080"]),
        Row(
            "6.3 #19", "curl --explain", "alb/3-gateway", ["--", "-I https://istio-test-alb.example.com"],
            says: ["node port 31246 -> port 80 -> target port 8080"]),
        Row(
            "6.3 #20", "proxy-config routes --compat istio-1.9", "alb/3-gateway",
            says: [
                "NOTE: This output only contains routes loaded via RDS.", "NAME DOMAINS MATCH VIRTUAL SERVICE",
                "http.80 * /* 404",
            ]),
        Row(
            "6.3 #21", "curl", "alb/3-gateway", ["--", "-sI https://istio-test-alb.example.com"],
            says: ["HTTP/2 404", "server: istio-envoy"]),
        Row(
            "6.3 #23", "proxy-config routes --compat istio-1.9", "alb/4-virtualservice",
            says: ["http.80 istio-test-alb.example.com /* test-virtualservice.test-ns"]),
        Row(
            "6.3 #23", "curl", "alb/4-virtualservice", ["--", "-sI https://istio-test-alb.example.com"],
            says: ["HTTP/2 200", "server: istio-envoy"]),
        Row(
            "6.3 #24", "proxy-config listeners istio-ingressgateway-d45fb4b48-jsz9z -n istio-system", "alb/3-gateway",
            says: [
                "note: no manifest has Pod \"istio-ingressgateway-d45fb4b48-jsz9z\": taken for one of istio-ingressgateway.istio-system",
                "0.0.0.0 8080 ALL",
            ]),
        Row(
            "6.3 #24", "proxy-config listeners other-d45fb4b48-jsz9z -n istio-system", "alb/3-gateway", status: 2,
            says: ["no proxy is called \"other-d45fb4b48-jsz9z.istio-system\""]),
        Row(
            "6.3 #25", "curl", "alb/4-virtualservice",
            ["--", "curl -I [https://istio-test-alb.example.com](https://istio-test-alb.example.com)"],
            says: ["HTTP/2 200"]),
        Row(
            "6.3 #26", "curl --explain", "alb/5-fixed", ["--", "-I https://istio-test-alb.example.com/"],
            says: ["HTTP/2 for clients that offer it; HTTP/1.1 to the targets", "speaks HTTP/1.1"]),
        // 6.4
        Row(
            "6.4 #5", "curl -n 12", "lb-types/each-policy", ["--", "-HHost:round-robin.example.com \(balanced)/"],
            says: ["25.0 % 3 3"]),
        Row(
            "6.4 #6", "curl --keys alice,bob,carol", "lb-types/each-policy",
            ["--", "-HHost:ring-header.example.com \(balanced)/"],
            says: ["the key is header \"x-user\"", "KEY ENDPOINT MOVES", "alice", "when it leaves", "of all keys"]),
        Row(
            "6.4 #6", "curl --explain", "lb-types/each-policy", ["--", "-HHost:ring-cookie.example.com \(balanced)/"],
            says: ["hash: cookie \"session\"", "is not in the request: a new one is made"]),
        Row(
            "6.4 #6", "curl --explain", "lb-types/each-policy", ["--", "-HHost:ring-header.example.com \(balanced)/"],
            says: ["hash: header \"x-user\" is not in the request", "[MT0130]"]),
        Row(
            "6.4 #6", "curl --explain", "lb-types/each-policy", ["--", "-HHost:ring-source.example.com \(balanced)/"],
            says: ["hash: the source address is", "that is not the client's own address"]),
        Row(
            "6.4 #6", "curl --explain", "lb-types/each-policy",
            ["--", "-HHost:ring-query.example.com \(balanced)/?user=7"],
            says: ["hash: query parameter \"user\" is \"7\": it decides for"]),
        Row(
            "6.4 #7", "curl --rehearse", "lb-types/each-policy", ["--", "-HHost:failover.example.com \(balanced)/"],
            says: [
                "seen from eu-west-1/eu-west-1a", "1 healthy", "eu-west-1/eu-west-1a is down",
                "all are down: 503 UH, nobody is left",
            ]),
        Row(
            "6.4 #18", "curl --curl-exit", "bookinfo-mc/tier1",
            ["--", "-Ss", "http://bookinfo.tetrate.io/productpage", "--resolve", "bookinfo.tetrate.io:80:"], status: 49,
            says: ["curl: (49)", "is the variable for the address unset?"]),
        Row(
            "6.4 #18", "curl", "bookinfo-mc/tier1",
            [
                "--",
                "curl -Ss \"http://bookinfo.tetrate.io/productpage\" --resolve \"bookinfo.tetrate.io:80:$GATEWAY_IP\" -v > index1.html",
            ],
            environment: ["GATEWAY_IP": "203.0.113.40"],
            says: ["* Connected to bookinfo.tetrate.io (203.0.113.40) port 80"]),
        Row(
            "6.4 #21", "clinic RL", "httpbin", says: ["an EnvoyFilter", "none of its causes shows"]),
        // The live ladder: what a load balancer hands on is sent, what nothing runs is named.
        Row(
            "live, chained", "curl --live", "alb/4-virtualservice", ["--", "-I https://istio-test-alb.example.com/"],
            says: [
                "HTTP/2 200 HTTP/1.1 200 OK", "as predicted",
                "not run, predicted only: AWS ALB of Ingress istio-system/test-alb, node-1, sidecar test-deploy-",
            ], not: ["NOT as predicted"]),
        Row(
            "live, standalone", "curl --live", "third-party/standalone-strict",
            ["--", "-HHost:www.example.com http://203.0.113.30/"],
            says: ["not sent: ingress-nginx (class nginx) sends to the workload itself"]),
        Row(
            "live, standalone with sidecar", "curl --live", "third-party/nginx-upstream-vhost",
            ["--", "-I -HHost:www.example.com http://203.0.113.30/"],
            says: ["as predicted", "not run, predicted only: load balancer of Service ingress-nginx/ingress-nginx"],
            not: ["NOT as predicted"]),
        // Traps
        Row("trap 16", "get gateway -A", "httpbin", says: ["NAMESPACE NAME AGE", "default httpbin-gateway"]),
    ]

    @Test("a row of the checklists", arguments: rows)
    func row(_ row: Row) throws {
        let finished = try Program.run(row.arguments, environment: row.environment)
        let text = (finished.output + finished.errors).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(finished.status == row.status, "\(text)")
        for words in row.says { #expect(text.contains(words), "\(words)\nin \(text)") }
        for words in row.saysNot { #expect(!text.contains(words), "\(words)\nin \(text)") }
    }

    /// Both flavours of a tutorial loaded together: the gateways are two, each with its own routes (trap 17), and a page's tabs are
    /// read one at a time.
    @Test("trap 17: objects of both APIs with the same names")
    func bothAPIs() throws {
        let folder = try TemporaryFolder()
        for (sample, prefix) in [("httpbin", "istio-"), ("httpbin-gateway-api", "k8s-")] {
            for name in try names(in: Program.sample(sample)) where name.hasSuffix(".yaml") && name != "httpbin.yaml" {
                try folder.write(try readBytes(Program.sample(sample) + "/" + name), to: prefix + name)
            }
        }
        try folder.write(try readBytes(Program.sample("httpbin/httpbin.yaml")), to: "httpbin.yaml")
        let listed = try Program.run(["get", "gateway", "-A", "-f", folder.path])
        #expect(listed.output.split(separator: "\n").count { $0.contains("httpbin-gateway") } == 2)
        #expect(listed.errors.contains("a kind of two APIs"))
        let short = try Program.run(["get", "gtw", "-A", "-f", folder.path])
        #expect(short.output.split(separator: "\n").count { $0.contains("httpbin-gateway") } == 1)
        for (proxy, table) in [
            ("istio-ingressgateway.istio-system", "http.8080"), ("httpbin-gateway-istio.default", "http.80 "),
        ] {
            let routes = try Program.run(["proxy-config", "routes", proxy, "-f", folder.path])
            #expect(routes.output.contains(table) && routes.output.contains("httpbin.example.com"), "\(routes.output)")
        }
        for address in ["203.0.113.10", "203.0.113.20"] {
            let answer = try Program.run([
                "curl", "-f", folder.path, "--", "-s", "-I", "-HHost:httpbin.example.com",
                "http://\(address)/status/200",
            ])
            #expect(answer.output.hasPrefix("HTTP/1.1 200 OK"), "\(address)")
        }
    }

    /// Wide characters take two cells; the table's columns stay where they are (trap 18).
    @Test("trap 18: names and comments in Chinese leave the columns alone")
    func wideText() throws {
        let folder = try TemporaryFolder()
        let text = try readText(Program.sample("httpbin/httpbin-gateway.yaml")).replacing(
            "kind: Gateway", with: "kind: Gateway # 使用 Istio 默认网关实现")
        try folder.write(Array(text.utf8), to: "网关.yaml")
        for name in ["httpbin.yaml", "httpbin-vs.yaml", "istio-ingressgateway.yaml"] {
            try folder.write(try readBytes(Program.sample("httpbin/" + name)), to: name)
        }
        let screen = try Program.run(["render", "--screen", "store", "--size", "100x24", "-f", folder.path])
        #expect(screen.status == 0, "\(screen.errors)")
        let border = screen.output.split(separator: "\n").filter { $0.contains("│") }
        #expect(border.contains { $0.contains("网关.yaml") }, "\(screen.output)")
        for line in border {
            #expect(Self.width(String(line)) == 100, "\(line)")
        }
        let routes = try Program.run(["proxy-config", "routes", "-f", folder.path])
        #expect(routes.output.contains("httpbin.example.com:80"))
    }

    /// Cells: two for what is drawn wide.
    private static func width(_ line: String) -> Int {
        line.unicodeScalars.reduce(0) { $0 + (0x2E80...0xFFDC ~= $1.value ? 2 : 1) }
    }
}
