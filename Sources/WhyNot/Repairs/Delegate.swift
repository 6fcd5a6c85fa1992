import Documents
import MeshModel

extension Repair {
    /// A delegate that does not exist where it is looked for, or whose match does not lie inside the root's.
    static let delegate = Repair("delegate") { context in
        var proposals: [Proposal?] = []
        let delegates = context.snapshot.virtualServices.filter { $0.hosts.isEmpty }
        for object in context.virtualServices {
            for (index, route) in object.http.enumerated() {
                guard let delegate = route.delegate else { continue }
                let namespace = delegate.namespace.isEmpty ? object.namespace : delegate.namespace
                let place: [PathStep] = ["spec", "http", .index(index), "delegate"]
                let found = context.snapshot.virtualServices.first {
                    $0.name == delegate.name && $0.namespace == namespace
                }
                guard let found else {
                    let reason =
                        "http[\(index)] of VirtualService \(object.namespacedName) delegates to "
                        + "\(namespace)/\(delegate.name), which does not exist"
                    for other in delegates where other.name == delegate.name || other.namespace == namespace {
                        var edits: [(any MeshObject, ValueEdit)] = []
                        if other.name != delegate.name {
                            edits.append((object, .set(place + ["name"], .string(other.name))))
                        }
                        if other.namespace != namespace {
                            edits.append((object, .set(place + ["namespace"], .string(other.namespace))))
                        }
                        proposals.append(context.changes(edits, reason, others: [other.sourceReference]))
                    }
                    continue
                }
                if !found.hosts.isEmpty {
                    proposals.append(
                        context.change(
                            found, .remove(["spec", "hosts"]),
                            "VirtualService \(found.namespacedName) has hosts: it cannot be a delegate",
                            others: [object.sourceReference]))
                }
                proposals += prefixes(object, route, found, context)
            }
        }
        return proposals.compactMap { $0 }
    }

    /// The delegate's path begins with the root's: prefixes are not joined.
    private static func prefixes(
        _ root: VirtualService, _ route: VirtualService.HTTPRoute, _ delegate: VirtualService, _ context: RepairContext
    ) -> [Proposal?] {
        let outer = route.match.compactMap { match -> String? in
            if case .prefix(let text)? = match.uri { return text }
            return nil
        }
        guard let prefix = outer.first(where: { context.path.hasPrefix($0) }) else { return [] }
        var proposals: [Proposal?] = []
        for (index, inner) in delegate.http.enumerated() {
            for (position, match) in inner.match.enumerated() {
                let (kind, text): (String, String)
                switch match.uri {
                case .prefix(let value): (kind, text) = ("prefix", value)
                case .exact(let value): (kind, text) = ("exact", value)
                default: continue
                }
                if text.hasPrefix(prefix) { continue }
                let reason =
                    "the route is dropped: VirtualService \(root.namespacedName) takes prefix \(prefix), its delegate "
                    + "\(delegate.namespacedName) \(kind) \(text), which is not inside it"
                let joined = (prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix) + text
                proposals.append(
                    context.change(
                        delegate,
                        .set(
                            ["spec", "http", .index(index), "match", .index(position), "uri", .key(kind)],
                            .string(joined)), reason, others: [root.sourceReference]))
            }
        }
        return proposals
    }
}
