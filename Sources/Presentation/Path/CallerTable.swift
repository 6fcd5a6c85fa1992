package import Documents
package import Paths
import TrafficEngine

/// The same request from everywhere, as a table.
package struct CallerTable: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        package var kind: String
        package var caller: String
        package var way: String
        package var target: String
        package var result: String
        package var isGood: Bool
        /// The cluster, where the mesh chose one.
        package var cluster: String
        /// How it arrives at the workload.
        package var transport: String
        /// What is not as it should be; else the rule that took it.
        package var note: String
        package var source: SourceReference?

        /// `outside`, `mesh Pod sleep.default`.
        package var who: String { kind == caller ? kind : "\(kind) \(caller)" }
    }

    package var rows: [Row]
    package var notes: [String]

    package init(_ matrix: CallerMatrix) {
        rows = matrix.rows.map(Row.init)
        notes = matrix.notes
        if matrix.rows.contains(where: \.isAssumed) {
            notes.insert("* no manifest has such a Pod: it stands for any", at: 0)
        }
    }

    package static let table = Table<Row>(
        padding: 3,
        [
            Column("CALLER") { $0.who },
            Column("DIALS") { "\($0.way) \($0.target)" },
            Column("RESULT") { $0.result },
            Column("ARRIVES AS") { $0.transport },
            Column("CLUSTER") { $0.cluster },
            Column("WHY") { row in row.note + row.place },
        ])

    package var text: String {
        Self.table.text(rows) + notes.map { $0.sanitizedForTerminal + "\n" }.joined()
    }
}

extension CallerTable.Row {
    fileprivate init(_ row: CallerMatrix.Row) {
        kind = row.kind.rawValue
        caller = (row.kind == .outside ? kind : row.caller + (row.isAssumed ? "*" : "")).sanitizedForTerminal
        way = row.way.sanitizedForTerminal
        target = row.target.sanitizedForTerminal
        result = row.result
        isGood = (row.path?.trace.response?.status).map { $0 < 400 } ?? false
        cluster = row.cluster ?? (row.path == nil ? "-" : "none")
        transport = isGood ? row.transport ?? "-" : "-"
        note = ""
        if let problem = row.problem {
            note = problem.message
            source = problem.source
        } else if let fact = row.firstProblem {
            note = (fact.text.split(separator: ";").first.map(String.init) ?? "") + (fact.code.map { " [\($0)]" } ?? "")
            source = fact.source
        } else if let rule = row.rule {
            note = "\(rule.kind) \(rule.namespace)/\(rule.name)"
            source = rule
        } else if row.cluster == nil {
            note = "kube-proxy alone: no rule of the mesh has a part in it"
        } else {
            note = "no rule names it: the Service's own route"
        }
        note = note.sanitizedForTerminal
    }

    /// `  vs.yaml:12`; empty without one.
    package var place: String {
        source?.location.map { "  \($0.file):\($0.line)" }?.sanitizedForTerminal ?? ""
    }

    fileprivate var json: JSON {
        [
            "kind": .string(kind), "caller": .string(caller), "way": .string(way), "target": .string(target),
            "result": .string(result), "cluster": .string(cluster), "arrives": .string(transport),
            "why": .string(note), "source": source?.json ?? .null,
        ]
    }
}

extension CallerTable {
    /// The rows for scripts.
    package var json: JSON { .array(rows.map(\.json)) }
}
