import EnvoyModel

/// What a configuration asks for that the embedded proxy does not do (yet): said at the start, never silently left out.
enum NotServed {
    static func lines(_ proxy: ServedProxy) -> [String] {
        var lines: [String] = []
        for listener in proxy.snapshot.listeners { add(listener, proxy.name, to: &lines) }
        for cluster in proxy.snapshot.clusters {
            if let reason = reason(cluster) {
                lines.append("\(proxy.name): cluster \(cluster.name): \(reason)")
            }
        }
        return lines
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
                    for case .other(let config) in manager.httpFilters.map(\.config) {
                        reasons.insert("HTTP filter \(config.name) has no effect")
                    }
                case .other: break
                }
            }
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
