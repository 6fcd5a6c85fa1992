import EnvoyModel
import Testing

@testable import TrafficEngine

@Suite("Header mutations") struct HeaderMutationTests {
    private func upstream(_ additions: String, _ headers: [(String, String)] = []) throws -> TrafficTrace {
        let bench = try Bench(
            routes: Bench.routes(
                "{\"name\": \"r\", \"match\": {\"prefix\": \"/\"}, \"route\": {\"cluster\": \"c\"}, \"request_headers_to_add\": [\(additions)]}"
            ), clusters: [Bench.cluster()])
        return bench.trace("/p?q=1", headers: headers)
    }

    private func add(_ name: String, _ value: String, _ action: String = "", keep: Bool = false) -> String {
        let action = action.isEmpty ? "" : ", \"append_action\": \"\(action)\""
        return "{\"header\": {\"key\": \"\(name)\", \"value\": \"\(value)\"}, \"keep_empty_value\": \(keep)\(action)}"
    }

    @Test("the four actions")
    func actions() throws {
        let trace = try upstream(
            [
                add("x-a", "2"), add("x-b", "2", "ADD_IF_ABSENT"), add("x-c", "2", "OVERWRITE_IF_EXISTS_OR_ADD"),
                add("x-d", "2", "OVERWRITE_IF_EXISTS"), add("x-e", "2", "OVERWRITE_IF_EXISTS_OR_ADD"),
            ].joined(separator: ","), [("x-a", "1"), ("x-b", "1"), ("x-c", "1"), ("x-c", "0")])
        #expect(trace.upstream("x-a") == ["1", "2"])
        #expect(trace.upstream("x-b") == ["1"])
        #expect(trace.upstream("x-c") == ["2"])
        #expect(trace.upstream("x-d").isEmpty)
        #expect(trace.upstream("x-e") == ["2"])
    }

    @Test("presence is looked at before the level writes anything, and overwrites come first")
    func order() throws {
        let trace = try upstream(
            [
                add("x-a", "lit"), add("x-a", "over", "OVERWRITE_IF_EXISTS_OR_ADD"), add("x-b", "1"),
                add("x-b", "2", "ADD_IF_ABSENT"),
            ].joined(separator: ","))
        #expect(trace.upstream("x-a") == ["over", "lit"])
        #expect(trace.upstream("x-b") == ["1", "2"])
    }

    @Test(
        "formats",
        arguments: [
            ("%REQ(x-in)%", ["abcdef"]), ("%REQ(x-no?x-in):3%", ["abc"]), ("%REQ(x-in)%-%REQ(none)%", ["abcdef-"]),
            ("%REQ(none)%", []), ("100%%", ["100%"]), ("%ROUTE_NAME%", ["r"]), ("%UPSTREAM_CLUSTER%", ["c"]),
            ("%QUERY_PARAM(q)%", ["1"]), ("%PATH(NQ)%", ["/p"]), ("%RESPONSE_CODE%", ["0"]),
            ("%RESPONSE_FLAGS%", ["-"]),
            ("%UPSTREAM_HOST%", []), ("%RESP(x)%", []), ("%CEL(request.path)%", ["/p?q=1"]),
            ("%DOWNSTREAM_LOCAL_PORT%", ["80"]), ("%PROTOCOL%", ["HTTP/1.1"]),
        ] as [(String, [String])])
    func formats(format: String, values: [String]) throws {
        #expect(try upstream(add("x-out", format), [("x-in", "abcdef")]).upstream("x-out") == values)
    }

    @Test("an empty value is kept where it is asked for")
    func keepEmpty() throws {
        #expect(try upstream(add("x-out", "%REQ(none)%", keep: true)).upstream("x-out") == [""])
    }
}
