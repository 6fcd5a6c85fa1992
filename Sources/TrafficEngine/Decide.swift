import Documents
import EnvoyModel

/// Decides about a request, telling nothing: the proxy's way in. No heap allocation when warm.
///
/// `request` is changed into what the upstream gets. After a local reply its state is unspecified, but `finishLocalReply` needs it.
/// `decision` is a new one; it is filled where it stands, since moving its references costs as much as finding some of them.
package func decideFast(
    _ request: inout RequestHead, on connection: DownstreamConnection, worker: inout WorkerState,
    into decision: inout Decision
) {
    var trace = NoTrace()
    let random = worker.random.next()
    decide(&request, on: connection, random: random, worker: &worker, into: &decision, trace: &trace)
}

/// The same with a decision of the caller's.
package func decideFast(
    _ request: inout RequestHead, on connection: DownstreamConnection, worker: inout WorkerState
) -> Decision {
    var decision = Decision()
    decideFast(&request, on: connection, worker: &worker, into: &decision)
    return decision
}

/// The same decision with its reasons.
package func decideExplained(
    _ request: inout RequestHead, on connection: DownstreamConnection, worker: inout WorkerState,
    trace: inout Explanation
) -> Decision {
    let random = worker.random.next()
    return decide(&request, on: connection, random: random, worker: &worker, trace: &trace)
}

/// Chooses a host once more, for a retry: `attempt` counts from 1. Hosts already tried are avoided where the retry policy says so.
/// Returns `nil` when none is usable; the reply is then `noHealthyUpstream`.
package func chooseAgain(
    _ decision: inout Decision, attempt: Int, attempted: [CompiledHost], worker: inout WorkerState
) -> CompiledHost? {
    guard let cluster = decision.cluster else { return nil }
    let state = worker.state(of: cluster)
    let metadata = decision.metadataMatch
    let policy = decision.retryPolicy
    let extra = policy?.avoidsPreviousHosts == true ? max(0, Int(policy?.hostSelectionRetryMaxAttempts ?? 1)) : 0
    var chosen: CompiledHost?
    for index in 0...min(extra, 1000) {
        guard
            let pick = state.pick(hash: decision.hash, metadata: metadata, attempt: index, random: &worker.random)
        else { return nil }
        let host = cluster.hosts[pick.host]
        chosen = host
        decision.priority = UInt32(pick.priority)
        if !attempted.contains(where: { $0 === host }) { break }
    }
    decision.host = chosen
    return chosen
}

/// The decision about one request: connection manager, virtual host, route, filters, router (rule book, section 1).
/// `random` is the request's random value, which fractions and weighted clusters share.
@inline(__always)
func decide<T: Trace>(
    _ request: inout RequestHead, on connection: DownstreamConnection, random: UInt64,
    worker: inout WorkerState, trace: inout T
) -> Decision {
    var decision = Decision()
    decide(&request, on: connection, random: random, worker: &worker, into: &decision, trace: &trace)
    return decision
}

@inline(__always)
private func decide<T: Trace>(
    _ request: inout RequestHead, on connection: DownstreamConnection, random: UInt64,
    worker: inout WorkerState, into decision: inout Decision, trace: inout T
) {
    decision.random = random
    var view = RequestView()
    view.random = random
    var headers = ConnectionManagerHeaders()
    let manager = connection.manager
    decision.isHead = request.block.equals(request.method, "HEAD")
    if let reply = prepare(&request, connection, &view, &headers, &decision, &worker.random) {
        decision.localReply = reply
        // Envoy finds the virtual host before it refuses.
        decision.virtualHost = manager.virtualHost(of: request.block.string(request.authority))
        return
    }
    selectRoute(&request, connection, &view, &decision, &trace)
    if decision.localReply == nil, let type = headers.upgradeType {
        if isUpgradeAllowed(request, type, manager, decision.route) {
            decision.isUpgrade = true
            headers.restoreUpgrade(&request)
        } else {
            decision.localReply = .upgradeFailed
        }
    }
    // A missing virtual host or route is answered by the router, after the other filters.
    if let flags = decision.localReply?.flags, flags != .noRouteFound { return }
    var index = 0
    while index < manager.filters.count {
        if let reply = run(manager.filters[index], request, view, &decision, &worker.random) {
            decision.localReply = reply
            return
        }
        index += 1
    }
    if decision.localReply != nil { return }
    routeRequest(&request, connection, &view, &decision, &worker, &trace)
}

/// Checks and normalises host and path, then changes the headers as the connection manager does.
private func prepare(
    _ request: inout RequestHead, _ connection: DownstreamConnection, _ view: inout RequestView,
    _ headers: inout ConnectionManagerHeaders, _ decision: inout Decision, _ random: inout RandomSource
) -> LocalReply? {
    let manager = connection.manager
    guard request.hasHost else { return .missingHost }
    if request.block.firstIndex(of: UInt8(ascii: "#"), in: request.path) != nil { return .badPath }
    let outcome = request.normalizePath(manager.settings)
    if outcome == .refused { return .badPath }
    request.normalizeHost(manager.settings, localPort: connection.localPort)
    headers.apply(to: &request, on: connection, view: &view, decision: &decision, random: &random)
    decision.isGRPC = view.isGRPC
    view.update(request, ignoresParameters: manager.settings.ignoresPathParameters)
    if outcome == .redirect {
        if view.isGRPC { return .badPath }
        var reply = LocalReply(307, details: "path_normalization_failed")
        reply.location = request.path
        return reply
    }
    return nil
}

private func isUpgradeAllowed(
    _ request: borrowing RequestHead, _ type: ByteRange, _ manager: CompiledConnectionManager, _ route: CompiledRoute?
) -> Bool {
    for config in route?.action.upgrades ?? []
    where request.block.equalsIgnoringCase(type, Array(config.type, lowercased: true)) {
        return config.enabled
    }
    for config in manager.value.upgradeConfigs
    where request.block.equalsIgnoringCase(type, Array(config.type, lowercased: true)) {
        return config.enabled
    }
    return false
}

@inline(__always)
private func run(
    _ filter: CompiledFilter, _ request: borrowing RequestHead, _ view: RequestView, _ decision: inout Decision,
    _ random: inout RandomSource
) -> LocalReply? {
    switch filter {
    case .fault(let global, let name):
        guard let fault = decision.fault(global, filter: name), !fault.isInert,
            fault.concerns(request, view, cluster: decision.cluster?.name ?? "")
        else { return nil }
        return fault.apply(request, &decision, random: &random)
    case .cors(let name):
        guard let route = decision.route, let cors = route.cors,
            route.disabledFilters.isEmpty || !route.disabledFilters.contains(name)
        else { return nil }
        return cors.apply(request, &decision)
    }
}

extension Decision {
    /// The fault that counts: the weighted cluster's, the route's, the virtual host's, else the filter's own.
    func fault(_ global: CompiledFault, filter: String) -> CompiledFault? {
        guard let route else { return virtualHost?.fault ?? global }
        if !route.disabledFilters.isEmpty, route.disabledFilters.contains(filter) { return nil }
        if weightedClusterIndex >= 0, weightedClusterIndex < route.action.entries.count,
            let fault = route.action.entries[weightedClusterIndex].fault
        {
            return fault
        }
        return route.fault ?? global
    }

    /// The metadata that a subset is wanted by: the route's, with the weighted cluster's on top.
    var metadataMatch: Metadata? {
        guard let route else { return nil }
        let own = route.action.metadataMatch
        guard weightedClusterIndex >= 0, weightedClusterIndex < route.action.entries.count,
            let entry = route.action.entries[weightedClusterIndex].metadataMatch
        else { return own }
        guard var merged = own else { return entry }
        for (key, value) in entry.filterMetadata {
            guard var object = merged.filterMetadata[key]?.object, let other = value.object else {
                merged.filterMetadata[key] = value
                continue
            }
            for member in other.members { object[member.key] = member.value }
            merged.filterMetadata[key] = .object(object)
        }
        return merged
    }
}

extension HeaderBlock {
    /// `text` must be in lower case.
    func equalsIgnoringCase(_ range: ByteRange, _ text: [UInt8]) -> Bool {
        Int(range.count) == text.count && hasPrefixIgnoringCase(range, text)
    }
}

extension RequestHead {
    /// Strips a trailing dot and the port where the connection manager is told to.
    mutating func normalizeHost(_ settings: ManagerSettings, localPort: UInt16) {
        guard settings.stripsTrailingDot || settings.stripsAnyPort || settings.stripsMatchingPort else {
            return
        }
        if settings.stripsTrailingDot {
            let colon = block.portColon(authority) ?? Int(authority.count)
            if colon > 0, block.byte(authority, colon - 1) == UInt8(ascii: ".") {
                let start = block.storage.count
                block.storeCopy(block.part(authority, from: 0, to: colon - 1))
                block.storeCopy(block.part(authority, from: colon, to: Int(authority.count)))
                authority = block.since(start)
            }
        }
        guard settings.stripsAnyPort || settings.stripsMatchingPort, let colon = block.portColon(authority) else {
            return
        }
        let port = block.unsignedDecimal(block.part(authority, from: colon + 1, to: Int(authority.count)))
        if settings.stripsAnyPort || port == UInt64(localPort) {
            authority = block.part(authority, from: 0, to: colon)
        }
    }
}
