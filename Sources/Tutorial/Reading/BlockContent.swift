import CurlCommand
import Documents
import MeshModel

/// What a block of code is, going by what stands in it more than by what it calls itself.
enum BlockContent: Sendable {
    /// Commands, with what they print.
    case commands(ShellTranscript)
    /// Whole objects, a text each.
    case manifest([PlacedText])
    /// A part of an object.
    case fragment(JSON)
    /// Neither: perhaps what the command above printed.
    case output

    private static let shells: Set<String> = [
        "bash", "sh", "shell", "console", "zsh", "shell-session", "shellsession", "terminal", "sh-session", "command",
    ]
    private static let data: Set<String> = ["yaml", "yml", "json", "yaml-manifest"]

    init(_ block: TutorialBlock, file: String) {
        let isShell = Self.shells.contains(block.language)
        let transcript = ShellTranscript(block.text, isShell: isShell)
        if transcript.hasPrompts || isShell && !transcript.entries.isEmpty {
            self = .commands(transcript)
            return
        }
        let objects = Self.objects(of: block, file: file)
        if !objects.isEmpty {
            self = .manifest(objects)
        } else if !Self.data.contains(block.language), !transcript.entries.isEmpty {
            self = .commands(transcript)
        } else if Self.data.contains(block.language) || block.language.isEmpty, let part = Self.fragment(of: block) {
            self = .fragment(part)
        } else {
            self = .output
        }
    }

    /// The documents of a block that say what they are, each with its place; the text that surrounds a broken one too, so
    /// that its mistake is reported.
    private static func objects(of block: TutorialBlock, file: String) -> [PlacedText] {
        guard block.lines.contains(where: { $0.hasPrefix("apiVersion:") || $0.contains("\"apiVersion\"") }) else {
            return []
        }
        var pieces: [PlacedText] = []
        var lines: [String] = []
        var first = block.line
        func flush() {
            guard lines.contains(where: { !$0.trimmed.isEmpty && !$0.hasPrefix("#") }) else { return }
            pieces.append(PlacedText(text: lines.joined(separator: "\n"), file: file, line: first))
        }
        for (offset, line) in block.lines.enumerated() {
            if line.trimmed == "---" {
                flush()
                lines = []
                first = block.line + offset + 1
            } else {
                // A line of dots says that something was left out; in YAML it would end the document.
                lines.append(PrintedText.isWildcard(line.trimmed) ? "" : line)
            }
        }
        flush()
        return pieces
    }

    private static func fragment(of block: TutorialBlock) -> JSON? {
        let text = block.lines.map { PrintedText.isWildcard($0.trimmed) ? "" : $0 }.joined(separator: "\n")
        let parsed = DocumentReader.read(text, file: "-")
        guard !parsed.isBroken, let root = parsed.documents.first?.root, root.isMapping, root.count > 0 else {
            return nil
        }
        // "HTTP/1.1 200 OK" below "date: …" reads as YAML too: keys of manifests have no blanks.
        guard root.entries.allSatisfy({ !$0.key.contains(" ") && !$0.key.hasPrefix("HTTP/") }) else { return nil }
        return root.json
    }
}

extension JSON {
    /// Whether all members are named as annotations and labels are: `example.com/name`.
    var isAnnotations: Bool {
        guard let members = object?.members, !members.isEmpty else { return false }
        return members.allSatisfy { member in
            let pieces = member.key.split(separator: "/")
            return pieces.count >= 2 && pieces[0].contains(".") && member.value.string != nil
        }
    }
}
