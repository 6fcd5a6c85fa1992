import Documents
import MeshModel
import Translation

extension Repair {
    /// An object of another name than the one that others call it by.
    static let objectName = Repair("name of an object") { context in
        var proposals: [Proposal?] = []
        let routes = context.virtualServices.references + context.routes.map { $0.sourceReference() }
        func look(_ object: some MeshObject, _ wanted: Set<String>, evidence: Int = 0) {
            let kind = type(of: object).kindName
            for name in wanted.sorted().prefix(4) where name != object.name {
                proposals.append(
                    context.change(
                        object, .set(["metadata", "name"], .string(name)),
                        "\(kind) \(object.namespacedName) is called \(name) by those who refer to it", others: routes,
                        penalty: (Near.distance(object.name, name) == nil ? 14 : 3) - evidence))
            }
        }
        let named = Set(
            context.virtualServices.flatMap { object in
                object.gateways.map { HostName.gatewayName($0, namespace: object.namespace) }
            })
        let known = Set(context.snapshot.gateways.map { "\($0.namespace)/\($0.name)" })
        for gateway in context.gateways {
            let missing = named.subtracting(known).filter { $0.hasPrefix(gateway.namespace + "/") }
            look(gateway, Set(missing.compactMap { $0.split(separator: "/").last.map(String.init) }))
        }
        let parents = Set(
            context.routes.flatMap { route in route.parentRefs.map { "\($0.namespace ?? route.namespace)/\($0.name)" } }
        )
        let gateways = Set(context.snapshot.kubernetesGateways.map { "\($0.namespace)/\($0.name)" })
        for gateway in context.kubernetesGateways {
            let missing = parents.subtracting(gateways).filter { $0.hasPrefix(gateway.namespace + "/") }
            look(gateway, Set(missing.compactMap { $0.split(separator: "/").last.map(String.init) }))
        }
        let missing = Repair.missingServices(context)
        let referred = missing.isEmpty ? [] : referredServices(context)
        for (name, namespaces) in missing {
            for namespace in namespaces {
                let services = context.snapshot.services(inNamespace: namespace)
                // A Service that nobody asks for and that selects what is called by the missing name is the one that was meant.
                let selecting = services.filter { service in
                    service.selector?.values.contains(name) ?? false && !referred.contains(service.namespacedName)
                }
                for service in selecting.prefix(2) { look(service, [name], evidence: 32) }
                let near = services.filter { Near.distance($0.name, name) != nil && !selecting.contains($0) }
                for service in near.prefix(3) { look(service, [name]) }
            }
        }
        return proposals.compactMap { $0 }
    }

    /// The Services that any route or VirtualService of the mesh leads to.
    private static func referredServices(_ context: RepairContext) -> Set<NamespacedName> {
        var names: Set<NamespacedName> = []
        for object in context.snapshot.virtualServices {
            for use in object.destinationUses {
                let pieces = context.expanded(use.destination.host, namespace: object.namespace).split(separator: ".")
                guard pieces.count >= 2 else { continue }
                names.insert(NamespacedName(namespace: String(pieces[1]), name: String(pieces[0])))
            }
        }
        for route in AnyRoute.all(in: context.snapshot) {
            for backend in route.backends {
                names.insert(
                    NamespacedName(
                        namespace: backend.reference.namespace ?? route.namespace, name: backend.reference.name))
            }
        }
        return names
    }
}
