import CurlCommand
import EnvoyModel
import MeshModel
import MeshtopUI
import Paths
import Presentation
import ProxyRuntime
import TrafficEngine
import WhyNot

/// Tries a curl line against the mesh, for the simulator screen; the same replay as `meshtop curl`.
struct Replaying: Sendable {
    let loaded: LoadedConfiguration
    /// The proxy that is looked at.
    let proxy: String?
    /// Set: the request is really sent through the embedded proxy as well.
    let server: ProxyServer?
    /// Where the request is meant to go; empty for anywhere.
    var want = ""
    /// How often it is sent in a row.
    var count = 1
    /// The flags that a running proxy logged for the request.
    var observed: String?

    func run(_ line: String) async -> Simulation { await answer(line).0 }

    /// What becomes of it, and why it does not go where it is meant to, where it does not.
    func answer(_ line: String) async -> (Simulation, WhyNotAnswer?) {
        do throws(CurlError) {
            let script = try CurlScript.parse(line, context: LineReplay.context(loaded.mesh))
            guard let invocation = script.invocations.first, let transfer = invocation.transfers.first else {
                return (Simulation(line: line, error: "there is no curl command here"), nil)
            }
            return await run(transfer, invocation.caller, line)
        } catch {
            let hint = error.hint.map { "; " + $0 } ?? ""
            return (Simulation(line: line, error: error.message + hint), nil)
        }
    }

    private func run(
        _ transfer: CurlTransfer, _ caller: CurlInvocation.Caller?, _ line: String
    ) async -> (Simulation, WhyNotAnswer?) {
        var settings = ReplaySettings()
        settings.proxy = proxy
        guard
            let results = try? LineReplay(loaded, settings).run(
                transfer, caller: caller, id: "1", count: count),
            let result = results.last
        else { return (Simulation(line: line, error: "there is no proxy to send it to"), nil) }
        var explanation: RequestExplanation
        if let trace = result.answer.trace {
            explanation = RequestExplanation(
                trace, line: line, way: result.destination?.way ?? [], answerer: result.path?.answerer,
                arrivals: result.path?.arrivals ?? [:])
        } else if let problem = result.answer.problem {
            explanation = RequestExplanation(problem, line: line)
        } else {
            return (Simulation(line: line, error: "there is no answer"), nil)
        }
        let answer = whyNot(result, invocationCaller: caller)
        if let answer { explanation.replaceGuesses(with: answer.shortLines) }
        var simulation = Simulation(line: line, trace: result.answer.trace, explanation: explanation)
        simulation.ladder = result.path.map { Ladder($0) }
        if let answer, !answer.isMet {
            simulation.patch = answer.patch
            let all = RequestExplanation(lines: answer.lines).text()
            simulation.proposals = (all + "\n" + answer.patch).split(
                separator: "\n", omittingEmptySubsequences: false
            ).map(String.init)
        }
        if !result.answer.head.isEmpty {
            simulation.response = result.answer.head.split(whereSeparator: \.isNewline).map(String.init)
        }
        if let server { simulation.observed = await send(result, server) }
        return (simulation, answer)
    }

    /// The same request from everywhere; `nil` for a line that is none, and without manifests.
    func callers(_ line: String) -> CallerTable? {
        var settings = ReplaySettings()
        settings.proxy = proxy
        guard let script = try? CurlScript.parse(line, context: LineReplay.context(loaded.mesh)),
            let transfer = script.transfers.first, let matrix = try? LineReplay(loaded, settings).callers(transfer)
        else { return nil }
        return CallerTable(matrix)
    }

    /// Why it does not go where it is meant to.
    private func whyNot(_ result: LineReplay.Result, invocationCaller: CurlInvocation.Caller?) -> WhyNotAnswer? {
        guard !want.isEmpty || observed != nil || result.answer.trace?.asksForWhy == true else { return nil }
        var settings = ReplaySettings()
        settings.proxy = proxy
        let search = WhyNotSearch(loaded: loaded, wanted: want.isEmpty ? nil : want, patience: 1.5)
        let requester = CurlRequester(
            search, settings, result.transfer, caller: invocationCaller, proxy: result.destination?.proxy)
        return search.answer(
            requester, from: result.destination?.proxy.namespace ?? "default", observed: observed)
    }

    /// What the embedded proxy answers to the same bytes.
    private func send(_ result: LineReplay.Result, _ server: ProxyServer) async -> [String] {
        let hop = result.answer.trace?.hops.first
        let binding = await server.bindings.first { $0.proxy == hop?.proxy && $0.name == hop?.listener?.name }
        guard let bound = binding?.bound, let connection = PlainConnection(to: bound) else {
            return ["not sent: the embedded proxy does not serve this listener"]
        }
        let request = SampleRequest(result.transfer, bound: bound)
        return connection.exchange(request.bytes, isHead: request.isHead)?.lines ?? ["the connection was closed"]
    }
}
