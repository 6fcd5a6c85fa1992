import EnvoyModel

extension DownstreamConnection {
    /// Where the copy for a mirror policy goes; `nil` where its cluster does not exist, which Envoy ignores.
    package func cluster(of mirror: CompiledMirror, for request: borrowing RequestHead) -> CompiledCluster? {
        guard !mirror.value.clusterHeader.isEmpty else { return manager.clusters.cluster(named: mirror.value.cluster) }
        let source = HeaderSource(mirror.value.clusterHeader)
        guard let value = source.value(request, RequestView()) else { return nil }
        return manager.cluster(request.block, value)
    }
}

extension WorkerState {
    /// A host for a request of the proxy's own, of which no key is known: a copy for a mirror.
    package mutating func host(of cluster: CompiledCluster) -> CompiledHost? {
        let pick = state(of: cluster).pick(hash: nil, metadata: nil, attempt: 0, random: &random)
        return pick.map { cluster.hosts[$0.host] }
    }
}
