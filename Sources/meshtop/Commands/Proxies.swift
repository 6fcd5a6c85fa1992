import ArgumentParser
import Documents
import Presentation

/// `meshtop proxies`: every proxy that the store knows.
struct Proxies: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proxies", abstract: "Every proxy of the manifests: name, type, namespace, labels, cluster")

    @Argument(help: ArgumentHelp("Manifests, as with -f.", valueName: "path"))
    var paths: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("short, json or yaml.", valueName: "format"))
    var output = "short"

    @OptionGroup var configuration: ConfigurationOptions

    func run() async throws {
        try await reporting {
            let format = try OutputFormat(parsing: output)
            let rows = ProxyRow.rows(of: try await configuration.load(paths).proxies)
            Console.write(format == .short ? ProxyRow.table.text(rows) : format.text(.array(rows.map(\.json))))
        }
    }
}
