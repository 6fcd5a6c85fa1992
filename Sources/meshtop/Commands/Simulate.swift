import ArgumentParser
import Documents
import MeshModel
import Presentation
import TrafficEngine

/// `meshtop simulate`: synthetic requests in, traces out.
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what a proxy does with each of many requests: JSON Lines in, a trace a line out.")

    @OptionGroup var source: ConfigurationOptions

    @Option(help: ArgumentHelp("The requests, one JSON object a line; - is standard input.", valueName: "file"))
    var requests: String

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
            text += simulator.trace(request, at: proxy).json.text() + "\n"
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
}
