/// Reads a fragment of POSIX shell, with the parts of bash that pasted curl lines use, into statements.
struct ShellParser {
    typealias Character = ShellText.Character

    private let characters: [Character]
    private var index = 0
    private var depth = 0
    private(set) var notes: [CurlNote]
    private var bodies: [Int: ShellWord] = [:]
    private var openBodies: [(id: Int, delimiter: String, literal: Bool, stripTabs: Bool)] = []
    private var nextBody = 0

    init(_ characters: [Character], notes: [CurlNote] = [], depth: Int = 0) {
        self.characters = characters
        self.notes = notes
        self.depth = depth
    }

    static let deepest = 40

    // MARK: Characters

    private var current: Unicode.Scalar? { index < characters.count ? characters[index].scalar : nil }

    private func peek(_ offset: Int) -> Unicode.Scalar? {
        index + offset < characters.count ? characters[index + offset].scalar : nil
    }

    var place: TextPlace {
        if index < characters.count { return characters[index].place }
        guard let last = characters.last?.place else { return TextPlace() }
        return TextPlace(line: last.line, column: last.column + 1)
    }

    private func starts(with text: String) -> Bool {
        var offset = 0
        for scalar in text.unicodeScalars {
            guard peek(offset) == scalar else { return false }
            offset += 1
        }
        return true
    }

    private mutating func note(_ message: String, at place: TextPlace) {
        let note = CurlNote(message, at: place)
        if !notes.contains(where: { $0.message == message }) { notes.append(note) }
    }

    private func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", "\u{A0}", "\u{2009}", "\u{202F}", "\u{3000}": true
        default: false
        }
    }

    private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}", "\u{200E}", "\u{200F}": true
        default: false
        }
    }

    /// Blanks, line continuations and comments.
    private mutating func skipBlanks() {
        while let scalar = current {
            if isBlank(scalar) {
                if scalar != " " && scalar != "\t" { note("took a non-breaking blank for a blank", at: place) }
                index += 1
            } else if isInvisible(scalar) {
                note("left out invisible characters", at: place)
                index += 1
            } else if scalar == "\\", let length = continuationLength() {
                index += length
            } else if scalar == "#" {
                while let next = current, next != "\n" { _ = next; index += 1 }
            } else {
                return
            }
        }
    }

    /// A backslash before the end of the line, also with blanks in between, as web pages leave them.
    private mutating func continuationLength() -> Int? {
        var length = 1
        while let scalar = peek(length), scalar == " " || scalar == "\t" || scalar == "\u{A0}" { length += 1 }
        guard peek(length) == "\n" else { return nil }
        if length > 1 { note("took a backslash with blanks behind it for the end of the line", at: place) }
        return length + 1
    }

    private mutating func skipNewlines() {
        while true {
            skipBlanks()
            guard current == "\n" else { return }
            index += 1
            readBodies()
        }
    }

    // MARK: For the readers of words

    var position: Int { index }
    var level: Int { depth }
    func scalar(at offset: Int) -> Unicode.Scalar? { peek(offset) }
    mutating func advance(_ count: Int) { index = min(max(0, index + count), characters.count) }
    mutating func move(to position: Int) { index = position }
    mutating func remark(_ message: String, at place: TextPlace) { note(message, at: place) }
    mutating func lineContinuation() -> Int? { continuationLength() }

    func slice(from first: Int, to end: Int) -> [Character] {
        first <= end && end <= characters.count ? Array(characters[first..<end]) : []
    }

    func source(from first: Int, to end: Int) -> String { ShellText.string(slice(from: first, to: end)) }

    // MARK: Statements

    mutating func parse() throws(CurlError) -> [ShellStatement] {
        let statements = try statements(until: [])
        if let rest = current {
            throw CurlError("unexpected \"\(rest)\"", at: place, hint: "quote it if it is part of an argument")
        }
        return fill(statements)
    }

    private mutating func statements(until ends: Set<String>) throws(CurlError) -> [ShellStatement] {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw CurlError("nested too deeply", at: place) }
        var statements: [ShellStatement] = []
        var connector = ShellStatement.Connector.always
        while true {
            skipNewlines()
            guard let scalar = current, scalar != ")" else { break }
            if scalar == "}", ends.contains("}") { break }
            if let word = upcomingKeyword(), ends.contains(word) { break }
            if scalar == ";" || scalar == "&" || scalar == "|" {
                throw CurlError("there is no command before \"\(scalar)\"", at: place)
            }
            let pipeline = try pipeline()
            statements.append(ShellStatement(connector: connector, pipeline: pipeline))
            skipBlanks()
            connector = .always
            if starts(with: "&&") {
                index += 2
                connector = .onSuccess
            } else if starts(with: "||") {
                index += 2
                connector = .onFailure
            } else if current == ";" || current == "&" {
                index += 1
                if current == ";" { index += 1 }
            }
        }
        return statements
    }

    /// The word ahead when it is made of letters only.
    private func upcomingKeyword() -> String? {
        var word = ""
        var offset = 0
        while let scalar = peek(offset), ("a"..."z").contains(scalar) {
            word.unicodeScalars.append(scalar)
            offset += 1
        }
        if let next = peek(offset), !isBlank(next), next != "\n", next != ";", next != ")", next != "&", next != "|" {
            return nil
        }
        return word.isEmpty ? nil : word
    }

    private mutating func pipeline() throws(CurlError) -> [ShellStatement.Command] {
        skipBlanks()
        if current == "!", peek(1) == " " { index += 1 }
        var commands = [try command()]
        while true {
            skipBlanks()
            guard current == "|", peek(1) != "|" else { return commands }
            index += 1
            if current == "&" { index += 1 }
            skipNewlines()
            commands.append(try command())
        }
    }

    private mutating func expect(_ keyword: String) throws(CurlError) {
        skipNewlines()
        guard upcomingKeyword() == keyword else { throw CurlError("\"\(keyword)\" is missing here", at: place) }
        index += keyword.unicodeScalars.count
    }

    private mutating func command() throws(CurlError) -> ShellStatement.Command {
        skipBlanks()
        let start = place
        if current == "(" {
            index += 1
            let body = try statements(until: [])
            guard current == ")" else { throw CurlError("\"(\" is not closed", at: start) }
            index += 1
            return .group(body)
        }
        if current == "{", let next = peek(1), isBlank(next) || next == "\n" {
            index += 1
            let body = try statements(until: ["}"])
            guard current == "}" else { throw CurlError("\"{\" is not closed", at: start) }
            index += 1
            return .group(body)
        }
        switch upcomingKeyword() {
        case "for": return try forLoop()
        case "while", "until": return try whileLoop()
        case "if": return try choice()
        case "case", "select", "function":
            throw CurlError("this part of the shell is not read", at: start, hint: "paste the curl lines alone")
        default: return .simple(try simpleCommand())
        }
    }

    private mutating func forLoop() throws(CurlError) -> ShellStatement.Command {
        index += 3
        skipBlanks()
        let start = place
        guard let variable = try word()?.keyword, Self.isName(variable) else {
            throw CurlError("\"for\" needs the name of a variable", at: start)
        }
        skipNewlines()
        var words: [ShellWord]?
        if upcomingKeyword() == "in" {
            index += 2
            words = []
            while true {
                skipBlanks()
                guard let scalar = current, scalar != ";", scalar != "\n" else { break }
                guard let word = try word() else { break }
                words?.append(word)
            }
        }
        skipBlanks()
        if current == ";" { index += 1 }
        try expect("do")
        let body = try statements(until: ["done"])
        try expect("done")
        return .forLoop(variable: variable, words: words, body: body)
    }

    private mutating func whileLoop() throws(CurlError) -> ShellStatement.Command {
        index += 5
        let condition = try statements(until: ["do"])
        try expect("do")
        let body = try statements(until: ["done"])
        try expect("done")
        return .whileLoop(condition: condition, body: body)
    }

    private mutating func choice() throws(CurlError) -> ShellStatement.Command {
        index += 2
        var branches = [try statements(until: ["then"])]
        try expect("then")
        branches.append(try statements(until: ["elif", "else", "fi"]))
        while true {
            skipNewlines()
            switch upcomingKeyword() {
            case "elif":
                index += 4
                branches.append(try statements(until: ["then"]))
                try expect("then")
                branches.append(try statements(until: ["elif", "else", "fi"]))
            case "else":
                index += 4
                branches.append(try statements(until: ["fi"]))
            default:
                try expect("fi")
                return .choice(branches: branches)
            }
        }
    }

    private mutating func simpleCommand() throws(CurlError) -> ShellSimpleCommand {
        var command = ShellSimpleCommand()
        while true {
            skipBlanks()
            guard let scalar = current, !";&|)\n".unicodeScalars.contains(scalar) || starts(with: "&>") else {
                return command
            }
            if let redirection = try redirection() {
                command.redirections.append(redirection)
                continue
            }
            if scalar == "(" {
                throw CurlError(
                    "unexpected \"(\"", at: place, hint: "put the address in quotes: the shell reads brackets itself")
            }
            let start = index
            guard let word = try word() else {
                throw CurlError("unexpected \"\(scalar)\"", at: place)
            }
            if command.words.isEmpty, let assignment = Self.assignment(word) {
                command.assignments.append(assignment)
            } else {
                command.words.append(word)
            }
            guard index > start else { throw CurlError("unexpected \"\(scalar)\"", at: place) }
        }
    }

    static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.unicodeScalars.first, first == "_" || first.properties.isAlphabetic && first.isASCII
        else { return false }
        return text.unicodeScalars.allSatisfy {
            $0 == "_" || ($0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil))
        }
    }

    /// `NAME=value` in front of a command.
    static func assignment(_ word: ShellWord) -> (name: String, value: ShellWord)? {
        guard let first = word.parts.first, case .text(let text, quoted: false) = first,
            let equals = text.firstIndex(of: "="), isName(text[..<equals])
        else { return nil }
        let rest = String(text[text.index(after: equals)...])
        var parts = Array(word.parts.dropFirst())
        if !rest.isEmpty { parts.insert(.text(rest, quoted: false), at: 0) }
        return (String(text[..<equals]), ShellWord(parts: parts, place: word.place))
    }

    // MARK: Redirections

    private static let redirections = ["<<<", "<<-", "<<", "<>", "<&", "<", "&>>", "&>", ">>", ">&", ">|", ">"]

    private mutating func redirection() throws(CurlError) -> ShellRedirection? {
        var offset = 0
        while let scalar = peek(offset), ("0"..."9").contains(scalar) { offset += 1 }
        let save = index
        index += offset
        guard let kind = Self.redirections.first(where: { starts(with: $0) }),
            offset == 0 || !kind.hasPrefix("&")
        else {
            index = save
            return nil
        }
        let start = place
        index += kind.unicodeScalars.count
        skipBlanks()
        if kind == ">&" || kind == "<&", current == "-" { index += 1; return redirect(kind, "-", start) }
        if kind == "<<" || kind == "<<-" {
            guard let word = try word() else { throw CurlError("a here-document needs a word", at: start) }
            let quoted = word.parts.contains { part in
                if case .text(_, quoted: true) = part { return true }
                return false
            }
            let id = nextBody
            nextBody += 1
            openBodies.append((id, word.literal ?? "", quoted, kind == "<<-"))
            return ShellRedirection(
                kind: "<<", target: ShellWord(parts: [.text("\(id)", quoted: true)], place: start), body: nil)
        }
        guard let target = try word() else { throw CurlError("\"\(kind)\" needs a file", at: start) }
        return ShellRedirection(kind: kind, target: target, body: kind == "<<<" ? target : nil)
    }

    private func redirect(_ kind: String, _ text: String, _ place: TextPlace) -> ShellRedirection {
        ShellRedirection(kind: kind, target: ShellWord(parts: [.text(text, quoted: true)], place: place), body: nil)
    }

    /// Reads the bodies of the here-documents of the line that just ended.
    private mutating func readBodies() {
        for open in openBodies {
            var text: [Character] = []
            while index < characters.count {
                var line: [Character] = []
                while let scalar = current, scalar != "\n" {
                    _ = scalar
                    line.append(characters[index])
                    index += 1
                }
                if index < characters.count { index += 1 }
                let shown = open.stripTabs ? Array(line.drop { $0.scalar == "\t" }) : line
                let bare = ShellText.string(shown).drop { $0 == " " }
                if bare == open.delimiter { break }
                text += shown
                text.append(Character(scalar: "\n", place: line.last?.place ?? TextPlace()))
            }
            let start = text.first?.place ?? place
            if open.literal {
                bodies[open.id] = ShellWord(parts: [.text(ShellText.string(text), quoted: true)], place: start)
            } else {
                var reader = ShellParser(text, depth: depth)
                let parts = (try? reader.quotedParts(until: nil)) ?? [.text(ShellText.string(text), quoted: true)]
                bodies[open.id] = ShellWord(parts: parts, place: start)
            }
        }
        openBodies = []
    }

    /// Puts the bodies of here-documents into the commands that ask for them.
    private func fill(_ statements: [ShellStatement]) -> [ShellStatement] {
        guard !bodies.isEmpty else { return statements }
        return statements.map { statement in
            var statement = statement
            statement.pipeline = statement.pipeline.map(fill)
            return statement
        }
    }

    private func fill(_ command: ShellStatement.Command) -> ShellStatement.Command {
        switch command {
        case .simple(var simple):
            for index in simple.redirections.indices where simple.redirections[index].kind == "<<" {
                let id = simple.redirections[index].target.literal.flatMap { Int($0) }
                simple.redirections[index].body = id.flatMap { bodies[$0] }
            }
            return .simple(simple)
        case .group(let body): return .group(fill(body))
        case .forLoop(let variable, let words, let body):
            return .forLoop(variable: variable, words: words, body: fill(body))
        case .whileLoop(let condition, let body):
            return .whileLoop(condition: fill(condition), body: fill(body))
        case .choice(let branches): return .choice(branches: branches.map(fill))
        }
    }
}
