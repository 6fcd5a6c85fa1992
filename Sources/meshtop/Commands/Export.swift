import ArgumentParser
import Documents
import MeshModel
import Presentation
import Translation

/// `meshtop export`: what other programs can take over.
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Configuration for other programs", subcommands: [Envoy.self, Istio.self])

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

    /// `meshtop export istio`: what Istio makes of Gateway API and Ingress objects.
    struct Istio: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "istio",
            abstract:
                "The Gateways, VirtualServices and DestinationRules that Istio makes of Gateway API and Ingress objects"
        )

        enum Format: String, ExpressibleByArgument, CaseIterable {
            case yaml, json
        }

        @Option(name: .shortAndLong, help: "How to write them: yaml or json.")
        var output: Format = .yaml

        @Argument(help: ArgumentHelp("Manifests, as with -f.", valueName: "path"))
        var paths: [String] = []

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let loaded = try await options.load(paths)
            guard let mesh = loaded.mesh else {
                throw InputError(
                    "an Envoy's configuration holds no Gateway API objects", hint: "give manifests with -f")
            }
            let converted = istioObjects(from: mesh)
            let objects =
                converted.gateways.map(\.json) + converted.virtualServices.map(\.json)
                + converted.destinationRules.map(\.json)
            switch output {
            case .yaml: Console.write(objects.map(\.yaml).joined(separator: "---\n"))
            case .json: Console.write(JSON.array(objects).text(indent: 2) + "\n")
            }
            if !converted.diagnostics.isEmpty {
                Console.error(converted.diagnostics.map(\.rendered).joined(separator: "\n"))
            }
        }
    }
}
