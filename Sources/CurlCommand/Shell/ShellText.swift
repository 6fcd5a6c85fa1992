/// The characters of a pasted text with their places, after what web pages and documents do to commands is undone.
struct ShellText {
    struct Character {
        var scalar: Unicode.Scalar
        var place: TextPlace
    }

    var characters: [Character]
    private(set) var notes: [CurlNote] = []

    init(_ text: String) {
        let lines = Self.lines(of: text)
        characters = []
        let fenced = withoutFences(lines)
        characters = withoutPrompts(fenced)
        unwrapLinks()
        decodeEntities()
    }

    /// The lines of a text, each with its newline.
    static func lines(of text: String) -> [[Character]] {
        var lines: [[Character]] = [[]]
        var place = TextPlace()
        for scalar in text.unicodeScalars where scalar != "\r" && scalar != "\u{FEFF}" {
            lines[lines.count - 1].append(Character(scalar: scalar, place: place))
            if scalar == "\n" {
                lines.append([])
                place = TextPlace(line: place.line + 1)
            } else {
                place.column += 1
            }
        }
        return lines
    }

    /// The words of an argument list, each as it is.
    static func string(_ characters: some Sequence<Character>) -> String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: characters.lazy.map(\.scalar))
        return String(scalars)
    }

    static func trimmed(_ line: [Character]) -> ArraySlice<Character> {
        var slice = line[...]
        while let first = slice.first, first.scalar == " " || first.scalar == "\t" { slice = slice.dropFirst() }
        while let last = slice.last, " \t\n".unicodeScalars.contains(last.scalar) { slice = slice.dropLast() }
        return slice
    }

    // MARK: Documents

    /// What is inside ``` fences or Hugo's text shortcodes when there are any, else everything.
    private mutating func withoutFences(_ lines: [[Character]]) -> [[Character]] {
        func isFence(_ line: [Character]) -> Bool {
            let text = Self.string(Self.trimmed(line))
            return text.hasPrefix("```") || text.hasPrefix("~~~") || text.hasPrefix("{{< text")
                || text.hasPrefix("{{< /text")
        }
        let fences = lines.indices.filter { isFence(lines[$0]) }
        guard !fences.isEmpty else { return lines }
        var inside = false
        var kept: [[Character]] = []
        for line in lines {
            if isFence(line) {
                inside.toggle()
            } else if inside || fences.count == 1 {
                kept.append(line)
            }
        }
        note("read the code blocks of the text", at: lines[fences[0]].first?.place ?? TextPlace())
        return kept
    }

    // MARK: Prompts

    /// When lines begin with a prompt only these are commands, with the lines that continue them; the rest is output.
    private mutating func withoutPrompts(_ lines: [[Character]]) -> [Character] {
        guard let commands = Self.prompted(lines) else { return Array(lines.joined()) }
        var kept: [Character] = []
        for command in commands {
            kept += command.text
            kept.append(Character(scalar: "\n", place: command.text.last?.place ?? TextPlace()))
        }
        return kept
    }

    /// The commands behind prompts with the lines that each takes; `nil` where no line begins with a prompt.
    static func prompted(_ lines: [[Character]]) -> [(text: [Character], lines: Range<Int>)]? {
        let starts = lines.map { promptLength(trimmed($0)) }
        guard starts.contains(where: { $0 > 0 }), !hasOnlyComments(lines, starts) else { return nil }
        var commands: [(text: [Character], lines: Range<Int>)] = []
        var index = lines.startIndex
        while index < lines.endIndex {
            defer { index += 1 }
            guard starts[index] > 0 else { continue }
            let first = index
            var command = Array(trimmed(lines[index]).dropFirst(starts[index]))
            var reader = ContinuationReader(command)
            while reader.wantsMore, index + 1 < lines.endIndex, starts[index + 1] == 0 {
                index += 1
                var next = lines[index][...]
                if next.last?.scalar == "\n" { next = next.dropLast() }
                if string(next.prefix(2)) == "> " { next = next.dropFirst(2) }
                let newline = Character(scalar: "\n", place: next.first?.place ?? TextPlace())
                command.append(newline)
                command += next
                reader.read([newline] + next)
            }
            commands.append((command, first..<(index + 1)))
        }
        return commands
    }

    /// Whether what looks like root's prompt is the comment of a script: other lines are commands without one.
    private static func hasOnlyComments(_ lines: [[Character]], _ starts: [Int]) -> Bool {
        var hasPlainCommand = false
        for (line, start) in zip(lines, starts) {
            let text = trimmed(line)
            if start > 0, text.first?.scalar != "#" { return false }
            if start == 0 {
                hasPlainCommand = hasPlainCommand || commands.contains(string(text.prefix { $0.scalar != " " }))
            }
        }
        return hasPlainCommand
    }

    static let commands: Set<String> = [
        "curl", "curl.exe", "kubectl", "istioctl", "export", "for", "while", "watch", "time", "echo", "http", "https",
        "wget",
    ]

    /// How many characters of the line are the prompt: `$ `, `# ` before a command that is known, `user@host:~$ `.
    private static func promptLength(_ line: ArraySlice<Character>) -> Int {
        let scalars = line.map(\.scalar)
        guard let first = scalars.first else { return 0 }
        func blank(at index: Int) -> Bool { index < scalars.count && scalars[index] == " " }
        if first == "$" || first == "%" || first == "❯" || first == "➜" { return blank(at: 1) ? 2 : 0 }
        if first == "#" {
            guard blank(at: 1) else { return 0 }
            let word = string(line.dropFirst(2).prefix { $0.scalar != " " })
            return commands.contains(word) ? 2 : 0
        }
        // user@host:path$ command
        guard let end = scalars.firstIndex(where: { $0 == "$" || $0 == "#" }), blank(at: end + 1) else { return 0 }
        let head = string(line.prefix(end))
        guard head.contains("@"), head.contains(":"), !head.contains("'"), !head.contains("\""),
            !head.contains(" ") || head.hasPrefix("[")
        else { return 0 }
        return end + 2
    }

    // MARK: Markup

    private mutating func note(_ message: String, at place: TextPlace) {
        notes.append(CurlNote(message, at: place))
    }

    /// `[text](https://…)` and `<https://…>` become the address.
    private mutating func unwrapLinks() {
        var result: [Character] = []
        result.reserveCapacity(characters.count)
        var index = 0
        while index < characters.count {
            if characters[index].scalar == "[", let link = markdownLink(at: index) {
                note("took the address out of a Markdown link", at: characters[index].place)
                result += characters[link.target]
                index = link.end
            } else if characters[index].scalar == "<", let end = autolinkEnd(at: index) {
                note("took the address out of angle brackets", at: characters[index].place)
                result += characters[(index + 1)..<end]
                index = end + 1
            } else {
                result.append(characters[index])
                index += 1
            }
        }
        characters = result
    }

    private func hasScheme(at index: Int) -> Bool {
        let text = Self.string(characters[index..<min(index + 8, characters.count)]).lowercased()
        return text.hasPrefix("http://") || text.hasPrefix("https://")
    }

    private static let longestLink = 4096

    private func markdownLink(at start: Int) -> (target: Range<Int>, end: Int)? {
        let limit = min(characters.count, start + Self.longestLink)
        var close = start + 1
        while close < limit, characters[close].scalar != "]" {
            guard characters[close].scalar != "\n", characters[close].scalar != "[" else { return nil }
            close += 1
        }
        guard close + 2 < limit, characters[close + 1].scalar == "(", hasScheme(at: close + 2) else { return nil }
        var end = close + 2
        while end < limit, characters[end].scalar != ")" {
            guard characters[end].scalar != "\n", characters[end].scalar != " " else { return nil }
            end += 1
        }
        guard end < limit else { return nil }
        return ((close + 2)..<end, end + 1)
    }

    private func autolinkEnd(at start: Int) -> Int? {
        guard start + 1 < characters.count, hasScheme(at: start + 1) else { return nil }
        let limit = min(characters.count, start + Self.longestLink)
        for index in (start + 1)..<limit {
            switch characters[index].scalar {
            case ">": return index
            case " ", "\n", "\"", "'": return nil
            default: continue
            }
        }
        return nil
    }

    private static let entities: [(String, Unicode.Scalar)] = [
        ("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&apos;", "'"), ("&lt;", "<"),
        ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&"),
    ]

    /// HTML entities are decoded when quotes were written with them: then the whole text came out of a page's source.
    private mutating func decodeEntities() {
        let text = Self.string(characters)
        guard ["&quot;", "&#39;", "&#34;", "&#x27;", "&apos;"].contains(where: text.contains) else { return }
        var result: [Character] = []
        var index = 0
        while index < characters.count {
            if characters[index].scalar == "&" {
                let ahead = Self.string(characters[index..<min(index + 6, characters.count)])
                if let entity = Self.entities.first(where: { ahead.hasPrefix($0.0) }) {
                    result.append(Character(scalar: entity.1, place: characters[index].place))
                    index += entity.0.unicodeScalars.count
                    continue
                }
            }
            result.append(characters[index])
            index += 1
        }
        note("decoded HTML entities", at: characters.first?.place ?? TextPlace())
        characters = result
    }
}

/// Whether a command goes on in the next line: after a backslash, inside quotes, until a here-document ends, and until a loop
/// or a branch is closed.
struct ContinuationReader {
    private var quote: Unicode.Scalar?
    private var escaped = false
    private var lastWasBackslash = false
    private var line: [Unicode.Scalar] = []
    private var delimiter: String?
    private var openLoops = 0

    init(_ characters: [ShellText.Character]) { read(characters) }

    var wantsMore: Bool { quote != nil || lastWasBackslash || delimiter != nil || openLoops > 0 }

    mutating func read(_ characters: [ShellText.Character]) {
        for character in characters { read(character.scalar) }
        endLine()
    }

    private mutating func read(_ scalar: Unicode.Scalar) {
        if scalar == "\n" {
            escaped = false
            line = []
            return
        }
        line.append(scalar)
        guard delimiter == nil else { return }
        if escaped {
            escaped = false
        } else if scalar == "\\" && quote != "'" {
            escaped = true
        } else if let open = quote {
            if scalar == open { quote = nil }
        } else if scalar == "'" || scalar == "\"" {
            quote = scalar
        }
    }

    private mutating func endLine() {
        var text = String(String.UnicodeScalarView(line))
        if let open = delimiter {
            if text.drop(while: { $0 == "\t" || $0 == " " }) == open { delimiter = nil }
            lastWasBackslash = false
            return
        }
        while text.last == " " { text.removeLast() }
        if quote == nil { openLoops = max(0, openLoops + Self.depth(of: text)) }
        lastWasBackslash = text.last == "\\"
        if let word = Self.hereDelimiter(of: text) { delimiter = word }
    }

    /// How many loops and branches a line opens and does not close.
    private static func depth(of line: String) -> Int {
        var depth = 0
        for (position, word) in line.split(whereSeparator: { " \t;".contains($0) }).enumerated() {
            switch word {
            case "for", "while", "until", "if", "case": if position == 0 || depth > 0 { depth += 1 }
            case "done", "fi", "esac": depth -= 1
            default: break
            }
        }
        return depth
    }

    private static func hereDelimiter(of line: String) -> String? {
        var rest = line[...]
        while let at = rest.firstIndex(of: "<") {
            rest = rest[at...].dropFirst()
            guard rest.first == "<" else { continue }
            rest = rest.dropFirst()
            guard rest.first != "<" else { return nil }
            if rest.first == "-" { rest = rest.dropFirst() }
            let word = rest.drop { $0 == " " }.prefix { !" |>&;)".contains($0) }.filter { !"'\"\\".contains($0) }
            return word.isEmpty ? nil : String(word)
        }
        return nil
    }
}
