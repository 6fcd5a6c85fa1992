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
                    if text.isEmpty { noting?.add(words, answer) }
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
        _ statement: ShellSession.Statement, _ first: TutorialStep, first line: Int, output: [String]?, at outputLine: Int
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
            step.reason = state.lastFailed ? "runs only when the command before succeeds" : "runs only when the command before fails"
            steps.append(step)
            return
        }
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
            step.notes.append(
                Diagnostic(
                    .warning, "\(name.hasPrefix("$") ? name : "$" + name) has no value here: taken as empty",
                    at: page.location(line: line + place.line - 1, column: place.column)))
        }
        step.notes += misses.notes(at: step.location, assigned: outcome.assignments.map(\.name))
        state.lastFailed = false
        var isSilent = outcome.commands.isEmpty
        for command in outcome.commands {
            let piped = command.pipedTo != nil
            let isVoid = command.redirectedTo != nil
            let prediction = predict(command, &step)
            if let refusal = prediction.refusal {
                if !piped || command.filters.isEmpty { step.reason = refusal }
                step.notes += prediction.notes
                continue
            }
            isSilent = true
            step.effects += prediction.effects
            step.notes += prediction.notes
            state.lastFailed = prediction.isFailure
            guard !isVoid else { continue }
            guard let lines = OutputFilters(command.filters).apply(prediction.lines) else {
                if !outcome.commands.contains(where: { $0.words.first == command.pipedTo }) {
                    step.reason = "piped into \(command.pipedTo ?? "another command"), which is not run"
                }
                continue
            }
            step.predicted += lines
            if prediction.content != .lines { step.content = prediction.content }
        }
        if step.reason != nil, step.predicted.isEmpty, step.effects.isEmpty || !isSilent { step.verdict = .skipped }
        collect(step.notes.filter { $0.severity != .info })
        if let output { step.setPrinted(output, line: outputLine) }
        steps.append(step)
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
        case "curl", "curl.exe", "http", "https", "wget", "watch", "time", "xargs", "docker", "podman", "ssh", "sh", "bash",
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
        guard let text else { return .refused("what \(words.first ?? "") prints is not known") }
        return Prediction(lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }

    /// The line of the page at which a text stands as it is.
    func bodyLine(of text: String) -> Int? {
        let lines = text.split(separator: "\n").map { $0.trimmed }
        guard let first = lines.first, !first.isEmpty else { return nil }
        let last = steps.last?.location.line ?? 1
        let candidates = page.lines.indices.filter { page.lines[$0].trimmed == first && $0 + 1 >= last }
        return candidates.first { start in
            lines.enumerated().allSatisfy { offset, line in
                let place = start + offset
                return place < page.lines.count && (page.lines[place].trimmed == line || line.isEmpty)
            }
        }.map { $0 + 1 } ?? candidates.first.map { $0 + 1 }
    }

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
                whole.effects += prediction.effects
                whole.notes += prediction.notes
                whole.isFailure = prediction.isFailure
                if prediction.content != .lines { whole.content = prediction.content }
                whole.refusal = whole.refusal ?? prediction.refusal
            }
            return whole
        } catch {
            // What curl itself would say of such a line.
            var prediction = Prediction(lines: ["curl: (\(error.exitCode)) \(error.message)"])
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
        let (found, missing) = manifests(line.files, command)
        let prediction = kubectl.run(line, files: found, missing: missing)
        state.cluster = kubectl.cluster
        state.context = kubectl.context
        state.namespace = kubectl.namespace
        state.edited = line.verb == "edit" ? kubectl.targets(line.operands, line).found.first : state.edited
        if ["apply", "create", "replace", "label", "annotate", "patch", "scale", "set", "run", "expose"].contains(line.verb) {
            state.isChecked = false
        }
        return prediction
    }
}

/// The kubectl lines of a statement that gave nothing, told while it is expanded.
final class Misses: Sendable {
    private let answers = Mutex<[(words: [String], answer: Prediction)]>([])

    func add(_ words: [String], _ answer: Prediction) { answers.withLock { $0.append((words, answer)) } }

    func notes(at location: SourceLocation, assigned names: [String]) -> [Diagnostic] {
        let subject = names.isEmpty ? "this" : names.map { "$" + $0 }.joined(separator: ", ")
        return answers.withLock { answers in
            answers.map { words, answer in
                let why = answer.lines.first?.text ?? "the object has no such field"
                let path = words.last ?? ""
                // A load balancer has an address or a name, never both.
                let hint =
                    path.contains(".ip}")
                    ? "where the load balancer has a name, it is in .hostname" : "load what it asks for with -f"
                return Diagnostic(
                    .warning, "\(subject) is empty: \(why)", at: location,
                    hint: answer.isFailure ? "load what it asks for with -f" : hint)
            }
        }
    }
}
