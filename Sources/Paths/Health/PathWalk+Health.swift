import Documents
import EnvoyModel
import MeshModel
import TrafficEngine

/// What health checks find: the port, who answers there, and what that counts as.
extension PathWalk {
    func report(
        _ check: HealthCheck, by checker: String, service: Service, port: Service.Port, dialsPods: Bool
    ) -> HealthReport {
        let number = number(of: check.port, service, port, dialsPods: dialsPods)
        var report = HealthReport(
            checker: checker, scheme: check.scheme, port: number ?? 0, path: check.scheme == .tcp ? "" : check.path,
            successCodes: check.scheme == .tcp ? "" : check.successCodes, origin: check.origin, source: check.source)
        report.facts = check.facts
        guard let number else {
            report.facts.append(
                PathFact(
                    .bad, "the port of the health check is none that the Service has", source: check.source,
                    code: "MT0220"))
            return report
        }
        report.targets =
            dialsPods ? podTargets(check, number, service) : nodeTargets(check, number, service)
        return report
    }

    private func number(of port: HealthCheck.Port, _ service: Service, _ traffic: Service.Port, dialsPods: Bool) -> Int?
    {
        let pod = tracer.book.pods(of: service).first
        switch port {
        case .traffic: return dialsPods ? tracer.book.targetPort(traffic, in: pod) : traffic.nodePort
        case .number(let number): return number
        case .named(let name):
            guard let found = service.ports.first(where: { $0.name == name }) else { return nil }
            return dialsPods ? tracer.book.targetPort(found, in: pod) : found.nodePort
        case .healthCheckNodePort: return service.healthCheckNodePort
        case .kubeProxy: return 10256
        }
    }

    // MARK: Targets

    private func podTargets(_ check: HealthCheck, _ port: Int, _ service: Service) -> [HealthReport.Target] {
        tracer.book.pods(of: service).map { pod in
            let answer = ask(pod, port: port, check)
            return HealthReport.Target(
                name: pod.name, address: hostPort(pod.ips.first ?? "", port), isHealthy: answer.isHealthy,
                reason: answer.words,
                source: answer.source)
        }
    }

    private func nodeTargets(_ check: HealthCheck, _ port: Int, _ service: Service) -> [HealthReport.Target] {
        let pods = tracer.book.pods(of: service)
        let nodes = tracer.book.nodes(in: service.meta.cluster)
        guard !nodes.isEmpty else { return [nodeTarget("every node", "", pods, check, port, service, local: pods)] }
        return nodes.map { node in
            let local = pods.filter { tracer.book.node(of: $0)?.name == node.name }
            return nodeTarget(
                node.name, hostPort(node.internalAddress ?? node.name, port), pods, check, port, service, local: local)
        }
    }

    private func nodeTarget(
        _ name: String, _ address: String, _ pods: [Pod], _ check: HealthCheck, _ port: Int, _ service: Service,
        local: [Pod]
    ) -> HealthReport.Target {
        var target = HealthReport.Target(name: name, address: address, isHealthy: false, reason: "")
        if case .kubeProxy = check.port {
            target.isHealthy = true
            target.reason = "kube-proxy answers 200 on every node that lives, Pods of it or not"
            return target
        }
        if port == service.healthCheckNodePort {
            target.source = service.sourceReference
            let isKnown = pods.isEmpty || pods.contains { tracer.book.node(of: $0) != nil } || name == "every node"
            target.isHealthy = isKnown ? !local.isEmpty : true
            target.reason =
                target.isHealthy
                ? "kube-proxy answers 200: a Pod of it runs here" : "kube-proxy answers 503: no Pod of it runs here"
            return target
        }
        guard let found = service.ports.first(where: { $0.nodePort == port }) else {
            let other = tracer.book.owner(outside: address.socketHost, port: port)
            if case .service(let owner, .nodePort)? = other {
                target.reason = "node port \(port) is that of Service \(owner.namespacedName), not of this one"
                target.source = owner.sourceReference
            } else {
                target.reason =
                    "nothing listens on port \(port) of a node: it is no node port of Service \(service.namespacedName)"
                target.source = check.source ?? service.sourceReference
            }
            return target
        }
        let isLocal = service.externalTrafficPolicy == "Local"
        let candidates =
            isLocal && name != "every node" && pods.contains { tracer.book.node(of: $0) != nil } ? local : pods
        guard let pod = candidates.first else {
            target.reason =
                isLocal ? "no Pod of it runs here, and the node port leads to none elsewhere" : "no Pod is behind it"
            target.source = service.sourceReference
            return target
        }
        guard let inside = tracer.book.targetPort(found, in: pod) else {
            target.reason = "no container has the target port of port \(found.port)"
            target.source = service.sourceReference(at: found.location)
            return target
        }
        let answer = ask(pod, port: inside, check)
        target.isHealthy = answer.isHealthy
        target.reason = "node port \(port) -> target port \(inside): \(answer.words)"
        target.source = answer.source ?? service.sourceReference(at: found.location)
        return target
    }

    // MARK: One Pod

    private struct Answer {
        var isHealthy: Bool
        var words: String
        var source: SourceReference?
    }

    /// What a Pod's port answers to the check.
    private func ask(_ pod: Pod, port: Int, _ check: HealthCheck) -> Answer {
        let proxy = tracer.book.proxy(of: pod)
        if let proxy, port == 15021 {
            if check.scheme == .tcp { return Answer(isHealthy: true, words: "the proxy's readiness port accepts") }
            let isReady = check.path == "/healthz/ready" && check.scheme == .http
            return judge(
                isReady ? 200 : 404, check,
                "the readiness endpoint of \(proxy.id) answers \(isReady ? "200" : "404: it knows /healthz/ready only")"
            )
        }
        guard let proxy else { return ask(application: pod, port, check, "") }
        if proxy.type == .gateway { return ask(proxy, .gateway, pod, port, check) }
        if port == 15020 {
            let isRewritten = check.path.hasPrefix("/app-health/") || check.path == "/healthz/ready"
            return judge(isRewritten ? 200 : 404, check, "the agent on port 15020 answers")
        }
        if redirection(of: pod, proxy).inboundBypass(port: port) != nil {
            return ask(application: pod, port, check, "past the sidecar: ")
        }
        return ask(proxy, .inbound, pod, port, check)
    }

    /// A request at a proxy of the Pod, with the target's address as Host, as load balancers send it.
    private func ask(
        _ proxy: ProxyNode, _ mode: ConnectionAttempt.Mode, _ pod: Pod, _ port: Int, _ check: HealthCheck
    ) -> Answer {
        var request = SyntheticRequest()
        request.mode = mode
        request.address = pod.ips.first ?? proxy.ipAddresses.first ?? "127.0.0.1"
        request.port = UInt16(exactly: port) ?? 0
        request.sourceIP = ALBFront.privateAddress
        request.path = check.path.isEmpty ? "/" : check.path
        request.authority = request.authorityOfAddress
        request.transport = check.scheme == .https ? .tls : .plaintext
        request.application = check.scheme == .grpc ? .http2 : check.scheme == .tcp ? .tcp : .http
        let trace = simulate(request, with: tracer.configuration(proxy, mode), proxy: proxy.id)
        let listener = trace.hops.first?.listener
        let place = listener?.sources.first
        if check.scheme == .tcp {
            let accepts = listener != nil
            return Answer(
                isHealthy: accepts, words: accepts ? "the connection is accepted" : "nothing listens on port \(port)",
                source: place)
        }
        guard let listener else {
            return Answer(
                isHealthy: false, words: "refused: \(proxy.id) has no listener on port \(port)",
                source: proxySource(pod))
        }
        if let error = trace.error, trace.response?.status == nil {
            let policy = tracer.policy(of: proxy)
            if mode == .inbound, policy.mode(port: port) == .strict {
                return Answer(
                    isHealthy: false,
                    words:
                        "reset: plaintext to a port that takes mTLS only (STRICT); the kubelet's probes pass, which injection "
                        + "leads to the agent on 15020, the load balancer's do not", source: policy.owners.first)
            }
            return Answer(
                isHealthy: false, words: "closed: \(error.rawValue) at listener \(listener.name)", source: place)
        }
        if let response = trace.response, trace.hops.first?.host == nil, let status = response.status {
            let flags = response.flags == "-" ? "" : " \(response.flags)"
            let host = mode == .gateway ? " (Host \(request.authority ?? ""))" : ""
            return judge(status, check, "\(proxy.id) answers \(status)\(flags)\(host)", place)
        }
        if mode == .inbound { return ask(application: pod, port, check, "through the sidecar: ") }
        return judge(
            200, check,
            "\(proxy.id) forwards it to \(trace.hops.first?.host?.address ?? ""), whose answer is taken for 200", place)
    }

    private func proxySource(_ pod: Pod) -> SourceReference? { tracer.source(of: pod) }

    /// What an application answers is not in manifests; its readiness probe says what it is known to answer.
    private func ask(application pod: Pod, _ port: Int, _ check: HealthCheck, _ prefix: String) -> Answer {
        let containers = pod.spec.containers.filter { $0.name != "istio-proxy" }
        let ports = containers.flatMap(\.ports).map(\.containerPort)
        let probe = containers.lazy.compactMap(\.readinessProbe).first
        if !ports.isEmpty, !ports.contains(port) {
            return Answer(
                isHealthy: false,
                words:
                    "\(prefix)no container declares port \(port) (they declare \(ports.map { "\($0)" }.joined(separator: ", ")))",
                source: tracer.source(of: pod))
        }
        if check.scheme == .tcp { return Answer(isHealthy: true, words: "\(prefix)the application accepts") }
        if let probe, probe.kind == .http, probe.path == check.path {
            return judge(200, check, "\(prefix)the path of its own readiness probe, which a ready Pod answers with 200")
        }
        return judge(
            200, check, "\(prefix)what the application answers to \(check.path) is taken for 200; no manifest says it")
    }

    private func judge(_ status: Int, _ check: HealthCheck, _ words: String, _ source: SourceReference? = nil) -> Answer
    {
        let isGood = check.scheme == .grpc ? status == 200 : HealthCheck.counts(status, check.successCodes)
        return Answer(
            isHealthy: isGood, words: isGood ? words : "\(words), which is not among \(check.successCodes)",
            source: source)
    }
}

extension String {
    /// The host of `host:port`.
    fileprivate var socketHost: String {
        lastIndex(of: ":").map { self[..<$0].filter { $0 != "[" && $0 != "]" } } ?? self
    }
}
