import Documents
import MeshModel

extension Repair {
    /// The destination that is meant has no share of the requests.
    static let routeWeight = Repair("weight of a destination") { context in
        guard let wanted = context.goal.service else { return [] }
        var proposals: [Proposal?] = []
        for object in context.virtualServices {
            for (index, route) in object.http.enumerated() where route.route.count > 1 {
                for (position, target) in route.route.enumerated() where target.weight == 0 {
                    guard context.expanded(target.destination.host, namespace: object.namespace) == wanted.host else {
                        continue
                    }
                    proposals.append(
                        context.change(
                            object, .set(["spec", "http", .index(index), "route", .index(position), "weight"], 1),
                            "http[\(index)] of VirtualService \(object.namespacedName) gives \(target.destination.host) weight 0"
                        ))
                }
            }
        }
        for route in context.routes {
            for backend in route.backends where backend.reference.weight == 0 {
                proposals.append(
                    context.change(
                        route.object, .set(backend.path + ["weight"], 1),
                        "\(route.kind) \(route.meta.namespacedName) gives \(backend.reference.name) weight 0"))
            }
        }
        return proposals.compactMap { $0 }
    }
}
