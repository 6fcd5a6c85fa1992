import Documents
import EnvoyModel
import TestSupport
import Testing
import TrafficEngine

@testable import RouteChecks

/// Tests as a user writes them, run against one route configuration.
private struct Bench {
    static let routes = """
        name: shop
        virtual_hosts:
        - name: shop
          domains: [shop.example.com]
          routes:
          - name: moved
            match: {path: /old}
            redirect: {path_redirect: /new, response_code: PERMANENT_REDIRECT}
          - name: api
            match: {prefix: /api/}
            route: {prefix_rewrite: /, host_rewrite_literal: api.internal, cluster: api}
            request_headers_to_add: [{header: {key: x-team, value: web}}]
          - name: split
            match: {prefix: /}
            route:
              weighted_clusters: {clusters: [{name: v1, weight: 80}, {name: v2, weight: 20}]}
            response_headers_to_add: [{header: {key: x-split, value: "yes"}}]
        """

    let snapshot: XDSSnapshot
    let compiled: CompiledSnapshot

    init() throws {
        var unmodelled: [UnmodelledField] = []
        let root = try #require(DocumentReader.read(Self.routes, file: "routes.yaml").documents.first?.root)
        snapshot = XDSSnapshot(serving: RouteConfiguration(root, unmodelled: &unmodelled))
        #expect(unmodelled.isEmpty)
        compiled = CompiledSnapshot(snapshot)
    }

    func run(_ text: String) throws -> RouteCheckReport {
        let file = RouteCheckFile(Array(text.utf8), file: "tests.yaml")
        #expect(file.diagnostics.map(\.rendered) == [])
        var coverage = RouteCoverage()
        coverage.add(snapshot, proxy: "envoy")
        let results = file.checks.map { check -> RouteCheckResult in
            switch check.subject {
            case .request(var request), .addressed(var request):
                request.random = check.random
                if case .addressed = check.subject { request.port = request.transport == .plaintext ? 80 : 443 }
                return RouteCheckResult(check, trace: simulate(request, with: compiled, proxy: "envoy"))
            case .curl: return RouteCheckResult(check, error: "no curl here")
            }
        }
        for result in results { coverage.count(result) }
        return RouteCheckReport(results, coverage: coverage)
    }
}

@Suite("Route tests")
struct RouteCheckTests {
    @Test("the own form expects parts of a trace, as texts, as matchers, or none")
    func ownForm() throws {
        let report = try Bench().run(
            """
            tests:
            - name: rewritten
              request: {authority: shop.example.com, path: /api/carts}
              expect:
                status: 200
                route: api
                cluster: {prefix: ap}
                path: /carts
                authority: api.internal
                request_headers: {x-team: web, x-absent: null}
                response_headers: [{name: x-split, present_match: false}]
            - request: {authority: other.example.com}
              expect: {status: 404, flags: NR, virtual_host: null, error: no-virtual-host}
            - request: {authority: shop.example.com}
              expect: {shares: {v1: 0.8, v2: 20%}, response_headers: {x-split: {regex: "y.*"}}}
            """)
        #expect(report.results.flatMap(\.failures) == [])
        #expect(report.results.count == 3)
        #expect(report.coverage.hitCount == 2)
    }

    @Test("what differs is named with what was expected, what there is, and the line")
    func failures() throws {
        let report = try Bench().run(
            """
            tests:
            - name: wrong
              request: {authority: shop.example.com, path: /api/x}
              expect:
                cluster: v1
                path: null
                shares: {api: 0.5}
            """)
        let failures = report.results[0].failures
        #expect(failures.map(\.subject) == ["cluster", "path", "share of api"])
        #expect(failures.map(\.expected) == ["exact \"v1\"", "none", "0.5"])
        #expect(failures.map(\.actual) == ["api", "/x", "1.0"])
        #expect(failures.map(\.location.line) == [5, 6, 7])
        #expect(report.failedCount == 1)
    }

    @Test("router_check_tool's files are read in both their forms, weights decided by the random value")
    func routerCheck() throws {
        let report = try Bench().run(
            """
            - test_name: low
              input: {":authority": shop.example.com, ":path": /, ":method": GET, random_value: 79}
              validate: {cluster_name: v1, virtual_host_name: shop}
            - test_name: high
              input: {authority: shop.example.com, path: /, method: GET, random_value: 80}
              validate: {cluster_name: v2, response_header_matches: [{name: x-split, string_match: {exact: "yes"}}]}
            - test_name: redirect with TLS
              input: {authority: shop.example.com, path: /old, ssl: true}
              validate: {path_redirect: "https://shop.example.com/new", code_redirect: 308, cluster_name: ""}
            - test_name: rewritten
              input:
                authority: shop.example.com
                path: /api/x
                additional_request_headers: [{key: x-a, value: b}]
              validate:
                host_rewrite: api.internal
                path_rewrite: /x
                request_header_matches: [{name: x-a, string_match: {exact: b}}, {name: ":path", string_match: {prefix: /}}]
            """)
        #expect(report.results.flatMap(\.failures) == [])
        #expect(report.coverage.share == 1)
        // redirect: path asserted; api: two of five; split: cluster and virtual host of five.
        #expect(abs(report.coverage.comprehensiveShare - (1 + 0.4 + 0.4) / 3) < 1e-9)
    }

    @Test("what meshtop cannot tell fails its test")
    func notModelled() throws {
        let report = try Bench().run(
            """
            tests:
            - test_name: virtual cluster
              input: {authority: shop.example.com, path: /}
              validate: {cluster_name: v1, virtual_cluster_name: other}
            - test_name: runtime
              input: {authority: shop.example.com, path: /, runtime: some.key}
              validate: {cluster_name: v1}
            """)
        #expect(report.results.map(\.failures.count) == [1, 1])
    }

    @Test("istio-config-validator's lists multiply, and wantMatch false wants another route")
    func configValidator() throws {
        let report = try Bench().run(
            """
            testCases:
            - description: moved
              wantMatch: true
              request: {authority: [shop.example.com], method: [GET, POST], uri: [/old, /old]}
              redirect: {uri: /new, redirectCode: 308}
            - description: not moved
              wantMatch: false
              request: {authority: [shop.example.com], uri: [/new]}
              redirect: {uri: /new, redirectCode: 308}
            - description: moved after all
              wantMatch: false
              request: {authority: [shop.example.com], uri: [/old]}
              redirect: {uri: /new, redirectCode: 308}
            """)
        #expect(report.results.map(\.hasPassed) == [true, true, true, true, true, false])
    }

    @Test(
        "a file that cannot be used says where and why",
        arguments: [
            ("tests: []", "tests.yaml:1:1: error: there is no test in this file"),
            ("tests:\n- name: a\n  expect: {status: 200}", "tests.yaml:2:3: error: a route test has either"),
            ("tests:\n- request: {path: /}", "tests.yaml:2:3: error: the test expects nothing"),
            (
                "tests:\n- request: {path: /}\n  expect: {statsu: 200, flags: NR}",
                "tests.yaml:3:12: error: field \"statsu\" is not part of expect; did you mean \"status\"?"
            ),
            ("tests:\n- input: {path: /}\n  validate: {cluster_name: a}", "tests.yaml:2:3: error: the input needs"),
            (
                "tests:\n- request: {path: /}\n  expect: {shares: {a: 120%}}",
                "tests.yaml:3:24: error: a share is a number from 0 to 1"
            ),
            ("tests: [", "tests.yaml:"), ("\u{1}", "tests.yaml:"),
        ])
    func badFiles(text: String, message: String) {
        let file = RouteCheckFile(Array(text.utf8), file: "tests.yaml")
        #expect(file.diagnostics.contains { $0.rendered.hasPrefix(message) }, "\(file.diagnostics.map(\.rendered))")
    }

    @Test("JUnit's XML holds any name, and text reports no control character")
    func escaping() throws {
        let report = try Bench().run(
            """
            tests:
            - name: "<&\\"\\u0007\\e[2J>"
              request: {authority: shop.example.com}
              expect: {status: 418}
            """)
        #expect(report.junit.contains("name=\"&lt;&amp;&quot;\u{FFFD}\u{FFFD}[2J&gt;\""))
        #expect(report.junit.contains("tests=\"1\" failures=\"1\""))
        #expect(report.junit.contains("<failure message=\"status: expected exact &quot;418&quot;, got 200\">"))
        #expect(!report.text().contains("\u{1B}"))
        #expect(report.text().contains("1 test, 0 passed, 1 failed"))
        #expect(report.text().contains("Current route coverage: 33.33 % (1 of 3 routes)"))
    }
}
