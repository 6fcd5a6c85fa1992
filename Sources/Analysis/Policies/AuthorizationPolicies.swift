import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `auth.AuthorizationPoliciesAnalyzer`: policies select workloads and name namespaces that exist.
    static let authorizationPolicies = Analyzer(
        name: "auth.AuthorizationPoliciesAnalyzer", codes: ["IST0101", "IST0127"]
    ) { context in
        let analyzer = "auth.AuthorizationPoliciesAnalyzer"
        let snapshot = context.snapshot
        let namespaces = Set(snapshot.resources.map { $0.kindName == "Namespace" ? $0.meta.name : "" })
            .subtracting([""])
        var findings: [Finding] = []
        for policy in context.resources("AuthorizationPolicy", group: "security.istio.io") {
            guard policy.node.at("spec", "targetRef") == nil, policy.node.at("spec", "targetRefs") == nil else {
                continue
            }
            let selector = policy.node.at("spec", "selector", "matchLabels")
            let labels = selector?.stringMap ?? [:]
            let isForAll = policy.meta.namespace == snapshot.meshConfig.rootNamespace
            let isUsed =
                isForAll
                ? labels.isEmpty || snapshot.pods.contains { labels.isContained(in: $0.meta.labels) }
                : labels.isEmpty
                    ? !snapshot.pods(inNamespace: policy.meta.namespace).isEmpty
                    : !snapshot.pods(inNamespace: policy.meta.namespace, selectedBy: labels).isEmpty
            if !isUsed {
                findings.append(
                    Finding(
                        .warning, "IST0127", about: policy, analyzer: analyzer,
                        at: selector?.location,
                        "No matching workloads for this resource with the following labels: \(words(labels))"))
            }
            for rule in policy.node.at("spec", "rules")?.list ?? [] {
                for from in rule.at("from")?.list ?? [] {
                    for field in ["namespaces", "notNamespaces"] {
                        for name in from.at("source", field)?.list ?? [] where !exists(name.text, in: namespaces) {
                            findings.append(
                                Finding(
                                    .error, "IST0101", about: policy, analyzer: analyzer, at: name.location,
                                    "Referenced namespace not found: \"\(name.text)\""))
                        }
                    }
                }
            }
        }
        return findings
    }

    private static func exists(_ pattern: String, in namespaces: Set<String>) -> Bool {
        if pattern == "*" { return true }
        if pattern.hasPrefix("*") { return namespaces.contains { $0.hasSuffix(pattern.dropFirst()) } }
        if pattern.hasSuffix("*") { return namespaces.contains { $0.hasPrefix(pattern.dropLast()) } }
        return namespaces.contains(pattern)
    }
}
