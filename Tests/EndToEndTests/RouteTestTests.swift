import TestSupport
import Testing

/// `meshtop test` as a user's CI calls it.
@Suite(.enabled(if: Program.path != nil, "the program has not been built"))
struct RouteTestTests {
    private static let unset = ["INGRESS_HOST": "", "INGRESS_PORT": ""]

    private func run(_ words: [String], input: String = "") throws -> Finished {
        try Program.run(["test", "-f", Program.sample("httpbin")] + words, input: input, environment: Self.unset)
    }

    @Test("the sample's tests pass in both forms and reach every route")
    func samples() throws {
        let finished = try run(["tests/httpbin.yaml", "tests/httpbin.router_check.yaml"].map(Program.sample))
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
        #expect(finished.output.contains("6 tests, 6 passed, 0 failed"))
        #expect(finished.output.contains("Current route coverage: 100.00 % (2 of 2 routes)"))
    }

    @Test("a failed test ends with 1 and says which manifest line did it")
    func failure() throws {
        let text = "tests: [{request: {authority: httpbin.example.com, path: /x, port: 8080}, expect: {status: 200}}]"
        let finished = try run(["-"], input: text)
        #expect(finished.status == 1)
        #expect(finished.output.contains("status: expected exact \"200\", got 404   -:1"), "\(finished.output)")
        #expect(finished.output.contains("httpbin-vs.yaml:21"), "\(finished.output)")
    }

    @Test("coverage below the wanted figure ends with 1, a broken file with 2 and its place")
    func coverageAndErrors() throws {
        let text = "tests: [{request: {authority: a.example.com, port: 8080}, expect: {status: 404}}]"
        #expect(try run(["-"], input: text).status == 0)
        let uncovered = try run(["-", "--fail-under", "50"], input: text)
        #expect(uncovered.status == 1)
        #expect(uncovered.errors.contains("route coverage is below 50.0 %"))
        let broken = try run(["-"], input: "tests: [{request: {}, expect: {statsu: 1}}]")
        #expect(broken.status == 2)
        #expect(broken.errors.contains("-:1:32: error: field \"statsu\""), "\(broken.errors)")
    }

    @Test("an Envoy route configuration is tested as router_check_tool does, without manifests")
    func routeConfiguration() throws {
        let folder = try TemporaryFolder()
        let routes = "virtual_hosts: [{name: a, domains: ['*'], routes: [{match: {prefix: /}, route: {cluster: b}}]}]"
        let file = try folder.write(routes, to: "routes.yaml")
        let text = "tests: [{test_name: t, input: {authority: x, path: /}, validate: {cluster_name: b}}]"
        let finished = try Program.run(["test", "-c", file, "-"], input: text)
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
    }
}
