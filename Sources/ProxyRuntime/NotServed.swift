import EnvoyModel

/// What a configuration asks for that the embedded proxy does not do (yet): said at the start, never silently left out.
enum NotServed {
    static func lines(_ proxy: ServedProxy) -> [String] {
        var lines = summaries(proxy)
        for listener in proxy.snapshot.listeners { add(listener, proxy.name, to: &lines) }
        for cluster in proxy.snapshot.clusters {
            if let reason = reason(cluster) {
                lines.append("\(proxy.name): cluster \(cluster.name): \(reason)")
            }
        }
        return lines
    }

    /// What whole groups of routes and clusters ask for, a line for each.
    private static func summaries(_ proxy: ServedProxy) -> [String] {
        let snapshot = proxy.snapshot
        let hosts = (snapshot.routes + snapshot.inlineRoutes).flatMap(
            \.virtualHosts)
        let retrying = hosts.reduce(0) { sum, host in
            sum
                + host.routes.count { route in
                    guard case .route(let action) = route.action else { return false }
                    return action.retryPolicy != nil || host.retryPolicy != nil
                }
        }
        let groups: [(count: Int, what: String, consequence: String)] = [
            (retrying, "route", "retries are not made: the first answer counts"),
            (
                snapshot.clusters.count { $0.outlierDetection != nil }, "cluster",
                "outlier detection is not done: no endpoint is ejected"
            ),
            (
                snapshot.clusters.count { $0.circuitBreakers.hasReachableLimit }, "cluster",
                "limits of connections and requests other than 0 are not enforced"
            ),
            (
                snapshot.clusters.count { $0.lbPolicy.hasSlowStart }, "cluster",
                "slow start has no effect: a new endpoint gets its full share at once"
            ),
            (
                snapshot.clusters.count { !$0.healthChecks.isEmpty }, "cluster",
                "active health checks are not made: endpoints keep the health that they are given"
            ),
        ]
        return groups.filter { $0.count > 0 }.map {
            "\(proxy.name): \($0.count) \($0.what)\($0.count == 1 ? "" : "s"): \($0.consequence)"
        }
    }

    private static func add(_ listener: Listener, _ proxy: String, to lines: inout [String]) {
        let chains = listener.filterChains + (listener.defaultFilterChain.map { [$0] } ?? [])
        var reasons: Set<String> = []
        for chain in chains {
            if chain.transportSocket != nil { reasons.insert("TLS is not terminated: its chains get no connection") }
            for filter in chain.filters {
                switch filter.config {
                case .tcpProxy: reasons.insert("TCP is not proxied: its connections are closed")
                case .httpConnectionManager(let manager):
                    if manager.codecType == .http2 || manager.codecType == .http3 {
                        reasons.insert("only HTTP/1.1 is spoken")
                    }
                    if manager.localReplyConfig != nil {
                        reasons.insert("local_reply_config has no effect: the proxy's own answers are Envoy's")
                    }
                    for case .other(let config) in manager.httpFilters.map(\.config) {
                        reasons.insert("HTTP filter \(config.name) has no effect")
                    }
                case .other: break
                }
            }
        }
        if listener.listenerFilters.contains(where: { $0.kind == .proxyProtocol }) {
            reasons.insert("a PROXY header is neither needed nor read")
        }
        if listener.address == nil { reasons.insert("internal listeners are not opened") }
        for reason in reasons.sorted() { lines.append("\(proxy): listener \(listener.name): \(reason)") }
    }

    private static func reason(_ cluster: Cluster) -> String? {
        if cluster.upstreamProtocol == .http2 { return "HTTP/2 upstream is not spoken: HTTP/1.1 is" }
        if cluster.transportSocket.tls != nil { return "TLS upstream is not spoken: plaintext is" }
        return nil
    }
}

extension CircuitBreakers {
    /// Whether some number of requests would be too many; istiod writes the largest number for no limit.
    fileprivate var hasReachableLimit: Bool {
        [`default`, high].contains { limits in
            guard let limits else { return false }
            return [limits.maxConnections, limits.maxPendingRequests, limits.maxRequests].contains {
                $0.map { $0 > 0 && $0 < .max } ?? false
            }
        }
    }
}

extension Cluster.LBPolicy {
    fileprivate var hasSlowStart: Bool {
        switch self {
        case .roundRobin(let slowStart): slowStart != nil
        case .leastRequest(_, _, _, let slowStart): slowStart != nil
        default: false
        }
    }
}
