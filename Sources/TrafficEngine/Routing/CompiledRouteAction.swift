import EnvoyModel

/// The action of a route made ready.
struct CompiledRouteAction: Sendable {
    enum Kind: Sendable { case forward, redirect, directResponse, none }
    enum ClusterChoice: Sendable { case one, weighted, header, none }

    struct Entry: Sendable {
        let cluster: CompiledCluster?
        let name: String
        /// Names the cluster by a request header.
        let header: HeaderSource?
        /// Where its interval ends.
        let end: UInt64
        let requestHeaders: CompiledMutations
        let responseHeaders: CompiledMutations
        let hostRewrite: [UInt8]?
        let metadataMatch: Metadata?
        let fault: CompiledFault?
    }

    enum PathRewrite: Sendable {
        case none
        case prefix([UInt8])
        case regex(CompiledRewrite)
        /// The whole path is matched by the expression and replaced.
        case template(CompiledRewrite)
    }

    enum HostRewrite: Sendable {
        case none
        case literal([UInt8])
        case auto
        case header(HeaderSource)
        case pathRegex(CompiledRewrite)
    }

    var kind = Kind.none
    var clusterChoice = ClusterChoice.none
    var cluster: CompiledCluster?
    var clusterName = ""
    var clusterHeader: HeaderSource?
    var entries: [Entry] = []
    var totalWeight: UInt64 = 0
    var weightHeader: HeaderSource?
    var usesHashPolicy = false
    var notFoundStatus = 503
    var pathRewrite = PathRewrite.none
    var hostRewrite = HostRewrite.none
    var appendsForwardedHost = false
    var hashPolicies: [CompiledHashPolicy] = []
    var metadataMatch: Metadata?
    var upgrades: [HTTPConnectionManager.UpgradeConfig] = []
    var redirect: CompiledRedirect?
    var directBody: [UInt8] = []
    var directStatus = 0

    init(_ route: Route, match: CompiledRouteMatch, compiler: inout SnapshotCompiler) {
        switch route.action {
        case .route(let action): readForward(action, match: match, compiler: &compiler)
        case .redirect(let action):
            kind = .redirect
            redirect = CompiledRedirect(action, compiler: &compiler)
        case .directResponse(let action):
            kind = .directResponse
            directStatus = action.status
            directBody = Array((action.body ?? "").utf8)
        case .nonForwarding, .none: kind = .none
        }
    }

    private mutating func readForward(
        _ action: RouteAction, match: CompiledRouteMatch, compiler: inout SnapshotCompiler
    ) {
        kind = .forward
        notFoundStatus = action.clusterNotFoundResponseCode.status
        metadataMatch = action.metadataMatch
        appendsForwardedHost = action.appendXForwardedHost
        upgrades = action.upgradeConfigs
        hashPolicies = action.hashPolicies.map { CompiledHashPolicy($0, compiler: &compiler) }
        switch action.cluster {
        case .cluster(let name):
            clusterChoice = .one
            clusterName = name
            cluster = compiler.cluster(named: name)
        case .header(let name):
            clusterChoice = .header
            clusterHeader = HeaderSource(name)
        case .weighted(let weighted): readWeighted(weighted, compiler: &compiler)
        case .other: clusterChoice = .none
        }
        switch action.pathRewrite {
        case .none: break
        case .prefix(let text): pathRewrite = .prefix(Array(text.utf8))
        case .regex(let rewrite): if let made = compiler.rewrite(rewrite) { pathRewrite = .regex(made) }
        case .uriTemplate(let template):
            if let substitution = match.path.template?.substitution(template), let regex = match.path.regex {
                pathRewrite = .template(CompiledRewrite(regex: regex, substitution: substitution))
            } else {
                compiler.report("path template rewrite \"\(template)\" does not fit its match")
            }
        }
        switch action.hostRewrite {
        case .none: break
        case .literal(let text): hostRewrite = .literal(Array(text.utf8))
        case .auto: hostRewrite = .auto
        case .header(let name): hostRewrite = .header(HeaderSource(name))
        case .pathRegex(let rewrite): if let made = compiler.rewrite(rewrite) { hostRewrite = .pathRegex(made) }
        }
    }

    private mutating func readWeighted(_ weighted: WeightedClusters, compiler: inout SnapshotCompiler) {
        clusterChoice = .weighted
        usesHashPolicy = weighted.useHashPolicy
        weightHeader = weighted.headerName.isEmpty ? nil : HeaderSource(weighted.headerName)
        for entry in weighted.clusters {
            totalWeight += UInt64(entry.weight)
            entries.append(
                Entry(
                    cluster: compiler.cluster(named: entry.name), name: entry.name,
                    header: entry.clusterHeader.isEmpty ? nil : HeaderSource(entry.clusterHeader), end: totalWeight,
                    requestHeaders: CompiledMutations(entry.requestHeaders, compiler: &compiler),
                    responseHeaders: CompiledMutations(entry.responseHeaders, compiler: &compiler),
                    hostRewrite: entry.hostRewriteLiteral.map { Array($0.utf8) }, metadataMatch: entry.metadataMatch,
                    fault: entry.perFilterConfig.fault.map { compiler.fault($0) }))
        }
    }

    /// The entry of the weighted clusters into whose interval a value falls.
    func entry(for value: UInt64) -> Int {
        guard totalWeight > 0 else { return -1 }
        let place = value % totalWeight
        var index = 0
        while index < entries.count, entries[index].end <= place { index += 1 }
        return index
    }
}
