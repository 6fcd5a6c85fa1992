import ArgumentParser
import CurlCommand
import Documents
import MeshModel
import Paths
import Presentation
import TrafficEngine
import WhyNot

/// `meshtop clinic`: a response flag, what it means, and what the manifests say about its causes.
struct Clinic: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A response flag of Envoy: what it means, and which of its causes the manifests show.",
        discussion: """
            meshtop clinic UF
            meshtop clinic UF -f mesh/
            meshtop clinic UC -f mesh/ -- -HHost:shop.example.com http://203.0.113.10/cart
            meshtop clinic 403 -f mesh/ --proxy cart.shop

            Without manifests: the sentence and the usual causes. With manifests: the causes that they show, over all routes of the
            gateways, or of --proxy. With a request behind --: each cause of that request's flag, with the evidence for and against.
            """)

    enum Output: String, ExpressibleByArgument, CaseIterable { case text, json }

    @OptionGroup var source: ConfigurationOptions

    @Option(name: [.customShort("o"), .long], help: "text or json.")
    var output: Output = .text

    @Argument(
        help: ArgumentHelp(
            "A flag (NR, UF, …), or 301, 403, 502 for answers without one; none lists all. Then manifests, as with -f.",
            valueName: "flag"))
    var operands: [String] = []

    /// What stands behind `--`: operands too, for the argument parser.
    private var words: [String] { Array(CommandLine.arguments.drop { $0 != "--" }.dropFirst()) }

    func run() async throws {
        let given = Array(operands.dropLast(words.count))
        guard let name = given.first else {
            return Console.write(ResponseFlag.all.map(\.heading).joined(separator: "\n") + "\n")
        }
        guard let flag = ResponseFlag.named(name) else {
            throw InputError(
                "no response flag is called \(name.quotedForMessage)",
                hint: "there are " + ResponseFlag.all.map(\.name).joined(separator: ", "))
        }
        let paths = Array(given.dropFirst())
        guard !paths.isEmpty || !source.filenames.isEmpty || !source.clusters.isEmpty else {
            return Console.write(page(flag, causes: flag.causes.map { "      " + $0 }))
        }
        let loaded = try await source.load(paths)
        guard let mesh = loaded.mesh, let translation = loaded.translation else {
            throw InputError("clinic wants manifests, not an Envoy's own configuration")
        }
        if words.isEmpty {
            try printRound(flag, loaded, MeshState(mesh, translation: translation))
        } else {
            try printRequest(flag, loaded)
        }
    }

    private func page(_ flag: ResponseFlag, causes: [String]) -> String {
        let details = flag.details.isEmpty ? "" : "    \(flag.details)\n"
        return flag.heading + "\n" + details + causes.joined(separator: "\n") + (causes.isEmpty ? "" : "\n")
    }

    // MARK: One request

    private func printRequest(_ flag: ResponseFlag, _ loaded: LoadedConfiguration) throws {
        let context = LineReplay.context(loaded.mesh)
        let script: CurlScript
        do throws(CurlError) {
            script = try LineReplay.script(words, context)
        } catch {
            throw InputError("curl line: \(error.message.sanitizedForTerminal)", hint: error.hint)
        }
        guard let invocation = script.invocations.first, let transfer = invocation.transfers.first else {
            throw InputError("there is no curl command behind --")
        }
        var settings = ReplaySettings()
        settings.proxy = source.proxy
        let search = WhyNotSearch(loaded: loaded, patience: 0)
        let result = try LineReplay(loaded, settings).run(transfer, caller: invocation.caller, id: "1").last
        let requester = CurlRequester(
            search, settings, transfer, caller: invocation.caller, proxy: result?.destination?.proxy)
        let answer = search.answer(
            requester, from: result?.destination?.proxy.namespace ?? "default", observed: flag.name)
        guard let diagnosis = answer?.clinic else {
            throw InputError("the request comes to no proxy", hint: answer?.attempt.problem)
        }
        if output == .json { return Console.write(diagnosis.json.text() + "\n") }
        let lines = diagnosis.causes.map { cause in
            line(cause.verdict.rawValue, "\(cause.text): \(cause.evidence)", cause.source)
        }
        Console.write(page(flag, causes: lines) + "next  \(diagnosis.next)\n".sanitizedLines)
    }

    private func line(_ label: String, _ text: String, _ source: SourceReference?) -> String {
        let place = source?.location.map { "  \($0.file):\($0.line)" } ?? ""
        return label + String(repeating: " ", count: max(1, 6 - label.count)) + (text + place).sanitizedForTerminal
    }

    // MARK: All routes

    private func printRound(_ flag: ResponseFlag, _ loaded: LoadedConfiguration, _ state: MeshState) throws {
        let gateways = loaded.proxies.filter { $0.type == .gateway }
        let proxies = try source.proxy.map { [try loaded.node(named: $0)] } ?? gateways
        let end = Clock.seconds() + 5
        let round = ClinicRound(flag.name, at: proxies, in: state) { Clock.seconds() > end }
        if output == .json { return Console.write(JSON.array(round.found.map(json)).text() + "\n") }
        var lines: [String] = []
        for found in round.found {
            lines.append(line("yes", "\(found.cause.text): \(found.cause.evidence)", found.cause.source))
            let more = found.rows.count > 1 ? " and \(found.rows.count - 1) more" : ""
            lines.append("      \(found.proxy.id): \(found.rows[0])\(more)".sanitizedForTerminal)
        }
        if round.found.isEmpty {
            lines.append(
                "none of its causes shows in the manifests, for \(round.asked) routes of \(proxies.map(\.id).joined(separator: ", "))"
                    .sanitizedForTerminal)
            lines += flag.causes.map { "      " + $0 }
            lines.append("say which request got it: meshtop clinic \(flag.name) … -- curl …")
        }
        if round.wasCut { lines.append("only \(round.asked) routes were asked: choose a proxy with --proxy") }
        Console.write(page(flag, causes: lines))
    }

    private func json(_ found: ClinicRound.Found) -> JSON {
        [
            "cause": .string(found.cause.text), "evidence": .string(found.cause.evidence),
            "source": found.cause.source?.json ?? .null, "proxy": .string(found.proxy.id),
            "rows": .array(found.rows.map { .string($0) }), "request": found.request.json,
        ]
    }
}

extension String {
    fileprivate var sanitizedLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { String($0).sanitizedForTerminal }
            .joined(separator: "\n")
    }
}
