import Documents
import MeshModel
import Translation

extension Repair {
    /// A ServiceEntry that does not take the host or port, or cannot be resolved as it says.
    static let serviceEntry = Repair("ServiceEntry") { context in
        var proposals: [Proposal?] = []
        var targets = context.hosts
        if let wanted = context.goal.service?.host { targets.append(wanted) }
        for object in context.virtualServices {
            targets += object.destinationUses.map {
                context.expanded($0.destination.host, namespace: object.namespace)
            }
        }
        for entry in context.serviceEntries {
            let named = context.virtualServices.map(\.sourceReference)
            for (index, host) in entry.hosts.enumerated()
            where !targets.contains(where: { HostName.matches(host, $0) }) {
                for target in Near.names(host, among: targets) where Near.distance(host, target) != nil {
                    proposals.append(
                        context.change(
                            entry, .set(["spec", "hosts", .index(index)], .string(target)),
                            "ServiceEntry \(entry.namespacedName) is for \(host), not for \(target)", others: named,
                            penalty: 1))
                }
            }
            proposals += ports(of: entry, targets, named, context)
            for resolution in ["STATIC", "DNS", "NONE"] where resolution != entry.resolution.rawValue {
                proposals.append(
                    context.change(
                        entry, .set(["spec", "resolution"], .string(resolution)),
                        "resolution \(entry.resolution.rawValue) of ServiceEntry \(entry.namespacedName) gives no endpoint",
                        penalty: 3))
            }
        }
        return proposals.compactMap { $0 }
    }

    private static func ports(
        of entry: MeshModel.ServiceEntry, _ targets: [String], _ others: [SourceReference], _ context: RepairContext
    ) -> [Proposal?] {
        var wanted = Set(
            context.virtualServices.flatMap { object in object.destinationUses.compactMap(\.destination.port) })
        if let port = context.goal.service?.port { wanted.insert(port) }
        if !context.isGateway { wanted.insert(context.port) }
        let known = Set(entry.ports.map(\.number))
        var proposals: [Proposal?] = []
        for (index, port) in entry.ports.enumerated() {
            let place: [PathStep] = ["spec", "ports", .index(index)]
            for number in wanted.subtracting(known).sorted().prefix(4) {
                proposals.append(
                    context.change(
                        entry, .set(place + ["number"], .int(Int64(number))),
                        "ServiceEntry \(entry.namespacedName) has port \(known.sorted().map { "\($0)" }.listed), not \(number)",
                        others: others, penalty: 3))
            }
            for name in Repair.protocols(context, hasTLS: false) where name != port.protocol.uppercased() {
                proposals.append(
                    context.change(
                        entry, .set(place + ["protocol"], .string(name)),
                        "port \(port.number) of ServiceEntry \(entry.namespacedName) has protocol "
                            + "\(port.protocol.isEmpty ? "none" : port.protocol), the request is \(name)", penalty: 4))
            }
        }
        return proposals
    }
}
