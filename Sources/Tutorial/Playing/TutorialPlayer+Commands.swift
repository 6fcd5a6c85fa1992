import CurlCommand
import Documents
import MeshModel
import Synchronization

extension TutorialPlayer {
    /// What a line may refer to: objects by kubectl, variables that the page does not set by what the objects say.
    var context: ReplayContext { context(noting: nil) }

    /// `noting` is told of each kubectl line that gives nothing.
    private func context(noting: Misses?) -> ReplayContext {
        let cluster = state.cluster
        let variables = MeshVariablesSource(cluster)
        let (context, namespace, page, files) = (state.context, state.namespace, self.page, self.files)
        return ReplayContext(
            variable: { variables.value($0) },
            output: { words in
                guard let name = words.first?.split(separator: "/").last else { return nil }
                if name == "kubectl" || name == "oc" {
                    let line = KubectlLine(words.dropFirst())
                    guard line.verb == "get" else { return nil }
                    var kubectl = Kubectl(cluster, at: page.location(line: 1))
                    kubectl.context = context
                    kubectl.namespace = namespace
                    let answer = kubectl.get(line)
                    if answer.refusal != nil { return nil }
                    let text = answer.isFailure ? "" : answer.lines.map(\.text).joined(separator: "\n")
                    guard text.isEmpty, let noting else { return text }
                    var other = line
                    other.output =
                        line.output.contains(".ip}")
                        ? line.output.replacing(".ip}", with: ".hostname}")
                        : line.output.replacing(".hostname}", with: ".ip}")
                    let hasOther = other.output != line.output && kubectl.get(other).lines.contains { !$0.isBlank }
                    noting.add(words, answer, hasOther: hasOther)
                    return text
                }
                if name == "istioctl", words.dropFirst().first == "kube-inject",
                    let flag = words.firstIndex(where: { $0 == "-f" || $0 == "--filename" }), flag + 1 < words.count
                {
                    return files.texts(of: words[flag + 1])?.map(\.text).joined(separator: "\n---\n")
                }
                return variables.output(words)
            },
            file: { path in files.texts(of: path).map { Array($0.map(\.text).joined(separator: "\n---\n").utf8) } })
    }

    mutating func run(
        _ statement: ShellSession.Statement, _ first: TutorialStep, first line: Int, output: [String]?,
        at outputLine: Int
    ) {
        var step = first
        let isDue =
            switch statement.condition {
            case .always: true
            case .onSuccess: !state.lastFailed
            case .onFailure: state.lastFailed
            }
        guard isDue else {
            step.verdict = .skipped
            step.isNotDue = true
            step.reason =
                state.lastFailed
                ? "runs only when the command before succeeds" : "runs only when the command before fails"
            steps.append(step)
            return
        }
        currentLine = step.location.line
        let misses = Misses()
        let outcome: ShellSession.Outcome
        do throws(CurlError) {
            outcome = try state.shell.run(statement, context: context(noting: misses))
        } catch {
            step.verdict = .skipped
            step.reason = error.message
            steps.append(step)
            return
        }
        for note in outcome.notes { step.notes.append(self.note(note, from: line)) }
        for (name, value) in outcome.assignments { step.effects.append("\(name)=\(value)") }
        for (name, place) in outcome.unresolved {
            // What a command substitution would have sent is not known; a variable is missing.
            step.notes.append(
                Diagnostic(
                    name.hasPrefix("$") ? .info : .warning,
                    "\(name.hasPrefix("$") ? name : "$" + name) has no value here: taken as empty",
                    at: page.location(line: line + place.line - 1, column: place.column)))
        }
        step.notes += misses.notes(at: step.location, assigned: outcome.assignments.map(\.name))
        carryOut(outcome.commands, &step)
        if let output {
            step.setPrinted(output, line: outputLine)
            if let note = incompleteYAML(outcome.commands, output, at: outputLine) { step.notes.append(note) }
        }
        // What a box offers as another way need not fit here.
        if !isAside { collect(step.notes.filter { $0.severity != .info || $0.code != nil }) }
        steps.append(step)
    }

    /// The commands of a statement, one after the other: what they change, and what of their output is seen.
    private mutating func carryOut(_ commands: [ShellSession.Command], _ step: inout TutorialStep) {
        state.lastFailed = false
        injects = commands.contains { command in
            ([command.words] + command.filters).contains { $0.contains("kube-inject") }
        }
        var refusal: String?
        var isPlayed = commands.isEmpty
        for command in commands {
            let prediction = predict(command, &step)
            step.notes += prediction.notes.map { note in
                guard note.location == nil else { return note }
                return Diagnostic(note.severity, note.message, at: step.location, hint: note.hint, code: note.code)
            }
            if let reason = prediction.refusal {
                refusal = refusal ?? reason
                continue
            }
            isPlayed = true
            step.effects += prediction.effects
            state.lastFailed = prediction.isFailure
            // What -v says comes first, what went wrong last.
            if !prediction.isFailure { step.predicted += prediction.errorLines }
            defer { if prediction.isFailure { step.predicted += prediction.errorLines } }
            guard command.redirectedTo == nil else { continue }
            if let lines = OutputFilters(command.filters).apply(prediction.lines) {
                step.predicted += lines
                if prediction.content != .lines { step.content = prediction.content }
            } else if !command.filters.contains(where: { filter in commands.contains { $0.words.first == filter.first }
            }) {
                // What goes on into kubectl is no output of the statement; what goes elsewhere is not known any more.
                step.reason = "piped into \(command.pipedTo ?? "another command"), which is not run"
                step.verdict = .skipped
            }
        }
        guard !isPlayed, step.predicted.isEmpty, step.verdict != .skipped else { return }
        step.reason = refusal
        step.verdict = .skipped
    }

    /// YAML that the page prints as an object and that is none: said with its line, for it looks like one.
    private func incompleteYAML(
        _ commands: [ShellSession.Command], _ output: [String], at line: Int
    ) -> Diagnostic? {
        let isYAML = commands.contains {
            $0.filters.isEmpty
                && ($0.words.contains("-o") && $0.words.contains("yaml") || $0.words.contains("-oyaml"))
        }
        guard isYAML, !output.contains(where: { $0.contains("apiVersion:") }) else { return nil }
        let isFlat = output.allSatisfy { $0.indentation == 0 }
        return Diagnostic(
            .info,
            "this YAML is not an object (no apiVersion and kind\(isFlat ? ", its indentation is lost" : "")): "
                + "compared line by line, not loaded",
            at: page.location(line: line), code: "MT0501")
    }

    // MARK: One command

    private mutating func predict(_ command: ShellSession.Command, _ step: inout TutorialStep) -> Prediction {
        let words = command.words
        let name = words.first?.split(separator: "/").last.map(String.init) ?? ""
        switch name {
        case "kubectl", "oc", "k":
            let line = KubectlLine(words.dropFirst())
            if line.verb == "exec" { return requests(command, &step) }
            return kubectl(line, command, step.location)
        case "istioctl": return istioctl(Array(words.dropFirst()), step.location)
        case "curl", "curl.exe", "http", "https", "wget", "watch", "time", "xargs", "docker", "podman", "ssh", "sh",
            "bash",
            "timeout", "env", "command", "nohup":
            return requests(command, &step)
        case "echo", "printf", "seq", "cat", "tee":
            return text(command)
        case "cd", "sleep", "set", "source", ".", "mkdir", "clear", "rm", "touch", "alias", "true", ":", "wait", "trap":
            return .refused("\(name) changes only the shell that it runs in")
        case "sudo":
            return .refused("sudo changes the machine: nothing is run here")
        default: return .refused(OtherPrograms.reason(name))
        }
    }

    private mutating func text(_ command: ShellSession.Command) -> Prediction {
        let words = command.words
        let target = words.first == "tee" ? words.dropFirst().first { !$0.hasPrefix("-") } : command.redirectedTo
        let text =
            words.first == "tee" ? command.standardInput : ShellSession.output(of: command, context: context)
        if let target, let text, target != "/dev/null" {
            let line = bodyLine(of: text) ?? command.place.line
            state.files[target] = [("", PlacedText(text: text, file: page.file, line: line))]
            var prediction = Prediction()
            prediction.effects = ["\(target) now holds \(text.split(separator: "\n").count) lines"]
            return prediction
        }
        guard var text else { return .refused("what \(words.first ?? "") prints is not known") }
        if text.hasSuffix("\n") { text.removeLast() }
        let given = settings.installsIstio ? ["203.0.113.", "192.0.2."] : []
        return Prediction(
            text.split(separator: "\n", omittingEmptySubsequences: false).map {
                PredictedLine(text: String($0), givenAddresses: given)
            })
    }

    /// The line of the page at which a text stands as it is: the body of a here-document, below its command.
    func bodyLine(of text: String) -> Int? {
        let all = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.trimmed }
        let lead = all.prefix { $0.isEmpty }.count
        let lines = all.dropFirst(lead)
        guard let first = lines.first else { return nil }
        let start = max(0, currentLine - 1)
        let window = start..<min(page.lines.count, start + Self.longestBlock)
        var near: Int?
        for line in window where page.lines[line].trimmed == first {
            near = near ?? line + 1 - lead
            let isWhole = lines.enumerated().allSatisfy { offset, text in
                text.isEmpty || line + offset < page.lines.count && page.lines[line + offset].trimmed == text
            }
            if isWhole { return line + 1 - lead }
        }
        return near
    }

    /// Bodies of here-documents are looked for so many lines ahead.
    private static var longestBlock: Int { 20_000 }

    private mutating func requests(_ command: ShellSession.Command, _ step: inout TutorialStep) -> Prediction {
        applyPending(for: command.words.first)
        check()
        do throws(CurlError) {
            let (invocations, notes) = try ShellSession.invocations(of: command, context: context)
            step.notes += notes.map { Diagnostic(.info, $0.message, at: step.location) }
            guard !invocations.isEmpty else {
                return .refused(
                    command.words.first == "kubectl"
                        ? "the command runs inside a Pod" : OtherPrograms.reason(command.words.first ?? ""))
            }
            let mesh = state.cluster.snapshot.mesh
            var whole = Prediction()
            for invocation in invocations {
                let prediction = oracle.curl(invocation, in: mesh)
                whole.lines += prediction.lines
                whole.errorLines += prediction.errorLines
                whole.effects += prediction.effects
                whole.notes += prediction.notes
                whole.isFailure = prediction.isFailure
                if prediction.content != .lines { whole.content = prediction.content }
                whole.refusal = whole.refusal ?? prediction.refusal
            }
            return whole
        } catch {
            // What curl itself would say of such a line.
            var prediction = Prediction()
            prediction.errorLines = [PredictedLine("curl: (\(error.exitCode)) \(error.message)")]
            prediction.isFailure = true
            prediction.notes = [Diagnostic(.warning, error.message, at: step.location, hint: error.hint)]
            return prediction
        }
    }

    private mutating func kubectl(
        _ line: KubectlLine, _ command: ShellSession.Command, _ location: SourceLocation
    ) -> Prediction {
        if line.verb == "get" { applyPending(for: "kubectl get") }
        if line.verb == "get" || line.verb == "delete" { check() }
        var kubectl = Kubectl(state.cluster, at: location)
        kubectl.context = state.context
        kubectl.namespace = state.namespace
        kubectl.injects = injects
        let (found, missing) = manifests(line.files, command)
        let prediction = kubectl.run(line, files: found, missing: missing)
        state.cluster = kubectl.cluster
        state.context = kubectl.context
        state.namespace = kubectl.namespace
        state.edited = line.verb == "edit" ? kubectl.targets(line.operands, line).found.first : state.edited
        if ["apply", "create", "replace", "label", "annotate", "patch", "scale", "set", "run", "expose"].contains(
            line.verb)
        {
            state.isChecked = false
        }
        return prediction
    }
}

/// The kubectl lines of a statement that gave nothing, told while it is expanded.
final class Misses: Sendable {
    private let answers = Mutex<[(words: [String], answer: Prediction, hasOther: Bool)]>([])

    /// `hasOther`: the load balancer has a name where its address was asked for, or the other way round.
    func add(_ words: [String], _ answer: Prediction, hasOther: Bool) {
        answers.withLock { $0.append((words, answer, hasOther)) }
    }

    func notes(at location: SourceLocation, assigned names: [String]) -> [Diagnostic] {
        let subject = names.isEmpty ? "this" : names.map { "$" + $0 }.joined(separator: ", ")
        return answers.withLock { answers in
            answers.map { words, answer, hasOther in
                if answer.isFailure {
                    return Diagnostic(
                        .warning, "\(subject) is empty: \(answer.lines.first?.text ?? "nothing is found")",
                        at: location,
                        hint: "load what it asks for with -f")
                }
                // A load balancer has an address or a name, never both.
                let path = words.last ?? ""
                return Diagnostic(
                    hasOther ? .warning : .info,
                    "\(subject) is empty: the object is there and has nothing at this path", at: location,
                    hint: !hasOther
                        ? nil
                        : path.contains(".ip}")
                            ? "the load balancer has a name, and no address: ask for .hostname"
                            : "the load balancer has an address, and no name: ask for .ip")
            }
        }
    }
}
