import Documents
import EnvoyModel
import MeshModel
import TrafficEngine

/// One request on its way: takes hop after hop, and brings the answer back through them.
final class PathWalk {
    let tracer: PathTracer
    let application: PathTracer.Application?
    var path: [PathHop] = []
    var proxyHops: [TraceHop] = []
    var mode: RequestPath.Mode?
    var answeredBy: Int?
    var health: [HealthReport] = []
    /// The rule of the last load balancer that sent the request on.
    var rule: SourceReference?
    /// The name that a Pod dials and that only the world's DNS has: what its placeholder address stands for.
    var outsideName: String?
    /// The trace of the first proxy: what the contract's trace says of error and picks.
    private var first: TrafficTrace?
    private var visited: Set<Visit> = []

    /// A proxy that is entered by the same way with the same request again.
    private struct Visit: Hashable {
        let proxy: String
        let cluster: String
        let mode: ConnectionAttempt.Mode
        let address: String
        let port: UInt16
        let authority: String?
        let path: String
        let serverName: String
    }

    /// How it ends, as the hop before sees it.
    enum Ending {
        case answered(TraceResponse)
        /// Nobody accepts the connection.
        case refused
        /// The connection is closed before an answer.
        case reset
        /// It goes round in circles.
        case loop
    }

    init(_ tracer: PathTracer, _ application: PathTracer.Application?) {
        self.tracer = tracer
        self.application = application
    }

    // MARK: Proxies

    /// A request at a proxy: gateway, or sidecar from either side.
    func enter(_ proxy: ProxyNode, _ request: SyntheticRequest) -> Ending {
        let visit = Visit(
            proxy: proxy.id, cluster: proxy.cluster, mode: request.mode, address: request.address, port: request.port,
            authority: request.authority, path: request.path, serverName: request.serverName)
        let isAgain = !visited.insert(visit).inserted
        if isAgain || proxyHops.count >= 16 {
            var hop = PathHop(.loop, proxy.id, cluster: proxy.cluster)
            hop.fail(
                isAgain
                    ? "the request is at \(proxy.id) for the second time: it goes round in circles"
                    : "more than 16 proxies: not followed any further", proxyHops.last?.route?.sources.first)
            path.append(hop)
            return .loop
        }
        let snapshot = tracer.configuration(proxy, request.mode)
        // A sidecar that has no listener for what comes in lets it through.
        if request.mode == .inbound, snapshot.listener(named: "virtualInbound") == nil, !proxyHops.isEmpty {
            return endpoint(
                request, at: tracer.book.pod(at: request.address, seenFrom: proxy.cluster), cluster: proxy.cluster)
        }
        var trace = simulate(request, with: snapshot, proxy: proxy.id)
        for index in trace.hops.indices { trace.hops[index].clusterName = proxy.cluster }
        if first == nil { first = trace }
        guard let hop = trace.hops.first else { return .refused }
        let place = path.count
        path.append(describe(proxy, request, hop, trace))
        path[place].traceIndex = proxyHops.count
        proxyHops.append(hop)
        if hop.isUnreachable {
            path[place].fail(
                "TLS to the endpoint waits for a certificate that does not exist", hop.cluster?.sources.first)
        }
        guard let host = hop.host, !hop.isUnreachable else { return locally(trace, at: place) }
        let ending = leave(proxy, hop, host, request)
        return answer(ending, trace, request, snapshot, proxy, at: place)
    }

    /// What the proxy answers by itself, or how it ends the connection.
    private func locally(_ trace: TrafficTrace, at place: Int) -> Ending {
        if let response = trace.response, response.status != nil {
            answeredBy = place
            return .answered(response)
        }
        return trace.error == .noListener ? .refused : .reset
    }

    /// The proxy's answer to its client, after what came from its endpoint.
    private func answer(
        _ ending: Ending, _ trace: TrafficTrace, _ request: SyntheticRequest, _ snapshot: CompiledSnapshot,
        _ proxy: ProxyNode,
        at place: Int
    ) -> Ending {
        let isHTTP = trace.hops.first?.routeConfiguration != nil
        switch ending {
        case .answered(let response):
            guard isHTTP else {
                var passed = trace.response ?? TraceResponse()
                passed.status = response.status
                passed.headers = response.headers
                passed.body = response.body
                return .answered(passed)
            }
            // What the trace was made with needs no second one.
            if let own = trace.response, response.status == request.upstreamResponse.status,
                response.headers == request.upstreamResponse.headers
            {
                var passed = own
                passed.body = request.method == "HEAD" ? nil : response.body
                return .answered(passed)
            }
            var again = request
            again.count = 1
            again.upstreamResponse.status = response.status ?? 200
            again.upstreamResponse.headers = response.headers
            var final = simulate(again, with: snapshot, proxy: proxy.id).response ?? response
            final.body = request.method == "HEAD" ? nil : response.body
            return .answered(final)
        case .refused:
            guard isHTTP else { return .reset }
            path[place].fail("the connection to \(trace.hops.first?.host?.address ?? "the endpoint") is refused")
            answeredBy = place
            return .answered(failed(.connectionRefused, trace))
        case .reset:
            guard isHTTP else { return .reset }
            answeredBy = place
            return .answered(failed(.connectionTermination, trace))
        case .loop:
            guard isHTTP else { return .reset }
            answeredBy = place
            return .answered(failed(.responseTimeout, trace))
        }
    }

    /// A reply of the proxy, with the headers that its answers have.
    private func failed(_ reply: LocalReply, _ trace: TrafficTrace) -> TraceResponse {
        var response = TraceResponse()
        response.status = reply.status
        response.flags = reply.flags.text
        response.details = "\(reply.details)"
        let body = String(decoding: reply.body, as: UTF8.self)
        response.body = trace.request.method == "HEAD" ? nil : body
        response.headers = [
            SyntheticRequest.Header("content-length", "\(reply.body.count)"),
            SyntheticRequest.Header("content-type", "text/plain"),
        ]
        let server = trace.response?.headers.first { $0.name == "server" }
        if let server { response.headers.append(server) }
        return response
    }

    // MARK: Onwards

    /// From a proxy to the endpoint that it chose.
    private func leave(_ proxy: ProxyNode, _ hop: TraceHop, _ host: CompiledHost, _ request: SyntheticRequest) -> Ending
    {
        var next = hop.upstream(after: request)
        let parts = host.socketParts
        guard let (address, port) = parts else {
            return endpoint(next, at: nil, cluster: proxy.cluster, name: host.address)
        }
        next.sourceIP = proxy.ipAddresses.first ?? "127.0.0.1"
        next.sourceNamespace = proxy.namespace
        next.sourceLabels = proxy.labels
        next.upstreamResponse = request.upstreamResponse
        next.count = 1
        // From the sidecar to its own application.
        if request.mode == .inbound {
            let pod = tracer.book.pod(at: request.address, seenFrom: proxy.cluster)
            let keeps = pod.map { redirection(of: $0, proxy).keepsSource } ?? false
            next.sourceIP = keeps ? request.sourceIP : Self.loopbackSource
            return endpoint(next, at: pod, cluster: proxy.cluster, name: host.address, workload: host.value.workload)
        }
        next.address = address
        next.port = port
        return connect(next, host: address, port: Int(port), from: proxy.cluster, workload: host.value.workload)
    }

    /// Where the application sees connections come from that its sidecar took (`REDIRECT`).
    static let loopbackSource = "127.0.0.6"

    /// A connection inside a cluster, or out of it, to wherever its address leads.
    func connect(
        _ request: SyntheticRequest, host: String, port: Int, from cluster: String, workload: WorkloadReference? = nil
    ) -> Ending {
        let host = host == DestinationResolver.placeholder ? outsideName ?? host : host
        switch tracer.book.owner(inside: cluster, host: host, port: port) {
        case .pod(let pod): return arrive(request, at: pod, port: port, workload: workload)
        case .service(let service, let role):
            return through(
                service, role, host: host, port: port, request: request,
                fromOutside: role != .clusterIP && role != .name)
        case .kubernetesGateway(let gateway):
            guard let proxy = tracer.book.proxy(of: gateway), let number = UInt16(exactly: port) else { break }
            var next = request
            next.mode = .gateway
            next.port = number
            next.address = proxy.ipAddresses.first ?? next.address
            return enter(proxy, next)
        case .node, nil: break
        }
        if let front = tracer.fronts.front(at: host) { return pass(request, front, port: port, address: host) }
        return outside(request, host: host, port: port, workload: workload)
    }

    /// A connection at a Pod: caught by its sidecar, or taken by what runs in it.
    func arrive(_ request: SyntheticRequest, at pod: Pod, port: Int, workload: WorkloadReference? = nil) -> Ending {
        guard let number = UInt16(exactly: port) else { return .refused }
        var next = request
        next.address =
            request.address.isEmpty || !pod.ips.contains(request.address) ? pod.ips.first ?? "" : request.address
        next.port = number
        guard let proxy = tracer.book.proxy(of: pod) else {
            return endpoint(next, at: pod, cluster: pod.meta.cluster, workload: workload)
        }
        if proxy.type == .gateway {
            next.mode = .gateway
            return enter(proxy, next)
        }
        if let bypass = redirection(of: pod, proxy).inboundBypass(port: port) {
            return endpoint(next, at: pod, cluster: pod.meta.cluster, workload: workload, facts: [bypass])
        }
        next.mode = .inbound
        return enter(proxy, next)
    }

    func redirection(of pod: Pod, _ proxy: ProxyNode?) -> SidecarRedirection {
        SidecarRedirection(
            tracer.manifests.annotations(of: pod), interceptionMode: proxy?.metadata("INTERCEPTION_MODE"))
    }

    // MARK: Ends

    /// The application's part.
    func endpoint(
        _ request: SyntheticRequest, at pod: Pod?, cluster: String, name: String? = nil,
        workload: WorkloadReference? = nil,
        facts: [PathFact] = []
    ) -> Ending {
        if let pod, let front = tracer.fronts.front(in: pod) {
            return pass(request, front, port: Int(request.port), address: request.address, pod: pod, facts: facts)
        }
        let address = name ?? request.authorityOfAddress
        let title = pod.map { "\($0.name).\($0.namespace)" } ?? address
        var hop = PathHop(.endpoint, title, cluster: cluster, source: pod.flatMap { tracer.source(of: $0) })
        hop.address = address
        hop.arrives = request
        hop.tls = request.transport == .plaintext ? .none : .ends
        hop.facts = facts
        if request.sourceIP == Self.loopbackSource {
            hop.note("the application sees \(Self.loopbackSource) as the connection's source: the sidecar's")
        }
        path.append(hop)
        if request.transport != .plaintext, request.transport == .mtls, let pod, tracer.book.proxy(of: pod) == nil {
            path[path.count - 1].fail("mTLS arrives at a Pod without a sidecar: its application does not understand it")
            return .reset
        }
        let known = pod.map {
            WorkloadReference(
                namespace: $0.namespace, deployment: $0.workload?.name ?? "", pod: $0.name, clusterName: cluster,
                isStandIn: $0.isStandIn)
        }
        return answered(by: PathEndpoint(address: address, workload: workload ?? known), request)
    }

    private func outside(_ request: SyntheticRequest, host: String, port: Int, workload: WorkloadReference?) -> Ending {
        var hop = PathHop(.outside, host)
        hop.address = request.authorityOfAddress.isEmpty ? "\(host):\(port)" : hostPort(host, port)
        hop.arrives = request
        hop.tls = request.transport == .plaintext ? .none : .ends
        hop.note("no manifest has this address: it is taken for one outside of all clusters")
        path.append(hop)
        return answered(by: PathEndpoint(address: hop.address, workload: workload), request)
    }

    private func answered(by endpoint: PathEndpoint, _ request: SyntheticRequest) -> Ending {
        answeredBy = path.count - 1
        if let response = application?(request, endpoint) { return .answered(response) }
        var response = TraceResponse()
        response.status = request.application == .tcp ? nil : request.upstreamResponse.status
        response.headers = request.upstreamResponse.headers
        response.details = "via_upstream"
        return .answered(response)
    }

    // MARK: The whole

    /// The path, with the trace as the contract wants it. `client` is the request as the client sent it.
    func finish(_ ending: Ending, client: SyntheticRequest) -> RequestPath {
        var trace = first ?? TrafficTrace(request: client)
        trace.request = client
        trace.hops = proxyHops
        let leads =
            path.dropFirst().first?.traceIndex == 0 || path.prefix { $0.traceIndex == nil }.allSatisfy(\.isTransparent)
        switch ending {
        case .answered(let response):
            trace.response = response
            // What a load balancer made of a broken connection is an answer like any other.
            if !leads { trace.error = nil }
        case .refused, .reset, .loop:
            if !leads { trace.response = nil }
            // A connection that is forwarded ends with its endpoint's; one that nobody took never began.
            if first == nil || !leads { trace.error = .noListener }
            if leads, trace.error == nil, case .refused = ending, proxyHops.first?.host != nil {
                trace.response?.flags = "UF"
            }
        }
        var result = RequestPath(trace: trace)
        result.hops = path
        result.firstTrace = first
        result.firstTrace?.hops = proxyHops
        result.mode = mode ?? .gateway
        result.answeredBy = answeredBy
        result.health = health
        return result
    }
}

extension PathHop {
    /// Connections pass through it as they are.
    var isTransparent: Bool { kind == .client || kind == .networkLoadBalancer || kind == .node }
}

extension PathTracer {
    /// A Pod's manifest, or its workload's.
    func source(of pod: Pod) -> SourceReference? { pod.meta.location == nil ? pod.workload : pod.sourceReference }
}

func hostPort(_ host: String, _ port: Int) -> String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

extension SyntheticRequest {
    /// `ip:port` of the connection's destination.
    var authorityOfAddress: String { hostPort(address, Int(port)) }
}
