import ArgumentParser
import Documents
import Glibc
import MeshtopUI
import NCursesTerminal
import ProxyRuntime
import TerminalUI

/// `meshtop [PATH…]`: the terminal UI.
struct Top: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "The terminal UI; with no PATH the bundled sample mesh with traffic.")

    @Argument(help: ArgumentHelp("Manifests, as with -f.", valueName: "path"))
    var paths: [String] = []

    @OptionGroup var source: ConfigurationOptions
    @OptionGroup var look: UIOptions

    @Flag(help: "Run no embedded proxy: configuration only.")
    var noProxy = false

    @Flag(inversion: .prefixedNo, help: "Send sample requests through the embedded proxy (default: for the sample).")
    var traffic: Bool?

    @Flag(help: "Dial the endpoints' own addresses instead of answering for them.")
    var dial = false

    func run() async throws {
        let isSample =
            paths.isEmpty && source.filenames.isEmpty && source.clusters.isEmpty && source.configDump == nil
            && source.bootstrap == nil && source.admin == nil && source.services == nil
        let paths = isSample ? [try SampleFiles.folder()] : paths
        let title = isSample ? "sample" : Top.title(paths + source.filenames + source.clusterNames)
        let settings = UISettings(look, color: source.color)
        let session = try MeshSession(
            source, paths: paths, title: title, isSample: isSample, endpoints: dial ? .dial(map: [:]) : .httpbin)
        try Top.checkTerminal()
        let view = try await session.load(isAnalysed: false)
        // Nothing to show, and a reason for it: better said than drawn.
        if view.objects.isEmpty, view.proxies.isEmpty,
            let problem = view.findings.first(where: { $0.severity == .error })
        {
            throw InputError(problem.message, at: problem.location, hint: problem.hint.isEmpty ? nil : problem.hint)
        }
        try await Top.show(
            view, session, settings, embeds: !noProxy && source.admin == nil, traffic: traffic ?? isSample)
    }

    /// No terminal is said before anything is read.
    private static func checkTerminal() throws {
        guard Console.isTerminal(0), Console.isTerminal(1) else {
            throw InputError(TerminalError.notATerminal.description)
        }
    }

    @MainActor
    private static func show(
        _ view: MeshView, _ session: MeshSession, _ settings: UISettings, embeds: Bool, traffic: Bool
    ) async throws {
        let terminal: NCursesTerminal
        do {
            terminal = try NCursesTerminal(color: settings.color, mouse: settings.hasMouse)
        } catch {
            throw InputError(error.description)
        }
        let loop = RunLoop(terminal: terminal, session: session, settings: settings, embeds: embeds)
        await loop.run(first: view, traffic: traffic)
    }

    /// Short: the name of the folder or file.
    static func title(_ paths: [String]) -> String {
        guard let first = paths.first else { return "envoy" }
        let name = first.split(separator: "/").last.map(String.init) ?? first
        return paths.count > 1 ? name + " +\(paths.count - 1)" : name
    }
}
