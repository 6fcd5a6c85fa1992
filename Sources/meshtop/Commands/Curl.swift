import ArgumentParser
import CurlCommand
import Documents
import EnvoyModel
import Glibc
import MeshModel
import Paths
import Presentation
import TrafficEngine
import WhyNot

/// `meshtop curl`: replays a curl line and prints what curl would print.
struct Curl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replay a curl command: print what curl would print, or why.",
        discussion: """
            meshtop curl -f Samples/httpbin -- -s -I -HHost:httpbin.example.com "http://\\$INGRESS_HOST:\\$INGRESS_PORT/status/200"
            meshtop curl -f Samples/httpbin --explain -- -HHost:httpbin.example.com http://203.0.113.10/headers
            meshtop curl -f Samples/bookinfo -n 100 -- -HHost:bookinfo.example.com http://203.0.113.10/reviews/1
            """)

    enum Output: String, ExpressibleByArgument, CaseIterable { case text, json }

    @OptionGroup var source: ConfigurationOptions

    @Flag(help: "Print the steps of the decision instead of the answer.")
    var explain = false

    @Option(
        help: ArgumentHelp(
            "Where the request is meant to go: prints what would bring it there, each change tried, as a patch.",
            valueName: "cluster|service|status"))
    var want: String?

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "Print a curl line that this route takes, tried, or the row that hides it: an object, FILE:LINE, HOST:PORT#N.",
            valueName: "route"))
    var route: String?

    @Option(name: [.customShort("o"), .long], help: "text, or json for the trace.")
    var output: Output = .text

    @Option(name: [.customShort("n"), .long], help: "Repeat the request and print where it lands.")
    var count: Int?

    @Flag(help: "Send it through the embedded proxy as well, and show prediction and observation side by side.")
    var live = false

    @Option(help: "gateway, outbound or inbound, instead of what the address implies.")
    var mode: String?

    @Flag(
        help:
            "The same request from everywhere: outside by each way in, a Pod with and one without sidecar of each namespace."
    )
    var callers = false

    @Flag(help: "Rehearse failover of the clusters that it goes to: shares when an endpoint, a zone, a region is down.")
    var rehearse = false

    @Option(
        help: ArgumentHelp(
            "Which endpoint each of these keys gets where a hash decides, and when it moves.", valueName: "key,key,…"))
    var keys: String?

    @Option(help: ArgumentHelp("Who calls: POD.NAMESPACE, outside, or an IP address.", valueName: "caller"))
    var from: String?

    @Option(help: "plaintext, tls or mtls, instead of what the address implies.")
    var tls: String?

    @Flag(help: "End with curl's own exit code.")
    var curlExit = false

    @Argument(
        help: ArgumentHelp(
            "Manifests, as with -f; behind -- the curl command, with or without the word curl.",
            valueName: "path … -- curl"))
    var operands: [String] = []

    /// What stands behind `--`: operands too, for the argument parser.
    private var words: [String] { Array(CommandLine.arguments.drop { $0 != "--" }.dropFirst()) }
    private var paths: [String] { Array(operands.dropLast(words.count)) }

    func validate() throws {
        if words.isEmpty, route == nil { throw ValidationError("the curl command comes behind --") }
        if let mode, ConnectionAttempt.Mode(rawValue: mode) == nil {
            throw ValidationError("--mode wants gateway, outbound or inbound, not \"\(mode)\"")
        }
        if let tls, ConnectionAttempt.Transport(rawValue: tls) == nil {
            throw ValidationError("--tls wants plaintext, tls or mtls, not \"\(tls)\"")
        }
        if let count, !(1...10_000_000).contains(count) { throw ValidationError("-n wants a number from 1") }
    }

    func run() async throws {
        let loaded = try await source.load(paths)
        if let route { return try printLines(for: route, loaded) }
        let script = try read(LineReplay.context(loaded.mesh))
        for note in script.notes where Console.isTerminal(2) || explain {
            Console.error("note: \(note.message.sanitizedForTerminal)")
        }
        let replay = LineReplay(loaded, settings())
        var exitCode = 0
        var isWrong = false
        var number = 0
        for invocation in script.invocations {
            switch invocation.condition {
            case .onSuccess where exitCode != 0: continue
            case .onFailure where exitCode == 0: continue
            default: break
            }
            for transfer in invocation.transfers {
                number += 1
                if callers {
                    try printCallers(replay, transfer)
                    continue
                }
                let results = try replay.run(
                    transfer, caller: invocation.caller, id: "\(number)", count: count ?? invocation.count ?? 1)
                if rehearse || keys != nil {
                    try printBalancing(results, loaded)
                    continue
                }
                if live {
                    isWrong = try await compare(results, loaded, repeated: count ?? invocation.count ?? 1) || isWrong
                    continue
                }
                print(results, repeated: count ?? invocation.count) { result in
                    whyNot(result, loaded, caller: invocation.caller)
                }
                exitCode = results.last?.answer.failure?.code ?? 0
            }
        }
        if isWrong { throw ExitCode(1) }
        if curlExit, exitCode != 0 { throw ExitCode(Int32(exitCode)) }
    }

    /// A line for each row of a route, or why there is none; exit code 1 when no row can be hit.
    private func printLines(for route: String, _ loaded: LoadedConfiguration) throws {
        let node = try loaded.node(named: source.proxy)
        guard let witness = CurlWitness(loaded, node) else {
            throw InputError("--for wants manifests, not an Envoy's own configuration")
        }
        let rows = witness.rows(named: route)
        guard !rows.isEmpty else {
            throw InputError(
                "no route of \(node.id) is called \(route.quotedForMessage)",
                hint: "an object (namespace/name), a place (FILE:LINE), HOST:PORT#N, as proxy-config routes lists them")
        }
        let found = rows.map(witness.found)
        for entry in found {
            let place = entry.source?.location.map { "  \($0.file):\($0.line)" } ?? ""
            let text = entry.line ?? "# \(entry.row.words) \(entry.problem ?? "")"
            if output == .json {
                let json: JSON = [
                    "row": .string(entry.row.words), "curl": entry.line.map { .string($0) } ?? .null,
                    "problem": entry.problem.map { .string($0) } ?? .null, "source": entry.source?.json ?? .null,
                ]
                Console.write(json.text() + "\n")
            } else {
                let comment = entry.line == nil ? place : "  # \(entry.row.words)\(place)"
                Console.write((text + comment).sanitizedForTerminal + "\n")
            }
        }
        if found.allSatisfy({ $0.line == nil }) { throw ExitCode(1) }
    }

    /// Failover and hashes, at the first proxy of the mesh.
    private func printBalancing(_ results: [LineReplay.Result], _ loaded: LoadedConfiguration) throws {
        guard let result = results.last, let hop = result.answer.trace?.hops.first else {
            throw InputError("the request comes to no proxy", hint: results.last?.answer.problem?.message)
        }
        let node = loaded.proxies.first { $0.id == hop.proxy && $0.cluster == hop.clusterName }
        let proxy = try node.map { loaded.configuration(for: $0) } ?? loaded.proxy(named: source.proxy)
        if let keys {
            let request = result.path?.arrivals[0] ?? result.path?.trace.request ?? SyntheticRequest()
            let list = keys.split(separator: ",").map(String.init)
            guard let found = HashInspection(request, keys: list, at: hop.proxy, in: proxy.snapshot) else {
                throw InputError(
                    "no hash decides about this request", hint: "consistentHash of a DestinationRule makes one")
            }
            Console.write(output == .json ? found.json.text() + "\n" : found.text)
        }
        guard rehearse else { return }
        let names = Set(hop.candidates.map(\.cluster) + [hop.clusterReference].compactMap { $0 })
        let rehearsals = names.sorted().compactMap { name in
            proxy.snapshot.clusters.first { $0.name == name }.flatMap { Rehearsal($0, in: proxy.snapshot) }
        }
        if output == .json { return Console.write(JSON.array(rehearsals.map(\.json)).text() + "\n") }
        Console.write(
            rehearsals.isEmpty
                ? "it goes to no cluster that has endpoints\n" : rehearsals.map(\.text).joined(separator: "\n"))
    }

    private func printCallers(_ replay: LineReplay, _ transfer: CurlTransfer) throws {
        guard let matrix = try replay.callers(transfer) else {
            throw InputError("--callers wants manifests, not an Envoy's own configuration")
        }
        let table = CallerTable(matrix)
        Console.write(output == .json ? table.json.text() + "\n" : table.text)
    }

    private func settings() -> ReplaySettings {
        var settings = ReplaySettings()
        settings.mode = mode.flatMap { ConnectionAttempt.Mode(rawValue: $0) }
        settings.transport = tls.flatMap { ConnectionAttempt.Transport(rawValue: $0) }
        settings.proxy = source.proxy
        if let from {
            let isAddress = from.contains(":") || from.allSatisfy { $0.isNumber || $0 == "." }
            settings.caller = from == "outside" ? .outside : isAddress ? .address(from) : .pod(from)
        }
        return settings
    }

    private func read(_ context: ReplayContext) throws -> CurlScript {
        do throws(CurlError) {
            return try LineReplay.script(words, context)
        } catch {
            if error.exitCode == 0 { throw CleanExit.message(error.message) }
            if curlExit {
                Console.error("curl: (\(error.exitCode)) \(error.message.sanitizedForTerminal)")
                if let hint = error.hint { Console.error("  hint: \(hint.sanitizedForTerminal)") }
                throw ExitCode(Int32(error.exitCode))
            }
            throw InputError(
                "curl line:\(error.line):\(error.column): \(error.message.sanitizedForTerminal)",
                hint: error.hint?.sanitizedForTerminal)
        }
    }

    /// Prints prediction and observation; true when the two differ in what they decided.
    private func compare(
        _ results: [LineReplay.Result], _ loaded: LoadedConfiguration, repeated: Int
    ) async throws -> Bool {
        var differs = false
        for result in results {
            guard result.answer.trace != nil else {
                Console.write((result.answer.problem?.message ?? "there is no answer") + "\n")
                continue
            }
            let comparison = LiveComparison(result, loaded, count: repeated)
            let (text, isEqual) = try await comparison.run()
            Console.write(text)
            differs = differs || !isEqual
        }
        return differs
    }

    // MARK: What is printed

    private func print(
        _ results: [LineReplay.Result], repeated: Int?, whyNot: (LineReplay.Result) -> WhyNotAnswer?
    ) {
        for (index, result) in results.enumerated() {
            let line = CurlPrinter(style: .short).line(result.transfer)
            let isLast = index == results.count - 1
            if output == .json {
                Console.write(json(result, isLast ? whyNot(result) : nil).text() + "\n")
            } else if explain || want != nil {
                Console.write(explanation(result, line, isLast ? whyNot(result) : nil))
            } else if let repeated, repeated > 1 {
                Console.write(distribution(result, repeated))
            } else {
                Console.error(result.answer.standardError, unlessEmpty: true)
                // Of a chain of redirects curl shows the bodies of all only with -i; the last one always.
                if isLast || result.transfer.output.includesHeaders {
                    var answer = result.answer
                    if !isLast { answer.transfer.output.writeOut = nil }
                    Console.write(answer.standardOutput)
                }
            }
        }
    }

    /// Why the request does not go where `--want` says; without it, why it failed.
    private func whyNot(
        _ result: LineReplay.Result, _ loaded: LoadedConfiguration, caller: CurlInvocation.Caller?
    ) -> WhyNotAnswer? {
        guard want != nil || explain && result.answer.trace?.asksForWhy == true else { return nil }
        let search = WhyNotSearch(loaded: loaded, wanted: want)
        let requester = CurlRequester(
            search, settings(), result.transfer, caller: caller, proxy: result.destination?.proxy)
        return search.answer(requester, from: result.destination?.proxy.namespace ?? "default")
    }

    private func json(_ result: LineReplay.Result, _ answer: WhyNotAnswer?) -> JSON {
        guard let trace = result.answer.trace else {
            return [
                "id": "1", "hops": .array([]), "response": .null, "error": "no-listener",
                "message": .string(result.answer.problem?.message ?? ""),
            ]
        }
        guard let answer, case .object(var object) = trace.json else { return trace.json }
        object.add("why_not", answer.json)
        return .object(object)
    }

    private var isColoured: Bool {
        switch source.color {
        case .always: true
        case .never: false
        case .auto: Console.isTerminal(1) && getenv("NO_COLOR") == nil
        }
    }

    private func explanation(_ result: LineReplay.Result, _ line: String, _ answer: WhyNotAnswer?) -> String {
        var words: RequestExplanation
        if let path = result.path {
            words = RequestExplanation(path, line: line, way: result.destination?.way ?? [])
        } else if let problem = result.answer.problem {
            words = RequestExplanation(problem, line: line)
        } else {
            return ""
        }
        guard let answer else { return words.text(isColoured: isColoured) }
        words.replaceGuesses(with: answer.lines)
        return words.text(isColoured: isColoured) + (answer.patch.isEmpty ? "" : "\n" + answer.patch)
    }

    private func distribution(_ result: LineReplay.Result, _ count: Int) -> String {
        guard let trace = result.answer.trace else { return (result.answer.problem?.message ?? "") + "\n" }
        return DistributionText(trace, count: count).text
    }
}
