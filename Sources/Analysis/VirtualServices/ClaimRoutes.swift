import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `virtualservice.JWTClaimRouteAnalyzer`: claims are there to match because tokens are checked.
    static let claimRoutes = Analyzer(
        name: "virtualservice.JWTClaimRouteAnalyzer", codes: ["IST0149"]
    ) { context in
        let policies = context.resources("RequestAuthentication", group: "security.istio.io")
        let root = context.snapshot.meshConfig.rootNamespace
        var findings: [Finding] = []
        for virtualService in context.snapshot.virtualServices {
            let match = virtualService.http.flatMap(\.match).first { match in
                (Array(match.headers.keys) + match.withoutHeaders.keys).contains {
                    $0.hasPrefix("@request.auth.claims")
                }
            }
            guard let match else { continue }
            for name in virtualService.gateways where name != "mesh" {
                guard let gateway = context.gateway(fullName(name, in: virtualService.namespace)) else { continue }
                let selector = gateway.selector ?? [:]
                let pods = context.snapshot.pods.filter { selector.isContained(in: $0.meta.labels) }
                let isChecked = { (pod: Pod) in
                    policies.contains { policy in
                        let labels = policy.node.at("spec", "selector", "matchLabels")?.stringMap ?? [:]
                        return (policy.meta.namespace == root || policy.meta.namespace == pod.namespace)
                            && labels.isContained(in: pod.meta.labels)
                    }
                }
                guard let pod = pods.first(where: { !isChecked($0) }) else { continue }
                findings.append(
                    Finding(
                        .error, "IST0149", about: virtualService, analyzer: "virtualservice.JWTClaimRouteAnalyzer",
                        at: match.location,
                        "The virtual service uses the JWT claim based routing (key: @request.auth.claims) but found no"
                            + " request authentication for the gateway (\(name)) pod (\(pod.name)). The request"
                            + " authentication must first be applied for the gateway pods to validate the JWT token"
                            + " and make the claims available for routing."))
            }
        }
        return findings
    }
}
