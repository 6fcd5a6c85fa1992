import CurlCommand
import Documents

/// The files that commands of a page may name: those it gives itself, those beside it, and samples of Istio's.
struct PageFiles: Sendable {
    let own: [String: [PlacedText]]
    let sources: TutorialSources

    /// The texts of a file; `nil` where nobody has it.
    func texts(of path: String) -> [PlacedText]? {
        // Istio's site marks its samples with @.
        let plain = path.filter { $0 != "@" }
        if let own = own[plain] { return own }
        if !plain.contains("://"), let text = sources.file(plain) {
            return [PlacedText(text: text, file: plain, line: 1)]
        }
        if let range = plain.firstRange(of: "samples/"),
            let text = IstioSamples.text(of: String(plain[range.lowerBound...]))
        {
            return [PlacedText(text: text, file: String(plain[range.lowerBound...]), line: 1)]
        }
        return nil
    }
}

extension TutorialPlayer {
    var files: PageFiles {
        PageFiles(own: state.files.mapValues { $0.map(\.text) }, sources: settings.sources)
    }

    /// The manifests that `-f` names. A file that the page names but nobody has is what the page shows above: its objects
    /// since the last such command, and what was in the file before.
    mutating func manifests(
        _ paths: [String], _ command: ShellSession.Command
    ) -> (found: [PlacedText], missing: [String]) {
        var found: [PlacedText] = []
        var missing: [String] = []
        for path in paths {
            if path == "-" || path.hasPrefix("/dev/") {
                guard let text = command.standardInput else {
                    missing.append("-")
                    continue
                }
                let line = bodyLine(of: text) ?? currentLine
                found.append(PlacedText(text: text, file: page.file, line: line))
                continue
            }
            let plain = path.filter { $0 != "@" }
            if !state.pending.isEmpty, files.texts(of: plain) == nil || state.files[plain] != nil {
                var documents = state.files[plain] ?? []
                for document in state.pending {
                    documents.removeAll { $0.identity == document.identity && !$0.identity.isEmpty }
                    documents.append(document)
                }
                state.files[plain] = documents
                state.pending = []
            }
            if let texts = files.texts(of: plain) { found += texts } else { missing.append(plain) }
        }
        return (found, missing)
    }
}
