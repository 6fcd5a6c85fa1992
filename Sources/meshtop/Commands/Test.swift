import ArgumentParser
import Documents
import EnvoyModel
import Presentation
import RouteChecks

/// `meshtop test`: route tests from files.
struct Test: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run route tests from files: requests and what must become of them.",
        discussion: """
            meshtop test -f manifests/ tests.yaml
            meshtop test -c route_config.yaml router_check_tests.yaml --covall --fail-under 80

            A file is in meshtop's own form, in router_check_tool's or in istio-config-validator's. The own form:

              tests:
              - name: /headers is not routed
                curl: curl -sI -HHost:httpbin.example.com "http://$INGRESS_HOST:$INGRESS_PORT/headers"
                expect: {status: 404, flags: NR, route: null}
              - request: {authority: httpbin.example.com, path: /status/200, port: 8080}
                expect:
                  cluster: {regex: "outbound\\\\|8000\\\\|.*"}
                  source: VirtualService default/httpbin

            What can be expected has the names of a trace: status, flags, details, error, body, proxy, listener, filter_chain,
            route_config, virtual_host, route, cluster, endpoint, transport, source, mirror, method, authority, path, redirect,
            request_headers, response_headers, shares. null is "none"; {exact|prefix|suffix|contains|regex: …} matches a part.
            """)

    enum Output: String, ExpressibleByArgument, CaseIterable { case text, json, junit }

    @Argument(help: ArgumentHelp("Files of tests, YAML or JSON.", valueName: "file"))
    var files: [String]

    @OptionGroup var source: ConfigurationOptions

    @Option(
        name: [.customShort("c"), .customLong("config-path")],
        help: ArgumentHelp("Test an Envoy RouteConfiguration, as router_check_tool does.", valueName: "file"))
    var routeConfiguration: String?

    @Option(name: .shortAndLong, help: "text, json or junit.")
    var output: Output = .text

    @Flag(help: "Leave out tests that pass.")
    var onlyShowFailures = false

    @Option(help: ArgumentHelp("Fail when fewer of 100 routes are covered.", valueName: "percent"))
    var failUnder: Double?

    @Flag(help: "Coverage as router_check_tool's: per route, the properties that tests assert.")
    var covall = false

    @Flag(help: "List what is not covered.")
    var detailedCoverage = false

    func run() async throws {
        try await reporting {
            let checks = try read()
            let loaded = try await configuration()
            let report = RouteCheckRunner(loaded, proxy: source.proxy).run(checks)
            switch output {
            case .json: Console.write(report.json.text(indent: 4) + "\n")
            case .junit: Console.write(report.junit)
            case .text:
                var options = RouteCheckReport.TextOptions()
                options.onlyFailures = onlyShowFailures
                options.isComprehensive = covall
                options.listsUncovered = detailedCoverage
                Console.write(report.text(options))
            }
            let share = 100 * (covall ? report.coverage.comprehensiveShare : report.coverage.share)
            if let failUnder, share < failUnder {
                Console.error("route coverage is below \(failUnder) %")
                throw ExitCode(1)
            }
            if report.failedCount > 0 { throw ExitCode(1) }
        }
    }

    /// The tests of all files; a file with an error in it ends the program, so that no test is left out in silence.
    private func read() throws -> [RouteCheck] {
        var checks: [RouteCheck] = []
        var problems: [Diagnostic] = []
        for path in files {
            let file = RouteCheckFile(try FileInput.bytes(path), file: path)
            checks += file.checks
            problems += file.diagnostics
        }
        if !problems.isEmpty { Console.error(problems.map(\.rendered).joined(separator: "\n")) }
        if problems.contains(where: { $0.severity == .error }) { throw ExitCode(2) }
        return checks
    }

    private func configuration() async throws -> LoadedConfiguration {
        guard let path = routeConfiguration else { return try await source.load() }
        var unmodelled: [UnmodelledField] = []
        let routes = RouteConfiguration(try FileInput.document(path).0, unmodelled: &unmodelled)
        for field in unmodelled {
            Console.error(Diagnostic(.warning, "\(field.field) is not modelled", at: field.location).rendered)
        }
        var loaded = LoadedConfiguration()
        loaded.envoy = XDSSnapshot(serving: routes)
        return loaded
    }
}
