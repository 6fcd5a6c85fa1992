import Documents
import EnvoyModel

/// Says what a proxy with this configuration does with a request: the simulator. The decision is the proxy's own; of several random
/// outcomes the likeliest is shown, and all of them are among the candidates.
/// `proxy` is its name for the hop (`NAME.NAMESPACE`).
package func simulate(_ request: SyntheticRequest, with snapshot: CompiledSnapshot, proxy: String) -> TrafficTrace {
    var trace = TrafficTrace(request: request)
    var hop = TraceHop()
    hop.proxy = proxy
    var explanation = Explanation()
    let choice = snapshot.connect(request.connection, trace: &explanation)
    hop.listener = choice.listener?.value
    hop.filterChain = choice.chain?.value
    trace.error = choice.error
    if choice.error == nil, let chain = choice.chain {
        if let manager = chain.manager {
            var simulation = HTTPSimulation(request, snapshot: snapshot, chain: chain, manager: manager)
            simulation.run(&trace, &hop, &explanation)
        } else if let proxy = chain.tcpProxy {
            simulateTCP(request, proxy, snapshot, &trace, &hop, &explanation)
        }
    }
    hop.steps = explanation.steps
    trace.hops = [hop]
    return trace
}

extension SyntheticRequest {
    /// The connection that the request comes on.
    package var connection: ConnectionAttempt {
        var attempt = ConnectionAttempt(address: address, port: port)
        attempt.sourceAddress = sourceIP
        attempt.transport = transport
        attempt.certificate = clientCertificate.map { _ in ClientCertificate(trustedBy: certificateTrust) }
        attempt.application = application
        attempt.mode = mode
        attempt.serverName = serverName
        attempt.applicationProtocols = alpn
        return attempt
    }

    /// The request as the codec would hand it over.
    package var head: RequestHead {
        var head = RequestHead()
        head.method = head.block.store(method.utf8)
        var path = path
        var authority = authority
        for scheme in ["http://", "https://"] where path.lowercased().hasPrefix(scheme) {
            head.isHTTPS = scheme == "https://"
            let rest = path.dropFirst(scheme.count)
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            authority = String(rest[..<end])
            path = end == rest.endIndex ? "/" : String(rest[end...])
        }
        head.path = head.block.store(path.utf8)
        let own = headers.filter { $0.name.lowercased() == "host" }.map(\.value)
        if authority == nil, !own.isEmpty { authority = own.joined(separator: ",") }
        if let authority {
            head.authority = head.block.store(authority.utf8)
            head.hasHost = true
        }
        for header in headers where header.name.lowercased() != "host" {
            let name = head.block.store(header.name.utf8.map(\.lowercased))
            let value = head.block.store(header.value.utf8)
            head.block.fields.append(HeaderField(name: name, value: head.block.trimmed(value), isOriginal: true))
        }
        return head
    }
}

extension CompiledFilterChain {
    fileprivate var asksForCertificate: Bool {
        if case .tls(let context)? = value.transportSocket { context.asksForCertificate } else { false }
    }
}

/// One request through an HTTP chain.
private struct HTTPSimulation {
    let synthetic: SyntheticRequest
    let connection: DownstreamConnection
    let snapshot: CompiledSnapshot
    let head: RequestHead

    init(
        _ request: SyntheticRequest, snapshot: CompiledSnapshot, chain: CompiledFilterChain,
        manager: CompiledConnectionManager
    ) {
        synthetic = request
        self.snapshot = snapshot
        connection = DownstreamConnection(
            manager: manager, remoteIP: request.sourceIP, remotePort: 0, localIP: request.address,
            localPort: request.port, isTLS: request.transport != .plaintext,
            hasPeerCertificate: request.clientCertificate == nil
                ? request.transport == .mtls : chain.asksForCertificate,
            serverName: request.serverName)
        head = request.head
    }

    mutating func run(_ trace: inout TrafficTrace, _ hop: inout TraceHop, _ explanation: inout Explanation) {
        let manager = connection.manager
        hop.routeConfiguration = manager.routes?.value
        if let refusal = CodecRefusal(synthetic, head, manager.value) {
            trace.response = refusal.response(server: manager)
            return
        }
        let outcomes = RandomClasses.explore { random, explanation in
            self.decide(random: random, &explanation)
        }
        let likeliest = outcomes.max { $0.share < $1.share }
        var request = head
        var worker = WorkerState(snapshot, seed: 1, startsAtRandom: false)
        var decision = TrafficEngine.decide(
            &request, on: connection, random: synthetic.random ?? likeliest?.random ?? 0, worker: &worker,
            trace: &explanation
        ).withOriginalDestination(of: synthetic)
        if let host = decision.host, decision.cluster?.tls(to: host)?.awaitsInvalidSecret == true {
            decision.localReply = .secretMissing
            hop.isUnreachable = true
        }
        describe(decision, &hop)
        let ends = outcomes.flatMap { candidates($0) }.merged()
        let isFault = decision.localReply?.details.isFault == true
        hop.candidates = isFault || ends.count > 1 || ends.contains { $0.host != nil } ? ends : []
        finish(decision, request, &trace, &hop)
        if synthetic.count > 1, decision.host != nil { trace.picks = picks() }
    }

    private func decide(random: UInt64, _ explanation: inout Explanation) -> (Decision, RequestHead) {
        var request = head
        var worker = WorkerState(snapshot, seed: 1, startsAtRandom: false)
        let decision = TrafficEngine.decide(
            &request, on: connection, random: random, worker: &worker, trace: &explanation
        ).withOriginalDestination(of: synthetic)
        return (decision, request)
    }

    private func describe(_ decision: Decision, _ hop: inout TraceHop) {
        hop.virtualHost = decision.virtualHost?.value
        hop.route = decision.route?.value
        hop.cluster = decision.cluster?.value
        hop.clusterReference = decision.cluster?.name ?? decision.namedCluster
        hop.host = decision.host
    }

    /// The places where one class of random values can end.
    private func candidates(_ outcome: RandomClasses.Outcome) -> [Candidate] {
        let decision = outcome.decision
        guard let cluster = decision.cluster, decision.host != nil || decision.localReply?.details.isFault == true
        else {
            // One of several clusters may be missing or empty.
            guard let name = decision.cluster?.name ?? decision.namedCluster else { return [] }
            return [Candidate(route: decision.route, cluster: name, host: nil, share: outcome.share)]
        }
        if cluster.value.type == .originalDst, let host = decision.host {
            return [Candidate(route: decision.route, cluster: cluster.name, host: host, share: outcome.share)]
        }
        var aborted = 0.0
        for filter in connection.manager.filters {
            if case .fault(let global, let name) = filter, let fault = decision.fault(global, filter: name) {
                var view = RequestView()
                view.update(outcome.request, ignoresParameters: false)
                if fault.concerns(outcome.request, view, cluster: cluster.name) {
                    aborted = 1 - (1 - aborted) * (1 - fault.abortShare(outcome.request))
                }
            }
        }
        var worker = WorkerState(snapshot, seed: 1, startsAtRandom: false)
        let metadata = cluster.balancing.subsets == nil ? nil : decision.metadataMatch
        let shares = worker.state(of: cluster).shares(hash: decision.hash, metadata: metadata, random: &worker.random)
        var result = shares.map { host, _, share in
            Candidate(
                route: decision.route, cluster: cluster.name, host: cluster.hosts[host],
                share: outcome.share * share * (1 - aborted))
        }
        if aborted > 0 {
            result.append(
                Candidate(route: decision.route, cluster: cluster.name, host: nil, share: outcome.share * aborted))
        }
        return result
    }

    private func finish(
        _ decision: Decision, _ request: RequestHead, _ trace: inout TrafficTrace, _ hop: inout TraceHop
    ) {
        var head = ResponseHead()
        var response = TraceResponse()
        if let reply = decision.localReply {
            let body = finishLocalReply(
                reply, into: &head, to: request, decision: decision, on: connection, context: ResponseContext())
            response.body = body.isEmpty && decision.isHead ? nil : String(decoding: body, as: UTF8.self)
            response.flags = reply.flags.text
            response.details = reply.details.description
            if decision.virtualHost == nil {
                trace.error = .noVirtualHost
            } else if reply.flags == .noRouteFound {
                trace.error = .noRoute
            } else if decision.route == nil, reply.status == 301 {
                trace.error = .tlsRedirect
            }
            if reply.flags.contains(.noRouteFound) == false, reply.status != 301 || decision.route != nil {
                trace.error = nil
            }
        } else {
            head.status = synthetic.upstreamResponse.status
            for header in synthetic.upstreamResponse.headers {
                head.block.append(name: header.name.utf8.map(\.lowercased), value: Array(header.value.utf8))
            }
            var (sent, made, context) = (request, decision, ResponseContext())
            finishResponse(&head, to: &sent, decision: &made, on: connection, context: &context)
            response.flags = decision.flags.text
            response.details = "via_upstream"
            hop.upstreamRequest = upstreamRequest(decision, request)
            hop.upstreamTransport = decision.cluster.flatMap { cluster in
                decision.host.map { cluster.transport(to: $0) }
            }
            hop.mirrors = mirrors(decision, request)
        }
        response.status = head.status
        response.headers = head.block.fields.filter { !$0.isRemoved }.map {
            SyntheticRequest.Header(head.block.string($0.name), head.block.string($0.value))
        }
        trace.response = response
    }

    /// The request that the endpoint gets. Generated values are `*`.
    private func upstreamRequest(_ decision: Decision, _ request: RequestHead) -> SyntheticRequest {
        var result = synthetic
        result.method = request.block.string(request.method)
        result.path = request.block.string(request.path)
        result.authority = request.block.string(request.authority)
        result.headers = [SyntheticRequest.Header("host", result.authority ?? "")]
        let made = decision.generatedRequestID
        let generated = made >= 0 ? request.block.string(request.block.fields[made].value) : nil
        for field in request.block.fields where !field.isRemoved {
            let value = request.block.string(field.value)
            result.headers.append(
                SyntheticRequest.Header(request.block.string(field.name), value == generated ? "*" : value))
        }
        return result
    }

    private func mirrors(_ decision: Decision, _ request: RequestHead) -> [Mirror] {
        guard let route = decision.route else { return [] }
        return route.mirrors.compactMap { mirror in
            guard mirror.share > 0 else { return nil }
            var name = mirror.value.cluster
            if !mirror.value.clusterHeader.isEmpty {
                let source = HeaderSource(mirror.value.clusterHeader)
                name = source.value(request, RequestView()).map { request.block.string($0) } ?? ""
            }
            guard let cluster = snapshot.cluster(named: name) else { return nil }
            var worker = WorkerState(snapshot, seed: 1, startsAtRandom: false)
            let pick = worker.state(of: cluster).pick(hash: nil, metadata: nil, attempt: 0, random: &worker.random)
            return Mirror(
                cluster: name, host: pick.map { cluster.hosts[$0.host] },
                authority: mirror.authority(request.block.string(request.authority)), share: mirror.share)
        }
    }

    /// The endpoints of a run of such requests in one worker, from the start.
    private func picks() -> [String] {
        var worker = WorkerState(snapshot, seed: 1, startsAtRandom: false)
        return (0..<min(synthetic.count, 1_000_000)).compactMap { _ in
            var request = head
            return decideFast(&request, on: connection, worker: &worker).host?.address
        }
    }
}
