import ArgumentParser

/// Meshes of any size, and what meshtop's parts cost on them beside a plain parse of the same bytes.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meshtop-bench", abstract: "Generates meshes and measures what meshtop makes of them.",
        subcommands: [Generate.self, Measure.self, Parse.self, Translate.self, Change.self, Screen.self])
}
