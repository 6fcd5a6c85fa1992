import EnvoyModel
import TrafficEngine

/// The downstream side: connections come, bytes come, connections go.
extension ProxyWorker {
    /// A connection was accepted for a listener; `nil` if the proxy or the listener is gone.
    package func clientOpened(
        proxy name: String, listener listenerName: String, remoteIP: String, remotePort: UInt16, now: UInt64
    ) -> ClientConnection? {
        guard !isDraining, let proxy = proxies[name], let listener = proxy.listeners[listenerName],
            !listener.isDraining
        else { return nil }
        listener.stats.increment(.connections)
        listener.stats.increment(.activeConnections)
        let client = ClientConnection(
            proxy: proxy, listener: listener, remoteIP: remoteIP, remotePort: remotePort, now: now)
        client.startTime = now
        clientTable[ObjectIdentifier(client)] = client
        openConnections += 1
        chooseChain(client)
        if client.http != nil {
            client.count(.connections)
            client.count(.activeConnections)
            client.count(.http1Connections)
            client.count(.activeHTTP1Connections)
            timers.schedule(client, now: now)
        } else {
            push(.close, client)
        }
        return client
    }

    /// Finds the filter chain, again when the configuration has changed since.
    private func chooseChain(_ client: ClientConnection) {
        client.generation = client.proxy.generation
        guard let compiled = client.listener.compiled else { return }
        let address = client.listener.address
        var attempt = ConnectionAttempt(address: address.address, port: address.port)
        attempt.sourceAddress = client.remoteIP
        attempt.sourcePort = client.remotePort
        switch compiled.value.trafficDirection {
        case .inbound: attempt.mode = .inbound
        case .outbound, .unspecified: attempt.mode = .gateway
        }
        var trace = Explanation()
        let choice = client.proxy.compiled.connect(attempt, at: compiled, trace: &trace)
        guard let manager = choice.chain?.manager else {
            if client.engine == nil { client.listener.stats.increment(.noFilterChainMatch) }
            return
        }
        client.engine = DownstreamConnection(
            manager: manager, remoteIP: client.remoteIP, remotePort: client.remotePort, localIP: address.address,
            localPort: address.port)
        let value = manager.value
        client.rules = RequestRules(value)
        client.scanner.limits = client.rules.limits
        client.streamIdle = nanoseconds(value.streamIdleTimeout, default: .seconds(300))
        client.connectionIdle = nanoseconds(value.idleTimeout, default: .seconds(3600))
        client.headersTimeout = nanoseconds(value.requestHeadersTimeout)
        client.requestTimeout = nanoseconds(value.requestTimeout)
        client.countUnder(value.statPrefix)
    }

    /// Bytes from a client, in pieces of any size.
    package func received(_ input: Span<UInt8>, from client: ClientConnection, now: UInt64) {
        guard !client.isClosed else { return }
        client.lastActivity = now
        client.count(.receivedBytes, by: UInt64(input.count))
        if client.held.isEmpty {
            var offset = 0
            consume(input, &offset, client, now: now)
            if offset < input.count { hold(input.extracting(offset..<input.count), client) }
        } else {
            hold(input, client)
        }
    }

    private func hold(_ input: Span<UInt8>, _ client: ClientConnection) {
        client.held.append(input)
        if client.held.count > ProxyConnection.lowWatermark { pauseReading(client) }
    }

    /// Goes on with bytes that had to wait. Iterative: a response that ends inside comes back here by `isProcessingHeld`.
    func resumeHeld(_ client: ClientConnection, now: UInt64) {
        guard !client.isProcessingHeld else { return }
        client.isProcessingHeld = true
        while !client.held.isEmpty, !client.isClosed {
            // Taken out while it is read: an exchange that closes the connection empties the queue.
            var bytes = ByteQueue()
            swap(&bytes, &client.held)
            var offset = 0
            bytes.withBytes { consume($0, &offset, client, now: now) }
            bytes.removeFirst(offset)
            swap(&bytes, &client.held)
            if offset == 0 { break }
        }
        client.isProcessingHeld = false
        if client.held.count <= ProxyConnection.lowWatermark { resumeReading(client) }
    }

    /// Uses as many of the bytes as the connection's phase allows.
    private func consume(_ input: Span<UInt8>, _ offset: inout Int, _ client: ClientConnection, now: UInt64) {
        while offset < input.count, !client.isClosed {
            switch client.phase {
            case .head: readHead(input, &offset, client, now: now)
            case .body: readBody(input, &offset, client, now: now)
            case .upgraded:
                guard let upstream = client.upstream else { return }
                upstream.output.append(input.extracting(offset..<input.count))
                client.bytesReceived &+= UInt64(input.count - offset)
                offset = input.count
                flush(upstream)
                pauseIfFull(client, upstream)
            case .draining: offset = input.count
            case .delayed, .response: return
            }
        }
    }

    private func readHead(_ input: Span<UInt8>, _ offset: inout Int, _ client: ClientConnection, now: UInt64) {
        if !client.scanner.hasStarted {
            if client.generation != client.proxy.generation { chooseChain(client) }
            if client.headersTimeout != .max {
                client.requestDeadline = now.addingCapped(client.headersTimeout)
                timers.schedule(client, now: now)
            }
        }
        switch client.scanner.read(input, from: &offset, into: &client.head.block) {
        case .needsMore: return
        case .failed(let error):
            begin(client, now: now)
            refuse(client, error, now: now)
        case .complete:
            begin(client, now: now)
            switch RequestReader.read(&client.head, scanned: client.scanner, rules: &client.rules) {
            case .refused(let error): refuse(client, error, now: now)
            case .answered(let reply):
                // The length of the body is not settled: the connection cannot be used further.
                var reply = reply
                reply.closesConnection = true
                if reply.flags.isEmpty { noteVirtualHost(client) }
                answer(client, reply, now: now)
            case .accepted(let facts):
                client.facts = facts
                accept(client, now: now)
            }
        }
    }

    private func begin(_ client: ClientConnection, now: UInt64) {
        client.hasRequest = true
        client.startTime = now
        client.facts = RequestFacts()
        client.requestDeadline = .max
        client.requestIdle = client.streamIdle
        client.closesAfterResponse = false
        client.count(.requests)
        client.count(.http1Requests)
        client.count(.activeRequests)
    }

    private func accept(_ client: ClientConnection, now: UInt64) {
        client.closesAfterResponse = !client.facts.keepsAlive || isDraining || client.listener.isDraining
        if client.facts.isConnect {
            client.closesAfterResponse = true
            noteVirtualHost(client)
            return answer(client, .routeNotFound, now: now)
        }
        client.body = BodyReader(client.facts.framing)
        client.isRequestComplete = client.body.isDone
        if client.facts.expectsContinue, !client.isRequestComplete, client.scanner.version == .http11 {
            client.output.append("HTTP/1.1 100 Continue\r\n\r\n")
            flush(client)
        }
        guard let engine = client.engine else { return abort(client, now: now) }
        client.requestDeadline = now.addingCapped(client.requestTimeout)
        decideFast(&client.head, on: engine, worker: &client.proxy.state, into: &client.decision)
        client.flags = client.decision.flags
        client.requestIdle = client.streamIdle
        if let route = client.decision.route {
            if let idle = route.idleTimeout { client.requestIdle = nanoseconds(idle) }
            if let limit = route.maxStreamDuration { client.durationDeadline = now.addingCapped(nanoseconds(limit)) }
        }
        client.phase = client.isRequestComplete ? .response : .body
        client.requestEndTime = now
        if let delay = client.decision.delay {
            client.count(.faultDelays)
            client.phase = .delayed
            client.delayEnd = now.addingCapped(nanoseconds(delay))
            timers.schedule(client, now: now)
            return
        }
        proceed(client, now: now)
    }

    /// The access log names the virtual host of a request that never gets to a route, too.
    private func noteVirtualHost(_ client: ClientConnection) {
        let host = client.head.block.string(client.head.authority)
        client.decision.virtualHost = client.engine?.manager.virtualHost(of: host)
    }

    /// Does what was decided.
    private func proceed(_ client: ClientConnection, now: UInt64) {
        if let reply = client.decision.localReply {
            count(reply, client)
            answer(client, reply, now: now)
        } else {
            forward(client, now: now)
        }
    }

    private func count(_ reply: LocalReply, _ client: ClientConnection) {
        if reply.flags.contains(.noRouteFound) { client.count(.noRoute) }
        if reply.flags.contains(.noClusterFound) { client.count(.noCluster) }
        if reply.flags.contains(.faultInjected) { client.count(.faultAborts) }
        if reply.isDirectResponse { client.count(.directResponses) }
        if reply.location != nil, !reply.isDirectResponse { client.count(.redirects) }
        if reply.flags.contains(.noHealthyUpstream), let cluster = client.decision.cluster {
            client.proxy.runtime(of: cluster).stats.increment(.noneHealthy)
        }
    }

    private func readBody(_ input: Span<UInt8>, _ offset: inout Int, _ client: ClientConnection, now: UInt64) {
        guard let upstream = client.upstream else {
            // Answered already: what is left of the request is of no use.
            offset = input.count
            return
        }
        let isChunked = client.facts.framing == .chunked
        switch client.body.read(input, from: &offset) {
        case .needsMore: return
        case .data(let range):
            client.bytesReceived &+= UInt64(range.count)
            append(input.extracting(range), isChunked: isChunked, to: &upstream.output)
            flush(upstream)
            if !client.shadows.isEmpty { mirrorBody(input.extracting(range), client, now: now) }
            if client.body.isDone { requestEnded(client, upstream, now: now) }
            pauseIfFull(client, upstream)
        case .end: requestEnded(client, upstream, now: now)
        case .failed:
            client.flags.insert(.downstreamProtocolError)
            refuse(client, .malformed, now: now)
        }
        if client.phase == .body, client.body.isDone { requestEnded(client, upstream, now: now) }
    }

    private func pauseIfFull(_ client: ClientConnection, _ upstream: UpstreamConnection) {
        guard upstream.unsent > ProxyConnection.highWatermark else { return }
        upstream.holdsPeer = true
        pauseReading(client)
    }

    func append(_ data: Span<UInt8>, isChunked: Bool, to output: inout ByteQueue) {
        if isChunked {
            output.append(hexadecimal: UInt64(data.count))
            output.append("\r\n")
        }
        output.append(data)
        if isChunked { output.append("\r\n") }
    }

    private func requestEnded(_ client: ClientConnection, _ upstream: UpstreamConnection, now: UInt64) {
        guard !client.isRequestComplete else { return }
        client.isRequestComplete = true
        client.requestEndTime = now
        if client.facts.framing == .chunked {
            upstream.output.append("0\r\n\r\n")
            flush(upstream)
        }
        if !client.shadows.isEmpty { endMirroredRequest(client, now: now) }
        client.phase = .response
        client.requestDeadline = .max
        armRouteTimeout(client, now: now)
        if client.response == .complete { finishExchange(client, now: now) }
    }

    /// The route's timeout counts from the end of the request.
    func armRouteTimeout(_ client: ClientConnection, now: UInt64) {
        guard let timeout = client.decision.timeout else {
            timers.schedule(client, now: now)
            return
        }
        if client.lastTimeout != timeout {
            // Splitting a duration costs more than the rest of this; requests of a connection mostly have the same.
            client.lastTimeout = timeout
            client.lastTimeoutNanoseconds = nanoseconds(timeout)
        }
        client.routeDeadline = now.addingCapped(client.lastTimeoutNanoseconds)
        timers.schedule(client, now: now)
    }

    /// The client's connection has ended, or never was.
    package func closed(_ client: ClientConnection, now: UInt64) {
        guard !client.isClosed else { return }
        let isActive = client.hasRequest && client.response != .complete
        if client.hasRequest {
            if isActive {
                client.flags.insert(.downstreamConnectionTermination)
                client.details = "downstream_remote_disconnect"
                client.count(.destroyedActiveRequests)
                client.count(.resets)
                if let upstream = client.upstream { upstream.cluster.stats.increment(.cancelled) }
            }
            dropUpstream(client, now: now)
            recordEnd(client, now: now)
        }
        client.isClosed = true
        clientTable[ObjectIdentifier(client)] = nil
        openConnections -= 1
        client.listener.stats.decrement(.activeConnections)
        client.listener.stats.increment(.destroyedConnections)
        client.uncount(.activeConnections)
        client.uncount(.activeHTTP1Connections)
        client.count(.destroyedConnections)
    }

    func clientDeadline(_ client: ClientConnection, now: UInt64) {
        switch client.phase {
        case .draining: push(.close, client)
        case .delayed:
            client.delayEnd = .max
            client.phase = client.isRequestComplete ? .response : .body
            client.requestEndTime = now
            proceed(client, now: now)
            resumeHeld(client, now: now)
        case .head where !client.hasRequest:
            if client.requestDeadline <= now {
                client.count(.headerTimeouts)
                begin(client, now: now)
                answer(client, LocalReply.requestTimeout, now: now)
            } else {
                client.count(.idleTimeouts)
                push(.close, client)
            }
        case .head, .body, .response: requestDeadline(client, now: now)
        case .upgraded: abort(client, now: now)
        }
    }

    private func requestDeadline(_ client: ClientConnection, now: UInt64) {
        if client.routeDeadline <= now {
            if let upstream = client.upstream {
                upstream.cluster.stats.increment(.timeouts)
                upstream.host.stats.rqTimeout += 1
                upstream.host.stats.rqError += 1
            }
            replace(client, with: .responseTimeout, now: now)
        } else if client.durationDeadline <= now {
            client.count(.maxDurationReached)
            replace(client, with: .maxStreamDuration, now: now)
        } else if client.requestDeadline <= now {
            client.count(.requestTimeouts)
            replace(client, with: .requestTimeout, now: now)
        } else {
            client.count(.streamIdleTimeouts)
            replace(client, with: .streamIdleTimeout, now: now)
        }
    }
}

extension LocalReply {
    static var requestTimeout: Self {
        Self(408, details: "request_overall_timeout", body: Array("request timeout".utf8))
    }
}
