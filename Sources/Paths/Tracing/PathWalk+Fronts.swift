import Documents
import MeshModel
import TrafficEngine

/// Third-party load balancers for HTTP.
extension PathWalk {
    /// A request at a front. `pod` is the Pod that it runs in, for one in the cluster.
    func pass(
        _ request: SyntheticRequest, _ front: any IngressFront, port: Int, address: String, pod: Pod? = nil,
        facts: [PathFact] = []
    ) -> Ending {
        var hop = PathHop(front.kind, front.name, cluster: front.cluster, source: front.source)
        hop.address = hostPort(address, port)
        hop.arrives = request
        hop.facts = facts
        hop.server = front.server
        if let pod { noteController(&hop, pod, request) }
        let decision = front.decide(request, port: port, hop: &hop)
        let place = path.count
        if mode == nil { mode = .standalone }
        switch decision {
        case .refused:
            path.append(hop)
            return .refused
        case .reset:
            path.append(hop)
            return .reset
        case .answered(let response):
            path.append(hop)
            answeredBy = place
            return .answered(response)
        case .forward(let backend):
            rule = backend.rule
            let next = front.forwarded(request, port: port, to: backend)
            hop.sends = next.transport
            hop.changes = HeaderChange.between(request, next)
            if next.transport == .plaintext, tlsBefore(request) {
                hop.warn("from here on it is plaintext", backend.rule, code: "MT0311")
            }
            path.append(hop)
            let ending = send(next, to: backend, of: front, from: pod)
            return take(ending, of: front, at: place)
        }
    }

    private func tlsBefore(_ request: SyntheticRequest) -> Bool { request.isTLS || path.contains { $0.tls == .ends } }

    private func noteController(_ hop: inout PathHop, _ pod: Pod, _ request: SyntheticRequest) {
        hop.source = tracer.source(of: pod) ?? hop.source
        guard let proxy = tracer.book.proxy(of: pod), proxy.type == .sidecar else {
            hop.note("its Pod \(pod.namespacedName) has no sidecar: what it sends is plaintext, or its own TLS")
            return
        }
        let redirection = redirection(of: pod, proxy)
        if redirection.ignoresInbound {
            hop.note("its Pod has a sidecar, for what goes out only: the client's address stays (\(request.sourceIP))")
        } else if request.sourceIP == Self.loopbackSource {
            hop.warn(
                "the client's address is lost: its sidecar takes what comes in (annotation "
                    + "traffic.sidecar.istio.io/includeInboundPorts: \"\" leaves it out)", tracer.source(of: pod))
        }
    }

    /// From the front to its backend.
    private func send(
        _ request: SyntheticRequest, to backend: FrontBackend, of front: any IngressFront, from pod: Pod?
    ) -> Ending {
        let service = backend.service
        let pods = tracer.book.pods(of: service).filter { $0.isReady ?? true }
        check(backend, of: front)
        switch backend.target {
        case .nodePort:
            guard backend.port.nodePort != nil || service.isStandIn else {
                path[path.count - 1].fail(
                    "port \(backend.port.port) of Service \(service.namespacedName) has no node port in the manifests",
                    service.sourceReference(at: backend.port.location))
                return .refused
            }
            return toPods(of: service, backend.port, request, fromOutside: true)
        case .pods:
            guard let first = pods.first, let target = tracer.book.targetPort(backend.port, in: first),
                let address = first.ips.first
            else {
                path[path.count - 1].fail(
                    "Service \(service.namespacedName) has no Pod that is ready", service.sourceReference)
                return .refused
            }
            if pods.count > 1 { path[path.count - 1].note("its own choice of \(pods.count) Pods") }
            return dial(request, address, target, from: pod)
        case .service:
            return dial(request, service.clusterIP, backend.port.port, from: pod)
        }
    }

    /// A connection that a front in the cluster makes: through its sidecar, if that catches it.
    private func dial(_ request: SyntheticRequest, _ address: String, _ port: Int, from pod: Pod?) -> Ending {
        let cluster = path.last?.cluster ?? ""
        var next = request
        next.address = address
        next.port = UInt16(exactly: port) ?? 0
        if let pod { next.sourceIP = pod.ips.first ?? next.sourceIP }
        if let pod, let proxy = tracer.book.proxy(of: pod), proxy.type == .sidecar {
            guard let bypass = redirection(of: pod, proxy).outboundBypass(address: address, port: port) else {
                next.mode = .outbound
                next.sourceNamespace = proxy.namespace
                next.sourceLabels = proxy.labels
                return enter(proxy, next)
            }
            path[path.count - 1].facts.append(bypass)
        }
        return connect(next, host: address, port: port, from: cluster)
    }

    /// The answer, or what the front makes of there being none.
    private func take(_ ending: Ending, of front: any IngressFront, at place: Int) -> Ending {
        if path.dropFirst(place).contains(where: { $0.kind == .gateway }) { mode = .chained }
        let failure: FrontFailure
        switch ending {
        case .answered(let response): return .answered(front.returned(response))
        case .refused:
            // Nothing after it: it had nowhere to send to.
            failure = path.count - 1 == place ? .noTargets : .refused
        case .reset, .loop: failure = .reset
        }
        answeredBy = place
        let response = front.answer(to: failure)
        let status = response.status.map { "\($0)" } ?? ""
        let words =
            switch failure {
            case .refused: "the connection to the target is refused"
            case .reset: "the target closes the connection without an answer"
            case .noTargets: "there is no target"
            }
        path[place].fail("\(words): it answers \(status) by itself")
        return .answered(response)
    }

    /// The health check of a front's target group, once.
    private func check(_ backend: FrontBackend, of front: any IngressFront) {
        guard let check = front.healthCheck(of: backend, in: tracer.context) else { return }
        health.append(
            report(
                check, by: front.name, service: backend.service, port: backend.port, dialsPods: backend.target == .pods)
        )
    }
}
