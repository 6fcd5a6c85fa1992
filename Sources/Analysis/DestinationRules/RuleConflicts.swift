import Documents
import MeshModel

extension Analyzer {
    /// Kiali's checks of what several DestinationRules, or one with itself, say of a host (Istio has no codes for them).
    static let ruleConflicts = Analyzer(
        name: "meshtop.RuleConflicts", codes: ["KIA0201", "KIA0209"]
    ) { context in
        let rules = context.snapshot.destinationRules.filter { !$0.isFromGatewayAPI }
        return rules.flatMap(unlabelled) + conflicts(among: rules, context)
    }

    private static func unlabelled(_ rule: DestinationRule) -> [Finding] {
        rule.subsets.filter(\.labels.isEmpty).map { subset in
            Finding(
                .info, "KIA0209", about: rule, analyzer: nil, at: subset.location,
                hint: "it selects every endpoint of the host", "DestinationRule Subset \(subset.name) has not labels")
        }
    }

    private struct Claim: Hashable {
        let namespace: String
        let host: String
        let selector: [String: String]
    }

    /// istiod merges the rules of one namespace for a host: of what two of them say, the first counts. Rules of other namespaces are for
    /// their own clients.
    private static func conflicts(among rules: [DestinationRule], _ context: AnalysisContext) -> [Finding] {
        let claims = Dictionary(grouping: rules) { rule in
            Claim(
                namespace: rule.namespace, host: context.expanded(rule.host, in: rule.namespace),
                selector: rule.workloadSelector ?? [:])
        }
        return rules.flatMap { rule -> [Finding] in
            let claim = Claim(
                namespace: rule.namespace, host: context.expanded(rule.host, in: rule.namespace),
                selector: rule.workloadSelector ?? [:])
            let others = (claims[claim] ?? []).filter { $0.namespacedName != rule.namespacedName }
            guard !others.isEmpty else { return [] }
            let message = { (what: String) in
                "More than one DestinationRules for the same host subset combination: \(what) of \(rule.host) is in"
                    + " \(others.map(\.namespacedName.description).joined(separator: ", ")) too"
            }
            let hint = "only the oldest counts: put them into one DestinationRule"
            var findings = rule.subsets.filter { subset in
                others.contains { $0.subsets.contains { $0.name == subset.name } }
            }.map { subset in
                Finding(
                    .warning, "KIA0201", about: rule, analyzer: nil, at: subset.location, hint: hint,
                    message("subset \(subset.name)"))
            }
            if let policy = rule.trafficPolicy, others.contains(where: { $0.trafficPolicy != nil }) {
                findings.append(
                    Finding(
                        .warning, "KIA0201", about: rule, analyzer: nil, at: policy.location, hint: hint,
                        message("trafficPolicy")))
            }
            return findings
        }
    }
}
