import Documents
import MeshModel

extension Repair {
    /// A VirtualService, or the `sniHosts` of one of its TLS routes, that does not name the host that is asked for.
    static let virtualServiceHost = Repair("host of a VirtualService") { context in
        var proposals: [Proposal?] = []
        // An object that names the host is the one that was meant: no other is bent to it.
        let isNamed = context.isHostNamed
        for object in context.virtualServices where !context.hosts.isEmpty {
            let isCovered = object.hosts.contains { context.covers($0, namespace: object.namespace) }
            if !isCovered {
                let asked = context.askedHost(like: object.hosts.first ?? "")
                let reason =
                    "VirtualService \(object.namespacedName) is for \(object.hosts.listed), not for \(context.host)"
                for (index, host) in object.hosts.enumerated() {
                    // A short name of the service is written as one.
                    let new = host.contains(".") ? asked : context.shortest(asked, namespace: object.namespace)
                    let penalty = (Near.distance(host, new) == nil ? 8 : 0) + (isNamed ? 30 : 0)
                    proposals.append(
                        context.change(
                            object, .set(["spec", "hosts", .index(index)], .string(new)), reason, penalty: penalty))
                }
                proposals.append(
                    context.change(
                        object, .insert(["spec", "hosts"], .string(asked)), reason, penalty: isNamed ? 30 : 0))
            }
            for (index, route) in object.tls.enumerated() {
                for (position, match) in route.match.enumerated()
                where !match.sniHosts.contains(where: { context.covers($0) }) {
                    let reason =
                        "the TLS route of VirtualService \(object.namespacedName) is for SNI \(match.sniHosts.listed), "
                        + "not for \(context.host)"
                    let list: [PathStep] = [
                        "spec", "tls", .index(index), "match", .index(position), "sniHosts",
                    ]
                    for (place, name) in match.sniHosts.enumerated() {
                        let new = context.askedHost(like: name)
                        let edits: [(any MeshObject, ValueEdit)] = [
                            (object, .set(list + [.index(place)], .string(new)))
                        ]
                        proposals.append(context.changes(edits, reason))
                    }
                    proposals.append(context.change(object, .insert(list, .string(context.host)), reason))
                }
            }
        }
        return proposals.compactMap { $0 }
    }
}

extension RepairContext {
    /// Whether some route object names the host as it was asked for, not by a wildcard.
    var isHostNamed: Bool {
        virtualServices.contains { object in
            object.hosts.contains { hosts.contains(expanded($0, namespace: object.namespace).lowercased()) }
        } || routes.contains { $0.hostnames.contains { hosts.contains($0.lowercased()) } }
    }

    /// The shortest name of a service that means the same in a namespace.
    func shortest(_ host: String, namespace: String) -> String {
        let suffix = ".\(namespace).svc.\(snapshot.options.domain)"
        return host.hasSuffix(suffix) ? String(host.dropLast(suffix.count)) : host
    }
}

extension Sequence<String> {
    /// For a sentence: `a, b and 3 more`.
    var listed: String {
        let all = Array(self)
        if all.isEmpty { return "none" }
        return all.prefix(4).joined(separator: ", ") + (all.count > 4 ? " and \(all.count - 4) more" : "")
    }
}
