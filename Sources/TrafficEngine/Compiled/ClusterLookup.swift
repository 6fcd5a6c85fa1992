/// The clusters of a snapshot by name, for routes that name them by header.
final class ClusterLookup: Sendable {
    private let clusters: [String: CompiledCluster]

    init(_ clusters: [String: CompiledCluster]) { self.clusters = clusters }

    func cluster(named name: String) -> CompiledCluster? { clusters[name] }
}
