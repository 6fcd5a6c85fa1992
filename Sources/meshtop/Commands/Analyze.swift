import Analysis
import ArgumentParser
import Documents
import Glibc

/// `meshtop analyze`: findings about the manifests.
struct Analyze: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Findings about the manifests, with istioctl's codes where it has one",
        discussion: """
            meshtop analyze Samples/demo
            meshtop analyze -f - --fail-on warning < mesh.yaml
            meshtop analyze . -S "IST0102=Namespace *" -o sarif > findings.sarif

            Codes are istioctl's (IST…), Kiali's where istioctl has none (KIA…), else meshtop's own (MT…): meshtop explain CODE. An \
            object silences findings about itself with the annotation galley.istio.io/analyze-suppress: CODE,CODE (or *). It ends with \
            1 when a finding is at the level of --fail-on or above, with 2 when something cannot be read.
            """)

    /// A level as meshtop and as istioctl write it.
    enum Level: String, ExpressibleByArgument, CaseIterable {
        case error, warning, info

        init?(argument: String) {
            let word = argument.lowercased()
            self.init(rawValue: word == "warn" ? "warning" : word)
        }

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

    @Option(
        name: [.long, .customLong("failure-threshold")],
        help: "Exit with 1 when a finding is at this level or above.")
    var failOn: Level = .error

    @Option(help: "Show findings of this level and above.")
    var outputThreshold: Level = .info

    @Option(name: [.customShort("n"), .long], help: "Only findings about objects of this namespace.")
    var namespace: String?

    @Flag(name: [.customShort("A"), .long], help: "Findings about objects of all namespaces, the default.")
    var allNamespaces = false

    @Option(
        name: [.customShort("S"), .long],
        help: ArgumentHelp(
            "Leave findings out, as istioctl: CODE=KIND NAME[.NAMESPACE], with * for any text. May be repeated.",
            valueName: "rule"))
    var suppress: [String] = []

    @Option(
        help: ArgumentHelp(
            "Also give findings of a code that is left out otherwise: IST0136 (alpha annotations), MT0401 (no load"
                + " balancing policy is set).", valueName: "code"))
    var enable: [String] = []

    @Option(help: ArgumentHelp("Only this analyzer's findings (--list-analyzers). May be repeated.", valueName: "name"))
    var analyzer: [String] = []

    @Flag(name: [.customShort("L"), .long], help: "List the analyzers with their codes, and do nothing else.")
    var listAnalyzers = false

    @Flag(name: [.customShort("k"), .long], help: .hidden)
    var useKube = false

    @OptionGroup var configuration: ConfigurationOptions

    func validate() throws {
        if namespace != nil, allNamespaces { throw ValidationError("-n and -A contradict each other") }
        let known = Set(Analyzer.all.map(\.name))
        for name in analyzer where !known.contains(name) {
            let nearest = nearestName(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
            throw ValidationError("no analyzer is called \"\(name)\"\(nearest) (--list-analyzers lists them)")
        }
    }

    func run() async throws {
        if listAnalyzers { return list() }
        try await reporting {
            let rules = try suppress.map { text in
                guard let rule = Suppression(text) else {
                    throw InputError("\"\(text)\" suppresses nothing", hint: "write it as \"IST0102=Namespace foo\"")
                }
                return rule
            }
            // What becomes a finding is said once.
            let loaded = try await configuration.load(paths) { $0.code == "IST0106" && $0.location != nil }
            guard loaded.mesh != nil else {
                throw InputError("analyze looks at manifests", hint: "give them with -f PATH")
            }
            let found = loaded.findings(reading: loaded.diagnostics, now: Int64(time(nil)), enabled: Set(enable))
            let findings = found.filter { finding in
                !rules.contains { $0.silences(finding) } && isMeant(finding)
            }
            write(findings.filter { $0.diagnostic.severity >= outputThreshold.severity })
            if findings.contains(where: { $0.diagnostic.severity >= failOn.severity }) { throw ExitCode(1) }
        }
    }

    /// Whether the options for namespaces and analyzers leave it in.
    private func isMeant(_ finding: Finding) -> Bool {
        if let namespace, finding.namespace != namespace { return false }
        return analyzer.isEmpty
            || Analyzer.all.contains {
                analyzer.contains($0.name)
                    && ($0.name == finding.analyzer
                        || finding.analyzer == nil && $0.codes.contains(finding.diagnostic.code ?? ""))
            }
    }

    private func write(_ findings: [Finding]) {
        switch output {
        case .json: Console.write(JSON.array(findings.map(\.json)).text(indent: 4) + "\n")
        case .sarif:
            Console.write(SARIFReport(findings, version: Meshtop.configuration.version).json.text(indent: 2) + "\n")
        case .text:
            for finding in findings { Console.write(finding.diagnostic.rendered + "\n") }
            guard !findings.isEmpty else { return Console.write("no findings\n") }
            Console.error(summary(findings))
        }
    }

    private func summary(_ findings: [Finding]) -> String {
        let counts: [String] = [(Diagnostic.Severity.error, "error"), (.warning, "warning"), (.info, "info")]
            .compactMap { severity, word in
                let count = findings.count { $0.diagnostic.severity == severity }
                guard count > 0 else { return nil }
                return "\(count) \(word)" + (count > 1 && word != "info" ? "s" : "")
            }
        return counts.joined(separator: ", ") + "; meshtop explain CODE says more about a code"
    }

    private func list() {
        for analyzer in Analyzer.all {
            Console.write("\(analyzer.name): \(analyzer.codes.joined(separator: ", "))\n")
        }
    }
}
