import ArgumentParser
import Documents
import MeshModel
import Presentation
import Translation

/// `meshtop status`: what Istio writes to the status of Gateway API objects.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "The status that Istio writes to every Gateway API object")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, yaml
    }

    @Argument(help: ArgumentHelp("Manifests, as with -f.", valueName: "path"))
    var paths: [String] = []

    @Option(name: .shortAndLong, help: "How to write it: table, json or yaml.")
    var output: Format = .table

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await reporting {
            let loaded = try await options.load(paths)
            guard let mesh = loaded.mesh else {
                throw InputError(
                    "an Envoy's configuration holds no Gateway API objects", hint: "give manifests with -f")
            }
            let statuses = gatewayAPIStatuses(of: mesh)
            if statuses.isEmpty { Console.error("no Gateway API object that Istio has a say in") }
            for name in Set(statuses.flatMap(\.assumedServices)).sorted() {
                Console.error(
                    "note: no manifest has Service \"\(name)\"; assumed as Istio makes it for its Gateway, with an address"
                )
            }
            switch output {
            case .table where statuses.isEmpty: break
            case .table: Console.write(StatusRow.table.text(statuses.flatMap { StatusRow.rows(of: $0.json) }))
            case .json: Console.write(JSON.array(statuses.map(\.json)).text(indent: 2) + "\n")
            case .yaml: Console.write(statuses.map(\.json.yaml).joined(separator: "---\n"))
            }
        }
    }
}
