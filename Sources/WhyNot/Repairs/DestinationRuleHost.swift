import Documents
import MeshModel
import TrafficEngine
import Translation

extension Repair {
    /// A DestinationRule whose host is not the service that is called: its subsets and settings do not apply.
    static let destinationRuleHost = Repair("host of a DestinationRule") { context in
        guard let reference = context.hop?.clusterReference.flatMap(ClusterName.init) ?? goalCluster(context) else {
            return []
        }
        var proposals: [Proposal?] = []
        for rule in context.destinationRules + subsetOwners(reference.subset, context) {
            let full = context.expanded(rule.host, namespace: rule.namespace)
            if HostName.matches(full, reference.host) { continue }
            let reason =
                "DestinationRule \(rule.namespacedName) is for \(full), the request goes to \(reference.host)"
            let new =
                rule.host.contains(".") ? reference.host : context.shortest(reference.host, namespace: rule.namespace)
            let isNear = Near.distance(rule.host, new) != nil || new.hasPrefix(rule.host + ".")
            proposals.append(
                context.change(
                    rule, .set(["spec", "host"], .string(new)), reason, others: context.owners(of: reference.host),
                    penalty: isNear ? 0 : 10))
        }
        return proposals.compactMap { $0 }
    }

    private static func goalCluster(_ context: RepairContext) -> ClusterName? {
        guard case .cluster(let name, _) = context.goal else { return nil }
        return ClusterName(name)
    }

    /// Rules that define the subset, whatever host they name.
    private static func subsetOwners(_ subset: String, _ context: RepairContext) -> [DestinationRule] {
        if subset.isEmpty { return [] }
        let known = Set(context.destinationRules.map(\.namespacedName))
        return Array(
            context.snapshot.destinationRules.lazy
                .filter { $0.subsets.contains { $0.name == subset } && !known.contains($0.namespacedName) }
                .prefix(RepairContext.limit))
    }
}
