import TrafficEngine

/// Responses that the proxy makes by itself, and the end of every exchange.
extension ProxyWorker {
    /// The codec's refusal: it closes the connection, and carries nothing of a route.
    func refuse(_ client: ClientConnection, _ error: HeadError, now: UInt64) {
        client.count(.protocolErrors)
        if client.response != .none { return abort(client, now: now) }
        var reply = LocalReply(
            error.status, .downstreamProtocolError, details: "",
            body: Array("\(StatusText.of(error.status))".utf8))
        reply.details = error.details
        reply.closesConnection = true
        dropUpstream(client, now: now)
        // Whatever part of the head was read is not to be formatted or logged as a request's.
        client.decision = Decision()
        answer(client, reply, now: now)
    }

    /// A timeout or a failed upstream: answered if nothing has been, else the connection ends.
    func replace(_ client: ClientConnection, with reply: LocalReply, now: UInt64) {
        dropUpstream(client, now: now)
        guard client.response == .none else {
            client.flags.formUnion(reply.flags)
            client.details = reply.details
            client.count(.resetAfterResponseStarted)
            return abort(client, now: now)
        }
        answer(client, reply, now: now)
    }

    func answer(_ client: ClientConnection, _ reply: LocalReply, now: UInt64) {
        guard let engine = client.engine else { return abort(client, now: now) }
        updateDate(now: now)
        client.flags.formUnion(reply.flags)
        client.details = reply.details
        // Envoy closes a connection that had a bad request, and takes any 400 of its own for one.
        client.closesAfterResponse =
            client.closesAfterResponse || reply.closesConnection || reply.status == 400
            || !client.isRequestComplete || isDraining
        context.serviceTime = nil
        context.attempts = Int(max(1, client.attempts))
        localResponse.block.removeAll()
        localResponse.status = reply.status
        let body = finishLocalReply(
            reply, into: &localResponse, to: client.head, decision: client.decision, on: engine, context: context)
        localResponse.block.removeAll(named: "connection")
        let length: HeadWriter.Length
        if localResponse.status == 204, body.isEmpty {
            length = .asIs
        } else if client.facts.isHead {
            length = reply.body.isEmpty ? .chunked : .fixed(UInt64(reply.body.count))
        } else {
            length = .fixed(UInt64(body.count))
        }
        HeadWriter.write(&localResponse, length: length, closes: client.closesAfterResponse, to: &client.output)
        if !client.facts.isHead {
            client.output.append(body)
            client.bytesSent &+= UInt64(body.count)
        }
        client.responseStatus = localResponse.status
        client.response = .complete
        flush(client)
        finishExchange(client, now: now)
    }

    /// Ends the connection in the middle of an exchange.
    func abort(_ client: ClientConnection, now: UInt64) {
        dropUpstream(client, now: now)
        if client.hasRequest {
            recordEnd(client, now: now)
            client.hasRequest = false
        }
        client.phase = .draining
        push(.closeAfterFlush, client)
        client.drainEnd = now.addingCapped(Self.lingerTime)
        timers.schedule(client, now: now)
    }

    /// Both sides of the exchange are done: the connection waits for its next request, or ends.
    func finishExchange(_ client: ClientConnection, now: UInt64) {
        recordEnd(client, now: now)
        let wasComplete = client.isRequestComplete
        if client.closesAfterResponse || !wasComplete {
            client.clearRequest()
            client.held.removeAll()
            client.phase = .draining
            client.drainEnd = now.addingCapped(Self.lingerTime)
            push(.shutdownAfterFlush, client)
            resumeReading(client)
            timers.schedule(client, now: now)
            return
        }
        client.clearRequest()
        // Whoever reads what was held goes on with it.
        if client.isProcessingHeld { return }
        if client.held.isEmpty {
            resumeReading(client)
        } else {
            resumeHeld(client, now: now)
        }
    }

    /// Counts, logs and remembers the request. Its decision is given to the record: this is the end of it.
    func recordEnd(_ client: ClientConnection, now: UInt64) {
        if !client.shadows.isEmpty { endMirroredRequest(client, now: now) }
        guard let http = client.http else { return }
        client.uncount(.activeRequests)
        client.count(.completed)
        if let name = HTTPStat.of(status: client.responseStatus) { client.count(name) }
        client.count(.sentBytes, by: client.bytesSent)
        http._withUnsafeGuaranteedRef {
            $0.requestTime.record(milliseconds: (now &- client.startTime) / 1_000_000)
        }
        let startTime = Int64(client.startTime / 1000) + wallOffset
        if keepsAccessLog { AccessLog.append(client, now: now, startTime: startTime, to: &accessLog) }
        tap.record(client, now: now, startTime: startTime)
    }
}
