/// The first line of a fenced block of Markdown.
struct Fence {
    let mark: Character
    let length: Int
    let indentation: Int
    let language: String

    init?(_ line: String) {
        let trimmed = line.trimmed
        guard let first = trimmed.first, first == "`" || first == "~" else { return nil }
        let run = trimmed.prefix { $0 == first }
        guard run.count >= 3 else { return nil }
        let info = trimmed.dropFirst(run.count)
        // Three backticks around one word in a line are code inside a sentence.
        guard first != "`" || !info.contains("`") else { return nil }
        mark = first
        length = run.count
        indentation = line.indentation
        language = info.trimmed.prefix { $0 != " " && $0 != "{" && $0 != "," && $0 != ":" }.filter { $0 != "." }
    }

    func isClosed(by line: String) -> Bool {
        let trimmed = line.trimmed
        return trimmed.count >= length && trimmed.allSatisfy { $0 == mark }
    }
}

/// `{{< name words key="value" >}}`, with `%` for the angle brackets too.
struct Shortcode {
    let name: String
    let isClosing: Bool
    let words: [String]
    private let text: String

    init?(_ line: String) {
        guard line.hasPrefix("{{<") || line.hasPrefix("{{%"),
            let end = line.firstRange(of: ">}}") ?? line.firstRange(of: "%}}")
        else { return nil }
        var inner = line[line.index(line.startIndex, offsetBy: 3)..<end.lowerBound].trimmed
        isClosing = inner.hasPrefix("/")
        if isClosing { inner = inner.dropFirst().trimmed }
        text = inner
        let all = inner.split(separator: " ").map(String.init)
        guard let first = all.first else { return nil }
        name = first
        words = Array(all.dropFirst())
    }

    func attribute(_ name: String) -> String? { Self.attribute(name, of: text) }

    /// What the block calls itself: the first bare word, or `syntax=`.
    var language: String {
        if let syntax = attribute("syntax") { return syntax }
        return words.first { !$0.contains("=") } ?? ""
    }

    /// The value of `name="…"`, `name='…'` or `name=word`.
    static func attribute(_ name: String, of text: String) -> String? {
        guard let range = text.firstRange(of: name + "=") else { return nil }
        let rest = text[range.upperBound...]
        guard let quote = rest.first else { return nil }
        if quote == "\"" || quote == "'" { return String(rest.dropFirst().prefix { $0 != quote }) }
        return String(rest.prefix { $0 != " " && $0 != ">" })
    }
}

/// Text out of HTML: tags gone, entities decoded.
enum HTMLText {
    static func plain(_ line: String) -> String {
        var result = ""
        var isTag = false
        for character in line {
            if character == "<" {
                isTag = true
            } else if character == ">", isTag {
                isTag = false
            } else if !isTag {
                result.append(character)
            }
        }
        for (entity, text) in [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&nbsp;", " "),
            ("&amp;", "&"),
        ] { result = result.replacing(entity, with: text) }
        return result
    }
}

/// Commands that can be told without any markup around them.
enum PlainCommand {
    static func isCommand(_ line: String) -> Bool {
        if line.hasPrefix("$ ") { return true }
        guard let space = line.firstIndex(of: " ") else { return false }
        let rest = line[space...].trimmed
        switch line[..<space] {
        case "curl": return rest.hasPrefix("-") || rest.contains("://") || rest.hasPrefix("\"") || rest.hasPrefix("'")
        case "kubectl":
            return [
                "apply", "get", "delete", "create", "label", "annotate", "patch", "scale", "exec", "edit", "wait",
                "rollout", "-n", "describe", "set",
            ].contains(rest.firstWord)
        case "istioctl":
            return [
                "install", "proxy-config", "pc", "analyze", "proxy-status", "ps", "kube-inject", "x", "dashboard",
            ].contains(rest.firstWord)
        case "export": return rest.contains("=") && rest.firstWord.contains("=")
        default: return false
        }
    }
}

extension StringProtocol {
    /// Without blanks at both ends.
    var trimmed: String {
        var slice = self[startIndex..<endIndex]
        while let first = slice.first, first.isWhitespace { slice = slice.dropFirst() }
        while let last = slice.last, last.isWhitespace { slice = slice.dropLast() }
        return String(slice)
    }

    /// How many blanks it begins with.
    var indentation: Int { prefix { $0 == " " || $0 == "\t" }.count }

    var firstWord: String { String(prefix { !$0.isWhitespace }) }
}
