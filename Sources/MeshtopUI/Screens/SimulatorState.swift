import Documents
import Presentation
import TerminalUI

/// The simulator's request line, its result and what was tried before.
struct SimulatorState: Sendable {
    struct Past: Hashable, Sendable, Identifiable {
        let id: Int
        let clock: String
        let simulation: Simulation
    }

    var editor = LineEditor()
    var isEditing = false
    var current: Simulation?
    /// Newest first.
    var past: [Past] = []
    /// The step under the cursor.
    var step = 0
    var isInHistory = false
    var historySelection = 0
    /// Where the requests are meant to go; empty for anywhere.
    var want = ""
    /// What is shown before anything was asked for, and what the overview's path comes from.
    private(set) var example: Simulation?
    private var exampleLines: [String] = []
    private var counter = 0
    private static let limit = 200

    /// The manifest behind the line under the cursor, or behind the nearest line above it.
    var selectedSource: SourceReference? {
        guard let steps = current?.steps, steps.indices.contains(step) else { return nil }
        return steps[...step].last { $0.source?.location != nil }?.source
    }

    /// Tries a line.
    mutating func run(_ line: String) -> [Effect] {
        editor.set(line)
        _ = editor.commit()
        editor.set(line)
        isEditing = false
        return line.isEmpty ? [] : [.simulate(line: line, send: false, want: want)]
    }

    mutating func rerun(send: Bool, count: Int = 1) -> [Effect] {
        let line = editor.isEmpty ? current?.line ?? "" : editor.text
        return line.isEmpty ? [] : [.simulate(line: line, send: send, want: want, count: count)]
    }

    /// Asks for an example, and once more for what is shown where the manifests are others now.
    mutating func refresh(_ lines: [String], isNew: Bool) -> [Effect] {
        var effects: [Effect] = []
        if !lines.isEmpty, isNew || lines != exampleLines { effects.append(.example(lines)) }
        exampleLines = lines
        if isNew, let current, current.occasion != .example {
            effects.append(.simulate(line: current.line, send: false, want: want, occasion: .refreshed))
        }
        return effects
    }

    /// Takes a result; says in one line what has changed, nothing where nothing has.
    mutating func take(_ simulation: Simulation, clock: String) -> String? {
        var change: String?
        switch simulation.occasion {
        case .example:
            example = simulation
            guard current == nil || current?.occasion == .example else { return nil }
            current = simulation
        case .refreshed:
            guard let before = current, before.line == simulation.line else { return nil }
            if before.result != simulation.result {
                change = "\(simulation.line): \(simulation.result), before \(before.result)"
            }
            current = simulation
            if before.result == simulation.result, before.steps.count == simulation.steps.count { return nil }
            remember(simulation, clock)
        case .asked:
            current = simulation
            if editor.isEmpty, !isEditing { editor.set(simulation.line) }
            remember(simulation, clock)
        }
        // The cursor goes to what went wrong: the first stage in which nothing matched.
        let steps = simulation.steps
        let failed = steps.firstIndex { $0.kind == .step && $0.spans.contains { $0.role == .bad } }
        step = failed ?? steps.lastIndex { $0.kind == .step } ?? 0
        return change
    }

    private mutating func remember(_ simulation: Simulation, _ clock: String) {
        counter += 1
        past.insert(Past(id: counter, clock: clock, simulation: simulation), at: 0)
        if past.count > SimulatorState.limit { past.removeLast() }
        historySelection = 0
    }

    mutating func move(_ key: Key) {
        let count = isInHistory ? past.count : current?.steps.count ?? 0
        let now = isInHistory ? historySelection : step
        guard let bounded = key.moved(from: now, count: count, page: 8) else { return }
        if isInHistory { historySelection = bounded } else { step = bounded }
    }
}

extension AppModel {
    mutating func pressInRequest(_ key: Key) -> [Effect] {
        switch key.description {
        case "enter":
            // An empty line is the one that is suggested in it.
            let line = simulator.editor.isEmpty ? suggestion ?? "" : simulator.editor.text
            guard !line.isEmpty else {
                simulator.isEditing = false
                return []
            }
            return simulator.run(line)
        case "tab" where simulator.editor.isEmpty, "right" where simulator.editor.isEmpty:
            simulator.editor.set(suggestion ?? "")
        case "esc": simulator.isEditing = false
        case "tab": simulator.isEditing = false
        default: _ = simulator.editor.handle(key)
        }
        return []
    }

    /// Enter edits the request, or takes an old one back.
    mutating func editOrRecall() -> [Effect] {
        if simulator.isInHistory, simulator.past.indices.contains(simulator.historySelection) {
            let chosen = simulator.past[simulator.historySelection].simulation
            simulator.current = chosen
            simulator.editor.set(chosen.line)
            simulator.isInHistory = false
            simulator.step = 0
            return wantedFiles()
        }
        simulator.isEditing = true
        return []
    }
}
