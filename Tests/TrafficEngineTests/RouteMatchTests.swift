import EnvoyModel
import TestSupport
import Testing

@testable import TrafficEngine

@Suite("Route matching") struct RouteMatchTests {
    /// match, then requests that it takes and requests that it does not.
    struct Row: Sendable, CustomTestStringConvertible {
        var match: String
        var takes: [String]
        var leaves: [String]
        var testDescription: String { match }
    }

    @Test(
        "paths",
        arguments: [
            Row(match: #""prefix": "/pre""#, takes: ["/pre", "/prefix", "/pre?x"], leaves: ["/Pre", "/p"]),
            Row(match: #""prefix": "/dir/""#, takes: ["/dir/"], leaves: ["/dir"]),
            Row(
                match: #""path": "/exact""#, takes: ["/exact", "/exact?", "/exact?x=1"],
                leaves: ["/exact/", "/%65xact"]),
            Row(match: #""path": "/Exact", "case_sensitive": false"#, takes: ["/eXaCT"], leaves: ["/exac"]),
            Row(match: #""safe_regex": {"regex": "/v[0-9]+"}"#, takes: ["/v1", "/v22?x"], leaves: ["/v", "/v1/"]),
            Row(match: #""path_separated_prefix": "/a""#, takes: ["/a", "/a/b", "/a?x"], leaves: ["/ab"]),
            Row(
                match:
                    #""path_match_policy": {"name": "u", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig", "path_template": "/u/{a}/x/{b=**}"}}"#,
                takes: ["/u/1/x/", "/u/1/x/2/3"], leaves: ["/u//x/", "/u/1/x"]),
        ])
    func paths(row: Row) throws {
        let bench = try Bench(
            routes: Bench.routes("{\"match\": {\(row.match)}, \"direct_response\": {\"status\": 299}}"))
        for path in row.takes { #expect(bench.trace(path).response?.status == 299, "\(path)") }
        for path in row.leaves { #expect(bench.trace(path).response?.status == 404, "\(path)") }
    }

    @Test(
        "headers: each value by itself, absent and inverted",
        arguments: [
            (#""string_match": {"exact": "abc,def"}"#, ["abc", "def"], false),
            (#""string_match": {"exact": "abc,def"}"#, ["abc,def"], true), (#""exact_match": "a""#, ["b", "a"], true),
            (#""string_match": {"exact": "a"}, "invert_match": true"#, [], false),
            (#""string_match": {"exact": "a"}, "invert_match": true"#, ["a", "b"], false),
            (#""string_match": {"exact": "a"}, "invert_match": true"#, ["b"], true),
            (#""string_match": {"exact": "a"}, "invert_match": true, "treat_missing_header_as_empty": true"#, [], true),
            (#""range_match": {"start": "5", "end": "10"}"#, ["+5"], true),
            (#""range_match": {"start": 5, "end": 10}"#, ["10"], false),
            (#""range_match": {"start": 5, "end": 10}"#, ["5.0"], false),
            (#""range_match": {"start": 5, "end": 10}, "invert_match": true"#, ["5.0"], true),
            (#""range_match": {"start": 5, "end": 10}"#, ["99999999999999999999"], false),
            (#""present_match": true"#, [""], true), (#""present_match": false"#, [], true),
            (#""invert_match": true"#, [], true),
            (#""present_match": true, "treat_missing_header_as_empty": true"#, [], true),
            (#""string_match": {"suffix": "Xy", "ignore_case": true}"#, ["axY"], true),
            (#""string_match": {"contains": "b"}"#, ["abc"], true),
            (#""string_match": {"safe_regex": {"regex": "a+"}}"#, ["aab"], false),
        ] as [(String, [String], Bool)])
    func headers(matcher: String, values: [String], matches: Bool) throws {
        let bench = try Bench(
            routes: Bench.routes(
                "{\"match\": {\"prefix\": \"/\", \"headers\": [{\"name\": \"X-A\", \(matcher)}]}, \"direct_response\": {\"status\": 299}}"
            ))
        let status = bench.trace("/", headers: values.map { ("x-a", $0) }).response?.status
        #expect(status == (matches ? 299 : 404))
    }

    @Test(
        "query parameters: the first of the name, not decoded",
        arguments: [
            (#""string_match": {"exact": "a%20b"}"#, "/?k=a%20b", true),
            (#""string_match": {"exact": "a"}"#, "/?%6b=a", false),
            (#""string_match": {"exact": ""}"#, "/?k", true), (#""string_match": {"exact": "1"}"#, "/?k=1&k=2", true),
            (#""string_match": {"exact": "2"}"#, "/?k=1&k=2", false), (#""present_match": false"#, "/?K=1", true),
            (#""present_match": true"#, "/?a&k&b", true), (#""string_match": {"exact": "x=y"}"#, "/?k=x=y", true),
            (#""present_match": true"#, "/k", false),
        ] as [(String, String, Bool)])
    func query(matcher: String, path: String, matches: Bool) throws {
        let bench = try Bench(
            routes: Bench.routes(
                "{\"match\": {\"prefix\": \"/\", \"query_parameters\": [{\"name\": \"k\", \(matcher)}]}, \"direct_response\": {\"status\": 299}}"
            ))
        #expect((bench.trace(path).response?.status == 299) == matches)
    }

    @Test("a 404 tells for every route where it differs")
    func nearestMiss() throws {
        let bench = try Bench(
            routes: Bench.routes(
                #"{"name": "status", "match": {"prefix": "/status"}, "direct_response": {"status": 200}}"#,
                #"{"name": "beta", "match": {"prefix": "/", "headers": [{"name": "x-beta", "string_match": {"exact": "1"}}]}, "direct_response": {"status": 200}}"#
            ))
        let steps = bench.trace("/stats").hops.first?.steps.filter { $0.stage == .route } ?? []
        #expect(steps.map(\.candidate) == ["status", "beta"])
        #expect(steps.allSatisfy { !$0.matched })
        #expect(steps.first?.evidence.first?.difference == 5)
        let failed = steps.last?.evidence.filter { !$0.isMet }
        #expect(failed?.map(\.condition) == [.header(name: "x-beta")])
        #expect(failed?.first?.actual == nil)
    }
}
