import Documents
import MeshModel
import Translation

extension Repair {
    /// A route that names a subset which no DestinationRule of the host defines.
    static let subsetReference = Repair("subset") { context in
        var proposals: [Proposal?] = []
        for object in context.virtualServices {
            for use in object.destinationUses where !use.destination.subset.isEmpty {
                let host = context.expanded(use.destination.host, namespace: object.namespace)
                let rules = context.destinationRules.filter {
                    HostName.matches(context.expanded($0.host, namespace: $0.namespace), host)
                }
                let wanted = use.destination.subset
                let names = rules.flatMap { $0.subsets.map(\.name) }
                if names.contains(wanted) { continue }
                let reason =
                    "VirtualService \(object.namespacedName) names subset \(wanted) of \(host), which no DestinationRule "
                    + "defines (\(names.isEmpty ? "there is none" : "known: " + names.listed))"
                let both = rules.map(\.sourceReference)
                for name in Near.names(wanted, among: names, limit: 6) {
                    proposals.append(
                        context.change(
                            object, .set(use.path + ["subset"], .string(name)), reason, others: both))
                }
                proposals.append(
                    context.change(object, .remove(use.path + ["subset"]), reason, others: both, penalty: 8))
                let other = [object.sourceReference]
                for rule in rules {
                    for index in rule.subsets.indices {
                        proposals.append(
                            context.change(
                                rule, .set(["spec", "subsets", .index(index), "name"], .string(wanted)), reason,
                                others: other, penalty: 6))
                    }
                    for labels in context.subsetLabels(wanted, host: host) {
                        proposals.append(
                            context.change(
                                rule, .insert(["spec", "subsets"], ["name": .string(wanted), "labels": labels]),
                                reason, others: other))
                    }
                }
                if rules.isEmpty {
                    for labels in context.subsetLabels(wanted, host: host).prefix(1) {
                        let rule = context.destinationRule(
                            for: use.destination.host, in: object.namespace, subset: wanted, labels)
                        proposals.append(context.creation(of: rule, beside: object, reason))
                    }
                }
            }
        }
        return proposals.compactMap { $0 }
    }
}

extension RepairContext {
    /// Labels that a subset of this name could stand for: those of the service's Pods with that value.
    func subsetLabels(_ subset: String, host: String) -> [JSON] {
        guard let service = service(named: host) else { return [] }
        let pods = snapshot.pods(inNamespace: service.namespace, selectedBy: service.selector ?? [:])
        var found: [JSON] = []
        for key in ["version", "app.kubernetes.io/version"] + Set(pods.flatMap { $0.meta.labels.keys }).sorted() {
            let labels: JSON = [key: .string(subset)]
            if !found.contains(labels), pods.contains(where: { $0.meta.labels[key] == subset }) { found.append(labels) }
        }
        return found
    }

    /// The Service of a full name.
    func service(named host: String) -> Service? {
        let pieces = host.split(separator: ".").map(String.init)
        guard pieces.count >= 2 else { return nil }
        return snapshot.service(pieces[0], namespace: pieces[1])
    }

    func destinationRule(for host: String, in namespace: String, subset: String, _ labels: JSON) -> JSON {
        let name = host.prefix { $0 != "." }
        return [
            "apiVersion": "networking.istio.io/v1", "kind": "DestinationRule",
            "metadata": ["name": .string(String(name)), "namespace": .string(namespace)],
            "spec": ["host": .string(host), "subsets": [["name": .string(subset), "labels": labels]]],
        ]
    }
}
