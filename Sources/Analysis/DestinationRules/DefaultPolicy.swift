import Documents
import MeshModel

extension Analyzer {
    /// MT0401: which endpoint is picked where nothing says how, changed between versions of Istio. Off unless it is asked for.
    static let defaultPolicy = Analyzer(
        name: "meshtop.DefaultPolicy", codes: ["MT0401"], isOptional: true
    ) { context in
        context.snapshot.destinationRules.filter { !$0.isFromGatewayAPI }.compactMap { rule in
            let balancer = rule.trafficPolicy?.loadBalancer
            guard balancer?.consistentHash == nil, balancer?.simple ?? .unspecified == .unspecified else { return nil }
            return Finding(
                .info, "MT0401", about: rule, analyzer: nil, at: balancer?.location ?? rule.hostLocation,
                hint: "set trafficPolicy.loadBalancer.simple to the one that is meant",
                "no load balancing policy for \(rule.host): LEAST_REQUEST since Istio 1.14, ROUND_ROBIN before")
        }
    }
}
