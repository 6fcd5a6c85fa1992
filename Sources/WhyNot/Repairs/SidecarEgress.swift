import Documents
import MeshModel

extension Repair {
    /// A Sidecar that hides the service from its caller.
    static let sidecarEgress = Repair("egress of a Sidecar") { context in
        guard !context.isGateway else { return [] }
        var proposals: [Proposal?] = []
        let root = context.snapshot.meshConfig.rootNamespace
        let sidecars = context.snapshot.sidecars.filter { sidecar in
            [context.proxy.namespace, root].contains(sidecar.namespace)
                && (sidecar.workloadSelector ?? [:]).allSatisfy { context.proxy.labels[$0.key] == $0.value }
        }
        for sidecar in sidecars {
            for (index, listener) in sidecar.egress.enumerated() {
                let list: [PathStep] = ["spec", "egress", .index(index), "hosts"]
                let reason =
                    "Sidecar \(sidecar.namespacedName) lets \(context.proxy.id) see \(listener.hosts.listed) only, "
                    + "which \(context.host) is not one of"
                for host in context.hosts {
                    let namespace =
                        context.service(named: host)?.namespace
                        ?? context.goal.service.flatMap { context.service(named: $0.host)?.namespace }
                    let entry = namespace == context.proxy.namespace ? "./\(host)" : "\(namespace ?? "*")/\(host)"
                    for (position, old) in listener.hosts.enumerated() where Near.distance(old, entry) != nil {
                        proposals.append(
                            context.change(sidecar, .set(list + [.index(position)], .string(entry)), reason))
                    }
                    proposals.append(context.change(sidecar, .insert(list, .string(entry)), reason))
                    if let namespace {
                        proposals.append(context.change(sidecar, .insert(list, .string("\(namespace)/*")), reason))
                    }
                }
                if let port = listener.port, port.number != context.port {
                    proposals.append(
                        context.change(
                            sidecar,
                            .set(["spec", "egress", .index(index), "port", "number"], .int(Int64(context.port))),
                            "an egress listener of Sidecar \(sidecar.namespacedName) is on port \(port.number)"))
                }
            }
            if sidecar.outboundTrafficPolicy?.mode == .registryOnly {
                proposals.append(
                    context.change(
                        sidecar, .set(["spec", "outboundTrafficPolicy", "mode"], "ALLOW_ANY"),
                        "Sidecar \(sidecar.namespacedName) allows known hosts only (REGISTRY_ONLY)", penalty: 8))
            }
        }
        return proposals.compactMap { $0 }
    }
}
