import ArgumentParser
import Documents
import Presentation

/// `meshtop export`: what other programs can take over.
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Configuration for other programs", subcommands: [Envoy.self])

    /// `meshtop export envoy`: a static bootstrap.
    struct Envoy: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "envoy",
            abstract: "A complete Envoy bootstrap for a proxy, JSON; what Envoy cannot have without Istio is named")

        @Argument(help: ArgumentHelp("The proxy: a workload, Pod or Gateway.", valueName: "proxy"))
        var target: String?

        @Option(help: ArgumentHelp("The port of the admin address, on loopback.", valueName: "port"))
        var adminPort: UInt16 = 15000

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let (_, proxy) = try await options.loadProxy(named: target)
            let export = EnvoyExport(proxy.snapshot, name: proxy.name, adminPort: adminPort)
            Console.write(export.bootstrap.text(indent: 2) + "\n")
            for note in export.notes { Console.error("note: " + TabWriter.printableLines(note)) }
        }
    }
}
