package import Documents
package import EnvoyModel
import Presentation

/// A cluster, as the clusters screen shows it.
package struct ClusterItem: Hashable, Sendable, Identifiable {
    @Shared package var cluster: Cluster
    package var name: ClusterName
    package var destinationRule: String
    package var endpoints: Int
    package var healthy: Int
    package var order: Int
    /// What a proxy has counted: requests, and how many came in the last second.
    package var requests = 0
    package var rate = 0.0

    package var id: String { cluster.name }
    package var source: SourceReference? { cluster.sources.first }
    package var fqdn: String { name.host.isEmpty ? cluster.name : name.host }

    package var health: String {
        switch cluster.type {
        case .originalDst: "-"
        default: "\(healthy)/\(endpoints)"
        }
    }

    package var tls: String {
        if let tls = cluster.transportSocket.tls { return tls.isMutual ? "mTLS" : "TLS" }
        return cluster.transportSocketMatches.isEmpty ? "plain" : "auto mTLS"
    }

    package static func items(of snapshot: XDSSnapshot, assignments: [String: ClusterLoadAssignment]) -> [ClusterItem] {
        snapshot.clusters.enumerated().map { ClusterItem($1, assignments[$1.name], order: $0) }
    }

    package static func == (left: ClusterItem, right: ClusterItem) -> Bool {
        left.cluster == right.cluster && left.endpoints == right.endpoints && left.healthy == right.healthy
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(cluster.name) }
}

extension ClusterItem {
    init(_ cluster: Cluster, _ assignment: ClusterLoadAssignment?, order: Int) {
        var (count, healthy) = (0, 0)
        for locality in assignment?.localities ?? [] {
            count += locality.endpoints.count
            healthy += locality.endpoints.count { $0.healthStatus.isUsable }
        }
        self.init(
            cluster: cluster, name: ClusterName(cluster.name), destinationRule: cluster.metadata.istioConfigText,
            endpoints: count, healthy: healthy, order: order)
    }
}

extension UpstreamTLSContext {
    /// Whether the proxy shows a certificate of its own.
    var isMutual: Bool { !common.certificateSDSSecrets.isEmpty || !common.certificates.isEmpty }
}

extension LbEndpoint.HealthStatus {
    /// Whether traffic goes there.
    package var isUsable: Bool { self == .healthy || self == .unknown || self == .degraded }

    /// A short word.
    package var word: String {
        switch self {
        case .healthy, .unknown: "ok"
        case .unhealthy, .timeout: "fail"
        case .draining: "draining"
        case .degraded: "degraded"
        }
    }
}

extension Cluster.LBPolicy {
    /// Envoy's word.
    package var word: String {
        switch self {
        case .roundRobin: "ROUND_ROBIN"
        case .leastRequest: "LEAST_REQUEST"
        case .random: "RANDOM"
        case .ringHash: "RING_HASH"
        case .maglev: "MAGLEV"
        case .clusterProvided: "CLUSTER_PROVIDED"
        case .other(let config): config.name
        }
    }
}

extension XDSSnapshot {
    /// By cluster name: its endpoints, whether EDS gives them or the cluster itself.
    package var assignmentsByCluster: [String: ClusterLoadAssignment] {
        let byName = Dictionary(endpoints.map { ($0.clusterName, $0) }) { first, _ in first }
        var result: [String: ClusterLoadAssignment] = [:]
        for cluster in clusters {
            result[cluster.name] = cluster.type == .eds ? byName[cluster.endpointsName] : cluster.loadAssignment
        }
        return result
    }
}
