import EnvoyModel

/// Finds virtual host, route and cluster (rule book, sections 2, 3, 6). What is not found becomes a local reply.
@inline(__always)
func selectRoute<T: Trace>(
    _ request: inout RequestHead, _ connection: DownstreamConnection, _ view: inout RequestView,
    _ decision: inout Decision, _ trace: inout T
) {
    guard let routes = connection.manager.routes else {
        trace.record(
            Step(
                .virtualHost, candidate: connection.manager.routeConfigurationName, matched: false,
                reason:
                    "the listener asks for route configuration \"\(connection.manager.routeConfigurationName)\", which is not there"
            ))
        decision.localReply = .routeNotFound
        return
    }
    var host = request.authority
    if connection.manager.settings.ignoresPortInHost, let colon = request.block.portColon(host, needsNumber: false) {
        host = request.block.part(host, from: 0, to: colon)
    }
    let place = routes.domains.find(request.block, host: host)
    if T.isActive { recordVirtualHosts(routes, request.block.string(host), chosen: place, &trace) }
    guard place >= 0 else {
        decision.localReply = .routeNotFound
        return
    }
    let virtualHost = routes.virtualHosts[place]
    decision.virtualHost = virtualHost
    let required = virtualHost.requireTLS
    if required != .none, !view.isHTTPS, required == .all || !decision.isInternal {
        var reply = LocalReply(301, details: "direct_response")
        let start = request.block.storage.count
        _ = request.block.store("https://")
        request.block.storeCopy(request.authority)
        request.block.storeCopy(request.path)
        reply.location = request.block.since(start)
        decision.localReply = reply
        trace.record(
            Step(
                .route, candidate: virtualHost.name, matched: true,
                reason: "the virtual host requires TLS and the request came without: it is redirected to https"))
        return
    }
    let path = PathStart(request.block, view.matchedPath)
    var index = -1
    while index + 1 < virtualHost.guesses.count {
        index += 1
        // A trace is to have the evidence of each route.
        if !T.isActive, !virtualHost.guesses[index].mayMatch(path) { continue }
        let route = virtualHost.routes[index]
        var matches = route.match.matches(request, view)
        if matches, let fraction = route.fraction {
            trace.split(modulus: fraction.denominator.value, bounds: [UInt64(fraction.numerator)])
            matches = fraction.contains(view.random)
        }
        if T.isActive { trace.record(step(route, request, view, matched: matches)) }
        if matches {
            decision.route = route
            break
        }
    }
    guard let route = decision.route else {
        decision.localReply = .routeNotFound
        return
    }
    if route.action.kind == .forward { selectCluster(route, &request, connection, view, &decision, &trace) }
}

/// Which cluster a forwarding route names; leaves `cluster` empty for one that does not exist.
@inline(__always)
private func selectCluster<T: Trace>(
    _ route: CompiledRoute, _ request: inout RequestHead, _ connection: DownstreamConnection,
    _ view: RequestView, _ decision: inout Decision, _ trace: inout T
) {
    switch route.action.clusterChoice {
    case .one: decision.cluster = route.action.cluster
    case .none: break
    case .header:
        if let source = route.action.clusterHeader, let value = source.value(request, view) {
            decision.cluster = connection.manager.cluster(request.block, value)
        }
    case .weighted:
        let (value, isRandom) = weightedValue(route, &request, connection, view, &decision)
        if isRandom, T.isActive {
            trace.split(modulus: route.action.totalWeight, bounds: route.action.entries.map(\.end))
        }
        let index = route.action.entry(for: value)
        guard index >= 0, index < route.action.entries.count else { return }
        decision.weightedClusterIndex = index
        let entry = route.action.entries[index]
        if let header = entry.header {
            if let value = header.value(request, view) {
                decision.cluster = connection.manager.cluster(request.block, value)
            }
        } else {
            decision.cluster = entry.cluster
        }
        trace.record(
            Step(
                .cluster, candidate: entry.name, matched: true,
                reason: "\(isRandom ? "drawn" : "chosen") among weighted clusters (\(words(route.action)))",
                source: route.value.sources.first))
    }
}

private func words(_ action: CompiledRouteAction) -> String {
    var previous: UInt64 = 0
    return action.entries.map { entry in
        defer { previous = entry.end }
        return "\(entry.name): \(entry.end - previous)"
    }.joined(separator: ", ")
}

/// The value that chooses among weighted clusters, and whether it is the random one.
private func weightedValue(
    _ route: CompiledRoute, _ request: inout RequestHead, _ connection: DownstreamConnection,
    _ view: RequestView, _ decision: inout Decision
) -> (UInt64, isRandom: Bool) {
    if let header = route.action.weightHeader, let value = header.value(request, view) {
        let isOnce =
            header.isPseudo
            || request.block.first(header.name).flatMap { request.block.next(header.name, from: $0 + 1) } == nil
        if isOnce, let number = request.block.unsignedDecimal(value) { return (number, false) }
    }
    if route.action.usesHashPolicy,
        let hash = CompiledHashPolicy.hash(
            route.action.hashPolicies, &request, view, connection, &decision, makesCookies: false)
    {
        return (hash, false)
    }
    return (view.random, true)
}

/// Every route's step has the evidence for all of its conditions, so that the nearest miss can be told.
private func step(_ route: CompiledRoute, _ request: RequestHead, _ view: RequestView, matched: Bool) -> Step {
    var evidence = route.match.evidence(request, view)
    if let fraction = route.match.value.runtimeFraction, evidence.allSatisfy(\.isMet) {
        evidence.append(
            Evidence(
                .runtimeFraction, isMet: matched,
                expected: "\(fraction.numerator) of \(fraction.denominator.value) requests", actual: nil))
    }
    let name = route.name.isEmpty ? "route \(route.index)" : route.name
    return Step(
        .route, candidate: name, matched: matched, reason: reason(evidence, matched: matched), evidence: evidence,
        source: route.value.sources.first, position: route.index)
}

/// The words of a step from its evidence.
func reason(_ evidence: [Evidence], matched: Bool) -> String {
    if matched { return evidence.map { "\($0.subject) is \($0.expected)" }.joined(separator: ", ") }
    let failed = evidence.filter { !$0.isMet }
    return failed.map { item in
        "\(item.subject) \(item.actual.map { "\"\($0)\"" } ?? "is absent and") is not \(item.expected)"
    }.joined(separator: "; ")
}

extension Evidence {
    /// What the condition is about: `path`, `header x-user`.
    package var subject: String {
        switch condition {
        case .address: "address"
        case .destinationPort: "port"
        case .sourceAddress: "source address"
        case .serverName: "server name"
        case .transportProtocol: "transport"
        case .applicationProtocol: "application protocol"
        case .domain: "host"
        case .path: "path"
        case .header(let name): name == ":method" ? "method" : "header \(name)"
        case .queryParameter(let name): "query parameter \(name)"
        case .grpc: "request"
        case .runtimeFraction: "share"
        case .tls: "connection"
        case .dynamicMetadata: "token"
        }
    }
}

/// The virtual hosts in the order of the search. Of many, only those that have something to do with the host, and the first ones.
private func recordVirtualHosts<T: Trace>(
    _ routes: CompiledRouteConfiguration, _ host: String, chosen: Int, _ trace: inout T
) {
    let limit = 50
    var others = 0
    for (index, candidate) in routes.virtualHosts.enumerated() {
        let best = candidate.value.domains.compactMap { domain in
            DomainMatch(domain: domain, host: host).map { (match: $0, domain: domain) }
        }.max { $0.match < $1.match }
        if index != chosen, best == nil {
            others += 1
            if others > limit { continue }
        }
        let reason: String
        if index == chosen {
            reason = "host \"\(host)\" is domain \"\(best?.domain ?? "*")\""
        } else if let best {
            reason = "domain \"\(best.domain)\" fits host \"\(host)\", and another fits better"
        } else {
            reason = "host \"\(host)\" is none of its domains"
        }
        let shown = candidate.value.domains.prefix(4).joined(separator: ", ")
        trace.record(
            Step(
                .virtualHost, candidate: candidate.name, matched: index == chosen, reason: reason,
                evidence: [
                    Evidence(.domain, isMet: best != nil, expected: best?.domain ?? shown, actual: host)
                ], source: candidate.value.sources.first, position: index))
    }
}
