import Documents
import EnvoyModel

/// Makes a snapshot ready, collecting what cannot be carried out.
struct SnapshotCompiler {
    let snapshot: XDSSnapshot
    /// The clusters made so far, by name.
    var clusters: [String: CompiledCluster] = [:] {
        didSet { madeLookup = nil }
    }
    private var madeLookup: ClusterLookup?
    /// Load assignments of EDS clusters by name.
    let assignments: [String: ClusterLoadAssignment]
    /// What was made for the configuration before.
    var reuse: CompilerReuse?
    private(set) var diagnostics: [Diagnostic] = []
    private var regexes: [String: Regex] = [:]
    private let routes: [String: RouteConfiguration]
    private var compiledRoutes: [String: CompiledRouteConfiguration] = [:]
    /// The place that messages are about.
    private var location: SourceLocation?

    var node: NodeInfo { snapshot.node }

    init(_ snapshot: XDSSnapshot) {
        self.snapshot = snapshot
        assignments = Dictionary(snapshot.endpoints.map { ($0.clusterName, $0) }) { first, _ in first }
        routes = Dictionary(snapshot.routes.map { ($0.name, $0) }) { first, _ in first }
    }

    /// One look-up table for all connection managers.
    var lookup: ClusterLookup {
        mutating get {
            if let madeLookup { return madeLookup }
            let made = ClusterLookup(clusters)
            madeLookup = made
            return made
        }
    }

    func assignment(of cluster: Cluster) -> ClusterLoadAssignment? {
        cluster.loadAssignment ?? assignments[cluster.endpointsName]
    }

    func cluster(named name: String) -> CompiledCluster? { clusters[name] }

    mutating func report(_ message: String) { diagnostics.append(Diagnostic(.warning, message, at: location)) }

    mutating func regex(_ pattern: String) -> Regex? {
        if let known = regexes[pattern] { return known }
        let (made, error) = Regex.compile(pattern)
        if let made {
            regexes[pattern] = made
        } else {
            report("regular expression \"\(pattern)\" does not compile: \(error ?? "unknown error")")
        }
        return made
    }

    mutating func rewrite(_ rewrite: RegexRewrite) -> CompiledRewrite? {
        regex(rewrite.regex).map { CompiledRewrite(regex: $0, substitution: Array(rewrite.substitution.utf8)) }
    }

    mutating func fault(_ value: FaultFilter) -> CompiledFault { CompiledFault(value, compiler: &self) }

    mutating func listener(_ value: Listener) -> CompiledListener {
        let chains = value.filterChains.map { chain($0) }
        return CompiledListener(value, chains: chains, defaultChain: value.defaultFilterChain.map { chain($0) })
    }

    private mutating func chain(_ value: FilterChain) -> CompiledFilterChain {
        var manager: CompiledConnectionManager?
        var proxy: TCPProxy?
        for filter in value.filters {
            switch filter.config {
            case .httpConnectionManager(let config):
                manager = CompiledConnectionManager(config, routes: routes(of: config), compiler: &self)
            case .tcpProxy(let config): proxy = config
            case .other: break
            }
        }
        return CompiledFilterChain(value, manager: manager, tcpProxy: proxy)
    }

    private mutating func routes(of manager: HTTPConnectionManager) -> CompiledRouteConfiguration? {
        switch manager.routeSource {
        case .inline(let configuration): return routes(configuration)
        case .rds(let name):
            if let known = compiledRoutes[name] { return known }
            guard let configuration = routes[name] else { return nil }
            let made = routes(configuration)
            compiledRoutes[name] = made
            return made
        case .scoped:
            report("scoped routes are not evaluated")
            return nil
        case .none: return nil
        }
    }

    private mutating func routes(_ value: RouteConfiguration) -> CompiledRouteConfiguration {
        var known = reuse?.virtualHosts(of: value)
        let hosts = value.virtualHosts.map { known?.virtualHost($0) ?? virtualHost($0, in: value) }
        return CompiledRouteConfiguration(
            value, virtualHosts: hosts, requestHeaders: CompiledMutations(value.requestHeaders, compiler: &self),
            responseHeaders: CompiledMutations(value.responseHeaders, compiler: &self))
    }

    private mutating func virtualHost(_ value: VirtualHost, in configuration: RouteConfiguration) -> CompiledVirtualHost
    {
        let outer = location
        defer { location = outer }
        location = value.sources.first?.location ?? outer
        let routes = value.routes.enumerated().map { place, route in
            self.route(route, index: place, in: value, configuration)
        }
        return CompiledVirtualHost(
            value, routes: routes, requestHeaders: CompiledMutations(value.requestHeaders, compiler: &self),
            responseHeaders: CompiledMutations(value.responseHeaders, compiler: &self),
            fault: value.perFilterConfig.fault.map { fault($0) })
    }

    private mutating func route(
        _ value: Route, index: Int, in host: VirtualHost, _ configuration: RouteConfiguration
    ) -> CompiledRoute {
        let outer = location
        defer { location = outer }
        location = value.sources.first?.location ?? outer
        let match = CompiledRouteMatch(value.match, compiler: &self)
        var policies: [RequestMirrorPolicy] = []
        if case .route(let action) = value.action {
            policies =
                !action.requestMirrorPolicies.isEmpty
                ? action.requestMirrorPolicies
                : !host.requestMirrorPolicies.isEmpty
                    ? host.requestMirrorPolicies : configuration.requestMirrorPolicies
        }
        let cors = value.perFilterConfig.cors ?? host.perFilterConfig.cors ?? configuration.perFilterConfig.cors
        let fault = value.perFilterConfig.fault ?? host.perFilterConfig.fault ?? configuration.perFilterConfig.fault
        return CompiledRoute(
            value, index: index, inherited: host,
            parts: CompiledRouteParts(
                match: match, action: CompiledRouteAction(value, match: match, compiler: &self),
                requestHeaders: CompiledMutations(value.requestHeaders, compiler: &self),
                responseHeaders: CompiledMutations(value.responseHeaders, compiler: &self),
                fault: fault.map { self.fault($0) }, cors: cors.map { CompiledCORS($0, compiler: &self) },
                mirrors: policies.map { CompiledMirror(value: $0) }))
    }
}
