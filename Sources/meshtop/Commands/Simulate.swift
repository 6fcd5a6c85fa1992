import ArgumentParser
import Documents
import MeshModel
import Presentation
import TrafficEngine
import WhyNot

/// `meshtop simulate`: synthetic requests in, traces out.
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what a proxy does with each of many requests: JSON Lines in, a trace a line out.")

    @OptionGroup var source: ConfigurationOptions

    @Option(help: ArgumentHelp("The requests, one JSON object a line; - is standard input.", valueName: "file"))
    var requests: String

    @Option(
        help: ArgumentHelp(
            "Where the requests are meant to go: for each that does not, what would bring it there (key why_not).",
            valueName: "cluster|service|status"))
    var want: String?

    @Argument(help: ArgumentHelp("Manifests, as with -f.", valueName: "path"))
    var paths: [String] = []

    func run() async throws {
        let (loaded, proxy) = try await source.loadProxy(paths)
        let simulator = HopSimulator(loaded)
        let parsed = JSONReader.readLines(try FileInput.bytes(requests), file: requests)
        var problems = parsed.diagnostics
        let mode: ConnectionAttempt.Mode = proxy.node?.type == .sidecar ? .outbound : .gateway
        var text = ""
        for document in parsed.documents {
            var found: [Diagnostic] = []
            let request = SyntheticRequest(document.root, mode: mode, diagnostics: &found)
            problems += found
            guard !found.contains(where: { $0.severity == .error }) else { continue }
            text += json(simulator.trace(request, at: proxy), loaded, proxy).text() + "\n"
            if text.utf8.count > 1 << 16 {
                Console.write(text)
                text = ""
            }
        }
        Console.write(text)
        guard problems.contains(where: { $0.severity == .error }) else { return }
        Console.error(problems.map(\.rendered).joined(separator: "\n"))
        throw ExitCode(2)
    }

    /// The trace, with what would bring the request where it is meant to go.
    private func json(
        _ trace: TrafficTrace, _ loaded: LoadedConfiguration, _ proxy: LoadedConfiguration.Proxy
    ) -> JSON {
        guard let want, let node = proxy.node, case .object(var object) = trace.json else { return trace.json }
        let search = WhyNotSearch(loaded: loaded, wanted: want)
        let requester = HopRequester(search, trace.request, at: node)
        guard let answer = search.answer(requester, from: node.namespace) else { return trace.json }
        object.add("why_not", answer.json)
        return .object(object)
    }
}
