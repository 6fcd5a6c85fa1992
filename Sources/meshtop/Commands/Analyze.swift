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

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Leave findings out, as istioctl: CODE=KIND NAME[.NAMESPACE], with * for any text.", valueName: "rule"))
    var suppress: [String] = []

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
            let rules = try suppress.map { rule in
                guard let equals = rule.firstIndex(of: "=") else {
                    throw InputError("\"\(rule)\" suppresses nothing", hint: "write it as \"IST0102=Namespace foo\"")
                }
                return (code: String(rule[..<equals]), object: String(rule[rule.index(after: equals)...]))
            }
            let findings = Analyzer.findings(in: mesh).filter { finding in
                !rules.contains { $0.code == finding.diagnostic.code && finding.object(isLike: $0.object) }
            }
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
    /// Whether istioctl's `KIND NAME.NAMESPACE`, with `*` for any text, means this object.
    fileprivate func object(isLike pattern: String) -> Bool {
        let words = object.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return object == pattern }
        let name = words[1].split(separator: "/")
        let names = name.count == 2 ? ["\(name[1]).\(name[0])"] : [String(words[1]), "\(words[1]).default"]
        return names.contains { Self.matches(Array("\(words[0]) \($0)".utf8)[...], Array(pattern.utf8)[...]) }
    }

    private static func matches(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        let parts = pattern.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return text == pattern }
        guard text.starts(with: first) else { return false }
        var rest = text.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() {
            while !rest.starts(with: part) {
                guard !rest.isEmpty else { return false }
                rest = rest.dropFirst()
            }
            rest = rest.dropFirst(part.count)
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }

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
