import MeshModel
import MeshtopUI

/// The objects of a store as the screens list them; the rows of those that have not changed are taken over.
struct ObjectItems {
    private var resources: [Resource] = []
    private(set) var items: [ObjectItem] = []

    /// Lists other objects; says in one line what has changed, nothing for the first.
    mutating func show(_ new: [Resource]) -> String {
        let old = resources
        let start = zip(old, new).prefix { $0.0 === $0.1 }.count
        let shorter = min(old.count, new.count) - start
        let end = zip(old.reversed(), new.reversed()).prefix(shorter).prefix { $0.0 === $0.1 }.count
        let (gone, come) = (old[start..<old.count - end], new[start..<new.count - end])
        items.replaceSubrange(start..<old.count - end, with: come.map(Self.item))
        resources = new
        return old.isEmpty ? "" : Self.change(from: gone, to: come)
    }

    private static func item(_ resource: Resource) -> ObjectItem {
        ObjectItem(
            kind: resource.kindName, apiVersion: resource.apiVersion, namespace: resource.meta.namespace,
            name: resource.meta.name, location: resource.meta.location,
            labels: resource.meta.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(
                separator: ","))
    }

    private static func change(from gone: ArraySlice<Resource>, to come: ArraySlice<Resource>) -> String {
        func name(_ resource: Resource) -> String { "\(resource.kindName) \(resource.meta.namespacedName)" }
        let before = Dictionary(gone.map { (name($0), $0) }) { _, last in last }
        var after = Set<String>()
        var edited: [String] = []
        for resource in come where after.insert(name(resource)).inserted {
            if let old = before[name(resource)], !old.hasSameObject(as: resource) { edited.append(name(resource)) }
        }
        let added = after.subtracting(before.keys).sorted()
        let removed = Set(before.keys).subtracting(after).sorted()
        let words = added.prefix(2).map { "+" + $0 } + removed.prefix(2).map { "-" + $0 }
        if words.isEmpty {
            guard !edited.isEmpty else { return "objects changed in place" }
            let more = edited.count - min(2, edited.count)
            return edited.prefix(2).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "") + " changed"
        }
        let more = added.count + removed.count - words.count
        return words.joined(separator: "  ") + (more > 0 ? "  and \(more) more" : "")
    }
}
