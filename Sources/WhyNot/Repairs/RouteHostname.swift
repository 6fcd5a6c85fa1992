import Documents
import MeshModel

extension Repair {
    /// Hostnames of a Gateway API route and of a listener that do not meet, or do not take the host.
    static let routeHostname = Repair("hostnames of a route") { context in
        guard !context.hosts.isEmpty else { return [] }
        var proposals: [Proposal?] = []
        let isNamed = context.isHostNamed
        for route in context.routes where !route.hostnames.isEmpty {
            if route.hostnames.contains(where: { context.covers($0) }) { continue }
            let reason =
                "\(route.kind) \(route.meta.namespacedName) is for \(route.hostnames.listed), not for \(context.host)"
            for (index, name) in route.hostnames.enumerated() {
                for wish in Repair.wishes(context.askedHost(like: name), like: name) {
                    proposals.append(
                        context.change(
                            route.object, .set(["spec", "hostnames", .index(index)], .string(wish)), reason,
                            penalty: (Near.distance(name, wish) == nil ? 8 : 0) + (isNamed ? 30 : 0)))
                }
            }
            proposals.append(
                context.change(
                    route.object, .insert(["spec", "hostnames"], .string(context.host)), reason,
                    penalty: isNamed ? 30 : 0))
        }
        for gateway in context.kubernetesGateways {
            for (index, listener) in gateway.listeners.enumerated() {
                guard let name = listener.hostname, !context.covers(name) else { continue }
                let reason =
                    "listener \(listener.name) of Gateway \(gateway.namespacedName) is for \(name), not for \(context.host) "
                    + "(NoMatchingListenerHostname)"
                let place: [PathStep] = ["spec", "listeners", .index(index), "hostname"]
                let users = context.routes.map { $0.sourceReference() }
                for wish in Repair.wishes(context.askedHost(like: name), like: name) {
                    proposals.append(
                        context.change(
                            gateway, .set(place, .string(wish)), reason, others: users,
                            penalty: Near.distance(name, wish) == nil ? 8 : 0))
                }
                proposals.append(context.change(gateway, .remove(place), reason, others: users, penalty: 4))
            }
        }
        return proposals.compactMap { $0 }
    }
}
