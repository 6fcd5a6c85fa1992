import Analysis
import ArgumentParser
import Documents
import Glibc

/// `meshtop analyze`: findings about the manifests.
struct Analyze: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze", abstract: "Findings about the manifests, with istioctl's codes where it has one")

    enum Level: String, ExpressibleByArgument, CaseIterable {
        case error, warning, info

        var severity: Diagnostic.Severity {
            switch self {
            case .error: .error
            case .warning: .warning
            case .info: .info
            }
        }
    }

    enum Output: String, ExpressibleByArgument, CaseIterable { case text, json, sarif }

    @Argument(help: ArgumentHelp("Manifests, as with -f.", valueName: "path"))
    var paths: [String] = []

    @Option(name: .shortAndLong, help: "text, json, or sarif for code scanning.")
    var output: Output = .text

    @Option(help: "Exit with 1 when a finding is at this level or above.")
    var failOn: Level = .error

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Leave findings out, as istioctl: CODE=KIND NAME[.NAMESPACE], with * for any text.", valueName: "rule"))
    var suppress: [String] = []

    @Option(
        help: ArgumentHelp(
            "Also give findings of a code that is left out otherwise: IST0136 (alpha annotations), MT0401 (no load"
                + " balancing policy is set).", valueName: "code"))
    var enable: [String] = []

    @OptionGroup var configuration: ConfigurationOptions

    func run() async throws {
        try await reporting {
            let loaded = try await configuration.load(paths)
            guard loaded.mesh != nil else {
                throw InputError("analyze looks at manifests", hint: "give them with -f PATH")
            }
            let rules = try suppress.map { text in
                guard let rule = Suppression(text) else {
                    throw InputError("\"\(text)\" suppresses nothing", hint: "write it as \"IST0102=Namespace foo\"")
                }
                return rule
            }
            let found = loaded.findings(reading: loaded.diagnostics, now: Int64(time(nil)), enabled: Set(enable))
            let findings = found.filter { finding in !rules.contains { $0.silences(finding) } }
            switch output {
            case .json: Console.write(JSON.array(findings.map(\.json)).text(indent: 4) + "\n")
            case .sarif:
                Console.write(SARIFReport(findings, version: Meshtop.configuration.version).json.text(indent: 2) + "\n")
            case .text:
                for finding in findings { Console.write(finding.diagnostic.rendered + "\n") }
                if findings.isEmpty { Console.write("no findings\n") }
            }
            if findings.contains(where: { $0.diagnostic.severity >= failOn.severity }) { throw ExitCode(1) }
        }
    }
}
