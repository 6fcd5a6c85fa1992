import CurlCommand
import EnvoyModel
import MeshModel
import Paths
import Presentation
import RouteChecks
import TrafficEngine

/// Runs route tests against a configuration.
struct RouteCheckRunner {
    let loaded: LoadedConfiguration
    /// `--proxy`.
    let proxy: String?
    private let simulator: HopSimulator

    init(_ loaded: LoadedConfiguration, proxy: String?) {
        self.loaded = loaded
        self.proxy = proxy
        simulator = HopSimulator(loaded)
    }

    /// The outcomes, and the routes of all proxies that the tests ask.
    func run(_ checks: [RouteCheck]) -> RouteCheckReport {
        var coverage = RouteCoverage()
        var known: Set<String> = []
        var results: [RouteCheckResult] = []
        for check in checks {
            let result: RouteCheckResult
            do {
                result = try run(check)
            } catch let error as InputError {
                result = RouteCheckResult(check, error: error.message)
            } catch {
                result = RouteCheckResult(check, error: "\(error)")
            }
            results.append(result)
            if let name = result.trace?.hops.first?.proxy, known.insert(name).inserted,
                let proxy = try? loaded.proxy(named: loaded.envoy == nil ? name : nil)
            {
                coverage.add(proxy.snapshot, proxy: name)
            }
        }
        // A test that arrives nowhere still counts the routes that it should have reached.
        if known.isEmpty, let proxy = try? loaded.proxy(named: proxy) {
            coverage.add(proxy.snapshot, proxy: proxy.name)
        }
        for result in results { coverage.count(result) }
        return RouteCheckReport(results, coverage: coverage)
    }

    private func run(_ check: RouteCheck) throws -> RouteCheckResult {
        switch check.subject {
        case .curl(let line): return try run(check, line)
        case .request(let request): return try run(check, request, at: loaded.proxy(named: check.proxy ?? proxy))
        case .addressed(let request): return try run(check, addressed: request)
        }
    }

    private func run(_ check: RouteCheck, _ line: String) throws -> RouteCheckResult {
        let script: CurlScript
        do throws(CurlError) {
            script = try CurlScript.parse(line, context: LineReplay.context(loaded.mesh))
        } catch {
            return RouteCheckResult(check, error: error.message)
        }
        var settings = ReplaySettings()
        settings.proxy = check.proxy ?? proxy
        settings.random = check.random
        let replay = LineReplay(loaded, settings, simulator: simulator)
        guard let invocation = script.invocations.first, let transfer = invocation.transfers.first,
            script.transfers.count == 1
        else {
            return RouteCheckResult(
                check, error: "a test is about one transfer, this line has \(script.transfers.count)")
        }
        let results = try replay.run(transfer, caller: invocation.caller, id: check.name)
        return RouteCheckResult(
            check, trace: results.last?.answer.trace, problem: results.last?.answer.problem?.message)
    }

    private func run(
        _ check: RouteCheck, _ request: SyntheticRequest, at proxy: LoadedConfiguration.Proxy
    ) throws -> RouteCheckResult {
        var request = request
        request.id = check.name
        request.random = check.random
        return RouteCheckResult(check, trace: simulator.trace(request, at: proxy))
    }

    /// The request comes the way that clients of its scheme come: to a gateway by the Service in front of it.
    private func run(_ check: RouteCheck, addressed request: SyntheticRequest) throws -> RouteCheckResult {
        let proxy = try loaded.proxy(named: check.proxy ?? proxy)
        var request = request
        let isTLS = request.transport != .plaintext
        request.port = isTLS ? 443 : 80
        guard let mesh = loaded.mesh, let node = proxy.node else { return try run(check, request, at: proxy) }
        let authority = request.authority ?? ""
        do {
            let destination = try DestinationResolver(mesh, proxies: loaded.proxies).destination(
                host: node.type == .sidecar ? String(authority.prefix { $0 != ":" }) : Self.unknownAddress,
                port: Int(request.port), chosen: node, caller: nil)
            request.mode = destination.mode
            request.address = destination.address
            request.port = destination.port
            request.sourceNamespace = destination.sourceNamespace
            request.sourceLabels = destination.sourceLabels
            return try run(check, request, at: proxy)
        } catch let problem as UnreachableDestination {
            return RouteCheckResult(check, trace: nil, problem: problem.message)
        }
    }

    /// One of the addresses for documentation: nothing in a store has it, so it is taken for the gateway's own.
    private static let unknownAddress = "192.0.2.1"
}
