import ArgumentParser
import BehaviourDiff
import Documents
import MeshModel
import Presentation

/// `meshtop diff`: what changes in behaviour between two configurations.
struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What changes in behaviour between two configurations: a curl line for each class of requests",
        discussion: """
            meshtop diff before/ after/
            git worktree add /tmp/main main && meshtop diff /tmp/main/mesh mesh/
            meshtop diff -f common/ old.yaml new.yaml --proxy istio-ingressgateway.istio-system

            Each of OLD and NEW is a file or folder of manifests, or an Envoy config dump; -f names manifests that both share. Gateways
            and one sidecar of each workload are compared. The exit code is 1 when something changes.
            """)

    enum Output: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: ArgumentHelp("The configuration before.", valueName: "old"))
    var old: String

    @Argument(help: ArgumentHelp("The configuration after.", valueName: "new"))
    var new: String

    @OptionGroup var source: ConfigurationOptions

    @Option(name: .shortAndLong, help: "text or json.")
    var output: Output = .text

    @Flag(help: "Other endpoints of the same cluster count as a change.")
    var endpoints = false

    @Option(help: ArgumentHelp("How many workloads' sidecars are compared at most.", valueName: "count"))
    var maxSidecars = 64

    func run() async throws {
        try await reporting {
            let before = try await load(old)
            let after = try await load(new)
            var comparison = ConfigurationComparison(before, after)
            comparison.options.comparesEndpoints = endpoints
            comparison.maxSidecars = max(0, maxSidecars)
            let report = try comparison.report(proxy: source.proxy)
            switch output {
            case .text: Console.write(report.text)
            case .json: Console.write(report.json.text(indent: 4) + "\n")
            }
            if report.hasChanges { throw ExitCode(1) }
        }
    }

    private func load(_ path: String) async throws -> LoadedConfiguration {
        guard path.hasSuffix(".json"), let (root, _) = try? FileInput.document(path),
            root["configs"]?.isSequence ?? false
        else { return try await source.load([path]) }
        var options = source
        options.configDump = path
        return try await options.load()
    }
}
