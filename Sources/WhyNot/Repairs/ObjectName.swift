import Documents
import MeshModel
import Translation

extension Repair {
    /// An object of another name than the one that others call it by.
    static let objectName = Repair("name of an object") { context in
        var proposals: [Proposal?] = []
        let routes = context.virtualServices.references + context.routes.map { $0.sourceReference() }
        func look(_ object: some MeshObject, _ wanted: Set<String>) {
            let kind = type(of: object).kindName
            for name in wanted.sorted().prefix(4) where name != object.name {
                proposals.append(
                    context.change(
                        object, .set(["metadata", "name"], .string(name)),
                        "\(kind) \(object.namespacedName) is called \(name) by those who refer to it", others: routes,
                        penalty: Near.distance(object.name, name) == nil ? 14 : 3))
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
        for (name, namespaces) in Repair.missingServices(context) {
            for namespace in namespaces {
                let near = context.snapshot.services(inNamespace: namespace).filter {
                    Near.distance($0.name, name) != nil
                }
                for service in near.prefix(3) { look(service, [name]) }
            }
        }
        return proposals.compactMap { $0 }
    }
}
