import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `deprecation.DeprecationAnalyzer`, and the values that Istio's API marks as deprecated.
    static let deprecations = Analyzer(name: "deprecation.DeprecationAnalyzer", codes: ["IST0002"]) { context in
        let analyzer = "deprecation.DeprecationAnalyzer"
        var findings: [Finding] = []
        for virtualService in context.snapshot.virtualServices where virtualService.semantics == .standard {
            for route in virtualService.http where route.fault?.delay?.percent != nil {
                findings.append(
                    Finding(
                        .warning, "IST0002", about: virtualService, analyzer: analyzer, at: route.location,
                        "Deprecated: use HTTPRoute.fault.delay.percentage instead of HTTPRoute.fault.delay.percent"))
            }
        }
        for rule in context.snapshot.destinationRules where !rule.isFromGatewayAPI {
            let policies = [rule.trafficPolicy].compactMap { $0 } + rule.subsets.compactMap(\.trafficPolicy)
            let settings = policies.flatMap { [$0.loadBalancer] + $0.portLevelSettings.map(\.loadBalancer) }
            for balancer in settings.compactMap({ $0 }) where balancer.simple == .leastConnection {
                findings.append(
                    Finding(
                        .warning, "IST0002", about: rule, analyzer: analyzer, at: balancer.location,
                        "Deprecated: use LEAST_REQUEST instead of LEAST_CONN"))
            }
        }
        return findings
    }
}
