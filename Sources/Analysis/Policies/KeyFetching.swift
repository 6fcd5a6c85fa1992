import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `authn.BlockedCIDRsAnalyzer`: where keys are fetched, istiod knows which addresses to refuse.
    static let keyFetching = Analyzer(name: "authn.BlockedCIDRsAnalyzer", codes: ["IST0175"]) { context in
        let istiods = context.resources("Deployment", group: "apps").filter { $0.meta.labels["app"] == "istiod" }
        let isRestricted = istiods.contains { istiod in
            let containers = istiod.node.at("spec", "template", "spec", "containers")?.list ?? []
            return containers.flatMap { $0.at("env")?.list ?? [] }.contains {
                $0.at("name")?.text == "PILOT_JWKS_BLOCKED_CIDRS" || $0.at("name")?.text == "BLOCKED_CIDRS_IN_JWKS_URIS"
            }
        }
        // Without istiod's own Deployment nobody knows what it was told.
        guard !istiods.isEmpty, !isRestricted else { return [] }
        return context.resources("RequestAuthentication", group: "security.istio.io").compactMap { policy in
            let rules = policy.node.at("spec", "jwtRules")?.list ?? []
            guard let uri = rules.compactMap({ $0.at("jwksUri") }).first else { return nil }
            return Finding(
                .warning, "IST0175", about: policy, analyzer: "authn.BlockedCIDRsAnalyzer", at: uri.location,
                hint: "set BLOCKED_CIDRS_IN_JWKS_URIS on istiod",
                "istiod fetches the keys of \(uri.text) without a list of addresses to refuse")
        }
    }
}
