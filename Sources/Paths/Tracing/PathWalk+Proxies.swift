import Documents
import EnvoyModel
import MeshModel
import TrafficEngine

/// What the ladder says of a proxy.
extension PathWalk {
    func describe(
        _ proxy: ProxyNode, _ request: SyntheticRequest, _ traced: TraceHop, _ trace: TrafficTrace
    ) -> PathHop {
        var hop = PathHop(proxy.type == .gateway ? .gateway : .sidecar, proxy.id, cluster: proxy.cluster)
        hop.source = source(of: proxy)
        hop.address = request.authorityOfAddress
        hop.arrives = request
        if let listener = traced.listener {
            hop.ports = [PathPort(listener.name, Int(request.port), source: listener.sources.first)]
        }
        hop.tls = tls(request, traced)
        switch traced.upstreamTransport {
        case "passthrough": hop.sends = request.transport
        case let name?: hop.sends = ConnectionAttempt.Transport(rawValue: name)
        case nil: break
        }
        if let upstream = traced.upstreamRequest, traced.routeConfiguration != nil {
            hop.changes = HeaderChange.between(request, upstream)
        }
        if let manager = traced.manager {
            switch manager.serverHeaderTransformation {
            case .overwrite: hop.server = .overwrites(manager.serverName.isEmpty ? "istio-envoy" : manager.serverName)
            case .appendIfAbsent, .passThrough: hop.server = .untouched
            }
        }
        if proxy.isStandIn, hop.source?.location == nil { hop.note("a stand-in: no manifest has this workload") }
        if request.mode == .inbound { noteInbound(&hop, proxy, request, traced) }
        noteRouting(&hop, request, traced, trace)
        noteForwarding(&hop, request, traced, trace)
        return hop
    }

    private func pod(of proxy: ProxyNode) -> Pod? {
        proxy.pod.flatMap { name in
            proxy.ipAddresses.lazy.compactMap { self.tracer.book.pod(at: $0, seenFrom: proxy.cluster) }.first {
                $0.namespacedName == name
            }
        }
    }

    private func source(of proxy: ProxyNode) -> SourceReference? { pod(of: proxy).flatMap { tracer.source(of: $0) } }

    private func tls(_ request: SyntheticRequest, _ traced: TraceHop) -> PathHop.TLS {
        guard request.isTLS else { return .none }
        guard let chain = traced.filterChain else { return .refused }
        guard case .tls(let context)? = chain.transportSocket else {
            return traced.routeConfiguration == nil && traced.host != nil ? .passes : .refused
        }
        return context.requireClientCertificate && request.transport == .mtls ? .endsMutual : .ends
    }

    // MARK: Inbound

    private func noteInbound(_ hop: inout PathHop, _ proxy: ProxyNode, _ request: SyntheticRequest, _ traced: TraceHop)
    {
        let policy = tracer.policy(of: proxy)
        let mode = policy.mode(port: Int(request.port))
        let owner = policy.owners.first
        if let pod = pod(of: proxy), pod.isSidecarAssumed, !pod.isStandIn {
            hop.note("its sidecar is assumed: injection is on for this Pod, whose manifest shows none")
        }
        let says = owner.map { "PeerAuthentication \($0.namespace)/\($0.name)" } ?? "no PeerAuthentication: the default"
        guard traced.filterChain == nil else {
            hop.note("port \(request.port) accepts \(Self.accepted(mode)) (\(says))", owner)
            return
        }
        if mode == .strict, !request.isTLS {
            hop.fail(
                "plaintext arrives, and port \(request.port) accepts mTLS only (STRICT, \(says)): the connection is reset",
                owner,
                code: "MT0311")
        } else {
            hop.fail(
                "port \(request.port) has no chain for \(request.transport.rawValue): the connection is reset", owner)
        }
    }

    private static func accepted(_ mode: PeerAuthentication.Mode) -> String {
        switch mode {
        case .strict: "mTLS only"
        case .permissive, .unset: "mTLS and plaintext"
        case .disable: "plaintext only"
        }
    }

    // MARK: Routing

    private func noteRouting(
        _ hop: inout PathHop, _ request: SyntheticRequest, _ traced: TraceHop, _ trace: TrafficTrace
    ) {
        guard traced.listener != nil else {
            hop.fail(
                "nothing listens on port \(request.port) here", nil, code: request.mode == .gateway ? "MT0210" : nil)
            return
        }
        if let error = trace.error, request.mode != .inbound || traced.filterChain != nil {
            let step = traced.steps.last { !$0.matched }
            hop.fail(
                error.rawValue + (step.map { ": \($0.reason)" } ?? ""), step?.source ?? traced.listener?.sources.first)
        }
        if let route = traced.route {
            let name = route.name.isEmpty ? "" : " \(route.name)"
            hop.note(
                "route\(name) of \(traced.virtualHost?.name ?? "")",
                route.sources.first ?? traced.virtualHost?.sources.first)
        }
        guard let cluster = traced.clusterReference else { return }
        if traced.host == nil {
            hop.fail(
                "cluster \(cluster): "
                    + (traced.cluster == nil ? "there is no such cluster" : "it has no endpoint that may be used"))
            return
        }
        if cluster == "PassthroughCluster" {
            notePassthrough(&hop, request)
        } else if cluster != "InboundPassthroughCluster", !cluster.hasPrefix("inbound|") {
            let count = traced.candidates.count
            hop.note(
                "cluster \(cluster), endpoint \(traced.host?.address ?? "")" + (count > 1 ? ", one of \(count)" : ""),
                traced.cluster?.sources.first)
        }
        if traced.manager != nil, request.mode == .outbound, let host = traced.host,
            let address = host.socketParts?.address,
            address != request.address, tracer.book.pod(at: request.address, seenFrom: hop.cluster) != nil
        {
            hop.note(
                "the destination address is ignored: HTTP is routed by port and Host, so \(request.address) was asked for and "
                    + "\(address) is chosen")
        }
    }

    /// The mesh's rules had no part in it.
    private func notePassthrough(_ hop: inout PathHop, _ request: SyntheticRequest) {
        let service = tracer.book.service(atClusterAddress: request.address, from: hop.cluster)
        let isFront = path.last.map { $0.kind == .ingress } ?? false
        var text =
            "this request used no rule of the mesh: PassthroughCluster, plaintext, no retries, no weights, no mTLS"
        if let service {
            text +=
                "; Host \(request.authority ?? "") is no host of port \(request.port), though the address is that of Service "
                + "\(service.namespacedName)"
            if isFront { text += " (with ingress-nginx, upstream-vhost names the Service)" }
            hop.warn(text, service.sourceReference, code: isFront ? "MT0331" : nil)
        } else {
            if isFront { text += "; the ingress dials Pods itself" }
            hop.warn(text, nil, code: isFront ? "MT0330" : nil)
        }
    }

    // MARK: Forwarded headers

    private func noteForwarding(
        _ hop: inout PathHop, _ request: SyntheticRequest, _ traced: TraceHop, _ trace: TrafficTrace
    ) {
        guard request.mode == .gateway, let manager = traced.manager else { return }
        let claimed = request.header("x-forwarded-proto")
        let trusted = manager.xffNumTrustedHops
        if let claimed, manager.useRemoteAddress, trusted == 0, claimed != (request.isTLS ? "https" : "http") {
            hop.warn(
                "x-forwarded-proto \(claimed) from before is overwritten with \(request.isTLS ? "https" : "http"): "
                    + "numTrustedProxies is 0")
        } else if trusted > 0 {
            hop.note("numTrustedProxies \(trusted): the last \(trusted) of x-forwarded-for are believed")
        }
        guard let response = trace.response, let status = response.status, (301...308).contains(status),
            let location = response.headers.first(where: { $0.name == "location" })?.value,
            location.lowercased().hasPrefix("https://"), !request.isTLS, path.contains(where: { $0.tls == .ends })
        else { return }
        hop.fail(
            "a redirect to https, though the client came by https: the load balancer before ended TLS, so this goes on for ever",
            traced.virtualHost?.sources.first ?? traced.listener?.sources.first)
    }
}

extension HeaderChange {
    /// What one proxy made of another's request: Host, then headers by name.
    static func between(_ before: SyntheticRequest, _ after: SyntheticRequest) -> [HeaderChange] {
        var changes: [HeaderChange] = []
        if before.authority != after.authority {
            changes.append(HeaderChange("host", from: before.authority, to: after.authority))
        }
        if before.path != after.path { changes.append(HeaderChange(":path", from: before.path, to: after.path)) }
        let left = joined(before.headers)
        let right = joined(after.headers)
        for name in Set(left.keys).union(right.keys).sorted() where left[name] != right[name] {
            changes.append(HeaderChange(name, from: left[name], to: right[name]))
        }
        return changes
    }

    private static func joined(_ headers: [SyntheticRequest.Header]) -> [String: String] {
        var result: [String: String] = [:]
        for header in headers {
            let name = header.name.lowercased()
            if name == "host" { continue }
            result[name] = result[name].map { "\($0), \(header.value)" } ?? header.value
        }
        return result
    }
}
