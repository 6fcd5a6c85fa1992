import Documents
import EnvoyModel
import MeshModel

extension HashPolicy {
    /// The route's half of a consistent hash; `nil` where it names no key (istiod: `consistentHashToHashPolicy`).
    init?(_ hash: LoadBalancerSettings.ConsistentHash?) {
        guard let key = hash?.key else { return nil }
        switch key {
        case .httpHeaderName(let name): self.init(.header(name: name, rewrite: nil))
        case .httpQueryParameterName(let name): self.init(.queryParameter(name))
        case .useSourceIP(let isOn):
            guard isOn else { return nil }
            self.init(.sourceIP)
        case .httpCookie(let cookie):
            self.init(
                .cookie(
                    name: cookie.name, ttl: cookie.ttl, path: cookie.path,
                    attributes: cookie.attributes.map { .init(name: $0.name, value: $0.value) }))
        }
    }
}

extension DestinationRule {
    /// The consistent hash for a destination: subset's port, subset, port, top level; ports only when the destination names
    /// one (istiod: `getHashPolicyByDestinationRule`).
    func consistentHash(subset: String, port: Int?) -> LoadBalancerSettings.ConsistentHash? {
        func atPort(_ policy: TrafficPolicy?) -> LoadBalancerSettings.ConsistentHash? {
            guard let port else { return nil }
            return policy?.portLevelSettings.first { $0.port == port }?.loadBalancer?.consistentHash
        }
        let ofSubset = subset.isEmpty ? nil : subsets.first { $0.name == subset }?.trafficPolicy
        return atPort(ofSubset) ?? ofSubset?.loadBalancer?.consistentHash ?? atPort(trafficPolicy)
            ?? trafficPolicy?.loadBalancer?.consistentHash
    }
}
