import Documents
import MeshModel

/// Policies that deny requests. They are read and not evaluated, so they are named, with what they select.
extension Clinic {
    /// Objects of a kind that concern this proxy or the workload that is called.
    private func policies(_ kind: String) -> [Resource] {
        let root = context.snapshot.meshConfig.rootNamespace
        let pods = destination?.pods ?? []
        let workloads =
            [(context.proxy.namespace, context.proxy.labels)] + pods.prefix(1).map { ($0.namespace, $0.meta.labels) }
        return context.snapshot.resources.filter { resource in
            guard resource.kindName == kind, resource.apiVersion.contains("istio.io/") else { return false }
            let spec = resource.node["spec"]
            let selector = spec?[path: "selector", "matchLabels"] ?? spec?[path: "workloadSelector", "labels"]
            let labels = selector?.entries.map { ($0.key, $0.value.string ?? "") } ?? []
            return workloads.contains { namespace, own in
                [namespace, root].contains(resource.meta.namespace) && labels.allSatisfy { own[$0.0] == $0.1 }
            }
        }
    }

    private func reference(to resource: Resource?) -> SourceReference? {
        resource.map {
            SourceReference(
                kind: $0.kindName, namespace: $0.meta.namespace, name: $0.meta.name, location: $0.meta.location)
        }
    }

    /// 429 RL.
    var rateLimitCauses: [Diagnosis.Cause] {
        let filters = policies("EnvoyFilter").filter { resource in
            let text = resource.node.json.text().lowercased()
            return text.contains("ratelimit") || text.contains("rate_limit")
        }
        return [
            Diagnosis.Cause(
                "an EnvoyFilter limits the rate", !filters.isEmpty,
                filters.isEmpty
                    ? "none that concerns this proxy or the workload has a rate limit"
                    : filters.map { "\($0.meta.namespacedName)" }.listed,
                at: reference(to: filters.first))
        ]
    }

    private func authorization(_ action: String) -> [Resource] {
        policies("AuthorizationPolicy").filter { ($0.node[path: "spec", "action"]?.string ?? "ALLOW") == action }
    }

    /// 403 UAEX.
    var externalAuthorizationCauses: [Diagnosis.Cause] {
        let custom = authorization("CUSTOM")
        let provider = custom.first?.node[path: "spec", "provider", "name"]?.string
        return [
            Diagnosis.Cause(
                "an AuthorizationPolicy with action CUSTOM", !custom.isEmpty,
                custom.isEmpty
                    ? "none concerns this proxy or the workload"
                    : "\(custom.map { "\($0.meta.namespacedName)" }.listed) asks \(provider ?? "its provider")",
                at: reference(to: custom.first))
        ]
    }

    /// 403 by RBAC.
    var authorizationCauses: [Diagnosis.Cause] {
        let deny = authorization("DENY")
        let allow = authorization("ALLOW")
        let identities = (deny + allow).first { resource in
            let text = resource.node["spec"]?.json.text() ?? ""
            return ["\"principals\"", "\"namespaces\"", "\"notPrincipals\"", "\"serviceAccounts\""].contains {
                text.contains($0)
            }
        }
        let sends = destination?.transport ?? "plaintext"
        let hasNone = identities != nil && sends != "mtls"
        return [
            Diagnosis.Cause(
                "the caller has no identity: it speaks plain text, and a policy asks who it is", hasNone,
                identities.map { "\($0.meta.namespacedName) names identities; the client sends \(sends)" }
                    ?? "no policy that concerns it names identities",
                at: reference(to: identities)),
            deny.isEmpty
                ? Diagnosis.Cause("an AuthorizationPolicy with action DENY", false, "none concerns it")
                : .maybe(
                    "an AuthorizationPolicy with action DENY", "\(deny.map { "\($0.meta.namespacedName)" }.listed)",
                    at: reference(to: deny.first)),
            allow.isEmpty
                ? Diagnosis.Cause("an AuthorizationPolicy ALLOW that names others only", false, "none concerns it")
                : .maybe(
                    "an AuthorizationPolicy ALLOW that names others only",
                    "\(allow.map { "\($0.meta.namespacedName)" }.listed): what no rule of them names is denied",
                    at: reference(to: allow.first)),
        ]
    }
}
