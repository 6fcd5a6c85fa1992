import EnvoyModel

/// A connection through a TCP proxy: the request arrives as it is.
func simulateTCP(
    _ request: SyntheticRequest, _ proxy: TCPProxy, _ snapshot: CompiledSnapshot, _ trace: inout TrafficTrace,
    _ hop: inout TraceHop, _ explanation: inout Explanation
) {
    let total = proxy.weightedClusters.reduce(0) { $0 + Double($1.weight) }
    let entries: [(name: String, share: Double)] =
        proxy.weightedClusters.isEmpty || total == 0
        ? [(proxy.cluster, 1)] : proxy.weightedClusters.map { ($0.name, Double($0.weight) / total) }
    let hash = proxy.hashPolicySourceIP ? XXHash64.hash(Array(request.sourceIP.utf8)) : nil
    let ends = entries.filter { $0.share > 0 }.flatMap { name, share -> [Candidate] in
        let nowhere = [Candidate(route: nil, cluster: name, host: nil, share: share)]
        guard let cluster = snapshot.cluster(named: name) else { return nowhere }
        if let destination = cluster.originalDestination(of: request) {
            return [Candidate(route: nil, cluster: name, host: destination, share: share)]
        }
        var worker = WorkerState(snapshot, seed: 1, startsAtRandom: false)
        let shares = worker.state(of: cluster).shares(
            hash: hash, metadata: proxy.metadataMatch, random: &worker.random)
        let candidates = shares.map { host, _, part in
            Candidate(route: nil, cluster: name, host: cluster.hosts[host], share: share * part)
        }
        return candidates.isEmpty ? nowhere : candidates
    }
    hop.candidates = ends.count > 1 || ends.contains { $0.host != nil } ? ends : []
    let name = entries.max { $0.share < $1.share }?.name ?? proxy.cluster
    hop.clusterReference = name
    let cluster = snapshot.cluster(named: name)
    hop.cluster = cluster?.value
    var response = TraceResponse()
    var worker = WorkerState(snapshot, seed: 1, startsAtRandom: false)
    let pick = cluster.flatMap {
        worker.state(of: $0).pick(hash: hash, metadata: proxy.metadataMatch, attempt: 0, random: &worker.random)
    }
    explanation.record(
        Step(
            .cluster, candidate: name, matched: cluster != nil,
            reason: cluster == nil ? "there is no such cluster" : "the TCP proxy's cluster",
            source: cluster?.value.sources.first))
    hop.upstreamTransport = request.transport == .plaintext ? "plaintext" : "passthrough"
    if let pick, let cluster {
        hop.host = cluster.hosts[pick.host]
        explanation.record(
            Step(
                .endpoint, candidate: cluster.hosts[pick.host].address, matched: true,
                reason: "one of \(cluster.hosts.count)", source: cluster.value.sources.first))
    } else if let destination = cluster?.originalDestination(of: request) {
        hop.host = destination
        explanation.record(
            Step(
                .endpoint, candidate: destination.address, matched: true,
                reason: "the destination of the connection itself", source: cluster?.value.sources.first))
    } else {
        response.flags = cluster == nil ? "NC" : "UH"
        trace.response = response
        return
    }
    if hop.filterChain?.transportSocket != nil, let cluster, let host = hop.host {
        hop.upstreamTransport = cluster.transport(to: host)
    } else if request.transport == .plaintext, let cluster, let host = hop.host {
        hop.upstreamTransport = cluster.transport(to: host)
    }
    if request.application != .tcp {
        var forwarded = request
        if let authority = request.authority {
            forwarded.headers.insert(SyntheticRequest.Header("host", authority), at: 0)
        }
        hop.upstreamRequest = forwarded
        response.status = request.upstreamResponse.status
        response.headers = request.upstreamResponse.headers
    }
    trace.response = response
}
