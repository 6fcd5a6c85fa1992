import Documents
import MeshModel

extension Repair {
    /// `parentRefs` of a Gateway API route that lead to no Gateway, to no listener of it, or not to this one.
    static let parentReference = Repair("parentRefs of a route") { context in
        context.routes.flatMap { route in
            route.parentRefs.indices.flatMap { reference($0, of: route, context) }
        }
    }

    private static func reference(_ index: Int, of route: AnyRoute, _ context: RepairContext) -> [Proposal] {
        let parent = route.parentRefs[index]
        guard parent.kind == nil || parent.kind == "Gateway" else { return service(index, of: route, context) }
        let place: [PathStep] = ["spec", "parentRefs", .index(index)]
        let namespace = parent.namespace ?? route.namespace
        let what = "\(route.kind) \(route.meta.namespacedName)"
        let found = context.snapshot.kubernetesGateways.first { $0.name == parent.name && $0.namespace == namespace }
        var proposals: [Proposal?] = []
        guard let found else {
            let reason = "\(what) has parent \(namespace)/\(parent.name), which does not exist (NoMatchingParent)"
            for gateway in context.kubernetesGateways + context.snapshot.kubernetesGateways.prefix(RepairContext.limit)
            {
                var edits: [(any MeshObject, ValueEdit)] = []
                if gateway.name != parent.name {
                    edits.append((route.object, .set(place + ["name"], .string(gateway.name))))
                }
                if gateway.namespace != namespace {
                    let isOwn = gateway.namespace == route.namespace && parent.namespace != nil
                    edits.append(
                        (
                            route.object,
                            isOwn
                                ? .remove(place + ["namespace"])
                                : .set(place + ["namespace"], .string(gateway.namespace))
                        ))
                }
                proposals.append(context.changes(edits, reason, others: [gateway.sourceReference]))
            }
            return proposals.compactMap { $0 }
        }
        let listeners = found.listeners
        if let section = parent.sectionName, !listeners.contains(where: { $0.name == section && fits($0, context) }) {
            let isThere = listeners.contains { $0.name == section }
            let reason =
                isThere
                ? "\(what) attaches to listener \(section) of Gateway \(found.namespacedName) only"
                : "\(what) names listener \(section), Gateway \(found.namespacedName) has \(listeners.map(\.name).listed) (NoMatchingParent)"
            for name in Near.names(section, among: listeners.map(\.name), limit: 6) {
                proposals.append(
                    context.change(
                        route.object, .set(place + ["sectionName"], .string(name)), reason,
                        others: [found.sourceReference], penalty: isThere ? 2 : 0))
            }
            proposals.append(
                context.change(
                    route.object, .remove(place + ["sectionName"]), reason, others: [found.sourceReference], penalty: 2)
            )
        }
        if let port = parent.port, !listeners.contains(where: { $0.port == port && fits($0, context) }) {
            let reason =
                "\(what) wants a listener on port \(port), Gateway \(found.namespacedName) has "
                + listeners.compactMap { $0.port.map(String.init) }.listed + " (NoMatchingParent)"
            for number in Set(listeners.compactMap(\.port)).sorted().prefix(6) {
                proposals.append(
                    context.change(
                        route.object, .set(place + ["port"], .int(Int64(number))), reason,
                        others: [found.sourceReference]))
            }
            proposals.append(
                context.change(
                    route.object, .remove(place + ["port"]), reason, others: [found.sourceReference], penalty: 2))
        }
        for gateway in context.kubernetesGateways where gateway.namespacedName != found.namespacedName {
            let reason =
                "\(what) attaches to Gateway \(found.namespacedName), the request comes to \(gateway.namespacedName)"
            var edits: [(any MeshObject, ValueEdit)] = []
            if gateway.name != parent.name {
                edits.append((route.object, .set(place + ["name"], .string(gateway.name))))
            }
            if gateway.namespace != namespace {
                edits.append((route.object, .set(place + ["namespace"], .string(gateway.namespace))))
            }
            proposals.append(context.changes(edits, reason, others: [gateway.sourceReference], penalty: 4))
        }
        return proposals.compactMap { $0 }
    }

    /// A listener that the request can come in by.
    private static func fits(_ listener: GatewayListener, _ context: RepairContext) -> Bool {
        listener.port.map { context.serverPorts.contains($0) } ?? true
    }

    /// Routes of the mesh: the parent is a Service.
    private static func service(_ index: Int, of route: AnyRoute, _ context: RepairContext) -> [Proposal] {
        let parent = route.parentRefs[index]
        guard parent.kind == "Service" else { return [] }
        let place: [PathStep] = ["spec", "parentRefs", .index(index)]
        let namespace = parent.namespace ?? route.namespace
        let what = "\(route.kind) \(route.meta.namespacedName)"
        var proposals: [Proposal?] = []
        let found = context.snapshot.service(parent.name, namespace: namespace)
        let asked = context.hosts.compactMap { context.service(named: $0) }
        for service in asked where service.namespacedName != found?.namespacedName {
            let reason =
                "\(what) is for Service \(namespace)/\(parent.name), the request is for \(service.namespacedName)"
            var edits: [(any MeshObject, ValueEdit)] = []
            if service.name != parent.name {
                edits.append((route.object, .set(place + ["name"], .string(service.name))))
            }
            if service.namespace != namespace {
                edits.append((route.object, .set(place + ["namespace"], .string(service.namespace))))
            }
            proposals.append(context.changes(edits, reason, others: [service.sourceReference]))
        }
        if let port = parent.port, port != context.port {
            let reason = "\(what) is for port \(port) of its Service, the request goes to \(context.port)"
            proposals.append(
                context.change(route.object, .set(place + ["port"], .int(Int64(context.port))), reason))
            proposals.append(context.change(route.object, .remove(place + ["port"]), reason))
        }
        return proposals.compactMap { $0 }
    }
}
