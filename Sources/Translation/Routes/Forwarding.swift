import Documents
import EnvoyModel
import MeshModel

/// The forwarding action of a VirtualService route (istiod: `applyHTTPRouteDestination`).
struct Forwarding {
    let http: VirtualService.HTTPRoute
    let semantics: VirtualService.RouteSemantics
    let context: RouteContext
    /// What the route's header operations say of the host.
    let authority: String

    /// Says which service the route leads to, where it is one.
    func apply(to route: inout Route) -> RouteContext.Target? {
        guard !http.route.isEmpty else { return nil }
        var target: RouteContext.Target?
        let hashes = http.route.map { consistentHash(for: $0.destination) }
        var action = RouteAction(.cluster(""))
        action.timeout = http.timeout ?? .zero
        action.maxGRPCTimeout = http.timeout ?? .zero
        action.retryPolicy = .outbound(
            http.retries, default: context.meshConfig.defaultHttpRetryPolicy,
            hasConsistentHash: http.route.count == 1 && hashes.first.flatMap { $0 } != nil)
        if semantics == .gateway {
            action.clusterNotFoundResponseCode = .internalServerError
        }
        rewrite(&action, match: route.match)
        action.requestMirrorPolicies = mirrors()
        action.hashPolicies = hashes.compactMap { HashPolicy($0) }
        if http.route.count == 1, let only = http.route.first {
            target = context.target(of: only.destination)
            action.cluster = .cluster(target?.cluster ?? RouteContext.unknownCluster)
            let operations = HeaderOperations(only.headers)
            route.requestHeaders.append(operations.request)
            route.responseHeaders.append(operations.response)
            if action.hostRewrite == .none, !operations.authority.isEmpty {
                action.hostRewrite = .literal(operations.authority)
            }
        } else {
            action.cluster = .weighted(weightedClusters())
        }
        route.action = .route(action)
        return target
    }

    private func consistentHash(
        for destination: VirtualService.Destination
    ) -> LoadBalancerSettings.ConsistentHash? {
        guard let found = context.destination(destination.host).rule, found.hasConsistentHash else { return nil }
        return found.rule.consistentHash(subset: destination.subset, port: destination.port)
    }

    private func rewrite(_ action: inout RouteAction, match: RouteMatch) {
        if let regex = http.rewrite?.uriRegexRewrite {
            action.pathRewrite = .regex(EnvoyModel.RegexRewrite(regex: regex.match, substitution: regex.rewrite))
        } else if let uri = http.rewrite?.uri, !uri.isEmpty {
            if semantics == .gateway, uri == "/", case .pathSeparatedPrefix(let prefix) = match.path {
                // A prefix rewrite to "/" would leave two slashes of "/prefix/rest"; `/` stays if nothing is left.
                action.pathRewrite = .regex(
                    EnvoyModel.RegexRewrite(regex: "^\(quoted(prefix))(/?)(.*)", substitution: "/\\2"))
            } else {
                action.pathRewrite = .prefix(uri)
            }
        }
        let host = http.rewrite.map(\.authority).flatMap { $0.isEmpty ? nil : $0 } ?? authority
        guard !host.isEmpty else { return }
        action.hostRewrite = .literal(host)
        action.appendXForwardedHost = semantics == .gateway
    }

    /// Go's `regexp.QuoteMeta`.
    private func quoted(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if "\\.+*?()|[]{}^$".contains(character) { result.append("\\") }
            result.append(character)
        }
    }

    private func weightedClusters() -> WeightedClusters {
        WeightedClusters(
            http.route.filter { $0.weight > 0 }.map { destination in
                var entry = WeightedClusters.Entry(
                    name: context.cluster(for: destination.destination), weight: UInt32(clamping: destination.weight))
                let operations = HeaderOperations(destination.headers)
                entry.requestHeaders = operations.request
                entry.responseHeaders = operations.response
                if !operations.authority.isEmpty { entry.hostRewriteLiteral = operations.authority }
                return entry
            })
    }

    private func mirrors() -> [RequestMirrorPolicy] {
        var policies: [RequestMirrorPolicy] = []
        if let mirror = http.mirror, let fraction = mirrorFraction {
            policies.append(policy(mirror, fraction))
        }
        for mirror in http.mirrors {
            if let percentage = mirror.percentage {
                guard percentage > 0 else { continue }
                policies.append(policy(mirror.destination, FractionalPercent(percentage: percentage)))
            } else {
                policies.append(policy(mirror.destination, FractionalPercent(100)))
            }
        }
        return policies
    }

    private var mirrorFraction: FractionalPercent? {
        if let percentage = http.mirrorPercentage {
            return percentage > 0 ? FractionalPercent(percentage: percentage) : nil
        }
        if let percent = http.mirrorPercent {
            return percent > 0 ? FractionalPercent(UInt32(clamping: percent)) : nil
        }
        return FractionalPercent(100)
    }

    private func policy(
        _ destination: VirtualService.Destination, _ fraction: FractionalPercent
    ) -> RequestMirrorPolicy {
        var policy = RequestMirrorPolicy(cluster: context.cluster(for: destination))
        policy.runtimeFraction = fraction
        policy.traceSampled = false
        policy.disableShadowHostSuffixAppend = context.features.disableShadowHostSuffix
        return policy
    }
}

extension FractionalPercent {
    /// Parts per million, truncated (istiod: `translatePercentToFractionalPercent`).
    init(percentage: Double) {
        let parts = percentage * 10_000
        self.init(parts.isFinite && parts > 0 ? UInt32(min(parts, Double(UInt32.max))) : 0, .million)
    }
}
