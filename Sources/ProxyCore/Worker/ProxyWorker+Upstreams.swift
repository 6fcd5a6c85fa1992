import EnvoyModel
import TrafficEngine

/// The upstream side: pools, connections, responses.
extension ProxyWorker {
    /// Sends the decided request to its host, over an idle connection or a new one.
    func forward(_ client: ClientConnection, now: UInt64) {
        guard let compiledCluster = client.decision.cluster, let compiledHost = client.decision.host else {
            return answer(client, .noHealthyUpstream, now: now)
        }
        client.count(.routed)
        let cluster = client.proxy.runtime(of: compiledCluster)
        let host = cluster.runtime(of: compiledHost)
        client.proxy.state.requestStarted(at: compiledHost, of: compiledCluster)
        cluster.stats.increment(.requests)
        cluster.stats.increment(.activeRequests)
        host.stats.rqTotal += 1
        host.stats.rqActive += 1
        client.attempts += 1
        let upstream = connection(to: host, cluster, client.proxy, now: now)
        upstream.client = client
        upstream.requests += 1
        client.upstream = upstream
        client.upstreamStartTime = now
        writeHead(client, to: upstream)
        if upstream.isConnected { flush(upstream) }
        if client.decision.mirrors != 0 { sendMirrors(client, now: now) }
        if client.isRequestComplete { armRouteTimeout(client, now: now) } else { timers.schedule(client, now: now) }
    }

    /// An idle connection of the pool, or a new one.
    @inline(__always)
    func connection(
        to host: HostRuntime, _ cluster: ClusterRuntime, _ proxy: ProxyInstance, now: UInt64
    ) -> UpstreamConnection {
        guard let idle = host.idle.popLast() else { return open(host, cluster, proxy, now: now) }
        idle.state = .busy
        return idle
    }

    private func writeHead(_ client: ClientConnection, to upstream: UpstreamConnection) {
        // First the length: what it takes away from the head must be gone when the head is written.
        let length = lengthOfForwarded(client)
        HeadWriter.write(&client.head, length: length, to: &upstream.output)
    }

    /// How the length of the body is said to the endpoint; fields about it are taken away.
    @inline(__always)
    func lengthOfForwarded(_ client: ClientConnection) -> HeadWriter.Length {
        switch client.facts.framing {
        case .chunked:
            client.head.block.removeAll(named: "content-length")
            return .chunked
        case .length(let count):
            // What the decision removed (a length that `connection` names) or added does not change where the body ends.
            client.head.block.removeAll(named: "content-length")
            return .fixed(count)
        case .none, .untilClose:
            if client.decision.isUpgrade { return .asIs }
            return addsZeroLength(client) ? .fixed(0) : .asIs
        }
    }

    /// A request without a body gets `content-length: 0`, except GET, HEAD, DELETE and TRACE.
    private func addsZeroLength(_ client: ClientConnection) -> Bool {
        let method = client.head.method
        return switch method.count {
        case 3: !client.head.block.equals(method, "GET")
        case 4: !client.head.block.equals(method, "HEAD")
        case 5: !client.head.block.equals(method, "TRACE")
        case 6: !client.head.block.equals(method, "DELETE")
        default: true
        }
    }

    private func open(
        _ host: HostRuntime, _ cluster: ClusterRuntime, _ proxy: ProxyInstance, now: UInt64
    ) -> UpstreamConnection {
        let upstream = UpstreamConnection(host: host, cluster: cluster, proxy: proxy, now: now)
        upstream.connectDeadline = now.addingCapped(cluster.connectTimeout)
        openConnections += 1
        cluster.stats.increment(.connections)
        cluster.stats.increment(.http1Connections)
        cluster.stats.increment(.activeConnections)
        cluster.stats.increment(.pendingTotal)
        cluster.stats.increment(.pendingActive)
        host.stats.cxTotal += 1
        host.stats.cxActive += 1
        push(.connect, upstream)
        timers.schedule(upstream, now: now)
        return upstream
    }

    /// The transport's connection stands.
    package func connected(_ upstream: UpstreamConnection, now: UInt64) {
        guard !upstream.isClosed else { return }
        upstream.isConnected = true
        upstream.cluster.stats.decrement(.pendingActive)
        upstream.cluster.connectTime.record(milliseconds: (now &- upstream.openedAt) / 1_000_000)
        if upstream.client == nil, upstream.shadow == nil {
            // Its request is gone; the next one finds it in the pool.
            release(upstream, now: now)
        } else {
            upstream.state = .busy
            flush(upstream)
        }
    }

    package func connectFailed(_ upstream: UpstreamConnection, now: UInt64) {
        guard !upstream.isClosed else { return }
        upstream.cluster.stats.increment(.connectFailures)
        upstream.cluster.stats.decrement(.pendingActive)
        upstream.host.stats.cxConnectFail += 1
        let client = upstream.client
        forget(upstream)
        guard let client else { return }
        upstream.host.stats.rqError += 1
        client.transportFailure = "delayed_connect_error:_Connection_refused"
        replace(client, with: .connectionRefused, now: now)
        resumeHeld(client, now: now)
    }

    /// Bytes from an endpoint, in pieces of any size.
    package func received(_ input: Span<UInt8>, from upstream: UpstreamConnection, now: UInt64) {
        guard !upstream.isClosed else { return }
        upstream.stats.increment(.receivedBytes, by: UInt64(input.count))
        var offset = 0
        while offset < input.count, !upstream.isClosed {
            guard let client = upstream.client else {
                // Nobody asked for this: the connection cannot be trusted any more.
                guard upstream.shadow != nil else { return close(upstream) }
                receivedForShadow(input, &offset, upstream, now: now)
                continue
            }
            client.lastActivity = now
            if upstream.isUpgraded {
                client.output.append(input.extracting(offset..<input.count))
                client.bytesSent &+= UInt64(input.count - offset)
                offset = input.count
                flush(client)
                pauseIfFull(upstream, client)
            } else if upstream.hasHead {
                readBody(input, &offset, upstream, client, now: now)
            } else {
                readHead(input, &offset, upstream, client, now: now)
            }
        }
    }

    private func pauseIfFull(_ upstream: UpstreamConnection, _ client: ClientConnection) {
        guard client.unsent > ProxyConnection.highWatermark else { return }
        client.holdsPeer = true
        pauseReading(upstream)
    }

    private func readHead(
        _ input: Span<UInt8>, _ offset: inout Int, _ upstream: UpstreamConnection, _ client: ClientConnection,
        now: UInt64
    ) {
        switch upstream.scanner.read(input, from: &offset, into: &upstream.response.block) {
        case .needsMore: return
        case .failed: return protocolError(upstream, client, now: now)
        case .complete: break
        }
        let toHead = client.facts.isHead
        guard let facts = ResponseReader.read(&upstream.response, scanned: upstream.scanner, toHead: toHead) else {
            return protocolError(upstream, client, now: now)
        }
        if facts.isInterim {
            upstream.clearResponse()
            return
        }
        if facts.isUpgrade, !client.decision.isUpgrade { return protocolError(upstream, client, now: now) }
        upstream.hasHead = true
        upstream.keepsAlive = facts.keepsAlive
        upstream.body = BodyReader(facts.framing)
        startResponse(upstream, client, facts, now: now)
        if upstream.isUpgraded { return }
        if upstream.body.isDone { responseEnded(upstream, client, now: now) }
    }

    private func startResponse(
        _ upstream: UpstreamConnection, _ client: ClientConnection, _ facts: ResponseFacts, now: UInt64
    ) {
        guard let engine = client.engine else { return abort(client, now: now) }
        updateDate(now: now)
        client.firstResponseTime = now
        client.details = "via_upstream"
        client.response = .started
        client.responseStatus = upstream.response.status
        countResponse(upstream)
        context.serviceTime = (now &- client.upstreamStartTime) / 1_000_000
        context.attempts = Int(client.attempts)
        finishResponse(
            &upstream.response, to: &client.head, decision: &client.decision, on: engine, context: &context)
        let isChunked = facts.framing == .chunked || facts.framing == .untilClose
        let acceptsChunks = client.scanner.version == .http11
        if isChunked, !acceptsChunks { client.closesAfterResponse = true }
        client.responseLengthIsChunked = isChunked && acceptsChunks
        if isDraining || client.listener.isDraining { client.closesAfterResponse = true }
        if facts.isUpgrade {
            upstream.response.block.removeAll(named: "x-envoy-upstream-service-time")
            HeadWriter.write(&upstream.response, length: .asIs, closes: false, to: &client.output)
            startUpgrade(upstream, client, now: now)
        } else {
            var length = HeadWriter.Length.asIs
            if client.responseLengthIsChunked {
                length = .chunked
            } else if case .length(let count) = facts.framing, upstream.response.block.first("content-length") == nil {
                length = .fixed(count)
            }
            HeadWriter.write(
                &upstream.response, length: length, closes: client.closesAfterResponse, to: &client.output)
        }
        flush(client)
    }

    func countResponse(_ upstream: UpstreamConnection) {
        let status = upstream.response.status
        if status >= 500 { upstream.host.stats.rqError += 1 } else { upstream.host.stats.rqSuccess += 1 }
        let stats = upstream.stats
        stats.increment(.completed)
        if let name = ClusterStat.of(status: status) { stats.increment(name) }
    }

    private func startUpgrade(_ upstream: UpstreamConnection, _ client: ClientConnection, now: UInt64) {
        upstream.isUpgraded = true
        upstream.keepsAlive = false
        client.phase = .upgraded
        client.routeDeadline = .max
        client.closesAfterResponse = true
        client.count(.upgrades)
        client.count(.activeUpgrades)
        resumeHeld(client, now: now)
    }

    private func readBody(
        _ input: Span<UInt8>, _ offset: inout Int, _ upstream: UpstreamConnection, _ client: ClientConnection,
        now: UInt64
    ) {
        switch upstream.body.read(input, from: &offset) {
        case .needsMore: return
        case .data(let range):
            client.bytesSent &+= UInt64(range.count)
            append(input.extracting(range), isChunked: client.responseLengthIsChunked, to: &client.output)
            flush(client)
            if upstream.body.isDone { responseEnded(upstream, client, now: now) } else { pauseIfFull(upstream, client) }
        case .end: responseEnded(upstream, client, now: now)
        case .failed: protocolError(upstream, client, now: now)
        }
    }

    private func responseEnded(_ upstream: UpstreamConnection, _ client: ClientConnection, now: UInt64) {
        guard client.response != .complete else { return }
        client.response = .complete
        if client.responseLengthIsChunked {
            client.output.append("0\r\n\r\n")
            flush(client)
        }
        upstream.cluster.requestTime.record(milliseconds: (now &- client.upstreamStartTime) / 1_000_000)
        detach(upstream, client)
        if client.isRequestComplete {
            release(upstream, now: now)
        } else {
            client.count(.responsesBeforeRequestComplete)
            close(upstream)
        }
        finishExchange(client, now: now)
    }

    /// The endpoint sent what is no HTTP.
    private func protocolError(_ upstream: UpstreamConnection, _ client: ClientConnection, now: UInt64) {
        upstream.cluster.stats.increment(.protocolErrors)
        upstream.host.stats.rqError += 1
        replace(client, with: .upstreamProtocolError, now: now)
        resumeHeld(client, now: now)
    }

    /// Takes request and connection apart.
    private func detach(_ upstream: UpstreamConnection, _ client: ClientConnection) {
        guard upstream.client === client else { return }
        upstream.client = nil
        client.upstream = nil
        upstream.stats.decrement(.activeRequests)
        if upstream.host.stats.rqActive > 0 { upstream.host.stats.rqActive -= 1 }
        if let cluster = client.decision.cluster, let host = client.decision.host {
            client.proxy.state.requestFinished(at: host, of: cluster)
        }
        if upstream.isUpgraded { client.uncount(.activeUpgrades) }
    }

    /// Back into the pool, if it can be used again.
    func release(_ upstream: UpstreamConnection, now: UInt64) {
        let limit = upstream.cluster.maxRequestsPerConnection
        let isWorn = limit > 0 && upstream.requests >= limit
        guard upstream.keepsAlive, !upstream.host.isRemoved, !isWorn, !isDraining, !upstream.proxy.isRemoved else {
            return close(upstream)
        }
        upstream.clearResponse()
        upstream.state = .idle
        upstream.idleSince = now
        upstream.host.idle.append(upstream)
        resumeReading(upstream)
        timers.schedule(upstream, now: now)
    }

    /// The client no longer wants its answer: a connection in use cannot be used again.
    func dropUpstream(_ client: ClientConnection, now: UInt64) {
        guard let upstream = client.upstream else { return }
        detach(upstream, client)
        if upstream.state == .connecting {
            upstream.output.removeAll()
            upstream.requests = 0
            return
        }
        close(upstream)
    }

    /// Closes from our side.
    func close(_ upstream: UpstreamConnection) {
        guard !upstream.isClosed else { return }
        upstream.cluster.stats.increment(.destroyedLocal)
        if upstream.client != nil { upstream.cluster.stats.increment(.destroyedLocalWithRequest) }
        push(.close, upstream)
        forget(upstream)
    }

    /// Takes it out of all tables.
    private func forget(_ upstream: UpstreamConnection) {
        guard !upstream.isClosed else { return }
        if upstream.state == .idle, let place = upstream.host.idle.lastIndex(where: { $0 === upstream }) {
            upstream.host.idle.remove(at: place)
        }
        upstream.isClosed = true
        upstream.state = .closed
        openConnections -= 1
        upstream.cluster.stats.decrement(.activeConnections)
        upstream.cluster.stats.increment(.destroyedConnections)
        if upstream.host.stats.cxActive > 0 { upstream.host.stats.cxActive -= 1 }
        if upstream.shadow != nil { endShadow(upstream, isError: true, now: 0) }
    }

    /// The endpoint ended the connection.
    package func closed(_ upstream: UpstreamConnection, now: UInt64) {
        guard !upstream.isClosed else { return }
        if !upstream.isConnected { return connectFailed(upstream, now: now) }
        upstream.cluster.stats.increment(.destroyedRemote)
        if upstream.shadow != nil, upstream.hasHead, upstream.body.endsWithConnection {
            upstream.keepsAlive = false
            return endShadow(upstream, isError: false, now: now)
        }
        let client = upstream.client
        if client != nil {
            upstream.cluster.stats.increment(.destroyedWithRequest)
            upstream.cluster.stats.increment(.destroyedRemoteWithRequest)
        }
        forget(upstream)
        guard let client else { return }
        if upstream.hasHead, upstream.body.endsWithConnection {
            upstream.keepsAlive = false
            responseEnded(upstream, client, now: now)
        } else if upstream.isUpgraded {
            client.response = .complete
            detach(upstream, client)
            finishExchange(client, now: now)
        } else if client.response == .started {
            var reply = LocalReply.connectionTermination
            reply.details = "upstream_reset_after_response_started{connection_termination}"
            replace(client, with: reply, now: now)
        } else {
            upstream.host.stats.rqError += 1
            upstream.cluster.stats.increment(.receivedReset)
            replace(client, with: .connectionTermination, now: now)
        }
        resumeHeld(client, now: now)
    }

    func upstreamDeadline(_ upstream: UpstreamConnection, now: UInt64) {
        switch upstream.state {
        case .connecting:
            let client = upstream.client
            upstream.cluster.stats.increment(.connectTimeouts)
            upstream.cluster.stats.increment(.connectFailures)
            upstream.host.stats.cxConnectFail += 1
            upstream.cluster.stats.decrement(.pendingActive)
            close(upstream)
            guard let client else { return }
            upstream.host.stats.rqError += 1
            replace(client, with: .connectTimeout, now: now)
            resumeHeld(client, now: now)
        case .idle:
            upstream.cluster.stats.increment(.idleTimeouts)
            close(upstream)
        case .busy where upstream.shadow != nil:
            upstream.cluster.stats.increment(.timeouts)
            upstream.host.stats.rqTimeout += 1
            endShadow(upstream, isError: true, now: now)
        case .busy, .closed: break
        }
    }
}
