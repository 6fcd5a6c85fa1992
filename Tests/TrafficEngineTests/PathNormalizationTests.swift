import Testing

@testable import TrafficEngine

@Suite("Path normalisation") struct PathNormalizationTests {
    /// Rows of the rule book's table: path, normalize, merge, both, unescape and forward.
    static let rows: [(String, String, String, String, String)] = [
        (#"/a\b"#, "/a/b", #"/a\b"#, "/a/b", #"/a\b"#),
        ("/../../x", "/x", "/../../x", "/x", "/../../x"),
        ("/a%2f..%2fb", "/a%2f..%2fb", "/a%2f..%2fb", "/a%2f..%2fb", "/a/../b"),
        ("/a/%2e%2e%2fb", "/a/..%2fb", "/a/%2e%2e%2fb", "/a/..%2fb", "/a/%2e%2e/b"),
        ("///a//", "///a//", "/a/", "/a/", "///a//"),
        ("/A%2DB", "/A-B", "/A%2DB", "/A-B", "/A%2DB"),
        ("/a/.", "/a/", "/a/.", "/a/", "/a/."), ("/a/..", "/", "/a/..", "/", "/a/.."),
        ("/a/b/..?x=/..", "/a/?x=/..", "/a/b/..?x=/..", "/a/?x=/..", "/a/b/..?x=/.."),
        ("/a//..//b", "/a//b", "/a/../b", "/a/b", "/a//..//b"), ("/a/..//b", "//b", "/a/../b", "/b", "/a/..//b"),
        ("/%25%32%65", "/%252e", "/%25%32%65", "/%252e", "/%25%32%65"), ("//", "//", "//", "//", "//"),
        ("/a;b/../c", "/c", "/a;b/../c", "/c", "/a;b/../c"),
        ("/{x}|<", "/%7Bx%7D%7C%3C", "/{x}|<", "/%7Bx%7D%7C%3C", "/{x}|<"),
        ("/a%", "/a%", "/a%", "/a%", "/a%"), ("/a%4", "/a%4", "/a%4", "/a%4", "/a%4"),
        ("/%C3%a9", "/%C3%a9", "/%C3%a9", "/%C3%a9", "/%C3%a9"),
    ]

    @Test("each setting changes what the rule book says", arguments: rows)
    func table(path: String, normalized: String, merged: String, both: String, unescaped: String) throws {
        let settings = [
            (#""normalize_path": true"#, normalized), (#""merge_slashes": true"#, merged),
            (#""normalize_path": true, "merge_slashes": true"#, both),
            (#""path_with_escaped_slashes_action": "UNESCAPE_AND_FORWARD""#, unescaped),
        ]
        for (manager, expected) in settings {
            let bench = try Bench(
                routes: Bench.routes(#"{"match": {"prefix": "/"}, "route": {"cluster": "c"}}"#),
                clusters: [Bench.cluster()], manager: manager)
            #expect(bench.trace(path).upstreamPath == expected, "\(manager)")
        }
    }

    @Test("a fragment and an escaped zero byte are refused")
    func refused() throws {
        let bench = try Bench(routes: Bench.routes(), manager: #""normalize_path": true"#)
        for path in ["/a#b", "/a%00b"] {
            let response = bench.trace(path).response
            #expect(response?.status == 400)
            #expect(response?.details == "path_normalization_failed")
        }
    }

    @Test("unescape and redirect answers with the normalised path")
    func redirect() throws {
        let bench = try Bench(
            routes: Bench.routes(),
            manager: #""normalize_path": true, "path_with_escaped_slashes_action": "UNESCAPE_AND_REDIRECT""#)
        let trace = bench.trace("/a/%2e%2e%2fb?x=%2f")
        #expect(trace.response?.status == 307)
        #expect(trace.header("location") == "/b?x=%2f")
    }
}
