import EnvoyModel
import Testing
import TrafficEngine

@testable import Presentation

/// Effective values of a route (pains 9 and 12): the path after rewrites, time and tries after defaults.
struct RouteWordsTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var path = "/common/api"
        var upstreamPath = "/common/api"
        var upstreamHost = "h"
        var timeout: Duration?
        var retries: Int?
        var retryOn = "connect-failure,refused-stream,unavailable,cancelled"
        var perTry: Duration?
        var lines: [String]
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(name: "nothing but defaults is nothing to say", timeout: .zero, retries: 2, lines: []),
        Row(name: "a rewrite", upstreamPath: "/api", lines: ["rewrite: the path becomes /api"]),
        Row(
            name: "a rewrite to two slashes", upstreamPath: "//api",
            lines: ["rewrite: the path becomes //api: two slashes, which many servers answer with 404 or a redirect"]),
        Row(name: "two slashes of the client's own", path: "//a", upstreamPath: "//a", lines: []),
        Row(name: "another Host", upstreamHost: "web.shop", lines: ["rewrite: Host becomes web.shop"]),
        Row(name: "a timeout", timeout: .seconds(2), lines: ["timeout: 2s for all tries together"]),
        Row(
            name: "retries of one's own", retries: 4, retryOn: "5xx",
            lines: ["retries: 4 after the first try, on 5xx"]),
        Row(
            name: "perTryTimeout bounds the first try", retries: 2, perTry: .milliseconds(500),
            lines: [
                "retries: 2 after the first try, on connect-failure,refused-stream,unavailable,cancelled; each try may take 0.500s, the first one too"
            ]),
    ]

    @Test("what a route makes of a request", arguments: rows)
    func words(row: Row) {
        var action = RouteAction(.cluster("c"))
        action.timeout = row.timeout
        if let retries = row.retries {
            action.retryPolicy = RetryPolicy(retryOn: row.retryOn)
            action.retryPolicy?.numRetries = UInt32(retries)
            action.retryPolicy?.perTryTimeout = row.perTry
        }
        var request = SyntheticRequest()
        request.authority = "h"
        request.path = row.path
        var upstream = request
        upstream.path = row.upstreamPath
        upstream.authority = row.upstreamHost
        var hop = TraceHop()
        hop.route = Route(name: "", match: RouteMatch(.prefix("/")), action: .route(action))
        hop.upstreamRequest = upstream
        #expect(RouteWords(hop, request).lines.map { $0.spans.map(\.text).joined() } == row.lines)
    }
}
