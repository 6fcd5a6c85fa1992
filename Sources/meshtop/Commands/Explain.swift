import Analysis
import ArgumentParser
import Documents
import Presentation

/// `meshtop explain`: what a code of a finding, or a response flag, means.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What a finding's code or a response flag means, and what to do",
        discussion: """
            meshtop explain IST0145
            meshtop explain UH NC
            meshtop explain            every code and flag in a line
            """)

    @Argument(help: ArgumentHelp("Codes (IST0101, KIA1104, MT0121) and response flags (UH, NR).", valueName: "code"))
    var codes: [String] = []

    func run() throws {
        if codes.isEmpty { return list() }
        var texts: [String] = []
        for code in codes {
            guard let text = text(of: code) else {
                let nearest = nearestName(
                    to: code, among: CodeExplanation.all.map(\.code) + ResponseFlag.all.map(\.name))
                throw InputError(
                    "no finding has the code \"\(code)\", and no response flag is called so",
                    hint: (nearest.map { "did you mean \($0)? " } ?? "") + "meshtop explain lists all")
            }
            texts.append(text)
        }
        Console.write(texts.joined(separator: "\n"))
    }

    private func list() {
        let rows =
            CodeExplanation.all.map { ($0.code, $0.title) }
            + ResponseFlag.all.map { ($0.name, $0.short) }
        for (code, title) in rows {
            Console.write(code + String(repeating: " ", count: max(1, 9 - code.count)) + title + "\n")
        }
    }

    private func text(of code: String) -> String? {
        if let explanation = CodeExplanation.of(code) {
            let page = explanation.page.map { "see: \($0)\n" } ?? ""
            return """
                \(explanation.code): \(explanation.title)
                \(explanation.meaning)
                what to do: \(explanation.remedy)

                """ + page
        }
        guard let flag = ResponseFlag.named(code) else { return nil }
        return ResponseFlag.lines(for: flag.name).joined(separator: "\n")
            + "\nwhat to do: meshtop clinic \(flag.name) -f MANIFESTS says which of these they show\n"
    }
}
