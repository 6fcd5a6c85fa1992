import Analysis
import ArgumentParser
import Documents

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

    @Argument(help: ArgumentHelp("Manifests, as with -f.", valueName: "path"))
    var paths: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("text or json.", valueName: "format"))
    var output = "text"

    @Option(help: "Exit with 1 when a finding is at this level or above.")
    var failOn: Level = .error

    @OptionGroup var configuration: ConfigurationOptions

    func run() async throws {
        try await reporting {
            guard output == "text" || output == "json" else {
                throw InputError("output format \"\(output)\" not supported", hint: "take text or json")
            }
            let loaded = try await configuration.load(paths)
            guard let mesh = loaded.mesh else {
                throw InputError("analyze looks at manifests", hint: "give them with -f PATH")
            }
            let findings = Analyzer.findings(in: mesh)
            if output == "json" {
                Console.write(JSON.array(findings.map(\.json)).text(indent: 4) + "\n")
            } else {
                for finding in findings { Console.write(finding.diagnostic.rendered + "\n") }
                if findings.isEmpty { Console.write("no findings\n") }
            }
            if findings.contains(where: { $0.diagnostic.severity >= failOn.severity }) { throw ExitCode(1) }
        }
    }
}

extension Finding {
    /// The contract's shape.
    fileprivate var json: JSON {
        let level =
            switch diagnostic.severity {
            case .error: "Error"
            case .warning: "Warning"
            case .info: "Info"
            }
        return [
            "code": diagnostic.code.map(JSON.string) ?? .null, "level": .string(level), "object": .string(object),
            "message": .string(diagnostic.message),
            "file": diagnostic.location.map { .string($0.file) } ?? .null,
            "line": diagnostic.location.map { .int(Int64($0.line)) } ?? .null,
            "analyzer": analyzer.map(JSON.string) ?? .null,
        ]
    }
}
