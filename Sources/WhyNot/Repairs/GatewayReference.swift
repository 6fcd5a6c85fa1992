import Documents
import MeshModel
import Translation

extension Repair {
    /// `gateways:` of a VirtualService that lead to no Gateway, to one of another proxy, or leave the mesh or the gateway out.
    static let gatewayReference = Repair("gateways of a VirtualService") { context in
        context.virtualServices.flatMap { object in
            context.isGateway ? atGateway(object, context) : inMesh(object, context)
        }
    }

    private static func atGateway(_ object: VirtualService, _ context: RepairContext) -> [Proposal] {
        let usable = context.snapshot.gateways.filter { context.selectsProxy($0) }
        let own = usable.map { "\($0.namespace)/\($0.name)" }
        var proposals: [Proposal?] = []
        if object.gateways.isEmpty {
            let reason =
                "VirtualService \(object.namespacedName) has no gateways: it is for the mesh only, no gateway has its routes"
            for gateway in usable.prefix(RepairContext.limit) {
                let name = gateway.reference(from: object.namespace)
                proposals.append(
                    context.change(
                        object, .set(["spec", "gateways"], .array([.string(name)])), reason,
                        others: [gateway.sourceReference]))
            }
            return proposals.compactMap { $0 }
        }
        let resolved = object.gateways.map { HostName.gatewayName($0, namespace: object.namespace) }
        for (index, name) in resolved.enumerated() where name != "mesh" && !own.contains(name) {
            let written = object.gateways[index]
            let named = context.snapshot.gateways.first { "\($0.namespace)/\($0.name)" == name }
            let bare = name.split(separator: "/").last.map(String.init) ?? name
            let reason =
                named == nil
                ? "gateways: \"\(written)\" of VirtualService \(object.namespacedName) means \(name), which does not exist"
                : "Gateway \(name), which VirtualService \(object.namespacedName) names, is not for this proxy"
            for gateway in usable.prefix(2 * RepairContext.limit) {
                let new = gateway.reference(from: object.namespace)
                // The same name in another namespace is what was meant.
                let isSame = gateway.name == bare
                proposals.append(
                    context.change(
                        object, .set(["spec", "gateways", .index(index)], .string(new)), reason,
                        others: [gateway.sourceReference] + (named.map { [$0.sourceReference] } ?? []),
                        penalty: isSame ? -10 : named == nil ? -6 : 6))
            }
        }
        if !resolved.contains(where: { own.contains($0) }) || usable.count > 1 {
            let reason = "VirtualService \(object.namespacedName) does not name a Gateway that serves this"
            for gateway in usable.prefix(RepairContext.limit)
            where !resolved.contains("\(gateway.namespace)/\(gateway.name)") {
                proposals.append(
                    context.change(
                        object,
                        .insert(["spec", "gateways"], .string(gateway.reference(from: object.namespace))), reason,
                        others: [gateway.sourceReference]))
            }
        }
        return proposals.compactMap { $0 }
    }

    private static func inMesh(_ object: VirtualService, _ context: RepairContext) -> [Proposal] {
        guard !object.gateways.isEmpty, !object.gateways.contains("mesh") else { return [] }
        let reason =
            "VirtualService \(object.namespacedName) is for \(object.gateways.listed) only: gateways lacks \"mesh\""
        let near = object.gateways.indices.compactMap { index in
            context.change(object, .set(["spec", "gateways", .index(index)], "mesh"), reason, penalty: 4)
        }
        return near + [context.change(object, .insert(["spec", "gateways"], "mesh"), reason)].compactMap { $0 }
    }
}

extension RepairContext {
    /// Whether the Gateway's selector takes the proxy that was asked.
    func selectsProxy(_ gateway: IstioGateway) -> Bool {
        (gateway.selector ?? [:]).allSatisfy { proxy.labels[$0.key] == $0.value }
    }
}

extension IstioGateway {
    /// The name by which objects of a namespace mean this one.
    func reference(from namespace: String) -> String {
        namespace == self.namespace ? name : "\(self.namespace)/\(name)"
    }
}
