import Documents
import MeshModel

extension Analyzer {
    /// MT0130: consistent hashing by something that requests do not have where it is looked at, or that is the same for all of them. Without a
    /// key the balancer picks at random; with one key for all, one endpoint gets everything.
    static let hashKeys = Analyzer(name: "meshtop.HashKeys", codes: ["MT0130"]) { context in
        let hidden = GatewayEntrance.all(in: context).first(where: \.hidesClients)
        return context.snapshot.destinationRules.filter { !$0.isFromGatewayAPI }.flatMap { rule -> [Finding] in
            let host = context.expanded(rule.host, in: rule.namespace)
            return balancers(of: rule).compactMap { balancer in
                guard let key = balancer.consistentHash?.key,
                    let (message, hint) = defect(of: key, host: host, hidden: hidden, context)
                else { return nil }
                // The application may set the cookie.
                let severity: Diagnostic.Severity = if case .httpCookie = key { .info } else { .warning }
                return Finding(
                    severity, "MT0130", about: rule, analyzer: nil, at: balancer.location, hint: hint, message)
            }
        }
    }

    private static func balancers(of rule: DestinationRule) -> [LoadBalancerSettings] {
        let policies = [rule.trafficPolicy].compactMap { $0 } + rule.subsets.compactMap(\.trafficPolicy)
        return policies.flatMap { [$0.loadBalancer] + $0.portLevelSettings.map(\.loadBalancer) }.compactMap { $0 }
    }

    private static func defect(
        of key: LoadBalancerSettings.ConsistentHash.Key, host: String, hidden: GatewayEntrance?,
        _ context: AnalysisContext
    ) -> (String, String)? {
        switch key {
        case .useSourceIP(true):
            guard let hidden, context.isRoutedByGateways(host),
                context.snapshot.meshConfig.defaultConfig.topology.numTrustedProxies == 0
            else { return nil }
            return (
                "hash by source address: behind Service \(hidden.service.namespacedName) (externalTrafficPolicy Cluster)"
                    + " the gateway sees addresses of nodes, few and not the clients'",
                "set externalTrafficPolicy: Local there, or numTrustedProxies where x-forwarded-for is to be believed"
            )
        case .httpHeaderName(let name):
            return changed(header: name.lowercased(), host: host, context)
        case .httpCookie(let cookie) where cookie.ttl == nil:
            return (
                "hash by cookie \(cookie.name), which nobody sets unless the application does: without ttl the proxy"
                    + " makes none, and requests without it are spread at random",
                "set httpCookie.ttl (0s: for the session)"
            )
        default: return nil
        }
    }

    /// A route that takes the header away, or gives it one value, before the hash is worked out.
    private static func changed(header: String, host: String, _ context: AnalysisContext) -> (String, String)? {
        for virtualService in context.snapshot.virtualServices where virtualService.semantics == .standard {
            for route in virtualService.http {
                for weighted in route.route
                where context.expanded(weighted.destination.host, in: virtualService.namespace) == host {
                    let operations = [route.headers?.request, weighted.headers?.request].compactMap { $0 }
                    let name = "VirtualService \(virtualService.namespacedName)"
                    if operations.contains(where: { $0.remove.contains { $0.lowercased() == header } }) {
                        return (
                            "hash by header \(header), which \(name) removes on the way: requests are spread at random",
                            "keep the header, or hash by another one"
                        )
                    }
                    let value = operations.lazy.flatMap(\.set).first { $0.key.lowercased() == header }?.value
                    if let value, !value.contains("%") {
                        return (
                            "hash by header \(header), which \(name) sets to \"\(value)\" for all: one endpoint gets"
                                + " everything", "hash by a header that tells clients apart"
                        )
                    }
                }
            }
        }
        return nil
    }
}

extension AnalysisContext {
    /// Whether a gateway sends requests to a host.
    fileprivate func isRoutedByGateways(_ host: String) -> Bool {
        snapshot.virtualServices.contains { virtualService in
            virtualService.gateways.contains { $0 != "mesh" }
                && virtualService.destinations.contains { expanded($0.host, in: virtualService.namespace) == host }
        }
    }
}
