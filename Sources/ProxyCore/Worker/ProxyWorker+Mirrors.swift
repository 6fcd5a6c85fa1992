import EnvoyModel
import TrafficEngine

/// A copy of a request on its way: nobody waits for its answer.
final class Shadow {
    let cluster: CompiledCluster
    let host: CompiledHost
    let isHead: Bool
    let isChunked: Bool
    let startTime: UInt64
    /// The route's timeout, as for the request itself.
    let deadline: UInt64
    /// Whether the whole request has been copied.
    var isComplete: Bool

    init(
        cluster: CompiledCluster, host: CompiledHost, isHead: Bool, isChunked: Bool, isComplete: Bool,
        startTime: UInt64, deadline: UInt64
    ) {
        self.cluster = cluster
        self.host = host
        self.isHead = isHead
        self.isChunked = isChunked
        self.isComplete = isComplete
        self.startTime = startTime
        self.deadline = deadline
    }
}

/// Mirrors: copies of requests for other clusters (Envoy: `request_mirror_policies`). They are sent and forgotten; their answers are read,
/// counted and dropped, and a copy that falls behind its request is given up.
extension ProxyWorker {
    /// Copies a request that has just been forwarded to each mirror that its dice chose.
    func sendMirrors(_ client: ClientConnection, now: UInt64) {
        guard let engine = client.engine, let route = client.decision.route else { return }
        for index in route.mirrors.indices.prefix(64) where client.decision.mirrors & 1 << UInt64(index) != 0 {
            let mirror = route.mirrors[index]
            guard let compiled = engine.cluster(of: mirror, for: client.head) else { continue }
            let cluster = client.proxy.runtime(of: compiled)
            guard let compiledHost = client.proxy.state.host(of: compiled) else {
                cluster.stats.increment(.noneHealthy)
                continue
            }
            copy(client, to: cluster.runtime(of: compiledHost), compiledHost, cluster, compiled, mirror, now: now)
        }
    }

    private func copy(
        _ client: ClientConnection, to host: HostRuntime, _ compiledHost: CompiledHost, _ cluster: ClusterRuntime,
        _ compiled: CompiledCluster, _ mirror: CompiledMirror, now: UInt64
    ) {
        let timeout = client.decision.timeout.map { nanoseconds($0) } ?? .max
        let shadow = Shadow(
            cluster: compiled, host: compiledHost, isHead: client.facts.isHead,
            isChunked: client.facts.framing == .chunked, isComplete: client.isRequestComplete, startTime: now,
            deadline: now.addingCapped(timeout))
        client.proxy.state.requestStarted(at: compiledHost, of: compiled)
        cluster.stats.increment(.requests)
        cluster.stats.increment(.activeRequests)
        host.stats.rqTotal += 1
        host.stats.rqActive += 1
        let upstream = connection(to: host, cluster, client.proxy, now: now)
        upstream.shadow = shadow
        upstream.requests += 1
        let authority = mirror.authority(client.head.block.string(client.head.authority))
        let length = lengthOfForwarded(client)
        HeadWriter.write(&client.head, length: length, authority: Array(authority.utf8), to: &upstream.output)
        if !shadow.isComplete { client.shadows.append(upstream) }
        if upstream.isConnected { flush(upstream) }
        timers.schedule(upstream, now: now)
    }

    /// More of the body, for the copies too.
    func mirrorBody(_ data: Span<UInt8>, _ client: ClientConnection, now: UInt64) {
        for upstream in client.shadows where !upstream.isClosed {
            append(data, isChunked: upstream.shadow?.isChunked ?? false, to: &upstream.output)
            flush(upstream)
            // The request does not wait for its copies.
            if upstream.unsent > ProxyConnection.highWatermark { endShadow(upstream, isError: true, now: now) }
        }
    }

    /// The body has ended, or will never.
    func endMirroredRequest(_ client: ClientConnection, now: UInt64) {
        for upstream in client.shadows where !upstream.isClosed {
            guard client.isRequestComplete else {
                endShadow(upstream, isError: true, now: now)
                continue
            }
            upstream.shadow?.isComplete = true
            if upstream.shadow?.isChunked == true {
                upstream.output.append("0\r\n\r\n")
                flush(upstream)
            }
        }
        client.shadows = []
    }

    /// Reads the answer to a copy, for the counters alone.
    func receivedForShadow(_ input: Span<UInt8>, _ offset: inout Int, _ upstream: UpstreamConnection, now: UInt64) {
        guard let shadow = upstream.shadow else { return close(upstream) }
        if upstream.hasHead {
            switch upstream.body.read(input, from: &offset) {
            case .needsMore, .data: if upstream.body.isDone { endShadow(upstream, isError: false, now: now) }
            case .end: endShadow(upstream, isError: false, now: now)
            case .failed: endShadow(upstream, isError: true, now: now)
            }
            return
        }
        switch upstream.scanner.read(input, from: &offset, into: &upstream.response.block) {
        case .needsMore: return
        case .failed: return endShadow(upstream, isError: true, now: now)
        case .complete: break
        }
        guard
            let facts = ResponseReader.read(
                &upstream.response, scanned: upstream.scanner, toHead: shadow.isHead), !facts.isUpgrade
        else { return endShadow(upstream, isError: true, now: now) }
        if facts.isInterim { return upstream.clearResponse() }
        upstream.hasHead = true
        upstream.keepsAlive = facts.keepsAlive
        upstream.body = BodyReader(facts.framing)
        countResponse(upstream)
        if upstream.body.isDone { endShadow(upstream, isError: false, now: now) }
    }

    /// The copy is done: its connection goes back into the pool, or is closed where it cannot be used again.
    func endShadow(_ upstream: UpstreamConnection, isError: Bool, now: UInt64) {
        guard let shadow = upstream.shadow else { return }
        upstream.shadow = nil
        upstream.stats.decrement(.activeRequests)
        if upstream.host.stats.rqActive > 0 { upstream.host.stats.rqActive -= 1 }
        upstream.proxy.state.requestFinished(at: shadow.host, of: shadow.cluster)
        if isError {
            if !upstream.hasHead { upstream.host.stats.rqError += 1 }
            return upstream.isClosed ? () : close(upstream)
        }
        upstream.cluster.requestTime.record(milliseconds: (now &- shadow.startTime) / 1_000_000)
        if shadow.isComplete { release(upstream, now: now) } else { close(upstream) }
    }
}
