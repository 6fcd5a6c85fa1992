package import Documents
package import EnvoyModel

/// An `XDSSnapshot` made ready for decisions: indices, parsed matchers, formatters. Immutable; made once per revision and
/// shared by all workers.
package final class CompiledSnapshot: Sendable {
    package let snapshot: XDSSnapshot
    package let listeners: [CompiledListener]
    package let clusters: [CompiledCluster]
    package let clusterIndex: [String: Int]
    /// What of the configuration cannot be carried out as written: expressions that do not compile, and the like.
    package let diagnostics: [Diagnostic]

    /// `previous`: another state of the same proxy's configuration, of which everything that has not changed is taken over.
    package init(_ snapshot: XDSSnapshot, previous: CompiledSnapshot? = nil) {
        self.snapshot = snapshot
        var compiler = SnapshotCompiler(snapshot)
        let reuse = previous.flatMap { CompilerReuse($0, for: snapshot) }
        let clusters = snapshot.clusters.enumerated().map { index, cluster in
            reuse?.cluster(cluster, compiler.assignment(of: cluster), index: index)
                ?? compiler.cluster(cluster, index: index)
        }
        compiler.reuse = reuse?.changing(to: clusters)
        var index: [String: Int] = [:]
        for cluster in clusters where index[cluster.name] == nil { index[cluster.name] = cluster.index }
        for cluster in clusters where index[cluster.name] == cluster.index { compiler.clusters[cluster.name] = cluster }
        listeners = snapshot.listeners.map { compiler.listener($0) }
        self.clusters = clusters
        clusterIndex = index
        diagnostics = compiler.diagnostics
    }

    package func cluster(named name: String) -> CompiledCluster? { clusterIndex[name].map { clusters[$0] } }

    package func listener(named name: String) -> CompiledListener? { listeners.first { $0.value.name == name } }
}

/// A listener with its filter chains.
package final class CompiledListener: Sendable {
    package let value: Listener
    package let chains: [CompiledFilterChain]
    package let defaultChain: CompiledFilterChain?

    init(_ value: Listener, chains: [CompiledFilterChain], defaultChain: CompiledFilterChain?) {
        self.value = value
        self.chains = chains
        self.defaultChain = defaultChain
    }
}

/// A filter chain and what its last filter does.
package final class CompiledFilterChain: Sendable {
    package let value: FilterChain
    /// The connection manager of an HTTP chain.
    package let manager: CompiledConnectionManager?
    /// The TCP proxy of a TCP chain.
    package let tcpProxy: TCPProxy?

    init(_ value: FilterChain, manager: CompiledConnectionManager?, tcpProxy: TCPProxy?) {
        self.value = value
        self.manager = manager
        self.tcpProxy = tcpProxy
    }
}

/// An HTTP connection manager with its routes and filters.
package final class CompiledConnectionManager: Sendable {
    package let value: HTTPConnectionManager
    /// `nil`: the route configuration that it asks for is not there; every request is a 404.
    package let routes: CompiledRouteConfiguration?
    package let routeConfigurationName: String
    let filters: [CompiledFilter]
    let settings: ManagerSettings
    package let router: RouterFilter
    let serverName: [UInt8]
    let via: [UInt8]
    let internalRanges: [IPRange]
    let nodeID: [UInt8]
    let nodeCluster: [UInt8]
    let clusters: ClusterLookup

    init(_ value: HTTPConnectionManager, routes: CompiledRouteConfiguration?, compiler: inout SnapshotCompiler) {
        self.value = value
        self.routes = routes
        switch value.routeSource {
        case .rds(let name): routeConfigurationName = name
        case .inline(let configuration): routeConfigurationName = configuration.name
        case .scoped, .none: routeConfigurationName = ""
        }
        var filters: [CompiledFilter] = []
        var router = RouterFilter()
        for filter in value.httpFilters where !filter.disabled {
            switch filter.config {
            case .router(let found): router = found
            case .fault(let fault): filters.append(.fault(compiler.fault(fault), name: filter.name))
            case .cors: filters.append(.cors(name: filter.name))
            case .inert, .other: break
            }
        }
        self.filters = filters
        self.router = router
        settings = ManagerSettings(value, routes, router)
        serverName = Array((value.serverName.isEmpty ? "envoy" : value.serverName).utf8)
        via = Array(value.via.utf8)
        internalRanges = value.internalAddressConfig?.cidrRanges.compactMap { IPRange($0) } ?? []
        nodeID = Array(compiler.node.id.utf8)
        nodeCluster = Array(compiler.node.cluster.utf8)
        clusters = compiler.lookup
    }
}

/// The HTTP filters that decide something.
enum CompiledFilter: Sendable {
    case fault(CompiledFault, name: String)
    case cors(name: String)
}
