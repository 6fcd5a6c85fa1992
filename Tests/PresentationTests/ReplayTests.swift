import CurlCommand
import Documents
import EnvoyModel
import MeshModel
import Paths
import TestSupport
import Testing
import TrafficEngine
import Translation

@testable import Presentation

/// Where curl lines go, by the samples.
struct ReplayTests {
    private static func mesh(_ sample: String) throws -> MeshSnapshot {
        let folder = packageRoot + "/Samples/" + sample
        let files = try names(in: folder).filter { $0.hasSuffix(".yaml") }.map { name in
            let parsed = DocumentReader.read(try readBytes(folder + "/" + name), file: name)
            return ManifestFile.read(path: name, documents: parsed.documents)
        }
        return MeshSnapshot.build(files: files).0
    }

    struct Row: Sendable {
        var sample: String
        var host: String
        var port: Int
        /// The listener's port, or a part of the complaint.
        var result: String
        var words: String = ""
    }

    static let rows: [Row] = [
        Row(sample: "httpbin", host: "203.0.113.10", port: 80, result: "8080", words: "the load balancer of"),
        Row(sample: "httpbin", host: "203.0.113.10", port: 443, result: "8443", words: "port 443 -> target port 8443"),
        Row(sample: "httpbin", host: "203.0.113.10", port: 8080, result: "has no port 8080"),
        Row(sample: "httpbin", host: "10.96.0.80", port: 80, result: "8080", words: "the cluster address of"),
        Row(
            sample: "httpbin", host: "istio-ingressgateway.istio-system", port: 80, result: "8080", words: "the name of"
        ),
        Row(
            sample: "httpbin", host: "httpbin.default.svc.cluster.local", port: 8000, result: "only the mesh can reach"),
        Row(sample: "httpbin", host: "httpbin.example.com", port: 80, result: "8080", words: "not known here"),
        Row(sample: "httpbin", host: "httpbin.example.com", port: 81, result: "81", words: "not known here"),
        Row(sample: "alb/5-fixed", host: "10.3.0.11", port: 31246, result: "8080", words: "node port 31246 -> port 80"),
        Row(sample: "alb/5-fixed", host: "10.3.0.11", port: 30218, result: "15021", words: "node port 30218"),
        Row(
            sample: "httpbin-gateway-api", host: "203.0.113.20", port: 80, result: "80",
            words: "Gateway default/httpbin-gateway"),
    ]

    @Test("an address leads through Services to a gateway's listener", arguments: rows)
    func destination(_ row: Row) throws {
        let mesh = try Self.mesh(row.sample)
        let resolver = DestinationResolver(mesh, proxies: mesh.proxies)
        do {
            let found = try resolver.destination(host: row.host, port: row.port, chosen: nil, caller: nil)
            #expect("\(found.port)" == row.result)
            let words = found.way.map(\.text).joined(separator: "; ")
            #expect(words.contains(row.words), "\(words)")
            #expect(found.proxy.type == .gateway)
        } catch {
            #expect(error.message.contains(row.result), "\(error.message)")
        }
    }

    @Test("a Pod's line goes through its sidecar")
    func outbound() throws {
        let mesh = try Self.mesh("demo")
        let sidecar = try #require(mesh.proxies.first { $0.type == .sidecar && $0.name.hasPrefix("cart") })
        let resolver = DestinationResolver(mesh, proxies: mesh.proxies)
        let found = try resolver.destination(host: "catalog", port: 80, chosen: nil, caller: sidecar)
        #expect(found.mode == .outbound)
        #expect(found.address == mesh.service("catalog", namespace: "shop")?.clusterIP)
        #expect(found.sourceNamespace == "shop")
    }

    @Test("variables of tutorials are the manifests'")
    func variables() throws {
        let istio = MeshVariables(try Self.mesh("httpbin"))
        #expect(istio.value("INGRESS_HOST") == "203.0.113.10")
        #expect(istio.value("INGRESS_PORT") == "80")
        #expect(istio.value("SECURE_INGRESS_PORT") == "443")
        #expect(istio.value("INGRESS_NAME") == "istio-ingressgateway")
        #expect(istio.value("PATH") == nil)
        let nodePort = MeshVariables(try Self.mesh("alb/5-fixed"))
        #expect(nodePort.value("INGRESS_HOST") == "10.3.0.11")
        #expect(nodePort.value("INGRESS_PORT") == "31246")
        let gateway = MeshVariables(try Self.mesh("httpbin-gateway-api"))
        #expect(gateway.value("INGRESS_HOST") == "203.0.113.20")
        #expect(gateway.value("INGRESS_PORT") == "80")
    }

    static let commands: [(String, String, String?)] = [
        (
            "httpbin", "get svc istio-ingressgateway -n istio-system -o jsonpath={.status.loadBalancer.ingress[0].ip}",
            "203.0.113.10"
        ),
        (
            "httpbin",
            "-n istio-system get service istio-ingressgateway -o jsonpath={.spec.ports[?(@.name==\"http2\")].port}",
            "80"
        ),
        (
            "httpbin",
            "-n istio-system get service/istio-ingressgateway -o jsonpath={.spec.ports[?(@.name==\"http2\")].nodePort}",
            "30080"
        ),
        (
            "httpbin", "get svc -n istio-system -l istio=ingressgateway -o jsonpath={.items[0].metadata.name}",
            "istio-ingressgateway"
        ),
        ("httpbin", "get svc -n istio-system -o jsonpath={.items..metadata.name}", "istio-ingressgateway"),
        ("httpbin-gateway-api", "get gtw httpbin-gateway -o jsonpath={.status.addresses[0].value}", "203.0.113.20"),
        (
            "httpbin-gateway-api", "get gtw httpbin-gateway -o jsonpath={.spec.listeners[?(@.name==\"http\")].port}",
            "80"
        ),
        ("httpbin", "get svc none -o jsonpath={.a}", nil),
        ("httpbin", "get svc", nil),
        ("httpbin", "delete svc x", nil),
    ]

    @Test("kubectl's jsonpath is evaluated against the manifests", arguments: commands)
    func kubectl(_ sample: String, _ line: String, _ value: String?) throws {
        let variables = MeshVariables(try Self.mesh(sample))
        #expect(variables.output(["kubectl"] + line.split(separator: " ").map(String.init)) == value)
    }

    // MARK: Explanations

    private static func explanation(_ sample: String, _ line: String) throws -> String {
        let mesh = try Self.mesh(sample)
        let transfer = try #require(try CurlScript.parse(line).transfers.first)
        let connection = transfer.request.connection
        let destination = try DestinationResolver(mesh, proxies: mesh.proxies).destination(
            host: connection.host, port: connection.port, chosen: nil, caller: nil)
        let (snapshot, _) = translate(mesh, proxy: destination.proxy)
        let request = SyntheticRequest(transfer, at: destination)
        let trace = simulate(request, with: CompiledSnapshot(snapshot), proxy: destination.proxy.id)
        return RequestExplanation(trace, line: line, way: destination.way).text()
    }

    @Test(
        "the words of an explanation",
        arguments: [
            ("route", "httpbin", "curl -HHost:httpbin.example.com http://203.0.113.10/headers"),
            ("host", "httpbin", "curl -HHost:httpbni.example.com http://203.0.113.10/status/200"),
            ("header", "bookinfo", "curl -HHost:bookinfo.example.com -HEnd-User:jason http://203.0.113.10/reviews/1"),
            ("empty-subset", "demo", "curl -HHost:shop.example.com http://203.0.113.10/beta"),
            ("no-subset", "demo", "curl -HHost:shop.example.com http://203.0.113.10/next"),
            ("redirect", "demo", "curl -HHost:shop.example.com http://203.0.113.10/old/42"),
            ("no-listener", "httpbin", "curl -k https://203.0.113.10/"),
            ("protocol", "httpbin", "curl -k https://203.0.113.10:80/"),
        ])
    func words(_ name: String, _ sample: String, _ line: String) throws {
        expectGolden(try Self.explanation(sample, line), "explain-\(name).txt")
    }

    @Test("the nearest miss has the fewest failed conditions, then the fewest edits")
    func nearest() {
        func step(_ name: String, _ evidence: [Evidence]) -> Step {
            Step(.route, candidate: name, matched: false, reason: "", evidence: evidence)
        }
        func path(_ expected: String, _ isMet: Bool) -> Evidence {
            Evidence(
                .path(kind: "prefix"), isMet: isMet, expected: "prefix \"\(expected)\"", actual: "/statux",
                difference: 6)
        }
        let header = Evidence(.header(name: "x"), isMet: false, expected: "exact \"v2\"", actual: nil)
        let steps = [
            step("far", [path("/other", false)]), step("two", [path("/status", false), header]),
            step("near", [path("/status", false)]), step("header", [path("/", true), header]),
        ]
        #expect(NearestMiss.among(steps, at: .route)?.step.candidate == "near")
        #expect(NearestMiss.among(Array(steps[1...1]), at: .route)?.failures.count == 2)
        #expect(NearestMiss.among([], at: .route) == nil)
    }

    @Test(
        "a failed condition names where the texts part",
        arguments: [
            ("/status", "/statux/1", 6, "path \"/statux/1\" differs at character 7: \"s\" wanted, \"x\" found"),
            ("/status", "/stat", 5, "path \"/stat\" ends before \"u\" at character 6"),
            ("/ä", "/ö", 2, "path \"/ö\" differs at character 3: \"ä\" wanted, \"ö\" found"),
            ("/a", "/a/b", 2, "path \"/a/b\" goes on with \"/\" at character 3"),
        ])
    func difference(_ expected: String, _ actual: String, _ position: Int, _ text: String) {
        let evidence = Evidence(
            .path(kind: "exact"), isMet: false, expected: "exact \"\(expected)\"", actual: actual, difference: position)
        #expect(evidence.failureText == text)
    }

    // MARK: Requests and answers

    @Test("requests are read with the contract's defaults")
    func request() throws {
        var diagnostics: [Diagnostic] = []
        let line =
            #"{"id": "7", "headers": [["a", "b"]], "alpn": "h2,http/1.1", "tls": "tls", "port": 443, "count": 3}"#
        let root = try #require(DocumentReader.read(line, file: "-").documents.first?.root)
        let request = SyntheticRequest(root, diagnostics: &diagnostics)
        #expect(diagnostics.isEmpty)
        #expect(request.id == "7" && request.method == "GET" && request.path == "/" && request.scheme == "https")
        #expect(request.headers == [SyntheticRequest.Header("a", "b")] && request.alpn == ["h2", "http/1.1"])
        #expect(request.port == 443 && request.count == 3 && request.authority == nil && request.mode == .gateway)
    }

    @Test(
        "a request that is none is named with its place",
        arguments: [
            #"{"id": "1", "port": 70000}"#, #"{"id": "1", "tls": "ssl"}"#, #"{"id": "1", "headers": [["a"]]}"#, "[]",
            #"{"id": "1", "count": 0}"#, #"{"id": {}}"#,
        ])
    func badRequest(_ line: String) throws {
        var diagnostics: [Diagnostic] = []
        let root = try #require(DocumentReader.read(line, file: "requests").documents.first?.root)
        _ = SyntheticRequest(root, diagnostics: &diagnostics)
        #expect(diagnostics.first?.severity == .error)
        #expect(diagnostics.first?.location?.file == "requests")
    }

    @Test(
        "-w is filled in",
        arguments: [
            ("%{http_code}\\n", "404\n"), ("%{response_code} %{method} %{url}", "404 HEAD http://h/x"),
            ("%%{x}%{none}", "%{x}%{none}"),
            ("%header{server}", "istio-envoy"), ("%{num_redirects}%{http_version}", "01.1"), ("100%", "100%"),
        ])
    func writeOut(_ format: String, _ text: String) throws {
        let transfer = try #require(try CurlScript.parse("curl -I http://h/x").transfers.first)
        var trace = TrafficTrace(request: SyntheticRequest())
        var response = TraceResponse()
        response.status = 404
        response.headers = [SyntheticRequest.Header("server", "istio-envoy")]
        trace.response = response
        let answer = CurlAnswer(transfer: transfer, trace: trace)
        #expect(WriteOut(answer, exitCode: 0, message: "").text(format) == text)
    }
}
