import Documents
import MeshModel

extension Node {
    /// The node behind these keys; `nil` where one is missing or empty.
    func at(_ keys: String...) -> Node? {
        var node = self
        for key in keys {
            guard let next = node[key], !next.isNull else { return nil }
            node = next
        }
        return node
    }

    /// A mapping of scalars, as labels are; `nil` where there is no mapping.
    var stringMap: [String: String]? {
        guard isMapping else { return nil }
        return Dictionary(entries.map { ($0.key, $0.value.text) }, uniquingKeysWith: { $1 })
    }

    /// The elements of a list; none where there is no list.
    var list: [Node] { isSequence ? Array(elements) : [] }
}

/// Labels as `kubectl -l` writes them.
func words(_ labels: [String: String]) -> String {
    labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
}
