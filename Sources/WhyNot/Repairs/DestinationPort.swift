import Documents
import MeshModel

extension Repair {
    /// A destination with a port that its service does not have, or without one where the service has several.
    static let destinationPort = Repair("port of a destination") { context in
        var proposals: [Proposal?] = []
        for object in context.virtualServices {
            for use in object.destinationUses {
                let full = context.expanded(use.destination.host, namespace: object.namespace)
                let ports = context.ports(of: full)
                if ports.isEmpty { continue }
                let wanted = context.goal.service.flatMap { $0.host == full ? $0.port : nil }
                let owners = context.owners(of: full)
                guard let port = use.destination.port else {
                    let reason =
                        "VirtualService \(object.namespacedName) gives no port for \(full), which has \(ports.map { "\($0)" }.listed)"
                    for number in ports.prefix(6) {
                        proposals.append(
                            context.change(
                                object, .set(use.path + ["port", "number"], .int(Int64(number))), reason, others: owners
                            ))
                    }
                    continue
                }
                if ports.contains(port), wanted == nil || wanted == port { continue }
                let reason =
                    ports.contains(port)
                    ? "VirtualService \(object.namespacedName) sends it to port \(port) of \(full)"
                    : "VirtualService \(object.namespacedName) sends it to port \(port) of \(full), which has only "
                        + ports.map { "\($0)" }.listed
                for number in ports.prefix(6) {
                    proposals.append(
                        context.change(
                            object, .set(use.path + ["port", "number"], .int(Int64(number))), reason, others: owners))
                }
                if ports.count == 1 {
                    proposals.append(
                        context.change(object, .remove(use.path + ["port"]), reason, others: owners, penalty: 4))
                }
            }
        }
        return proposals.compactMap { $0 }
    }
}

extension RepairContext {
    /// The ports of a service by its full name.
    func ports(of host: String) -> [Int] {
        if let service = service(named: host) { return service.ports.map(\.port) }
        return snapshot.serviceEntries.filter { $0.hosts.contains(host) }.flatMap { $0.ports.map(\.number) }
    }

    /// The objects that define a service.
    func owners(of host: String) -> [SourceReference] {
        if let service = service(named: host) { return [service.sourceReference] }
        return snapshot.serviceEntries.filter { $0.hosts.contains(host) }.map(\.sourceReference)
    }
}
