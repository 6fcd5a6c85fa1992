import Documents
import MeshModel

extension Repair {
    /// A Gateway whose selector does not take the proxy that the request comes to.
    static let gatewaySelector = Repair("selector of a Gateway") { context in
        guard context.isGateway else { return [] }
        var proposals: [Proposal?] = []
        let candidates =
            context.gateways
            + context.snapshot.gateways.filter { gateway in
                gateway.servers.contains { $0.port.map { context.serverPorts.contains($0.number) } ?? false }
            }.prefix(RepairContext.limit)
        for gateway in candidates where !context.selectsProxy(gateway) {
            for (key, value) in (gateway.selector ?? [:]).sorted(by: { $0.key < $1.key })
            where context.proxy.labels[key] != value {
                let own = context.proxy.labels[key]
                let reason =
                    "the selector of Gateway \(gateway.namespacedName) wants \(key)=\(value); the proxy "
                    + "\(context.proxy.id) has \(own.map { "\(key)=\($0)" } ?? "no label \(key)")"
                let place: [PathStep] = ["spec", "selector", .key(key)]
                if let own {
                    proposals.append(context.change(gateway, .set(place, .string(own)), reason))
                } else {
                    proposals.append(context.change(gateway, .remove(place), reason))
                    for name in Near.names(key, among: context.proxy.labels.keys, limit: 2) {
                        proposals.append(
                            context.change(
                                gateway, .set(["spec", "selector"], [name: .string(context.proxy.labels[name] ?? "")]),
                                reason))
                    }
                }
            }
        }
        return proposals.compactMap { $0 }
    }
}
