package import EnvoyModel

/// An endpoint of a cluster.
package struct EndpointItem: Hashable, Sendable, Identifiable {
    package var address: String
    package var cluster: String
    package var locality: String
    package var priority: Int
    package var weight: Int
    package var health: LbEndpoint.HealthStatus
    package var workload: WorkloadReference?
    /// Its place in the load assignment of its cluster.
    package var index: Int
    /// What a proxy has counted, and the share of its cluster's; `nil` as long as the cluster has none.
    package var requests = 0
    package var share: Double?
    package var isEjected = false
    /// The share of its cluster's requests that the engine gives it.
    package var predicted: Double?

    /// A short word for its state.
    package var stateText: String { isEjected ? "ejected" : health.word }

    package var id: String { "\(cluster) \(address) \(index)" }

    package var workloadText: String {
        guard let workload else { return "" }
        let name = workload.pod.isEmpty ? workload.deployment : workload.pod
        return (cluster(of: workload).map { $0 + "/" } ?? "") + name + (workload.isStandIn ? " (stand-in)" : "")
    }

    /// The cluster that a workload lives in, where clusters have names.
    private func cluster(of workload: WorkloadReference) -> String? {
        workload.clusterName == "Kubernetes" || workload.clusterName.isEmpty ? nil : workload.clusterName
    }

    /// All endpoints, by cluster in the order of the clusters.
    package static func items(of snapshot: XDSSnapshot, assignments: [String: ClusterLoadAssignment]) -> [EndpointItem]
    {
        snapshot.clusters.flatMap { cluster in
            assignments[cluster.name].map { items(of: $0, cluster: cluster.name) } ?? []
        }
    }

    package static func items(of assignment: ClusterLoadAssignment, cluster: String) -> [EndpointItem] {
        var items: [EndpointItem] = []
        for locality in assignment.localities {
            let place = [locality.locality?.region, locality.locality?.zone, locality.locality?.subZone]
                .compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "/")
            for endpoint in locality.endpoints {
                items.append(
                    EndpointItem(
                        address: endpoint.addressText, cluster: cluster, locality: place,
                        priority: Int(locality.priority), weight: Int(endpoint.loadBalancingWeight ?? 1),
                        health: endpoint.healthStatus, workload: endpoint.workload, index: items.count))
            }
        }
        return items
    }
}

extension LbEndpoint {
    /// `ip:port`, as Envoy's statistics write it.
    package var addressText: String { address?.adminText ?? (hostname.isEmpty ? "unknown" : hostname) }
}
