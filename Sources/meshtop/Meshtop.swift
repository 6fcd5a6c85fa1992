import ArgumentParser

@main
struct Meshtop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meshtop",
        abstract: "Where does this request go, and why not where I meant?",
        version: "0.1.0")
}
