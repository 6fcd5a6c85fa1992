import Documents
import MeshModel
import TrafficEngine

extension Repair {
    /// A route of the same object that stands in front and takes the request away.
    static let routeOrder = Repair("order of routes") { context in
        guard let hop = context.hop, hop.route != nil else { return [] }
        var proposals: [Proposal?] = []
        for object in context.virtualServices where object.http.count > 1 {
            for later in object.http.indices.dropFirst() where object.http[later].mayTake(context) {
                for earlier in object.http.indices.prefix(later) where object.http[earlier].mayTake(context) {
                    let reason =
                        "http[\(earlier)] of VirtualService \(object.namespacedName) takes it before http[\(later)] is looked at"
                    proposals.append(context.change(object, .move(["spec", "http"], from: later, to: earlier), reason))
                }
            }
        }
        return proposals.compactMap { $0 }
    }
}

extension VirtualService.HTTPRoute {
    /// Whether the path, which decides in most routes, lets the request in.
    fileprivate func mayTake(_ context: RepairContext) -> Bool {
        match.isEmpty
            || match.contains { condition in
                switch condition.uri {
                case nil, .empty, .regex: true
                case .exact(let text): text == context.path
                case .prefix(let text): context.path.hasPrefix(text)
                }
            }
    }
}
