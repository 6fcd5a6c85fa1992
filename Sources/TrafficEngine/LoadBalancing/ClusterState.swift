/// The state of one cluster in one worker.
final class ClusterState {
    private(set) var cluster: CompiledCluster
    private var active: [UInt32]
    init(_ cluster: CompiledCluster, startsAtRandom: Bool, random: inout RandomSource) {
        self.cluster = cluster
        active = Array(repeating: 0, count: cluster.hosts.count)
    }
    func move(to next: CompiledCluster, random: inout RandomSource) { cluster = next }
    func started(_ host: Int) {}
    func finished(_ host: Int) {}
    func setHealth(_ health: HostHealth?, of host: Int) {}
}
