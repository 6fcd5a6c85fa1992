package import Documents
package import TrafficEngine

/// What changes between two configurations, proxy by proxy.
package struct BehaviourDiffReport: Sendable {
    package struct Proxy: Sendable {
        package enum Presence: String, Sendable { case both, removed, added }

        package var name: String
        package var presence: Presence
        package var comparison: ProxyComparison?
        /// Other proxies that change in exactly the same way: `NAME.NAMESPACE`.
        package var alike: [String] = []

        package init(name: String, presence: Presence, comparison: ProxyComparison? = nil) {
            self.name = name
            self.presence = presence
            self.comparison = comparison
        }

        var isEmpty: Bool { presence == .both && (comparison?.isEmpty ?? true) }
    }

    package var proxies: [Proxy] = []
    /// What was left out, and why.
    package var notes: [String] = []
    /// A curl line that sends a witness to a proxy.
    private let line: @Sendable (SyntheticRequest, String) -> String

    package init(line: @escaping @Sendable (SyntheticRequest, String) -> String) { self.line = line }

    package var hasChanges: Bool { proxies.contains { !$0.isEmpty } }

    package var changeCount: Int {
        proxies.reduce(0) { $0 + ($1.presence == .both ? 0 : 1) + ($1.comparison?.changes.count ?? 0) }
    }

    // MARK: Text

    package var text: String {
        var text = ""
        for proxy in proxies where !proxy.isEmpty || !(proxy.comparison?.notes.isEmpty ?? true) {
            text += proxy.name
            switch proxy.presence {
            case .both: break
            case .removed: text += "  is gone"
            case .added: text += "  is new"
            }
            text += "\n"
            if !proxy.alike.isEmpty {
                let shown = proxy.alike.prefix(4).joined(separator: ", ")
                text += "  the same for \(shown)\(proxy.alike.count > 4 ? ", … (\(proxy.alike.count) in all)" : "")\n"
            }
            guard let comparison = proxy.comparison else { continue }
            for change in comparison.changes { text += self.text(change, proxy.name) }
            for settings in comparison.settings {
                text += "  \(settings.subject)\n"
                for value in settings.values {
                    text += "    \(value.name)  \(value.before ?? "-") -> \(value.after ?? "-")\n"
                }
            }
            for note in comparison.notes { text += "  note: \(note)\n" }
        }
        for note in notes { text += "note: \(note)\n" }
        text += hasChanges ? "" : "no change in behaviour\n"
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).sanitizedForTerminal }
            .joined(separator: "\n")
    }

    private func text(_ change: ProxyComparison.Change, _ proxy: String) -> String {
        var text = "  \(line(change.witness, proxy))\n"
        text += "    was  \(change.before.summary)\(change.before.place)\n"
        text += "    now  \(change.after.summary)\(change.after.place)\n"
        // Of a request that is forwarded on one side only, the rest says nothing new.
        guard change.before.isForwarded == change.after.isForwarded else { return text }
        let shown: Set<String> = ["status", "flags", "details", "clusters", "error", "redirect"]
        for name in change.changed where !shown.contains(name) {
            text += "         \(name)  \(change.before.values[name] ?? "-") -> \(change.after.values[name] ?? "-")\n"
        }
        return text
    }

    // MARK: JSON

    package var json: JSON {
        let list = proxies.filter { !$0.isEmpty || !($0.comparison?.notes.isEmpty ?? true) }.map { proxy -> JSON in
            [
                "proxy": .string(proxy.name), "presence": .string(proxy.presence.rawValue),
                "alike": .array(proxy.alike.map(JSON.string)),
                "changes": .array((proxy.comparison?.changes ?? []).map { json($0, proxy.name) }),
                "settings": .array((proxy.comparison?.settings ?? []).map(Self.json)),
                "notes": .array((proxy.comparison?.notes ?? []).map(JSON.string)),
            ]
        }
        return [
            "changed": .bool(hasChanges), "changes": .int(Int64(changeCount)), "proxies": .array(list),
            "notes": .array(notes.map(JSON.string)),
        ]
    }

    private func json(_ change: ProxyComparison.Change, _ proxy: String) -> JSON {
        [
            "curl": .string(line(change.witness, proxy)), "request": change.witness.json,
            "changed": .array(change.changed.map(JSON.string)), "before": change.before.json,
            "after": change.after.json,
        ]
    }

    private static func json(_ settings: ProxyComparison.SettingsChange) -> JSON {
        let values = settings.values.map { value -> JSON in
            [
                "name": .string(value.name), "before": value.before.map(JSON.string) ?? .null,
                "after": value.after.map(JSON.string) ?? .null,
            ]
        }
        return ["subject": .string(settings.subject), "values": .array(values)]
    }
}

extension Outcome {
    /// `200  v1 80 %, v2 20 %`.
    fileprivate var summary: String {
        let answered = values["details"].flatMap { $0 == "via_upstream" ? nil : $0 }
        let words = [
            values["status"] ?? values["error"] ?? "forwarded", values["flags"], answered,
            values["redirect"].map { "-> " + $0 }, values["clusters"],
        ]
        return words.compactMap { $0 }.joined(separator: "  ")
    }

    fileprivate var isForwarded: Bool { values["transport"] != nil }

    fileprivate var place: String {
        sources.first?.location.map { "   \($0.file):\($0.line)" } ?? ""
    }

    fileprivate var json: JSON {
        var object = JSONObject()
        for (name, value) in values.sorted(by: { $0.key < $1.key }) { object.add(name, .string(value)) }
        object.add("sources", .array(sources.map(\.json)))
        return .object(object)
    }
}
