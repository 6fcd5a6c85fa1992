import EnvoyModel
import Testing

@testable import TrafficEngine

@Suite("Connection manager headers") struct ConnectionManagerTests {
    private func bench(_ manager: String) throws -> Bench {
        try Bench(
            routes: Bench.routes(#"{"match": {"prefix": "/"}, "route": {"cluster": "c"}}"#),
            clusters: [Bench.cluster()],
            manager: manager)
    }

    @Test("without use_remote_address x-forwarded-for stays, and -proto is added where it is absent")
    func inner() throws {
        let trace = try bench("").trace(
            "/",
            headers: [
                ("x-forwarded-for", "1.2.3.4"), ("x-envoy-internal", "true"), ("x-envoy-retry-on", "5xx"),
                ("x-envoy-attempt-count", "7"), ("x-request-id", "mine"),
            ])
        #expect(trace.upstream("x-forwarded-for") == ["1.2.3.4"])
        #expect(trace.upstream("x-forwarded-proto") == ["http"])
        #expect(trace.upstream("x-envoy-internal").isEmpty)
        #expect(trace.upstream("x-envoy-retry-on").isEmpty)
        #expect(trace.upstream("x-envoy-attempt-count") == ["7"])
        #expect(trace.upstream("x-request-id") == ["mine"])
    }

    @Test("at the edge the peer is appended without a blank and the request id is made anew")
    func edge() throws {
        let trace = try bench(#""use_remote_address": true"#).trace(
            "/",
            headers: [
                ("x-forwarded-for", "1.2.3.4"), ("x-forwarded-proto", "https"), ("x-request-id", "mine"),
                ("x-envoy-original-path", "/a"),
            ])
        #expect(trace.upstream("x-forwarded-for") == ["1.2.3.4,203.0.113.5"])
        #expect(trace.upstream("x-forwarded-proto") == ["http"])
        #expect(trace.upstream("x-request-id") == ["*"])
        #expect(trace.upstream("x-envoy-external-address") == ["203.0.113.5"])
        #expect(trace.upstream("x-envoy-original-path").isEmpty)
    }

    @Test("an internal request keeps its control headers")
    func internalRequest() throws {
        let manager =
            #""use_remote_address": true, "internal_address_config": {"cidr_ranges": [{"address_prefix": "203.0.113.0", "prefix_len": 24}]}"#
        let trace = try bench(manager).trace("/", headers: [("x-envoy-upstream-rq-timeout-ms", "1234")])
        #expect(trace.upstream("x-envoy-internal") == ["true"])
        #expect(trace.upstream("x-envoy-expected-rq-timeout-ms") == ["1234"])
    }

    @Test(
        "x-forwarded-client-cert of a plaintext client goes on only where the configuration always forwards it",
        arguments: [
            ("", false), ("SANITIZE", false), ("FORWARD_ONLY", false), ("APPEND_FORWARD", false),
            ("SANITIZE_SET", false), ("ALWAYS_FORWARD_ONLY", true),
        ])
    func clientCertificate(details: String, isKept: Bool) throws {
        let manager = details.isEmpty ? "" : #""forward_client_cert_details": "\#(details)""#
        let trace = try bench(manager).trace("/", headers: [("x-forwarded-client-cert", "By=me")])
        #expect(trace.upstream("x-forwarded-client-cert") == (isKept ? ["By=me"] : []))
    }

    @Test("hop-by-hop headers and those that connection names are gone, te is reduced")
    func hopByHop() throws {
        let trace = try bench("").trace(
            "/",
            headers: [
                ("connection", "close, X-Gone"), ("x-gone", "1"), ("keep-alive", "1"), ("proxy-connection", "x"),
                ("te", "gzip, trailers"), ("expect", "100-continue"), ("proxy-authorization", "kept"),
            ])
        for name in ["connection", "x-gone", "keep-alive", "proxy-connection", "expect"] {
            #expect(trace.upstream(name).isEmpty, "\(name)")
        }
        #expect(trace.upstream("te") == ["trailers"])
        #expect(trace.upstream("proxy-authorization") == ["kept"])
    }

    @Test("an upgrade that is not allowed is refused, one that is keeps its headers, h2c is ignored")
    func upgrades() throws {
        let headers = [("connection", "keep-alive, Upgrade"), ("upgrade", "websocket")]
        #expect(try bench("").trace("/", headers: headers).response?.details == "upgrade_failed")
        let allowed = try bench(#""upgrade_configs": [{"upgrade_type": "WebSocket"}]"#).trace("/", headers: headers)
        #expect(allowed.upstream("upgrade") == ["websocket"])
        let plain = try bench("").trace("/", headers: [("connection", "Upgrade"), ("upgrade", "h2c")])
        #expect(plain.response?.status == 200)
        #expect(plain.upstream("upgrade").isEmpty)
    }

    @Test(
        "the remote address is the wanted entry of x-forwarded-for, if it is a bare IP",
        arguments: [
            ("1.1.1.1", "1.1.1.1"), ("1.1.1.1, 2.2.2.2", "2.2.2.2"), ("1.1.1.1, junk", "203.0.113.5"),
            ("1.1.1.1:99", "203.0.113.5"),
            ("2001:db8::1", "2001:db8::1"), ("", "203.0.113.5"),
        ])
    func remoteAddress(forwarded: String, expected: String) throws {
        let bench = try Bench(
            routes: Bench.routes(
                #"{"match": {"prefix": "/"}, "route": {"cluster": "c"}, "request_headers_to_add": [{"header": {"key": "x-r", "value": "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"}}]}"#
            ),
            clusters: [Bench.cluster()])
        #expect(bench.trace("/", headers: [("x-forwarded-for", forwarded)]).upstream("x-r") == [expected])
    }
}
