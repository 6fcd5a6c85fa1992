import CurlCommand
package import Documents
import MeshModel

/// A change of the manifests that might make the request go where it is meant to. It is called a fix only when that was tried.
package struct Proposal: Sendable {
    /// What is wrong, in a sentence that names both sides.
    package let reason: String
    /// What is changed: `spec.hosts[0]: shop.example.com`.
    package let summary: String
    /// The object that is changed, at the place of the change.
    package let object: SourceReference
    /// The objects on the other side of the mismatch.
    package let others: [SourceReference]
    let edits: [ObjectEdit]
    /// How large the change is; a typing error is small.
    package let cost: Int

    init(_ edits: [ObjectEdit], reason: String, others: [SourceReference] = [], penalty: Int = 0) {
        self.edits = edits
        self.reason = reason
        self.others = others
        cost = edits.reduce(penalty) { $0 + $1.cost }
        let first = edits.first
        summary = edits.map(\.summary).joined(separator: "; ")
        if case .create(let new)? = first?.change {
            object = SourceReference(
                kind: new["kind"]?.string ?? "", namespace: new["metadata"]?["namespace"]?.string ?? "",
                name: new["metadata"]?["name"]?.string ?? "", location: first?.location)
        } else {
            object = SourceReference(
                kind: first?.resource.kindName ?? "", namespace: first?.resource.meta.namespace ?? "",
                name: first?.resource.meta.name ?? "", location: first?.location)
        }
    }
}

extension ObjectEdit {
    /// Letters for a change of one word; more for what is added or taken away.
    var cost: Int {
        switch change {
        case .create: return 40
        case .value(.insert(_, let value, _)): return 10 + value.text().utf8.count / 6
        case .value(.remove(let path)): return 8 + (resource.node.at(path)?.json.text().utf8.count ?? 0) / 4
        case .value(.move): return 14
        case .value(.set(let path, let value)):
            guard let old = resource.node.at(path) else { return 9 + value.text().utf8.count / 6 }
            guard let before = old.string, let after = value.plainText else {
                return 12 + value.text().utf8.count / 6
            }
            let distance = EditDistance.between(before, after)
            return distance <= max(2, before.count / 3) ? distance : 6 + min(distance, 12)
        }
    }

    var summary: String {
        switch change {
        case .create: return "new, in \(resource.meta.location?.file ?? "the same file")"
        case .value(.insert(let path, let value, _)): return "\(path.text): add \(value.shortText)"
        case .value(.remove(let path)):
            let old = resource.node.at(path).map { " (\($0.json.shortText))" } ?? ""
            return "remove \(path.text)\(old)"
        case .value(.move(let path, let from, let to)): return "\(path.text): move [\(from)] in front of [\(to)]"
        case .value(.set(let path, let value)):
            guard let old = resource.node.at(path), !old.isNull else { return "\(path.text): \(value.shortText)" }
            return "\(path.text): \(old.json.shortText) -> \(value.shortText)"
        }
    }
}

extension [PathStep] {
    /// `spec.http[0].match[1].uri`.
    package var text: String {
        var text = ""
        for step in self {
            switch step {
            case .key(let name): text += (text.isEmpty ? "" : ".") + name
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }
}

extension JSON {
    /// A scalar's text.
    var plainText: String? {
        switch self {
        case .string(let text): text
        case .int, .bool, .double, .number: text()
        case .null, .array, .object: nil
        }
    }

    /// For one line: scalars bare, the rest as JSON, cut.
    var shortText: String {
        let text = plainText ?? text()
        return text.count > 80 ? text.prefix(79) + "…" : text
    }
}
