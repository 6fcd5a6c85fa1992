import Documents
import MeshModel

extension Repair {
    /// An object in a namespace in which those that it belongs to do not find it.
    static let objectNamespace = Repair("namespace of an object") { context in
        var proposals: [Proposal?] = []
        let namespaces = namespaces(context)
        func look(_ object: some MeshObject, _ others: [SourceReference]) {
            let kind = type(of: object).kindName
            for namespace in namespaces where namespace != object.meta.namespace {
                proposals.append(
                    context.change(
                        object, .set(["metadata", "namespace"], .string(namespace)),
                        "\(kind) \(object.name) is in namespace \(object.meta.namespace), what it belongs to is in \(namespace)",
                        others: others, penalty: 10))
            }
        }
        let routes = context.virtualServices.references + context.routes.map { $0.sourceReference() }
        for object in context.virtualServices { look(object, context.gateways.map(\.sourceReference)) }
        for object in context.destinationRules { look(object, context.virtualServices.references) }
        for route in context.routes { look(route.object, context.kubernetesGateways.map(\.sourceReference)) }
        for object in context.gateways { look(object, routes) }
        for object in context.kubernetesGateways { look(object, routes) }
        for object in context.serviceEntries { look(object, routes) }
        let wanted = missingServices(context)
        for service in context.snapshot.services where wanted[service.name] != nil {
            for namespace in wanted[service.name] ?? [] where namespace != service.namespace {
                proposals.append(
                    context.change(
                        service, .set(["metadata", "namespace"], .string(namespace)),
                        "Service \(service.name) is in namespace \(service.namespace), routes look for it in \(namespace)",
                        others: routes, penalty: 10 - evidence(that: service, belongsTo: namespace, context)))
            }
        }
        return proposals.compactMap { $0 }
    }

    /// What a Service selects is in the other namespace and not in its own: more than any change of a reference can make up for.
    private static func evidence(that service: Service, belongsTo namespace: String, _ context: RepairContext) -> Int {
        guard let selector = service.selector, !selector.isEmpty else { return 0 }
        let selects = { (place: String) in
            !context.snapshot.pods(inNamespace: place, selectedBy: selector).isEmpty
        }
        return selects(namespace) && !selects(service.namespace) ? 36 : 0
    }

    /// The namespaces of all that has to do with the request, those of most objects first.
    private static func namespaces(_ context: RepairContext) -> [String] {
        var counts: [String: Int] = [context.proxy.namespace: 1]
        let all =
            context.virtualServices.map(\.namespace) + context.gateways.map(\.namespace)
            + context.services.map(\.namespace)
            + context.routes.map(\.namespace) + context.kubernetesGateways.map(\.namespace)
            + context.destinationRules.map(\.namespace)
        for namespace in all { counts[namespace, default: 0] += 1 }
        if let host = context.goal.service?.host, let service = context.service(named: host) {
            counts[service.namespace, default: 0] += 1
        }
        return counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }.prefix(5).map(\.key)
    }

    /// Services that routes look for and that are not there, by name.
    static func missingServices(_ context: RepairContext) -> [String: Set<String>] {
        var result: [String: Set<String>] = [:]
        func look(_ name: String, _ namespace: String) {
            if context.snapshot.service(name, namespace: namespace) == nil {
                result[name, default: []].insert(namespace)
            }
        }
        for object in context.virtualServices {
            for use in object.destinationUses {
                let pieces = context.expanded(use.destination.host, namespace: object.namespace).split(separator: ".")
                if pieces.count >= 2 { look(String(pieces[0]), String(pieces[1])) }
            }
        }
        for route in context.routes {
            for backend in route.backends {
                look(backend.reference.name, backend.reference.namespace ?? route.namespace)
            }
        }
        if let host = context.goal.service?.host {
            let pieces = host.split(separator: ".")
            if pieces.count >= 2 { look(String(pieces[0]), String(pieces[1])) }
        }
        return result
    }
}
