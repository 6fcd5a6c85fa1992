import Documents

/// A theme or settings file after parsing, whatever its syntax was.
package indirect enum SettingsTree: Hashable, Sendable {
    case scalar(String)
    case list([SettingsTree])
    case map([Member])

    package struct Member: Hashable, Sendable {
        package let key: String
        package let value: SettingsTree

        package init(_ key: String, _ value: SettingsTree) {
            self.key = key
            self.value = value
        }
    }

    /// The member of this name, without regard to case.
    package subscript(_ key: String) -> SettingsTree? {
        guard case .map(let members) = self else { return nil }
        let wanted = key.lowercased()
        return members.first { $0.key.lowercased() == wanted }?.value
    }

    /// The value at the end of names with dots between them.
    package func at(_ path: String) -> SettingsTree? {
        path.split(separator: ".").reduce(self as SettingsTree?) { $0?[String($1)] }
    }

    package var scalar: String? {
        guard case .scalar(let text) = self else { return nil }
        return text
    }

    package var list: [SettingsTree]? {
        guard case .list(let items) = self else { return nil }
        return items
    }

    package var members: [Member] {
        guard case .map(let members) = self else { return [] }
        return members
    }
}

extension SettingsTree {
    /// How many values are taken of a file: aliases of aliases could make a small file very large.
    private static let limit = 5_000

    /// Takes the first document of a YAML or JSON text; `nil` when it cannot be read.
    package init?(yaml text: String) {
        guard let document = DocumentReader.read(text, file: "-").documents.first else { return nil }
        var budget = SettingsTree.limit
        self.init(document.root, depth: 0, &budget)
    }

    private init(_ node: Node, depth: Int, _ budget: inout Int) {
        budget -= 1
        guard budget > 0, depth < 20 else {
            self = .scalar("")
            return
        }
        if node.isMapping {
            var members: [Member] = []
            for entry in node.entries where budget > 0 {
                members.append(Member(entry.key, SettingsTree(entry.value, depth: depth + 1, &budget)))
            }
            self = .map(members)
        } else if node.isSequence {
            var items: [SettingsTree] = []
            for element in node.elements where budget > 0 {
                items.append(SettingsTree(element, depth: depth + 1, &budget))
            }
            self = .list(items)
        } else {
            self = .scalar(node.isNull ? "" : node.text)
        }
    }
}
