/// One command that would be run, with its words expanded.
struct ShellRun {
    struct Word {
        var text: String
        var place: TextPlace
    }

    var words: [Word]
    var connector: ShellStatement.Connector
    /// How often in a row; `nil` is until stopped.
    var count: Int? = 1
    /// What the output is piped into.
    var pipedTo: String?
    /// The commands behind it in the pipeline, with their words.
    var filters: [[String]] = []
    var redirectedTo: String?
    var standardInput: String?
}

/// Runs a script in thought: variables, loops and substitutions are worked out, commands are collected.
struct ShellEvaluator {
    let context: ReplayContext
    private(set) var runs: [ShellRun] = []
    private(set) var notes: [CurlNote] = []
    /// What has no value, with the place of its first use.
    private(set) var unresolved: [(name: String, place: TextPlace)] = []
    private(set) var variables: [String: String]
    /// What assignments and `export` have set, in order.
    private(set) var assigned: [(name: String, value: String)] = []
    private var steps = 0
    private var expanded = 0

    init(context: ReplayContext, variables: [String: String] = [:]) {
        self.context = context
        self.variables = variables
    }

    mutating func run(_ statements: [ShellStatement]) throws(CurlError) {
        for statement in statements { try run(statement) }
    }

    private mutating func run(_ statement: ShellStatement) throws(CurlError) {
        steps += 1
        guard steps <= 4 * ReplayContext.mostRequests else {
            throw CurlError("the loops ask for more than \(ReplayContext.mostRequests) requests", at: TextPlace())
        }
        let first = runs.count
        var input: String?
        for (position, command) in statement.pipeline.enumerated() {
            switch command {
            case .simple(let simple):
                input = try run(
                    simple, connector: statement.connector, input: input, isFirst: position == 0, since: first)
            case .group(let body): try run(body)
            case .forLoop(let variable, let words, let body):
                let values = try words.map { words throws(CurlError) in try expand(words).map(\.text) } ?? []
                for value in values {
                    variables[variable] = value
                    try run(body)
                }
                merge(since: first)
            case .whileLoop(let condition, let body):
                try run(condition)
                let start = runs.count
                try run(body)
                for index in start..<runs.count { runs[index].count = nil }
            case .choice(let branches):
                for branch in branches { try run(branch) }
                note("took every branch of \"if\"", at: TextPlace())
            }
        }
    }

    /// Like requests in a row are one with a count.
    private mutating func merge(since first: Int) {
        guard runs.count > first + 1 else { return }
        let loop = runs[first...]
        // The body of a loop may hold several requests: fold whole rounds.
        for length in 1...min(16, loop.count) where loop.count % length == 0 {
            let body = loop.prefix(length)
            let same = loop.indices.allSatisfy { index in
                let other = body[body.startIndex + (index - loop.startIndex) % length]
                return runs[index].words.map(\.text) == other.words.map(\.text) && runs[index].count == other.count
                    && runs[index].standardInput == other.standardInput
            }
            guard same else { continue }
            let rounds = loop.count / length
            var folded = Array(body)
            for index in folded.indices { folded[index].count = folded[index].count.map { $0 * rounds } }
            runs.replaceSubrange(first..., with: folded)
            return
        }
    }

    /// Runs a simple command of a pipeline and gives its output as far as it is known.
    private mutating func run(
        _ command: ShellSimpleCommand, connector: ShellStatement.Connector, input: String?, isFirst: Bool, since: Int
    ) throws(CurlError) -> String? {
        var saved: [String: String?] = [:]
        for assignment in command.assignments {
            if !command.words.isEmpty { saved[assignment.name] = .some(variables[assignment.name]) }
            variables[assignment.name] = try single(assignment.value)
        }
        guard !command.words.isEmpty else {
            assigned += command.assignments.map { ($0.name, variables[$0.name] ?? "") }
            return nil
        }
        var words = try expand(command.words)
        guard let name = words.first?.text else { return nil }
        defer { for (name, value) in saved { variables[name] = value } }
        if !isFirst, name != "xargs" {
            for index in since..<runs.count {
                if runs[index].pipedTo == nil { runs[index].pipedTo = name }
                runs[index].filters.append(words.map(\.text))
            }
            if !Self.isRequest(name) { return Self.filter(words.map(\.text), input: input) }
        }
        switch name {
        case "export", "local", "declare", "typeset", "readonly":
            for word in words.dropFirst() {
                guard let equals = word.text.firstIndex(of: "=") else { continue }
                let name = String(word.text[..<equals])
                let value = String(word.text[word.text.index(after: equals)...])
                variables[name] = value
                assigned.append((name, value))
            }
            return nil
        case "unset":
            for word in words.dropFirst() { variables[word.text] = "" }
            return nil
        case "xargs": words = Self.xargs(words, input: input)
        default: break
        }
        var run = ShellRun(words: words, connector: connector)
        for redirection in command.redirections {
            switch redirection.kind {
            case "<<", "<<<":
                run.standardInput = try redirection.body.map { body throws(CurlError) in try single(body) }
                if redirection.kind == "<<<" { run.standardInput? += "\n" }
            case "<":
                let path = try single(redirection.target)
                run.standardInput = context.file(path).map { String(decoding: $0, as: UTF8.self) }
            case ">", ">>", "&>", "&>>", ">|": run.redirectedTo = try single(redirection.target)
            default: break
            }
        }
        if run.standardInput == nil { run.standardInput = input }
        if name == "xargs" { run.standardInput = nil }
        runs.append(run)
        if name == "cat", words.count == 1 || words.count == 2 && words[1].text == "-" { return run.standardInput }
        return Self.output(of: words.map(\.text), context: context)
    }

    static func isRequest(_ name: String) -> Bool {
        let base = name.split(separator: "/").last.map(String.init) ?? name
        return ["curl", "curl.exe", "http", "https", "wget", "kubectl", "docker", "ssh", "time", "sudo"].contains(base)
    }

    private mutating func note(_ message: String, at place: TextPlace) {
        if !notes.contains(where: { $0.message == message }) { notes.append(CurlNote(message, at: place)) }
    }

    // MARK: Expansion

    mutating func expand(_ words: [ShellWord]) throws(CurlError) -> [ShellRun.Word] {
        var result: [ShellRun.Word] = []
        for word in words {
            for alternative in Self.withoutBraces(word.parts) {
                result += try fields(alternative).map { ShellRun.Word(text: $0, place: word.place) }
                expanded += 1
                guard result.count <= ReplayContext.mostRequests, expanded <= 64 * ReplayContext.mostRequests else {
                    throw CurlError("this gives more than \(ReplayContext.mostRequests) words", at: word.place)
                }
            }
        }
        return result
    }

    private static func withoutBraces(_ parts: [ShellWord.Part]) -> [[ShellWord.Part]] {
        var results: [[ShellWord.Part]] = [[]]
        for part in parts {
            if case .braces(let choices) = part, results.count * choices.count <= ReplayContext.mostRequests {
                results = results.flatMap { head in choices.map { head + $0 } }
            } else {
                for index in results.indices { results[index].append(part) }
            }
        }
        return results
    }

    /// The fields of one word: unquoted values are split at blanks.
    private mutating func fields(_ parts: [ShellWord.Part]) throws(CurlError) -> [String] {
        var fields: [String] = []
        var open: String?
        for part in parts {
            let value = try self.value(of: part)
            if value.quoted {
                open = (open ?? "") + value.text
                continue
            }
            var current = open
            for character in value.text {
                if character == " " || character == "\t" || character == "\n" {
                    if let field = current { fields.append(field) }
                    current = nil
                } else {
                    current = (current ?? "") + String(character)
                }
            }
            open = current
        }
        if let open { fields.append(open) }
        return fields
    }

    /// A word as one value: assignments, here-documents, patterns.
    private mutating func single(_ word: ShellWord) throws(CurlError) -> String {
        var text = ""
        for part in word.parts {
            if case .braces(let choices) = part {
                text +=
                    "{"
                    + choices.map { choice in
                        choice.map { if case .text(let piece, _) = $0 { piece } else { "" } }.joined()
                    }.joined(separator: ",") + "}"
            } else {
                text += try value(of: part).text
            }
        }
        return text
    }

    private mutating func value(of part: ShellWord.Part) throws(CurlError) -> (text: String, quoted: Bool) {
        switch part {
        // What was written is never split, only what it is replaced by.
        case .text(let text, _): return (text, true)
        case .parameter(let parameter, let quoted): return (try value(of: parameter), quoted)
        case .output(let statements, let source, let quoted):
            return (try output(of: statements, source: source), quoted)
        case .braces: return ("", true)
        }
    }

    private mutating func miss(_ name: String, at place: TextPlace) {
        if !unresolved.contains(where: { $0.name == name }) { unresolved.append((name, place)) }
    }

    private mutating func value(of parameter: ShellParameter) throws(CurlError) -> String {
        let found = variables[parameter.name] ?? context.variable(parameter.name)
        func isMissing(_ emptyToo: Bool) -> Bool { found == nil || (emptyToo && found == "") }
        switch parameter.operation {
        case .value:
            if let found { return found }
            if Self.isSpecial(parameter.name) { return parameter.name == "?" || parameter.name == "#" ? "0" : "" }
            miss(parameter.name, at: parameter.place)
            return ""
        case .length:
            guard let found else {
                miss(parameter.name, at: parameter.place)
                return "0"
            }
            return "\(found.unicodeScalars.count)"
        case .fallback(let word, let emptyToo): return isMissing(emptyToo) ? try single(word) : found ?? ""
        case .assign(let word, let emptyToo):
            guard isMissing(emptyToo) else { return found ?? "" }
            let value = try single(word)
            variables[parameter.name] = value
            return value
        case .require(let word, let emptyToo):
            guard isMissing(emptyToo) else { return found ?? "" }
            let text = try single(word)
            throw CurlError("\(parameter.name): \(text.isEmpty ? "parameter not set" : text)", at: parameter.place)
        case .alternative(let word, let emptyToo): return isMissing(emptyToo) ? "" : try single(word)
        case .removeSuffix(let word, let longest):
            let pattern = try single(word)
            guard let found else {
                miss(parameter.name, at: parameter.place)
                return ""
            }
            return ShellPattern(pattern).removingSuffix(from: found, longest: longest)
        case .removePrefix(let word, let longest):
            let pattern = try single(word)
            guard let found else {
                miss(parameter.name, at: parameter.place)
                return ""
            }
            return ShellPattern(pattern).removingPrefix(from: found, longest: longest)
        }
    }

    private static func isSpecial(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first else { return true }
        return !(first == "_" || first.properties.isAlphabetic)
    }

    /// What `$(…)` stands for, trailing newlines removed.
    private mutating func output(of statements: [ShellStatement], source: String) throws(CurlError) -> String {
        let place = statements.first.flatMap { statement -> TextPlace? in
            guard case .simple(let command)? = statement.pipeline.first else { return nil }
            return command.words.first?.place
        }
        var inner = ShellEvaluator(context: context, variables: variables)
        var text: String?
        for statement in statements {
            var input: String?
            for command in statement.pipeline {
                guard case .simple(let simple) = command else {
                    input = nil
                    break
                }
                let words = try inner.expand(simple.words).map(\.text)
                input = input.map { Self.filter(words, input: $0) } ?? Self.output(of: words, context: context)
                guard input != nil else { break }
            }
            if let input { text = (text ?? "") + input }
        }
        for missing in inner.unresolved { miss(missing.name, at: missing.place) }
        guard var text else {
            if inner.unresolved.isEmpty { miss("$(\(source))", at: place ?? TextPlace()) }
            return ""
        }
        while text.last == "\n" { text.removeLast() }
        return text
    }
}
