import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `destinationrule.SubsetSelectPodAnalyzer`: a rule's host is a service, its subsets select Pods of it.
    static let subsetPods = Analyzer(
        name: "destinationrule.SubsetSelectPodAnalyzer", codes: ["IST0173", "IST0174"]
    ) { context in
        let analyzer = "destinationrule.SubsetSelectPodAnalyzer"
        var findings: [Finding] = []
        for rule in context.snapshot.destinationRules where !rule.isFromGatewayAPI {
            let host = context.expanded(rule.host, in: rule.namespace)
            guard context.knows(host) else {
                let nearest = context.nearestHost(to: host).map { "the nearest name is \"\($0)\"" }
                findings.append(
                    Finding(
                        .warning, "IST0174", about: rule, analyzer: analyzer, at: rule.hostLocation, hint: nearest,
                        "The host \(rule.host) defined in the DestinationRule does not match any services in the mesh.")
                )
                continue
            }
            guard let service = context.service(host), let selector = service.selector, !selector.isEmpty else {
                continue
            }
            let pods = context.snapshot.pods(inNamespace: service.namespace, selectedBy: selector)
            for subset in rule.subsets {
                // Labels of the topology are not on Pods but are worked out of their nodes.
                let wanted = subset.labels.filter { !$0.key.hasPrefix("topology.") }
                // A locality without a name is none.
                let hasEmptyPlace = subset.labels.contains { $0.key.hasPrefix("topology.") && $0.value.isEmpty }
                guard !subset.labels.isEmpty,
                    hasEmptyPlace || !pods.contains(where: { wanted.isContained(in: $0.meta.labels) })
                else {
                    continue
                }
                findings.append(
                    Finding(
                        .error, "IST0173", about: rule, analyzer: analyzer, at: subset.location,
                        "The Subset \(subset.name) defined in the DestinationRule does not select any pods."
                            + " Which may lead to 503 UH (NoHealthyUpstream)."))
            }
        }
        return findings
    }
}
