import Documents
import MeshModel

extension Repair {
    /// A backend of a Gateway API route that is no Service, or no port of it.
    static let backendReference = Repair("backendRefs of a route") { context in
        var proposals: [Proposal?] = []
        for route in context.routes {
            for backend in route.backends where backend.reference.kind ?? "Service" == "Service" {
                proposals += look(route, backend.path, backend.reference, context)
            }
            for backend in route.backends where (backend.reference.kind ?? "Service") != "Service" {
                proposals.append(
                    context.change(
                        route.object, .set(backend.path + ["kind"], "Service"),
                        "\(route.kind) \(route.meta.namespacedName) refers to a \(backend.reference.kind ?? "") (InvalidKind)"
                    ))
            }
        }
        return proposals.compactMap { $0 }
    }

    private static func look(
        _ route: AnyRoute, _ path: [PathStep], _ reference: BackendReference, _ context: RepairContext
    ) -> [Proposal?] {
        let namespace = reference.namespace ?? route.namespace
        let what = "\(route.kind) \(route.meta.namespacedName)"
        var proposals: [Proposal?] = []
        let wanted = context.goal.service.flatMap { context.service(named: $0.host) }
        guard let service = context.snapshot.service(reference.name, namespace: namespace) else {
            let reason =
                "\(what) refers to Service \(namespace)/\(reference.name), which does not exist (BackendNotFound)"
            let same = context.snapshot.services.filter { $0.name == reference.name }
            let near = context.snapshot.services(inNamespace: namespace)
            let names = Near.names(reference.name, among: near.map(\.name), limit: 4)
            let candidates = (wanted.map { [$0] } ?? []) + same + near.filter { names.contains($0.name) }
            for candidate in candidates.prefix(8) {
                var edits: [(any MeshObject, ValueEdit)] = []
                if candidate.name != reference.name {
                    edits.append((route.object, .set(path + ["name"], .string(candidate.name))))
                }
                if candidate.namespace != namespace {
                    let isOwn = candidate.namespace == route.namespace && reference.namespace != nil
                    edits.append(
                        (
                            route.object,
                            isOwn
                                ? .remove(path + ["namespace"])
                                : .set(path + ["namespace"], .string(candidate.namespace))
                        ))
                }
                proposals.append(context.changes(edits, reason, others: [candidate.sourceReference]))
            }
            return proposals
        }
        let ports = service.ports.map(\.port)
        let asked = wanted?.namespacedName == service.namespacedName ? context.goal.service?.port : nil
        if let port = reference.port, !ports.contains(port) || asked ?? port != port {
            let reason =
                "\(what) refers to port \(port) of Service \(service.namespacedName), which has "
                + ports.map { "\($0)" }.listed
            for number in ports.prefix(6) {
                proposals.append(
                    context.change(
                        route.object, .set(path + ["port"], .int(Int64(number))), reason,
                        others: [service.sourceReference]))
            }
        }
        if let wanted, wanted.namespacedName != service.namespacedName, wanted.namespace == namespace {
            proposals.append(
                context.change(
                    route.object, .set(path + ["name"], .string(wanted.name)),
                    "\(what) sends it to Service \(service.namespacedName)", others: [wanted.sourceReference],
                    penalty: 12))
        }
        return proposals
    }
}
