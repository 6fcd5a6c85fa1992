package import Documents

/// What came of playing a page, for people and for programs.
package struct PlayReport: Sendable {
    package var file: String
    package var runs: [TutorialRun] = []
    /// What the page itself says that is not so.
    package var findings: [Diagnostic] = []
    /// How tables were printed, and other choices that were made.
    package var remarks: [String] = []

    package init(file: String) { self.file = file }

    /// Whether a prediction differs from what the page prints.
    package var differs: Bool { runs.contains { $0.count(.differs) > 0 } }

    /// What is wrong with the page and its objects, of all runs together, each once, in the order of the lines.
    package var allFindings: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        let all = (findings + runs.flatMap(\.findings)).filter { seen.insert($0).inserted }
        return all.enumerated().sorted { left, right in
            guard let a = left.element.location, let b = right.element.location, a != b else {
                return left.offset < right.offset
            }
            return a < b
        }.map(\.element)
    }

    // MARK: JSON

    package var json: JSON {
        [
            "file": .string(file), "differs": .bool(differs), "remarks": .array(remarks.map(JSON.string)),
            "runs": .array(runs.map(\.json)), "findings": .array(allFindings.map(\.playJSON)),
        ]
    }
}

extension TutorialRun {
    var json: JSON {
        [
            "tab": tab.map(JSON.string) ?? .null,
            "summary": [
                "equal": .int(Int64(count(.equal))), "differs": .int(Int64(count(.differs))),
                "notPrinted": .int(Int64(count(.notPrinted))), "skipped": .int(Int64(count(.skipped))),
            ],
            "steps": .array(steps.map(\.json)),
        ]
    }
}

extension TutorialStep {
    var json: JSON {
        [
            "file": .string(location.file), "line": .int(Int64(location.line)), "command": .string(command),
            "aside": aside.map(JSON.string) ?? .null, "verdict": .string(verdict.rawValue),
            "reason": reason.map(JSON.string) ?? .null, "effects": .array(effects.map(JSON.string)),
            "predicted": .array(predicted.map { .string($0.text) }),
            "printed": printed.map { .array($0.map(JSON.string)) } ?? .null,
            "differences": .array(
                (comparison?.differences ?? []).map { difference in
                    [
                        "line": difference.index.map { .int(Int64(printedLine + $0)) } ?? .null,
                        "printed": difference.printed.map(JSON.string) ?? .null,
                        "predicted": difference.predicted.map(JSON.string) ?? .null,
                    ]
                }),
            "notCompared": .array((comparison?.ignored ?? []).map(JSON.string)),
            "leftOut": .array((comparison?.leftOut ?? []).map(JSON.string)),
            "notes": .array(notes.map(\.playJSON)),
        ]
    }
}

extension Diagnostic {
    fileprivate var playJSON: JSON {
        // The levels as `analyze -o json` writes them.
        let level = severity.rawValue.prefix(1).uppercased() + severity.rawValue.dropFirst()
        return [
            "code": code.map(JSON.string) ?? .null, "level": .string(level), "message": .string(message),
            "hint": hint.map(JSON.string) ?? .null, "file": location.map { .string($0.file) } ?? .null,
            "line": location.map { .int(Int64($0.line)) } ?? .null,
        ]
    }
}
