import EnvoyModel

/// The router filter: redirect, direct response, or changes to the request and the choice of a host.
@inline(__always)
func routeRequest<T: Trace>(
    _ request: inout RequestHead, _ connection: DownstreamConnection, _ view: inout RequestView,
    _ decision: inout Decision, _ worker: inout WorkerState, _ trace: inout T
) {
    guard let route = decision.route else { return }
    switch route.action.kind {
    case .redirect:
        guard let redirect = route.action.redirect else { return }
        var reply = LocalReply(redirect.value.responseCode, details: "direct_response", carriesRouteHeaders: true)
        reply.location = redirect.location(&request, view, route.match.path)
        redirect.rewritePath(&request, view, route.match.path)
        decision.localReply = reply
    case .directResponse: decision.localReply = directResponse(route, &request, view)
    case .none: decision.localReply = .routeNotFound
    case .forward: forward(route, &request, connection, &view, &decision, &worker, &trace)
    }
}

private func directResponse(_ route: CompiledRoute, _ request: inout RequestHead, _ view: RequestView) -> LocalReply {
    var reply = LocalReply(
        route.action.directStatus, details: "direct_response", body: route.action.directBody,
        carriesRouteHeaders: true)
    reply.isDirectResponse = true
    if 300..<400 ~= reply.status {
        // Envoy sends the request's own URL with such a status.
        let start = request.block.storage.count
        request.block.storeCopy(view.scheme)
        _ = request.block.store("://")
        request.block.storeCopy(request.authority)
        request.block.storeCopy(request.path)
        reply.location = request.block.since(start)
    }
    return reply
}

@inline(__always)
private func forward<T: Trace>(
    _ route: CompiledRoute, _ request: inout RequestHead, _ connection: DownstreamConnection,
    _ view: inout RequestView, _ decision: inout Decision, _ worker: inout WorkerState, _ trace: inout T
) {
    guard let cluster = decision.cluster else {
        decision.localReply = .clusterNotFound(route.action.notFoundStatus)
        trace.record(
            Step(
                .cluster, candidate: route.action.clusterName, matched: false,
                reason: "there is no such cluster", source: route.value.sources.first))
        return
    }
    if route.action.clusterChoice != .weighted {
        trace.record(
            Step(
                .cluster, candidate: cluster.name, matched: true, reason: "the route's cluster",
                source: cluster.value.sources.first))
    }
    setTimeout(route, &request, &decision)
    if connection.manager.settings.changesRequests { changeHeaders(route, &request, connection, view, &decision) }
    let old = view
    route.action.rewriteHost(&request, old, weighted: decision.weightedClusterIndex)
    route.action.rewritePath(&request, old, route.match.path)
    view.update(request, ignoresParameters: false)
    if !(cluster.balancing.hashPolicies?.isEmpty ?? route.action.hashPolicies.isEmpty) {
        let policies = cluster.balancing.hashPolicies ?? route.action.hashPolicies
        decision.hash = CompiledHashPolicy.hash(policies, &request, view, connection, &decision)
    }
    let state = worker.state(of: cluster)
    let metadata = cluster.balancing.subsets == nil ? nil : decision.metadataMatch
    guard let pick = state.pick(hash: decision.hash, metadata: metadata, attempt: 0, random: &worker.random) else {
        decision.localReply = .noHealthyUpstream
        if cluster.value.type == .originalDst {
            trace.record(
                Step(
                    .endpoint, candidate: cluster.name, matched: true,
                    reason: "the destination of the connection itself", source: cluster.value.sources.first))
            return
        }
        trace.record(
            Step(
                .endpoint, candidate: cluster.name, matched: false,
                reason: cluster.hosts.isEmpty ? "the cluster has no endpoints" : "no endpoint of the cluster is usable",
                source: cluster.value.sources.first))
        return
    }
    let host = cluster.hosts[pick.host]
    decision.host = host
    decision.priority = UInt32(pick.priority)
    decision.isPanic = pick.isPanic
    if route.action.rewritesHostByEndpoint, !host.hostname.isEmpty {
        request.changeHost(to: request.block.store(host.hostname), appends: route.action.appendsForwardedHost)
    }
    if let reply = overflow(cluster, route, &decision) {
        decision.localReply = reply
        return
    }
    for index in route.mirrors.indices.prefix(64) {
        let mirror = route.mirrors[index]
        if let fraction = mirror.value.runtimeFraction, !fraction.contains(decision.random) { continue }
        decision.mirrors |= 1 << UInt64(index)
    }
    trace.record(
        Step(
            .endpoint, candidate: host.address, matched: true,
            reason: endpointReason(cluster, decision), source: cluster.value.sources.first))
}

/// Circuit breakers that let nothing through: no request at all, or none that has to wait for a connection. The others need counts,
/// which the proxy has.
@inline(__always)
private func overflow(
    _ cluster: CompiledCluster, _ route: CompiledRoute, _ decision: inout Decision
) -> LocalReply? {
    guard cluster.mayBeClosed, case .route(let action) = route.value.action else { return nil }
    let breakers = cluster.value.circuitBreakers
    guard let thresholds = action.isHighPriority ? breakers.high : breakers.default else { return nil }
    if thresholds.maxRequests == 0 { return .overflow }
    guard thresholds.maxPendingRequests == 0 else { return nil }
    decision.host = nil
    return .overflow
}

/// The time for the whole request, and what the upstream is told of it.
@inline(__always)
private func setTimeout(_ route: CompiledRoute, _ request: inout RequestHead, _ decision: inout Decision) {
    decision.timeout = route.timeout
    var text: ByteRange?
    if decision.isInternal, let value = request.block.value("x-envoy-upstream-rq-timeout-ms"),
        let milliseconds = request.block.unsignedDecimal(value), milliseconds < 1 << 40
    {
        decision.timeout = milliseconds == 0 ? nil : .milliseconds(Int64(milliseconds))
        request.block.remove("x-envoy-upstream-rq-timeout-ms")
        if milliseconds > 0 { text = value }
    } else if !route.timeoutText.isEmpty {
        text = request.block.store(route.timeoutText)
    }
    guard let text else { return }
    decision.expectedTimeoutField = request.block.set("x-envoy-expected-rq-timeout-ms", text)
}

/// The attempt count, then the header changes of weighted cluster, route, virtual host, configuration; the last three in either order.
private func changeHeaders(
    _ route: CompiledRoute, _ request: inout RequestHead, _ connection: DownstreamConnection,
    _ view: RequestView, _ decision: inout Decision
) {
    guard let routes = connection.manager.routes else { return }
    if decision.virtualHost?.includesAttemptCount == true {
        let one = request.block.store("1")
        request.block.set("x-envoy-attempt-count", one)
    }
    let isReversed = connection.manager.settings.mostSpecificWins
    for position in 0..<4 {
        // The weighted cluster's come first in either order.
        switch isReversed && position > 0 ? 4 - position : position {
        case 0:
            let index = decision.weightedClusterIndex
            if index >= 0, !route.action.entries[index].requestHeaders.isEmpty {
                route.action.entries[index].requestHeaders.apply(to: &request, view, decision, connection)
            }
        case 1:
            if !route.requestHeaders.isEmpty { route.requestHeaders.apply(to: &request, view, decision, connection) }
        case 2:
            if let host = decision.virtualHost, !host.requestHeaders.isEmpty {
                host.requestHeaders.apply(to: &request, view, decision, connection)
            }
        default:
            if !routes.requestHeaders.isEmpty { routes.requestHeaders.apply(to: &request, view, decision, connection) }
        }
    }
}

private func endpointReason(_ cluster: CompiledCluster, _ decision: Decision) -> String {
    var words: String
    switch cluster.balancing.policy {
    case .roundRobin: words = "round robin"
    case .leastRequest: words = "least request"
    case .random: words = "drawn at random"
    case .ringHash: words = decision.hash.map { "ring hash of \($0)" } ?? "ring hash without a hash: at random"
    case .maglev: words = decision.hash.map { "Maglev of \($0)" } ?? "Maglev without a hash: at random"
    }
    words += " over \(cluster.hosts.count) endpoint\(cluster.hosts.count == 1 ? "" : "s")"
    if decision.priority > 0 { words += ", priority \(decision.priority)" }
    if decision.isPanic { words += ", in panic" }
    return words
}

extension CompiledConnectionManager {
    /// The cluster that a header names.
    func cluster(_ block: borrowing HeaderBlock, _ value: ByteRange) -> CompiledCluster? {
        clusters.cluster(named: block.string(value))
    }
}
