import Documents
import MeshModel
import Translation

extension Repair {
    /// A destination that is no service, or another one than the one that is meant.
    static let destinationHost = Repair("host of a destination") { context in
        var proposals: [Proposal?] = []
        let known = context.serviceHosts
        for object in context.virtualServices {
            for use in object.destinationUses {
                let full = context.expanded(use.destination.host, namespace: object.namespace)
                let exists = known.contains(full)
                let place = use.path + ["host"]
                if exists, context.goal.service == nil || context.goal.service?.host == full { continue }
                let reason =
                    exists
                    ? "VirtualService \(object.namespacedName) sends it to \(full)"
                    : "VirtualService \(object.namespacedName) sends it to \(full), which is no service of the mesh"
                var wishes = context.goal.service.map { [$0.host] } ?? []
                if !exists {
                    // The same name in another namespace, then names that look like it.
                    let name = full.prefix { $0 != "." }
                    wishes += known.filter { $0.prefix { $0 != "." } == name }.prefix(4)
                    wishes += Near.names(full, among: known.lazy.filter { Near.distance($0, full) != nil })
                }
                var seen = Set<String>()
                for wish in wishes where seen.insert(wish).inserted {
                    let new =
                        use.destination.host.contains(".") ? wish : context.shortest(wish, namespace: object.namespace)
                    let isNear =
                        !exists
                        && (Near.distance(use.destination.host, new) != nil
                            || new.hasPrefix(use.destination.host + "."))
                    proposals.append(
                        context.change(
                            object, .set(place, .string(new)), reason,
                            others: context.owners(of: wish),
                            penalty: isNear ? 0 : exists ? 12 : 4))
                }
            }
        }
        return proposals.compactMap { $0 }
    }
}

extension RepairContext {
    /// The full names of all services, those of ServiceEntries too.
    var serviceHosts: Set<String> {
        var names = Set(snapshot.services.map { "\($0.name).\($0.namespace).svc.\(snapshot.options.domain)" })
        for entry in snapshot.serviceEntries { names.formUnion(entry.hosts) }
        for description in snapshot.serviceDescriptions { names.insert(description.hostname) }
        return names
    }
}
