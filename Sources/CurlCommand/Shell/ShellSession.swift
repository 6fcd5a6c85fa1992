/// A shell that remembers its variables and runs text in thought, a statement at a time: what a command changes is known
/// before the next one is expanded.
package struct ShellSession: Sendable {
    package private(set) var variables: [String: String] = [:]

    package init() {}

    package struct Statement: Sendable {
        let statement: ShellStatement
        /// Of its first word, in the text that was given.
        package let place: TextPlace

        /// Whether it runs at all depends on the one before (`&&`, `||`).
        package var condition: CurlInvocation.Condition { CurlInvocation.Condition(statement.connector) }
    }

    /// A command with its words expanded.
    package struct Command: Sendable {
        let run: ShellRun

        package var words: [String] { run.words.map(\.text) }
        package var place: TextPlace { run.words.first?.place ?? TextPlace() }
        package var count: Int? { run.count }
        package var pipedTo: String? { run.pipedTo }
        /// The commands behind it in the pipeline, with their words.
        package var filters: [[String]] { run.filters }
        package var redirectedTo: String? { run.redirectedTo }
        /// A here-document, or what was piped into it.
        package var standardInput: String? { run.standardInput }
    }

    /// What a statement comes to.
    package struct Outcome: Sendable {
        package var commands: [Command] = []
        /// The variables that it sets, in order.
        package var assignments: [(name: String, value: String)] = []
        /// Variables and command substitutions without a value: they count as empty.
        package var unresolved: [(name: String, place: TextPlace)] = []
        package var notes: [CurlNote] = []
    }

    package static func statements(
        of text: String
    ) throws(CurlError) -> (statements: [Statement], notes: [CurlNote]) {
        guard text.utf8.count <= ReplayContext.longestText else {
            throw CurlError("the text is longer than \(ReplayContext.longestText) bytes", at: TextPlace())
        }
        let source = ShellText(text)
        var parser = ShellParser(source.characters, notes: source.notes)
        let statements = try parser.parse()
        return (statements.map { Statement(statement: $0, place: $0.place) }, parser.notes)
    }

    package mutating func run(_ statement: Statement, context: ReplayContext) throws(CurlError) -> Outcome {
        var evaluator = ShellEvaluator(context: context, variables: variables)
        try evaluator.run([statement.statement])
        var outcome = Outcome()
        outcome.commands = evaluator.runs.map { Command(run: $0) }
        outcome.assignments = evaluator.assigned
        outcome.unresolved = evaluator.unresolved
        outcome.notes = evaluator.notes
        variables = evaluator.variables
        return outcome
    }

    /// Sets a variable, as something outside the text would.
    package mutating func set(_ name: String, to value: String) { variables[name] = value }

    /// What `echo`, `printf`, `seq` and `cat` print; `nil` for all others.
    package static func output(of command: Command, context: ReplayContext) -> String? {
        guard let name = command.words.first, ["echo", "printf", "seq", "cat"].contains(name) else { return nil }
        if name == "cat", command.words.count == 1 { return command.standardInput }
        return ShellEvaluator.output(of: command.words, context: context)
    }

    /// The requests of a command; none where it is not curl or another client.
    package static func invocations(
        of command: Command, context: ReplayContext
    ) throws(CurlError) -> (invocations: [CurlInvocation], notes: [CurlNote]) {
        var reader = InvocationReader(context: context, notes: [])
        try reader.read(command.run)
        return (reader.invocations, reader.notes)
    }
}

extension ShellStatement {
    /// Where its first word stands.
    fileprivate var place: TextPlace {
        switch pipeline.first {
        case .simple(let command):
            let places = command.assignments.map(\.value.place) + command.words.map(\.place)
            return places.min { ($0.line, $0.column) < ($1.line, $1.column) } ?? TextPlace()
        case .group(let body), .forLoop(_, _, let body): return body.first?.place ?? TextPlace()
        case .whileLoop(let condition, _): return condition.first?.place ?? TextPlace()
        case .choice(let branches): return branches.first?.first?.place ?? TextPlace()
        case nil: return TextPlace()
        }
    }
}

extension CurlInvocation.Condition {
    init(_ connector: ShellStatement.Connector) {
        switch connector {
        case .always, .background: self = .always
        case .onSuccess: self = .onSuccess
        case .onFailure: self = .onFailure
        }
    }
}
