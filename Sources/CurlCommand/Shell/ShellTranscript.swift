/// A session as documents print it: commands, each with the lines below it that it printed.
package struct ShellTranscript: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        /// The command without its prompt; line *n* of it is line `line + n - 1` of the text.
        package var text: String
        /// 1-based.
        package var line: Int
        /// What it printed, as it stands there; `nil` where the text shows nothing below the command.
        package var output: [String]?
        package var outputLine: Int
    }

    package var entries: [Entry] = []
    /// Whether the commands stand behind prompts.
    package private(set) var hasPrompts = false

    /// Takes a block of a document apart. Without prompts, lines whose first word is a command's are commands; in a block
    /// that calls itself shell (`isShell`) so is every line that reads like one.
    package init(_ text: String, isShell: Bool) {
        guard text.utf8.count <= ReplayContext.longestText else { return }
        var lines = ShellText.lines(of: text)
        if lines.last?.isEmpty == true { lines.removeLast() }
        if let commands = ShellText.prompted(lines) {
            hasPrompts = true
            for (position, command) in commands.enumerated() {
                let end = position + 1 < commands.count ? commands[position + 1].lines.lowerBound : lines.count
                add(ShellText.string(command.text), at: command.lines, until: end, of: lines)
            }
        } else {
            readUnprompted(lines, isShell: isShell)
        }
    }

    private mutating func add(_ text: String, at range: Range<Int>, until end: Int, of lines: [[ShellText.Character]]) {
        // Without prompts a line that begins with # is the comment of a script.
        let output = lines[range.upperBound..<end].map(Self.text).map { line in
            !hasPrompts && line.first { $0 != " " } == "#" ? "" : line
        }
        let isSilent = output.allSatisfy { $0.allSatisfy(\.isWhitespace) }
        entries.append(
            Entry(
                text: text, line: range.lowerBound + 1, output: isSilent ? nil : output,
                outputLine: range.upperBound + 1))
    }

    private static func text(_ line: [ShellText.Character]) -> String {
        var text = ShellText.string(line)
        if text.last == "\n" { text.removeLast() }
        return text
    }

    // MARK: Without prompts

    private mutating func readUnprompted(_ lines: [[ShellText.Character]], isShell: Bool) {
        var commands: [Range<Int>] = []
        var index = 0
        // Below output only what is known to be a command begins a new one.
        var isOutput = false
        while index < lines.count {
            let line = Self.text(lines[index])
            guard Self.beginsCommand(line, isShell: isShell && !isOutput) else {
                let isComment = line.first { $0 != " " && $0 != "\t" } == "#"
                isOutput = !line.allSatisfy(\.isWhitespace) && (isOutput || !isComment)
                index += 1
                continue
            }
            isOutput = false
            let first = index
            var reader = ContinuationReader(lines[index].filter { $0.scalar != "\n" })
            while reader.wantsMore, index + 1 < lines.count {
                index += 1
                let newline = ShellText.Character(scalar: "\n", place: lines[index].first?.place ?? TextPlace())
                reader.read([newline] + lines[index].filter { $0.scalar != "\n" })
            }
            index += 1
            commands.append(first..<index)
        }
        for (position, range) in commands.enumerated() {
            let end = position + 1 < commands.count ? commands[position + 1].lowerBound : lines.count
            add(lines[range].map(Self.text).joined(separator: "\n"), at: range, until: end, of: lines)
        }
    }

    private static let keywords: Set<String> = [
        "for", "while", "until", "if", "cat", "unset", "source", "cd", "sleep", "istioctl", "helm", "kind", "minikube",
        "gcloud", "aws", "az", "eksctl", "ibmcloud", "docker", "git", "sed", "openssl", "mkdir", "rm", "touch", "oc",
        "k",
        "brew", "sudo", "apt", "apt-get", "siege", "hey", "fortio", "ab", "wrk", "set", "printf", "dig", "nslookup",
        "ping",
    ]

    private static func beginsCommand(_ line: String, isShell: Bool) -> Bool {
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        let word = String(trimmed.prefix { $0 != " " && $0 != "\t" })
        guard let first = word.unicodeScalars.first, first != "#" else { return false }
        if ShellText.commands.contains(word) || keywords.contains(word) {
            // A table's heading or a sentence may begin with such a word too, but never followed by a colon.
            return trimmed.count > word.count || ["minikube", "curl"].contains(word) == false
        }
        if let equals = word.firstIndex(of: "="), equals != word.startIndex,
            word[..<equals].allSatisfy({ $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) })
        {
            return isShell || word[..<equals].allSatisfy { !$0.isLowercase }
        }
        guard isShell else { return false }
        return ("a"..."z").contains(first)
            && word.unicodeScalars.allSatisfy {
                ("a"..."z").contains($0) || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0)
            } && trimmed.count > word.count
    }
}
