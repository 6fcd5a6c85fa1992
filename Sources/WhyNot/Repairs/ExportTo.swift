import Documents
import MeshModel

extension Repair {
    /// Objects that this proxy's namespace does not see.
    static let exportTo = Repair("exportTo") { context in
        var proposals: [Proposal?] = []
        func look(_ object: some MeshObject, _ exportTo: [String]) {
            guard !context.isVisible(exportTo, from: object.meta.namespace) else { return }
            let kind = type(of: object).kindName
            let reason =
                "\(kind) \(object.namespacedName) is exported to \(exportTo.listed) only: "
                + "a proxy in \(context.proxy.namespace) does not see it"
            let list: [PathStep] = ["spec", "exportTo"]
            proposals.append(context.change(object, .insert(list, .string(context.proxy.namespace)), reason))
            for index in exportTo.indices {
                proposals.append(
                    context.change(
                        object, .set(list + [.index(index)], .string(context.proxy.namespace)), reason, penalty: 4))
            }
            proposals.append(context.change(object, .set(list, ["*"]), reason, penalty: 4))
        }
        for object in context.virtualServices { look(object, object.exportTo) }
        for object in context.destinationRules { look(object, object.exportTo) }
        for object in context.serviceEntries { look(object, object.exportTo) }
        for service in context.services {
            let name = "networking.istio.io/exportTo"
            guard let text = service.meta.annotations[name] else { continue }
            let exportTo = text.split(separator: ",").map { $0.filter { $0 != " " } }
            guard !context.isVisible(exportTo, from: service.namespace) else { continue }
            let reason =
                "Service \(service.namespacedName) is exported to \(text) only: a proxy in "
                + "\(context.proxy.namespace) does not see it"
            let place: [PathStep] = ["metadata", "annotations", .key(name)]
            proposals.append(
                context.change(service, .set(place, .string("\(text),\(context.proxy.namespace)")), reason))
            proposals.append(context.change(service, .set(place, "*"), reason))
        }
        return proposals.compactMap { $0 }
    }
}

extension RepairContext {
    /// Whether a proxy of this namespace sees an object that is exported so.
    func isVisible(_ exportTo: [String], from namespace: String) -> Bool {
        exportTo.isEmpty
            || exportTo.contains { $0 == "*" || $0 == proxy.namespace || $0 == "." && namespace == proxy.namespace }
    }
}
