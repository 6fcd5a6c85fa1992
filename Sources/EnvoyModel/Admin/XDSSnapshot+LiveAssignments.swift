import Documents

extension XDSSnapshot {
    /// The endpoints of every cluster as a running Envoy dumps them (`/config_dump?include_eds`): one assignment for each
    /// cluster, empty ones too, with Envoy's defaults written out and a coarse health.
    package var liveAssignments: [(assignment: ClusterLoadAssignment, isStatic: Bool)] {
        let assignments = Dictionary(endpoints.map { ($0.clusterName, $0) }) { first, _ in first }
        let dynamicCount = bootstrap == nil ? clusters.count - staticClusterCount : 0
        return clusters.enumerated().map { index, cluster in
            let source = cluster.type == .eds ? assignments[cluster.endpointsName] : cluster.loadAssignment
            var assignment = ClusterLoadAssignment(clusterName: cluster.name)
            assignment.overprovisioningFactor = source?.overprovisioningFactor ?? 140
            assignment.weightedPriorityHealth = source?.weightedPriorityHealth ?? false
            assignment.localities = (source?.localities ?? []).map { locality in
                var locality = locality
                locality.locality = locality.locality ?? Locality()
                locality.endpoints = locality.endpoints.map(\.live)
                return locality
            }
            return (assignment, index >= dynamicCount)
        }
    }
}

extension LbEndpoint {
    fileprivate var live: LbEndpoint {
        var endpoint = self
        endpoint.healthStatus = healthStatus.coarse
        endpoint.loadBalancingWeight = loadBalancingWeight ?? 1
        endpoint.healthCheckConfig = healthCheckConfig ?? .object(JSONObject())
        return endpoint
    }
}

extension LbEndpoint.HealthStatus {
    /// Envoy's own view of a host: what nobody calls unhealthy is healthy, what gets no requests is unhealthy.
    package var coarse: Self {
        switch self {
        case .unknown, .healthy: .healthy
        case .degraded: .degraded
        case .unhealthy, .draining, .timeout: .unhealthy
        }
    }
}
