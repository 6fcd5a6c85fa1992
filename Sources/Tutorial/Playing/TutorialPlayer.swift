import CurlCommand
import Documents
import MeshModel

/// Plays a page: its commands change objects and variables in memory, and what they would print is set beside what the page
/// prints. Nothing is ever run.
package struct TutorialPlayer<Oracle: MeshOracle> {
    let page: TutorialPage
    let settings: PlaySettings
    let oracle: Oracle
    var state: State
    var steps: [TutorialStep] = []
    var findings: [Diagnostic] = []
    /// Whether the block that is played stands in a box.
    var isAside = false
    /// The line of the page that is played.
    var currentLine = 1
    /// Whether `istioctl kube-inject` stands in the pipeline that is played.
    var injects = false

    /// What commands leave behind.
    struct State {
        var cluster: PlayedCluster
        var shell = ShellSession()
        var context: String?
        var namespace = "default"
        /// Files that the page itself gives: their documents in order, each under what it describes.
        var files: [String: [(identity: String, text: PlacedText)]] = [:]
        /// Objects that the page shows and no command has applied yet.
        var pending: [(identity: String, text: PlacedText)] = []
        /// What `kubectl edit` has opened last.
        var edited: Resource?
        var installation: IstioInstallation
        /// Whether the objects have been analyzed since they changed.
        var isChecked = true
        var lastFailed = false
    }

    package static func play(
        _ page: TutorialPage, tab: String?, settings: PlaySettings, oracle: Oracle
    ) -> TutorialRun {
        var player = TutorialPlayer(page: page, settings: settings, oracle: oracle)
        player.play(page.blocks(ofTab: tab))
        var run = TutorialRun(tab: tab)
        run.steps = player.steps
        run.findings = player.findings.enumerated().sorted { left, right in
            guard let a = left.element.location, let b = right.element.location, a != b else {
                return left.offset < right.offset
            }
            return a < b
        }.map(\.element)
        return run
    }

    private init(page: TutorialPage, settings: PlaySettings, oracle: Oracle) {
        self.page = page
        self.settings = settings
        self.oracle = oracle
        state = State(
            cluster: settings.start, installation: IstioInstallation(isIstio1_9: settings.isIstio1_9))
        if settings.installsIstio {
            _ = state.cluster.apply(EmptyCluster.manifest, file: EmptyCluster.file)
            install(IstioInstallation(isIstio1_9: settings.isIstio1_9))
        }
    }

    private mutating func play(_ blocks: [TutorialBlock]) {
        var outside: State?
        for block in blocks {
            // What a box says is one possibility among others: it is played, and forgotten behind the box.
            if block.aside != nil, outside == nil { outside = state }
            if block.aside == nil, let saved = outside {
                state = saved
                outside = nil
            }
            isAside = block.aside != nil
            let first = steps.count
            play(block)
            for index in first..<steps.count { steps[index].aside = block.aside }
        }
        if let saved = outside { state = saved }
        applyPending(for: nil)
        check()
    }

    private mutating func play(_ block: TutorialBlock) {
        switch BlockContent(block, file: page.file) {
        case .commands(let transcript):
            for entry in transcript.entries { play(entry, of: block) }
        case .manifest(let documents): show(documents, block)
        case .fragment(let part): play(fragment: part, block)
        case .output: attach(block)
        }
    }

    // MARK: Blocks that are no commands

    private func identities(of document: PlacedText) -> (identity: String, names: [String], notes: [Diagnostic]) {
        let read = ManifestText(document.text, file: document.file, line: document.line).read()
        let names = read.resources.map { Kubectl.name(of: $0) }
        return (read.resources.map(\.identity).joined(separator: "\n"), names, read.diagnostics)
    }

    /// Objects that the page shows: they wait for the command that applies them.
    private mutating func show(_ documents: [PlacedText], _ block: TutorialBlock) {
        var step = TutorialStep(location: page.location(line: block.line), command: "(a manifest)")
        for document in documents {
            let (identity, names, notes) = identities(of: document)
            step.effects += names.map { "shows \($0)" }
            if names.isEmpty { step.notes += notes }
            state.pending.removeAll { $0.identity == identity && !identity.isEmpty }
            state.pending.append((identity, document))
        }
        steps.append(step)
    }

    /// Applies what was shown and never applied, before something looks at it.
    mutating func applyPending(for command: String?) {
        guard !state.pending.isEmpty else { return }
        let pending = state.pending
        state.pending = []
        for (_, text) in pending {
            var step = TutorialStep(location: page.location(line: text.line), command: "(the manifest above)")
            let applied = state.cluster.apply(text.text, file: text.file, line: text.line)
            step.effects = applied.objects.map { "\($0.change.rawValue) \(Kubectl.name(of: $0.resource))" }
            step.effects.append("applied unasked: the document shows it and no command of it applies it")
            step.notes = applied.diagnostics
            collect(applied.diagnostics)
            state.isChecked = false
            steps.append(step)
        }
    }

    /// A part of an object: the change that `kubectl edit` stands for, or nothing that could be applied.
    private mutating func play(fragment: JSON, _ block: TutorialBlock) {
        var step = TutorialStep(location: page.location(line: block.line), command: "(a fragment)")
        // Metadata that hangs in the air: annotations alone.
        let isWhole = fragment.object?.members.allSatisfy {
            ["spec", "metadata", "data", "status", "apiVersion", "kind", "type"].contains($0.key)
        }
        guard let edited = state.edited, fragment.isAnnotations || isWhole == true else {
            if attachable(block), !fragment.isAnnotations {
                attach(block)
                return
            }
            step.verdict = .skipped
            step.reason =
                fragment.isAnnotations
                ? "annotations without an object: there is nothing to apply"
                : "not an object: apiVersion and kind are missing"
            steps.append(step)
            return
        }
        let patch: JSON = fragment.isAnnotations ? ["metadata": ["annotations": fragment]] : fragment
        let changed = edited.node.json.merging(patch, listKeys: ["name", "port"])
        if changed == edited.node.json {
            step.effects = ["shows \(Kubectl.name(of: edited)) as it is"]
        } else if let resource = state.cluster.replace(edited, by: changed) {
            state.edited = resource
            state.isChecked = false
            step.effects = ["edited \(Kubectl.name(of: resource)): takes over what the fragment says"]
        }
        steps.append(step)
    }

    /// Whether a block can be what the last command printed.
    private func attachable(_ block: TutorialBlock) -> Bool {
        guard let last = steps.last, last.printed == nil, !last.predicted.isEmpty || last.verdict == .skipped,
            last.location.line < block.line, block.line - last.location.line < 40
        else { return false }
        return ["", "text", "plain", "plaintext", "console", "output", "none", "json", "yaml", "http", "log"]
            .contains(block.language)
    }

    private mutating func attach(_ block: TutorialBlock) {
        guard attachable(block), let index = steps.indices.last else {
            var step = TutorialStep(location: page.location(line: block.line), command: "(a block)")
            step.verdict = .skipped
            step.reason = "neither commands nor a manifest"
            steps.append(step)
            return
        }
        steps[index].setPrinted(block.lines, line: block.line)
    }

    // MARK: Commands

    private static var tooMany: String { "the page has more than \(mostSteps) commands: the rest is not played" }

    /// A page of more commands is no tutorial.
    private static var mostSteps: Int { 2000 }

    private mutating func play(_ entry: ShellTranscript.Entry, of block: TutorialBlock) {
        let first = block.line + entry.line - 1
        guard steps.count < Self.mostSteps else {
            guard steps.last?.reason != Self.tooMany else { return }
            var step = TutorialStep(location: page.location(line: first), command: entry.text.trimmed)
            step.verdict = .skipped
            step.reason = Self.tooMany
            steps.append(step)
            return
        }
        let lines = entry.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        do throws(CurlError) {
            let (statements, notes) = try ShellSession.statements(of: ProcessSubstitution.unfolded(entry.text))
            let begin = steps.count
            for (position, statement) in statements.enumerated() {
                let start = statement.place.line
                let next = position + 1 < statements.count ? statements[position + 1].place.line : lines.count + 1
                let own = lines[max(0, start - 1)..<max(max(0, start - 1), min(lines.count, max(next - 1, start)))]
                var step = TutorialStep(
                    location: page.location(line: first + start - 1), command: own.joined(separator: "\n").trimmed)
                if position == 0 { step.notes = notes.map { note($0, from: first) } }
                let isLast = statements.count == 1
                run(
                    statement, step, first: first, output: isLast ? entry.output : nil,
                    at: block.line + entry.outputLine - 1)
            }
            if statements.count > 1, let output = entry.output {
                // What is printed below several statements is the output of all of them.
                var step = TutorialStep(merging: steps[begin...], command: entry.text.trimmed)
                step.setPrinted(output, line: block.line + entry.outputLine - 1)
                steps.replaceSubrange(begin..., with: [step])
            }
        } catch {
            var step = TutorialStep(location: page.location(line: first + error.line - 1), command: entry.text.trimmed)
            step.verdict = .skipped
            step.reason = "cannot be read: \(error.message)"
            steps.append(step)
        }
    }

    func note(_ note: CurlNote, from first: Int) -> Diagnostic {
        Diagnostic(.info, note.message, at: page.location(line: first + note.place.line - 1, column: note.place.column))
    }

    mutating func collect(_ diagnostics: [Diagnostic]) {
        for diagnostic in diagnostics
        where diagnostic.location?.file == page.file && !findings.contains(diagnostic) {
            findings.append(diagnostic)
        }
    }

    /// Analyzes the objects when they have changed: before something looks at them, and before they are taken away.
    mutating func check() {
        guard !state.isChecked else { return }
        state.isChecked = true
        let (mesh, diagnostics) = state.cluster.snapshot
        collect(diagnostics + oracle.findings(in: mesh))
    }
}

extension TutorialStep {
    /// Sets what the document prints, and compares.
    mutating func setPrinted(_ lines: [String], line: Int, content: Comparison.Content? = nil) {
        printed = lines
        printedLine = line
        guard verdict != .skipped else { return }
        let comparison = Comparison(printed: lines, predicted: predicted, content: content ?? self.content)
        self.comparison = comparison
        verdict = comparison.isEqual ? .equal : .differs
    }
}
