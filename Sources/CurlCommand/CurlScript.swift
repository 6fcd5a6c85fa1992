/// One curl command of a text.
package struct CurlInvocation: Hashable, Sendable {
    package var transfers: [CurlTransfer]
    /// How often it is run in a row: loops, `watch`; `nil` is until stopped.
    package var count: Int?
    /// From where: `kubectl exec POD -n NAMESPACE -- curl …`.
    package var caller: Caller?
    package var place: TextPlace
    /// Runs only when the command before succeeded or failed.
    package var condition: Condition

    package enum Condition: Hashable, Sendable { case always, onSuccess, onFailure }

    package struct Caller: Hashable, Sendable {
        /// A Pod, or `deploy/NAME`; a host or container for what is not Kubernetes.
        package var name: String
        package var namespace: String?
        package var isPod: Bool
    }
}

/// What a pasted text asks for: its curl commands in order.
package struct CurlScript: Hashable, Sendable {
    package var invocations: [CurlInvocation]
    package var notes: [CurlNote]
    /// Documents given to `kubectl apply -f -`, with their place: the caller decides what to do with them.
    package var manifests: [Manifest]

    package struct Manifest: Hashable, Sendable {
        package var text: String
        package var place: TextPlace
    }

    /// All transfers in order.
    package var transfers: [CurlTransfer] { invocations.flatMap(\.transfers) }
}

extension CurlScript {
    /// Reads a fragment of shell: a pasted line, a block of a document, a history.
    package static func parse(_ text: String, context: ReplayContext = ReplayContext()) throws(CurlError) -> CurlScript
    {
        guard text.utf8.count <= ReplayContext.longestText else {
            throw CurlError("the text is longer than \(ReplayContext.longestText) bytes", at: TextPlace())
        }
        var text = text
        var notes: [CurlNote] = []
        if let plain = WindowsPrompt.unwrapped(text) {
            text = plain
            notes.append(CurlNote("read the quoting of the Windows command prompt", at: TextPlace()))
        }
        let source = ShellText(text)
        var parser = ShellParser(source.characters, notes: notes + source.notes)
        let statements = try parser.parse()
        var evaluator = ShellEvaluator(context: context)
        try evaluator.run(statements)
        var reader = InvocationReader(context: context, notes: parser.notes + evaluator.notes)
        do {
            for run in evaluator.runs { try reader.read(run) }
        } catch {
            // An empty variable is why the line makes no sense: say that first.
            throw Self.unresolved(evaluator) ?? error
        }
        if let error = Self.unresolved(evaluator) { throw error }
        guard !reader.invocations.isEmpty || !reader.manifests.isEmpty else {
            throw CurlError(
                "there is no curl command here", at: TextPlace(), hint: "a line begins with the word curl")
        }
        return CurlScript(invocations: reader.invocations, notes: reader.notes, manifests: reader.manifests)
    }

    /// Reads an argument list: the words behind `--` of `meshtop curl`, the word `curl` in front is allowed.
    ///
    /// The shell has expanded what was not in single quotes; variables that are left (`'$HOST'`) are read from the
    /// context when it knows them, because `meshtop curl -- … "http://\$INGRESS_HOST/"` means the manifests' value.
    package static func parse(
        words: [String], context: ReplayContext = ReplayContext()
    ) throws(CurlError) -> CurlScript {
        guard words.reduce(0, { $0 + $1.utf8.count }) <= ReplayContext.longestText else {
            throw CurlError("the line is longer than \(ReplayContext.longestText) bytes", at: TextPlace())
        }
        var column = 1
        var placed: [ShellRun.Word] = []
        for word in words {
            placed.append(ShellRun.Word(text: word, place: TextPlace(column: column)))
            column += word.unicodeScalars.count + 1
        }
        if let first = placed.first?.text, first == "curl" || first.hasSuffix("/curl") { placed.removeFirst() }
        var holes = ArgumentHoles(context: context)
        placed = try holes.fill(placed)
        var reader = InvocationReader(context: context, notes: holes.notes)
        try reader.readCurl(ArraySlice(placed), run: ShellRun(words: placed, connector: .always))
        return CurlScript(invocations: reader.invocations, notes: reader.notes, manifests: [])
    }

    private static func unresolved(_ evaluator: ShellEvaluator) -> CurlError? {
        guard let first = evaluator.unresolved.first else { return nil }
        let names = evaluator.unresolved.map { $0.name.hasPrefix("$") ? $0.name : "$" + $0.name }
        let subject = names.count == 1 ? "\(names[0]) has no value" : names.joined(separator: ", ") + " have no value"
        return CurlError(
            subject, at: first.place,
            hint: "no manifest gives it: set it in the environment, or write NAME=value in front of the line",
            unresolved: names)
    }
}

/// Finds the requests among the commands of a script.
struct InvocationReader {
    let context: ReplayContext
    private(set) var invocations: [CurlInvocation] = []
    private(set) var manifests: [CurlScript.Manifest] = []
    var notes: [CurlNote]

    init(context: ReplayContext, notes: [CurlNote]) {
        self.context = context
        self.notes = notes
    }

    private mutating func note(_ message: String, at place: TextPlace) {
        if !notes.contains(where: { $0.message == message }) { notes.append(CurlNote(message, at: place)) }
    }

    private static func base(_ word: String) -> String { word.split(separator: "/").last.map(String.init) ?? word }

    mutating func read(_ run: ShellRun) throws(CurlError) {
        var run = run
        var words = ArraySlice(run.words)
        var caller: CurlInvocation.Caller?
        var steps = 0
        while let word = words.first, steps < 8 {
            steps += 1
            switch Self.base(word.text) {
            case "curl", "curl.exe":
                try readCurl(words.dropFirst(), run: run, caller: caller)
                return
            case "http", "https":
                try readCurl(HTTPieLine.curlWords(words), run: run, caller: caller)
                return
            case "wget":
                try readCurl(WgetLine.curlWords(words), run: run, caller: caller)
                return
            case "time", "sudo", "nohup", "command", "exec", "builtin", "env", "nice", "xargs", "eval":
                words = words.dropFirst().drop {
                    $0.text.hasPrefix("-") || ($0.text.contains("=") && word.text == "env")
                }
            case "timeout":
                words = words.dropFirst().drop { $0.text.hasPrefix("-") }.dropFirst()
            case "watch":
                run.count = nil
                words = Self.withoutOptions(words.dropFirst(), withValue: ["-n", "--interval"])
                // `watch 'curl …'` gives its words to a shell.
                if words.count == 1, let line = words.first, line.text.contains(" ") {
                    let script = try CurlScript.parse(line.text, context: context)
                    for var invocation in script.invocations {
                        invocation.count = nil
                        invocations.append(invocation)
                    }
                    return
                }
            case "kubectl", "oc", "k":
                guard let inner = kubectl(words, run) else { return }
                (caller, words) = inner
            case "docker", "podman", "nerdctl":
                let rest = Self.withoutOptions(words.dropFirst(), withValue: ["-u", "-w", "-e", "--user"])
                guard rest.first?.text == "exec" else { return }
                let target = Self.withoutOptions(rest.dropFirst(), withValue: ["-u", "-w", "-e", "--user"])
                caller = target.first.map { CurlInvocation.Caller(name: $0.text, namespace: nil, isPod: false) }
                words = target.dropFirst()
            case "ssh":
                let target = Self.withoutOptions(words.dropFirst(), withValue: ["-i", "-p", "-o", "-l", "-F"])
                caller = target.first.map { CurlInvocation.Caller(name: $0.text, namespace: nil, isPod: false) }
                words = target.dropFirst()
            case "sh", "bash", "ash", "zsh":
                guard let option = words.firstIndex(where: { $0.text.hasPrefix("-") && $0.text.hasSuffix("c") }),
                    let line = words[option...].dropFirst().first
                else { return }
                let script = try CurlScript.parse(line.text, context: context)
                for var invocation in script.invocations {
                    invocation.caller = invocation.caller ?? caller
                    invocations.append(invocation)
                }
                return
            case "Invoke-WebRequest", "Invoke-RestMethod", "iwr":
                throw CurlError(
                    "this is PowerShell", at: word.place, hint: "choose \"Copy as cURL (bash)\" in the browser")
            case "fetch":
                throw CurlError(
                    "this is JavaScript", at: word.place, hint: "choose \"Copy as cURL (bash)\" in the browser")
            default: return
            }
        }
    }

    private static func withoutOptions(
        _ words: ArraySlice<ShellRun.Word>, withValue: Set<String>
    ) -> ArraySlice<ShellRun.Word> {
        var rest = words
        while let first = rest.first, first.text.hasPrefix("-") {
            rest = rest.dropFirst(withValue.contains(first.text) ? 2 : 1)
        }
        return rest
    }

    /// `kubectl exec … -- command` gives the caller and the command; other subcommands are only recorded.
    private mutating func kubectl(
        _ words: ArraySlice<ShellRun.Word>, _ run: ShellRun
    ) -> (CurlInvocation.Caller?, ArraySlice<ShellRun.Word>)? {
        let withValue: Set<String> = [
            "-n", "--namespace", "-c", "--container", "--context", "--kubeconfig", "--cluster", "-f", "--filename",
        ]
        var operands: [ShellRun.Word] = []
        var options: [String: String] = [:]
        var rest = words.dropFirst()
        while let word = rest.popFirst() {
            if word.text == "--" { break }
            if word.text.hasPrefix("-") {
                if let equals = word.text.firstIndex(of: "=") {
                    options[String(word.text[..<equals])] = String(word.text[word.text.index(after: equals)...])
                } else if withValue.contains(word.text), let value = rest.popFirst() {
                    options[word.text] = value.text
                }
            } else {
                operands.append(word)
                // Old form without "--": the words behind the Pod are the command.
                if operands.count == 2, operands[0].text == "exec", !rest.contains(where: { $0.text == "--" }),
                    let next = rest.first, !next.text.hasPrefix("-")
                {
                    break
                }
            }
        }
        let namespace = options["-n"] ?? options["--namespace"]
        if operands.first?.text == "apply", options["-f"] == "-" || options["--filename"] == "-",
            let text = run.standardInput
        {
            manifests.append(CurlScript.Manifest(text: text, place: words.first?.place ?? TextPlace()))
            note("kubectl apply is recorded, not carried out", at: words.first?.place ?? TextPlace())
            return nil
        }
        guard operands.first?.text == "exec", operands.count > 1 else { return nil }
        let caller = CurlInvocation.Caller(name: operands[1].text, namespace: namespace, isPod: true)
        return (caller, rest)
    }

    mutating func readCurl(
        _ words: ArraySlice<ShellRun.Word>, run: ShellRun, caller: CurlInvocation.Caller? = nil
    ) throws(CurlError) {
        var reader = CurlOptionReader(context: context, standardInput: run.standardInput)
        try reader.read(words)
        notes += reader.notes
        var transfers: [CurlTransfer] = []
        for var section in reader.sections {
            if section.addresses.isEmpty, reader.sections.contains(where: { !$0.addresses.isEmpty }) { continue }
            if section.place == TextPlace() { section.place = run.words.first?.place ?? TextPlace() }
            var builder = RequestBuilder(section, reader.globals, context, standardInput: run.standardInput)
            transfers += try builder.transfers()
            notes += builder.notes
        }
        for index in transfers.indices {
            transfers[index].output.pipedTo = run.pipedTo
            transfers[index].output.redirectedTo = run.redirectedTo
        }
        if let pipe = run.pipedTo {
            note("the output would be piped into \(pipe)", at: run.words.first?.place ?? TextPlace())
        }
        if let file = run.redirectedTo {
            note("the output would be written to \(file)", at: run.words.first?.place ?? TextPlace())
        }
        invocations.append(
            CurlInvocation(
                transfers: transfers, count: run.count, caller: caller,
                place: run.words.first?.place ?? TextPlace(), condition: CurlInvocation.Condition(run.connector)))
    }
}
