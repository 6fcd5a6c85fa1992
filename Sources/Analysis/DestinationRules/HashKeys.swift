import Documents
import MeshModel

extension Analyzer {
    /// MT0130: consistent hashing by something that requests do not have where it is looked at, or that is the same for all of them. Without a
    /// key the balancer picks at random; with one key for all, one endpoint gets everything.
    static let hashKeys = Analyzer(name: "meshtop.HashKeys", codes: ["MT0130"]) { context in
        let hashing = context.snapshot.destinationRules.lazy.filter { !$0.isFromGatewayAPI }.flatMap { rule in
            balancers(of: rule).compactMap { balancer in
                balancer.consistentHash?.key.map { (rule: rule, balancer: balancer, key: $0) }
            }
        }
        guard !hashing.isEmpty else { return [] }
        let ways = HashedWays(context)
        return hashing.compactMap { rule, balancer, key in
            guard let (message, hint) = ways.defect(of: key, host: context.expanded(rule.host, in: rule.namespace))
            else {
                return nil
            }
            // The application may set the cookie.
            let severity: Diagnostic.Severity = if case .httpCookie = key { .info } else { .warning }
            return Finding(
                severity, "MT0130", about: rule, analyzer: nil, at: balancer.location, hint: hint, message)
        }
    }

    private static func balancers(of rule: DestinationRule) -> [LoadBalancerSettings] {
        let policies = [rule.trafficPolicy].compactMap { $0 } + rule.subsets.compactMap(\.trafficPolicy)
        return policies.flatMap { [$0.loadBalancer] + $0.portLevelSettings.map(\.loadBalancer) }.compactMap { $0 }
    }
}

/// What routes do to requests before a hash is worked out, by the host that they lead to.
private struct HashedWays {
    private struct Way {
        let owner: NamespacedName
        let operations: [VirtualService.HeaderOperations]
    }

    private var ways: [String: [Way]] = [:]
    /// Hosts that gateways send requests to.
    private var hostsOfGateways: Set<String> = []
    /// A gateway's Service that hides its clients.
    private let hidden: GatewayEntrance?

    init(_ context: AnalysisContext) {
        let believesForwarded = context.snapshot.meshConfig.defaultConfig.topology.numTrustedProxies > 0
        hidden = believesForwarded ? nil : GatewayEntrance.all(in: context).first(where: \.hidesClients)
        for virtualService in context.snapshot.virtualServices where virtualService.semantics == .standard {
            let isForGateways = virtualService.gateways.contains { $0 != "mesh" }
            for route in virtualService.http {
                for weighted in route.route {
                    let host = context.expanded(weighted.destination.host, in: virtualService.namespace)
                    if isForGateways { hostsOfGateways.insert(host) }
                    let operations = [route.headers?.request, weighted.headers?.request].compactMap { $0 }
                    guard !operations.isEmpty else { continue }
                    ways[host, default: []].append(Way(owner: virtualService.namespacedName, operations: operations))
                }
            }
        }
    }

    /// What is wrong with a key, and what to do.
    func defect(of key: LoadBalancerSettings.ConsistentHash.Key, host: String) -> (String, String)? {
        switch key {
        case .useSourceIP(true):
            guard let hidden, hostsOfGateways.contains(host) else { return nil }
            return (
                "hash by source address: behind Service \(hidden.service.namespacedName) (externalTrafficPolicy Cluster)"
                    + " the gateway sees addresses of nodes, few and not the clients'",
                "set externalTrafficPolicy: Local there, or numTrustedProxies where x-forwarded-for is to be believed"
            )
        case .httpHeaderName(let name): return changed(header: name.lowercased(), host: host)
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
    private func changed(header: String, host: String) -> (String, String)? {
        for way in ways[host] ?? [] {
            if way.operations.contains(where: { $0.remove.contains { $0.lowercased() == header } }) {
                return (
                    "hash by header \(header), which VirtualService \(way.owner) removes on the way: requests are spread"
                        + " at random", "keep the header, or hash by another one"
                )
            }
            let value = way.operations.lazy.flatMap(\.set).first { $0.key.lowercased() == header }?.value
            if let value, !value.contains("%") {
                return (
                    "hash by header \(header), which VirtualService \(way.owner) sets to \"\(value)\" for all: one endpoint"
                        + " gets everything", "hash by a header that tells clients apart"
                )
            }
        }
        return nil
    }
}
