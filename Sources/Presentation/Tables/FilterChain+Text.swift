import Documents
package import EnvoyModel

extension FilterChain {
    /// The MATCH column.
    package var matchText: String {
        guard let match else { return "ALL" }
        var parts: [String] = []
        if !match.serverNames.isEmpty { parts.append("SNI: " + match.serverNames.joined(separator: ",")) }
        if !match.transportProtocol.isEmpty { parts.append("Trans: " + match.transportProtocol) }
        if !match.applicationProtocols.isEmpty {
            parts.append("App: " + Self.applicationText(match.applicationProtocols))
        }
        if !match.prefixRanges.isEmpty {
            let ranges = match.prefixRanges.map { "\($0.addressPrefix)/\($0.prefixLength)" }.joined(separator: ",")
            parts.append("Addr: " + ranges + (match.destinationPort.map { ":\($0)" } ?? ""))
        } else if let port = match.destinationPort {
            parts.append("Addr: *:\(port)")
        }
        return parts.isEmpty ? "ALL" : parts.joined(separator: "; ")
    }

    /// Istio's own lists have names (istioctl: `plaintextHTTPALPNs` and its like).
    private static func applicationText(_ protocols: [String]) -> String {
        switch protocols {
        case ["http/1.0", "http/1.1", "h2c"]: "HTTP"
        case ["http/1.0", "http/1.1", "h2c", "istio-http/1.0", "istio-http/1.1", "istio-h2"]: "HTTP TLS"
        case ["istio", "istio-http/1.0", "istio-http/1.1", "istio-h2"]: "Istio HTTP Plain"
        case ["istio-peer-exchange", "istio"]: "TCP TLS"
        default: protocols.joined(separator: ",")
        }
    }

    /// The DESTINATION column: the first connection manager or TCP proxy decides, by the filter's name.
    package var destinationText: String {
        for filter in filters {
            if filter.isNamedConnectionManager {
                guard case .httpConnectionManager(let manager) = filter.config else { return "HTTP" }
                return manager.destinationText
            }
            if filter.isNamedTCPProxy && !filter.mentionsBlackHole {
                guard case .tcpProxy(let proxy) = filter.config else { return clusterDestination("") }
                return clusterDestination(proxy.cluster)
            }
        }
        return "Non-HTTP/Non-TCP"
    }
}

/// A name with the word `Cluster` in it stands for itself.
private func clusterDestination(_ cluster: String) -> String {
    cluster.containsText("Cluster") ? cluster : "Cluster: " + cluster
}

extension NetworkFilter {
    var isNamedConnectionManager: Bool { name == "envoy.filters.network.http_connection_manager" }
    var isNamedTCPProxy: Bool { name == "envoy.filters.network.tcp_proxy" }

    /// Whether `BlackHoleCluster` occurs anywhere in a TCP proxy's config.
    var mentionsBlackHole: Bool {
        let word = "BlackHoleCluster"
        return switch config {
        case .tcpProxy(let proxy):
            proxy.cluster.containsText(word) || proxy.statPrefix.containsText(word)
                || proxy.weightedClusters.contains { $0.name.containsText(word) }
                || proxy.accessLog.contains { $0.name.containsText(word) || $0.config?.mentions(word) == true }
                || proxy.metadataMatch?.filterMetadata.contains { $0.key.containsText(word) || $0.value.mentions(word) }
                    == true
        case .other(let config): config.config?.mentions(word) ?? false
        case .httpConnectionManager: false
        }
    }
}

extension JSON {
    /// Whether a text occurs in a string or key anywhere below.
    fileprivate func mentions(_ word: String) -> Bool {
        switch self {
        case .string(let text): text.containsText(word)
        case .array(let elements): elements.contains { $0.mentions(word) }
        case .object(let object): object.members.contains { $0.key.containsText(word) || $0.value.mentions(word) }
        case .null, .bool, .int, .double, .number: false
        }
    }
}

extension HTTPConnectionManager {
    fileprivate var destinationText: String {
        switch routeSource {
        case .rds(let name): "Route: " + name
        case .inline(let routes): routes.inlineText
        case .scoped, .none: "HTTP"
        }
    }
}

extension RouteConfiguration {
    /// A catch-all to one cluster prints as that cluster, everything else as its matches.
    fileprivate var inlineText: String {
        if virtualHosts.count == 1, let host = virtualHosts.first, host.domains == ["*"], host.routes.count == 1,
            let route = host.routes.first, route.match.path == .prefix("/"), let cluster = route.plainCluster
        {
            return clusterDestination(cluster)
        }
        return "Inline Route: "
            + virtualHosts.map { host in
                let matches = host.routes.map(\.match.text).joined(separator: ", ")
                return host.domains == ["*"] ? matches : host.domains.joined(separator: "/") + " " + matches
            }.joined(separator: "; ")
    }
}

extension Route {
    /// The cluster of an action that names just one.
    var plainCluster: String? {
        guard case .route(let action) = action, case .cluster(let name) = action.cluster, !name.isEmpty else {
            return nil
        }
        return name
    }
}

extension RouteMatch {
    /// The MATCH column of routes: the path alone, as istioctl shows it.
    package var text: String {
        switch path {
        case .prefix(let prefix): prefix.isEmpty ? "" : prefix + "*"
        case .path(let path): path
        case .safeRegex(let regex): regex.isEmpty ? "" : "regex " + regex
        case .pathSeparatedPrefix(let prefix): prefix.isEmpty ? "" : "PathPrefix:" + prefix
        case .uriTemplate, .connect, .none: ""
        }
    }
}
