import EnvoyModel
import Testing

@testable import TrafficEngine

@Suite("Redirects and direct responses") struct RedirectTests {
    @Test(
        "locations",
        arguments: [
            (#"{"https_redirect": true}"#, "h:80", "/a?x=1", "https://h/a?x=1"),
            (#"{"https_redirect": true}"#, "h:443", "/", "https://h:443/"),
            (#"{"https_redirect": true}"#, "h:8080", "/", "https://h:8080/"), (#"{}"#, "h:1", "/d", "http://h:1/d"),
            (#"{"host_redirect": "n.com:81"}"#, "h:1", "/d", "http://n.com:81/d"),
            (#"{"port_redirect": 80}"#, "[::1]:99", "/", "http://[::1]:80/"),
            (#"{"path_redirect": "/new"}"#, "h", "/a?x=1", "http://h/new?x=1"),
            (#"{"path_redirect": "/new?z"}"#, "h", "/a?x=1", "http://h/new?z"),
            (#"{"path_redirect": "new", "strip_query": true}"#, "h", "/a?x=1", "http://h/new"),
            (#"{"prefix_rewrite": "/n"}"#, "h", "/a/b?x=1", "http://h/n/b?x=1"),
            (#"{"strip_query": true}"#, "h", "/a?", "http://h/a"),
            (
                #"{"regex_rewrite": {"pattern": {"regex": "a"}, "substitution": "b\\0"}}"#, "h", "/a/a?a",
                "http://h/ba/ba?a"
            ),
            (#"{"scheme_redirect": "ftp", "response_code": "SEE_OTHER"}"#, "h:80", "/a", "ftp://h/a"),
        ])
    func locations(redirect: String, host: String, path: String, location: String) throws {
        let bench = try Bench(
            routes: Bench.routes(
                "{\"match\": {\"prefix\": \"/a\"}, \"redirect\": \(redirect)}",
                "{\"match\": {\"prefix\": \"/\"}, \"redirect\": \(redirect)}"))
        let trace = bench.trace(path, host: host)
        #expect(trace.header("location") == location)
        #expect(trace.response?.status == (redirect.contains("SEE_OTHER") ? 303 : 301))
        #expect(trace.response?.details == "direct_response")
    }

    @Test("TLS required: 301 before any route is looked at")
    func requireTLS() throws {
        let bench = try Bench(routes: #""virtual_hosts": [{"name": "v", "domains": ["*"], "require_tls": "ALL"}]"#)
        let trace = bench.trace("/a?b", host: "h:80")
        #expect(trace.header("location") == "https://h:80/a?b")
        #expect(trace.error == .tlsRedirect)
        #expect(bench.trace("/", headers: [("x-forwarded-proto", "https")]).response?.status == 404)
    }

    @Test("to gRPC a local reply is status 200 with grpc-status")
    func gRPC() throws {
        let bench = try Bench(
            routes: Bench.routes(#"{"match": {"prefix": "/"}, "route": {"cluster": "c"}}"#),
            clusters: [#"{"name": "c", "type": "STATIC"}"#])
        let trace = bench.trace("/", method: "POST", headers: [("content-type", "application/grpc+proto")])
        #expect(trace.response?.status == 200)
        #expect(trace.response?.flags == "UH")
        #expect(trace.header("grpc-status") == "14")
        #expect(trace.header("grpc-message") == "no healthy upstream")
        #expect(bench.trace("/", headers: [("content-type", "application/grpc-web")]).response?.status == 503)
    }
}
