package import Documents
package import EnvoyModel
import Presentation

/// A filter chain of a listener, as the listeners screen shows it.
package struct ListenerItem: Hashable, Sendable, Identifiable {
    package var listenerIndex: Int
    package var chainIndex: Int
    package var name: String
    package var address: String
    package var port: Int
    package var match: String
    package var destination: String
    package var kind: String
    package var isTLS: Bool
    /// Where the embedded proxy listens for it; empty when it does not.
    package var bound: String
    /// The route configuration of an HTTP chain.
    package var routeConfiguration: String?
    /// The clusters of a TCP chain.
    package var clusters: [String]
    package var source: SourceReference?
    /// The counters of its requests, or of its connections for a chain without HTTP, by Envoy's name.
    package var counter = ""
    package var count: Int?

    package var id: String { "\(name)/\(chainIndex)" }

    /// One row a chain, sorted as `proxy-config listeners` sorts them.
    package static func items(of snapshot: XDSSnapshot, bindings: [EmbeddedProxy.Binding]) -> [ListenerItem] {
        ListenerRow.rows(of: snapshot.listeners).compactMap { row in
            guard snapshot.listeners.indices.contains(row.listenerIndex) else { return nil }
            let listener = snapshot.listeners[row.listenerIndex]
            let chain =
                listener.filterChains.indices.contains(row.chainIndex)
                ? listener.filterChains[row.chainIndex] : listener.defaultFilterChain
            var item = ListenerItem(
                listenerIndex: row.listenerIndex, chainIndex: row.chainIndex, name: row.name, address: row.addresses,
                port: Int(row.port), match: row.match, destination: row.destination, kind: row.kind.rawValue,
                isTLS: chain?.transportSocket != nil,
                bound: bindings.first { $0.isOf(row.name, port: Int(row.port)) }?.bound ?? "", routeConfiguration: nil,
                clusters: [],
                source: chain?.sources.first ?? listener.sources.first)
            for filter in chain?.filters ?? [] {
                switch filter.config {
                case .httpConnectionManager(let manager):
                    item.routeConfiguration = manager.routesName(listener: listener.name)
                    item.source = manager.sources.first ?? item.source
                    if let name = listener.statName {
                        item.counter = "listener.\(name).http.\(manager.statPrefix).downstream_rq_completed"
                    }
                case .tcpProxy(let proxy):
                    item.clusters = proxy.weightedClusters.map(\.name)
                    if item.clusters.isEmpty, !proxy.cluster.isEmpty { item.clusters = [proxy.cluster] }
                    item.source = proxy.sources.first ?? item.source
                    item.counter = "tcp.\(proxy.statPrefix).downstream_cx_total"
                case .other: break
                }
            }
            return item
        }
    }
}

extension Listener {
    /// The bootstrap's own, for health checks and metrics.
    var isProbe: Bool {
        guard case .socket(let socket)? = address else { return false }
        return socket.port == 15_021 || socket.port == 15_090
    }
}

extension HTTPConnectionManager {
    /// The name under which its routes are listed; an inline configuration without one goes by its listener.
    func routesName(listener: String) -> String? {
        switch routeSource {
        case .rds(let name): name
        case .inline(let routes): routes.name.isEmpty ? listener : routes.name
        case .scoped, .none: nil
        }
    }
}
