import Documents
import MeshModel

extension Repair {
    /// A subset whose labels no Pod of the service has.
    static let subsetLabels = Repair("labels of a subset") { context in
        var proposals: [Proposal?] = []
        for rule in context.destinationRules {
            guard let service = context.service(named: context.expanded(rule.host, namespace: rule.namespace)) else {
                continue
            }
            let pods = context.snapshot.pods(inNamespace: service.namespace, selectedBy: service.selector ?? [:])
            for (index, subset) in rule.subsets.enumerated() {
                if pods.contains(where: subset.selects) { continue }
                // Another subset may have Pods: what a route names is changed more easily than what a subset means.
                for object in context.virtualServices {
                    for use in object.destinationUses where use.destination.subset == subset.name {
                        for other in rule.subsets where other.name != subset.name && pods.contains(where: other.selects)
                        {
                            proposals.append(
                                context.change(
                                    object, .set(use.path + ["subset"], .string(other.name)),
                                    "VirtualService \(object.namespacedName) names subset \(subset.name), whose labels no Pod has",
                                    others: [rule.sourceReference]))
                        }
                    }
                }
                for (key, value) in subset.labels.sorted(by: { $0.key < $1.key }) {
                    let known = Set(pods.compactMap { $0.meta.labels[key] })
                    let place: [PathStep] = ["spec", "subsets", .index(index), "labels"]
                    let reason =
                        "subset \(subset.name) of DestinationRule \(rule.namespacedName) wants \(key)=\(value), which no Pod of "
                        + "\(service.namespacedName) has (\(known.isEmpty ? "none has \(key)" : known.sorted().listed))"
                    for new in Near.names(value, among: known) {
                        proposals.append(
                            context.change(
                                rule, .set(place + [.key(key)], .string(new)), reason, others: [service.sourceReference]
                            ))
                    }
                    guard known.isEmpty else { continue }
                    let keys = Set(
                        pods.filter { $0.meta.labels.values.contains(value) }.flatMap { $0.meta.labels.keys })
                    for name in Near.names(key, among: keys, limit: 2) {
                        proposals.append(
                            context.change(
                                rule, .set(place, [name: .string(value)]), reason, others: [service.sourceReference]))
                    }
                }
            }
        }
        return proposals.compactMap { $0 }
    }
}

extension DestinationRule.Subset {
    /// Whether a Pod has all labels of the subset.
    func selects(_ pod: Pod) -> Bool { labels.allSatisfy { pod.meta.labels[$0.key] == $0.value } }
}
