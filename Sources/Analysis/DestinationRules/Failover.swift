import Documents
import MeshModel

extension Analyzer {
    /// Checks that istioctl does not have: failover that can never happen.
    ///
    /// - MT0120: failover for the whole mesh; priorities between localities exist only with `outlierDetection` (istiod `ApplyToCluster`).
    /// - MT0121: `maxEjectionPercent` of so few endpoints that not one may be ejected (since Envoy 1.28 none is, unless
    ///   `always_eject_one_host`, which Istio does not set).
    /// - MT0102: all endpoints in one locality: there is nothing to fail over to.
    static let failover = Analyzer(
        name: "meshtop.Failover", codes: ["MT0102", "MT0120", "MT0121"]
    ) { context in
        context.snapshot.destinationRules.flatMap { rule -> [Finding] in
            guard !rule.isFromGatewayAPI, let policy = rule.trafficPolicy else { return [] }
            return unwatched(rule, policy, context) + (endpointFindings(rule, policy, context))
        }
    }

    /// Failover that MeshConfig asks for. A rule's own `failover` without `outlierDetection` is IST0133.
    private static func unwatched(
        _ rule: DestinationRule, _ policy: TrafficPolicy, _ context: AnalysisContext
    ) -> [Finding] {
        guard let setting = context.snapshot.meshConfig.localityLbSetting, setting.enabled ?? true,
            !setting.failover.isEmpty || !setting.failoverPriority.isEmpty,
            policy.loadBalancer?.localityLbSetting == nil, policy.outlierDetection == nil
        else { return [] }
        let name = setting.failover.isEmpty ? "failoverPriority" : "failover"
        return [
            Finding(
                .warning, "MT0120", about: rule, analyzer: nil, at: policy.location,
                hint: "add outlierDetection to the trafficPolicy",
                "MeshConfig asks for \(name), and without outlierDetection localities get no priorities here: nothing"
                    + " ever fails over")
        ]
    }

    private static func endpointFindings(
        _ rule: DestinationRule, _ policy: TrafficPolicy, _ context: AnalysisContext
    ) -> [Finding] {
        guard let detection = policy.outlierDetection,
            let service = context.service(context.expanded(rule.host, in: rule.namespace)),
            let selector = service.selector, !selector.isEmpty
        else { return [] }
        let pods = context.snapshot.pods(inNamespace: service.namespace, selectedBy: selector)
        guard !pods.isEmpty else { return [] }
        var findings: [Finding] = []
        // 0 is "not set": Envoy's default.
        let percent = detection.maxEjectionPercent == 0 ? 10 : detection.maxEjectionPercent
        if pods.count * percent < 100 {
            let least = (100 + pods.count - 1) / pods.count
            findings.append(
                Finding(
                    .warning, "MT0121", about: rule, analyzer: nil, at: detection.location,
                    hint: "set maxEjectionPercent to at least \(least)",
                    "outlierDetection may eject nothing: \(percent) % of \(pods.count)"
                        + " endpoint\(pods.count == 1 ? " is" : "s are") less than one"))
        }
        let localities = Set(pods.map { context.snapshot.locality(of: $0) })
        if let setting = policy.loadBalancer?.localityLbSetting, setting.enabled ?? true, !setting.failover.isEmpty,
            localities.count == 1, let locality = localities.first
        {
            findings.append(
                Finding(
                    .warning, "MT0102", about: rule, analyzer: nil, at: policy.loadBalancer?.location,
                    locality.isEmpty
                        ? "failover between localities, and no endpoint of \(rule.host) has a locality"
                        : "failover between localities, and all endpoints of \(rule.host) are in \(locality)"))
        }
        return findings
    }
}
