package import Documents

/// One line of `meshtop status`: an object, one of its listeners, or what one parent says of it.
package struct StatusRow: Hashable, Sendable {
    package var kind: String
    package var namespace: String
    package var name: String
    /// `listener http`, `Gateway infra/edge`; empty for the object itself.
    package var part: String
    /// Types of the conditions that are as they should be.
    package var good: [String]
    /// `TYPE: REASON` of the others, with their messages.
    package var bad: [String]

    package static let table = Table<StatusRow>(
        padding: 3,
        [
            Column("KIND") { $0.kind },
            Column("NAMESPACE") { $0.namespace.isEmpty ? "-" : $0.namespace },
            Column("NAME") { $0.name },
            Column("OF") { $0.part.isEmpty ? "-" : $0.part },
            Column("OK") { $0.good.isEmpty ? "-" : $0.good.joined(separator: ",") },
            Column("NOT OK") { $0.bad.isEmpty ? "-" : $0.bad.joined(separator: "; ") },
        ])

    /// The lines of an object as `status -o json` has it.
    package static func rows(of object: JSON) -> [StatusRow] {
        guard let status = object["status"] else { return [] }
        let base = StatusRow(
            kind: object["kind"]?.string ?? "", namespace: object["metadata"]?["namespace"]?.string ?? "",
            name: object["metadata"]?["name"]?.string ?? "", part: "", good: [], bad: [])
        var rows: [StatusRow] = []
        if let conditions = status["conditions"] { rows.append(base.with(part: "", conditions: conditions)) }
        for listener in status["listeners"]?.array ?? [] {
            let name = "listener \(listener["name"]?.string ?? "")"
            rows.append(base.with(part: name, conditions: listener["conditions"] ?? .null))
        }
        for (entries, reference) in [("parents", "parentRef"), ("ancestors", "ancestorRef")] {
            for entry in status[entries]?.array ?? [] {
                let part = text(of: entry[reference] ?? .null, namespace: base.namespace)
                rows.append(base.with(part: part, conditions: entry["conditions"] ?? .null))
            }
        }
        return rows
    }

    private static func text(of reference: JSON, namespace: String) -> String {
        let kind = reference["kind"]?.string ?? "Gateway"
        let name = "\(reference["namespace"]?.string ?? namespace)/\(reference["name"]?.string ?? "")"
        let section = reference["sectionName"]?.string.map { " \($0)" } ?? ""
        return "\(kind) \(name)\(section)"
    }

    private func with(part: String, conditions: JSON) -> StatusRow {
        var row = self
        row.part = part
        for condition in conditions.array ?? [] {
            let type = condition["type"]?.string ?? ""
            let isTrue = condition["status"]?.string == "True"
            // These two say that something is wrong when they are true, and nothing when they are not.
            if ["Conflicted", "InsecureFrontendValidationMode"].contains(type) {
                if !isTrue { continue }
            } else if isTrue {
                row.good.append(type)
                continue
            }
            let reason = condition["reason"]?.string ?? ""
            row.bad.append("\(type): \(reason) (\(condition["message"]?.string ?? ""))")
        }
        return row
    }
}
