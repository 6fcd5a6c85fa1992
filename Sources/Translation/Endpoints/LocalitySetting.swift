import Documents
import EnvoyModel
import MeshModel

/// How a cluster prefers endpoints near the proxy (istiod: `loadbalancer.GetLocalityLbSetting`).
struct LocalitySetting {
    private enum Kind {
        case none
        case locality(LocalityLoadBalancerSetting, forced: Bool)
        case zoneAware(ZoneAwareLoadBalancerSetting)
    }

    private let kind: Kind

    init(_ policy: ResolvedTrafficPolicy, service: Service, meshConfig: MeshConfig) {
        if let zoneAware = policy.loadBalancer?.zoneAwareLbSetting {
            kind = .zoneAware(zoneAware)
        } else if let own = policy.loadBalancer?.localityLbSetting {
            kind = own.enabled == false ? .none : .locality(own, forced: false)
        } else if service.trafficDistribution != .any {
            var setting = LocalityLoadBalancerSetting()
            setting.enabled = true
            setting.failoverPriority = [
                "topology.istio.io/network", "topology.kubernetes.io/region", "topology.kubernetes.io/zone",
            ]
            if service.trafficDistribution == .preferSameNode {
                setting.failoverPriority += ["topology.istio.io/subzone", "kubernetes.io/hostname"]
            }
            kind = .locality(setting, forced: true)
        } else if let zoneAware = meshConfig.zoneAwareLbSetting {
            kind = .zoneAware(zoneAware)
        } else if let mesh = meshConfig.localityLbSetting, mesh.enabled ?? true {
            kind = .locality(mesh, forced: false)
        } else {
            kind = .none
        }
    }

    /// What the cluster itself says of localities.
    func apply(to cluster: inout Cluster, hasOutlierDetection: Bool, proxy: ProxyNode) {
        switch kind {
        case .none: break
        case .locality(let setting, let forced):
            let fails = hasOutlierDetection || forced
            if !setting.distribute.isEmpty
                || (fails && (!setting.failover.isEmpty || !setting.failoverPriority.isEmpty))
            {
                cluster.common.locality = .localityWeighted
            }
        case .zoneAware(let setting):
            cluster.common.locality = .zoneAware(
                routingEnabledPercent: setting.enabled == false ? 0 : nil,
                minClusterSize: setting.minClusterSize.map { UInt64(max($0, 0)) }, failTrafficOnPanic: false,
                forceLocalZone: false)
        }
    }

    /// Whether it asks for more of endpoints than where they are.
    var comparesLabels: Bool {
        switch kind {
        case .none: false
        case .locality(let setting, _): !setting.failoverPriority.isEmpty
        case .zoneAware(let setting): !setting.failoverPriority.isEmpty
        }
    }

    /// The groups with weights and priorities.
    func arrange(
        _ groups: [LoadAssignments.Group], near proxy: ProxyPlace, hasOutlierDetection: Bool
    ) -> [LocalityLbEndpoints] {
        switch kind {
        case .none: return groups.map { $0.lbEndpoints() }
        case .locality(let setting, let forced):
            if !setting.distribute.isEmpty { return distribute(setting.distribute, groups, proxy) }
            guard hasOutlierDetection || forced else { return groups.map { $0.lbEndpoints() } }
            if setting.failoverPriority.isEmpty {
                let own = proxy.locality
                return renumbered(
                    groups.map { group in
                        var result = group.lbEndpoints()
                        result.priority = Self.priority(group.locality, own, setting.failover)
                        return result
                    })
            }
            return byLabels(setting.failoverPriority, setting.failover, groups, proxy) { locality, own, failover in
                (5, Self.priority(locality, own, failover))
            }
        case .zoneAware(let setting):
            if setting.failoverPriority.isEmpty {
                let own = proxy.locality
                return renumbered(
                    groups.map { group in
                        var result = group.lbEndpoints()
                        result.priority = Self.regionPriority(group.locality, own, setting.failover)
                        return result
                    })
            }
            return byLabels(setting.failoverPriority, setting.failover, groups, proxy) { locality, own, failover in
                (3, Self.regionPriority(locality, own, failover))
            }
        }
    }

    // MARK: Priorities

    /// istiod: `applyLocalityFailover`.
    private static func priority(
        _ locality: Locality, _ own: Locality, _ failover: [LocalityLoadBalancerSetting.Failover]
    ) -> UInt32 {
        if locality.region == own.region {
            if locality.zone != own.zone { return 2 }
            return locality.subZone == own.subZone ? 0 : 1
        }
        if let rule = failover.first(where: { $0.from == own.region }), rule.to != locality.region { return 4 }
        return 3
    }

    private static func regionPriority(
        _ locality: Locality, _ own: Locality, _ failover: [LocalityLoadBalancerSetting.Failover]
    ) -> UInt32 {
        if locality.region == own.region { return 0 }
        return failover.first { $0.from == own.region }?.to == locality.region ? 1 : 2
    }

    /// Without gaps, in the same order.
    private func renumbered(_ localities: [LocalityLbEndpoints]) -> [LocalityLbEndpoints] {
        if localities.count == 1 { return localities.map { $0.with(priority: 0) } }
        let ranks = Dictionary(
            uniqueKeysWithValues: Set(localities.map(\.priority)).sorted().enumerated().map {
                ($0.element, UInt32($0.offset))
            })
        return localities.map { $0.with(priority: ranks[$0.priority] ?? 0) }
    }

    /// By how many of the labels agree with the proxy's (istiod: `applyFailoverPriorities`).
    private func byLabels(
        _ labels: [String], _ failover: [LocalityLoadBalancerSetting.Failover], _ groups: [LoadAssignments.Group],
        _ proxy: ProxyPlace,
        within: (Locality, Locality, [LocalityLoadBalancerSetting.Failover]) -> (factor: UInt32, priority: UInt32)
    ) -> [LocalityLbEndpoints] {
        let own = proxy.labels
        guard !own.isEmpty else { return groups.map { $0.lbEndpoints() } }
        let wanted = labels.map { entry -> (key: String, value: String) in
            guard let equals = entry.firstIndex(of: "=") else { return (entry, own[entry] ?? "") }
            return (String(entry[..<equals]), String(entry[entry.index(after: equals)...]))
        }
        var result: [LocalityLbEndpoints] = []
        for group in groups {
            var byPriority: [UInt32: LoadAssignments.Group] = [:]
            for (endpoint, labels) in zip(group.endpoints, group.labels) {
                byPriority[Self.priority(labels, wanted), default: .init(locality: group.locality)]
                    .add(endpoint, labels: labels)
            }
            for (priority, part) in byPriority.sorted(by: { $0.key < $1.key }) {
                var locality = part.lbEndpoints()
                locality.priority = priority
                if !failover.isEmpty {
                    let inner = within(group.locality, proxy.locality, failover)
                    locality.priority = priority * inner.factor + inner.priority
                }
                result.append(locality)
            }
        }
        return renumbered(result)
    }

    private static func priority(_ labels: [String: String], _ wanted: [(key: String, value: String)]) -> UInt32 {
        var offset = 0
        for (index, want) in wanted.enumerated() where labels[want.key] ?? "" != want.value {
            // Another network is worse than anything else, but does not end the comparison.
            if index == 0, want.key == "topology.istio.io/network" {
                offset = wanted.count
                continue
            }
            return UInt32(offset + wanted.count - index)
        }
        return UInt32(offset)
    }

    // MARK: Distribution

    /// istiod: `applyLocalityWeights`.
    private func distribute(
        _ rules: [LocalityLoadBalancerSetting.Distribute], _ groups: [LoadAssignments.Group], _ proxy: ProxyPlace
    ) -> [LocalityLbEndpoints] {
        let own = proxy.locality
        guard let rule = rules.first(where: { Self.matches(own, $0.from) }) else {
            return groups.map { $0.lbEndpoints() }
        }
        var weights: [Int: UInt32] = [:]
        for (target, share) in rule.to.sorted(by: { $0.key < $1.key }) {
            let matching = groups.indices.filter { weights[$0] == nil && Self.matches(groups[$0].locality, target) }
            let total = matching.reduce(UInt64(0)) { $0 + UInt64(groups[$1].weight) }
            guard total > 0 else { continue }
            for index in matching {
                let part = Double(groups[index].weight) * Double(max(share, 0)) / Double(total)
                weights[index] = UInt32(clamping: Int(part.rounded(.up)))
            }
        }
        return groups.indices.map { index in
            var result = groups[index].lbEndpoints()
            if let weight = weights[index] {
                result.loadBalancingWeight = weight
            } else {
                result.endpoints = []
                result.loadBalancingWeight = nil
            }
            return result
        }
    }

    /// `region/zone/subzone` of which `*` and what is missing match anything.
    private static func matches(_ locality: Locality, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        for (value, part) in zip([locality.region, locality.zone, locality.subZone], parts) {
            if part == "*" || part.isEmpty { return true }
            if part != value { return false }
        }
        return true
    }
}

extension LoadAssignments.Group {
    func lbEndpoints() -> LocalityLbEndpoints {
        LocalityLbEndpoints(locality: locality, endpoints: endpoints, loadBalancingWeight: weight)
    }
}

extension LocalityLbEndpoints {
    fileprivate func with(priority: UInt32) -> LocalityLbEndpoints {
        var result = self
        result.priority = priority
        return result
    }
}

/// Where a proxy is.
struct ProxyPlace: Sendable {
    let locality: Locality
    /// Its own, with those that say where it is.
    let labels: [String: String]

    /// `network`: empty where there is only one.
    init(_ proxy: ProxyNode, network: String) {
        locality = proxy.effectiveLocality
        var labels = proxy.labels
        if !network.isEmpty { labels["topology.istio.io/network"] = network }
        let nodeName = proxy.effectiveNodeName
        self.labels = WorkloadIndex.augmented(
            labels, locality: locality, cluster: proxy.clusterID, hostname: nodeName.isEmpty ? nil : nodeName)
    }
}
