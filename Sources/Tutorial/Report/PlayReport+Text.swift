import Documents
import Presentation

extension PlayReport {
    /// The steps in the order of the page, prediction and print side by side, and a sum.
    package func text(width: Int = 100) -> String {
        var lines: [String] = []
        for run in runs {
            if let tab = run.tab { lines += ["== \(tab) ==", ""] }
            for step in run.steps { lines += step.text(width: width) }
        }
        let found = allFindings
        if !found.isEmpty {
            lines += ["findings", ""]
            for finding in found { lines += finding.rendered.split(separator: "\n").map(String.init) }
            lines.append("")
        }
        for run in runs {
            lines.append((run.tab.map { "\($0): " } ?? "") + run.summary)
        }
        lines += remarks
        return lines.map(\.sanitizedForTerminal).joined(separator: "\n") + "\n"
    }
}

extension TutorialRun {
    var summary: String {
        let counts = [
            (TutorialStep.Verdict.equal, "equal"), (.differs, "different"), (.notPrinted, "not printed"),
            (.skipped, "skipped"),
        ]
        let words = counts.map { "\(count($0.0)) \($0.1)" }.joined(separator: ", ")
        return "\(steps.count) \(steps.count == 1 ? "step" : "steps"): \(words)"
    }
}

extension TutorialStep {
    private var mark: String {
        switch verdict {
        case .equal: "="
        case .differs: "!"
        case .notPrinted: "."
        case .skipped: "-"
        }
    }

    /// The first line of the command, marked where it has more.
    private var shortCommand: String {
        let lines = command.split(separator: "\n")
        return (lines.first.map(String.init) ?? "") + (lines.count > 1 ? " …" : "")
    }

    func text(width: Int) -> [String] {
        var lines = ["\(mark) \(location.file):\(location.line)  \(shortCommand)"]
        if let aside { lines.append("    in a box (\(aside)): forgotten behind it") }
        if let reason { lines.append("    skipped: \(reason)") }
        lines += effects.map { "    \($0)" }
        if let printed, verdict == .skipped {
            lines += ["    PRINTED"] + printed.filter { !$0.trimmed.isEmpty }.map { "    \($0)" }
        } else if let printed {
            lines += sideBySide(printed, width: width)
        } else if verdict != .skipped {
            lines += predicted.filter { !$0.isBlank }.map { "    > \($0.text)" }
        }
        if let comparison {
            for difference in comparison.differences {
                let place = difference.index.map { "\(location.file):\(printedLine + $0): " } ?? ""
                let other = difference.predicted.map { "\"\($0)\" is predicted" } ?? "no such line is predicted"
                lines.append("    \(place)\"\(difference.printed ?? "")\" is printed, \(other)")
            }
            if comparison.isReordered { lines.append("    the lines come in another order") }
            if !comparison.ignored.isEmpty {
                lines.append("    not compared: " + comparison.ignored.joined(separator: ", "))
            }
            if !comparison.leftOut.isEmpty {
                let count = comparison.leftOut.count
                lines.append("    the document leaves out \(count) predicted \(count == 1 ? "line" : "lines")")
            }
        }
        // Findings have a list of their own; what was repaired on the way is said here.
        lines += notes.filter { $0.severity == .info }.map { "    note: \($0.message)" }
        return lines + [""]
    }

    private func sideBySide(_ printed: [String], width: Int) -> [String] {
        let left = ["PREDICTED"] + predicted.filter { !$0.isBlank }.map(\.text)
        let right = ["PRINTED"] + printed.filter { !$0.trimmed.isEmpty }
        let widest = left.map(\.unicodeScalars.count).max() ?? 0
        // Side by side where both fit, else one below the other.
        guard widest + (right.map(\.unicodeScalars.count).max() ?? 0) + 8 <= width else {
            return left.map { "    \($0)" } + right.map { "    \($0)" }
        }
        return (0..<max(left.count, right.count)).map { index in
            let first = index < left.count ? left[index] : ""
            let second = index < right.count ? right[index] : ""
            return "    " + first + String(repeating: " ", count: widest + 3 - first.unicodeScalars.count) + second
        }
    }
}
