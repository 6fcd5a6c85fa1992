import Documents
import EnvoyModel
import MeshModel

extension TCPProxy {
    /// One destination or several by weight (istiod: `buildOutboundNetworkFilters`).
    init(
        routes: [VirtualService.RouteDestination], of object: VirtualService, context: RouteContext,
        sources: [SourceReference]
    ) {
        if routes.count == 1, let only = routes.first {
            let cluster = context.cluster(for: only.destination)
            self.init(statPrefix: cluster, cluster: cluster)
        } else {
            self.init(statPrefix: "\(object.meta.name).\(object.meta.namespace)", cluster: "")
            weightedClusters = routes.filter { $0.weight > 0 }.map {
                WeightedCluster(name: context.cluster(for: $0.destination), weight: UInt32(clamping: $0.weight))
            }
        }
        accessLog = IstioExtensions.accessLog(context.meshConfig)
        self.sources = sources
        // The first destination's rule counts for all.
        guard let first = routes.first?.destination, !first.host.isEmpty else { return }
        let known = context.destination(first.host)
        guard known.service != nil, let rule = known.rule?.rule else { return }
        let subset = routes.count == 1 ? first.subset : ""
        apply(rule, subset: subset)
        let own = rule.subsets.first { $0.name == subset }?.trafficPolicy?.tunnel
        if let tunnel = own ?? rule.trafficPolicy?.tunnel {
            let host = tunnel.targetHost.contains(":") ? "[\(tunnel.targetHost)]" : tunnel.targetHost
            tunneling = Tunneling(hostname: "\(host):\(tunnel.targetPort)", usesPost: tunnel.protocol == "POST")
        }
    }

    /// Limits of time at the top of the rule, and whether the client's address chooses the endpoint (istiod:
    /// `buildOutboundNetworkFiltersWithSingleDestination`, `maybeSetHashPolicy`).
    mutating func apply(_ rule: DestinationRule?, subset: String = "") {
        guard let rule else { return }
        let pool = rule.trafficPolicy?.connectionPool?.tcp
        idleTimeout = pool?.idleTimeout
        maxDownstreamConnectionDuration = pool?.maxConnectionDuration
        let own = rule.subsets.first { $0.name == subset }?.trafficPolicy?.loadBalancer
        let balancer = own ?? rule.trafficPolicy?.loadBalancer
        if case .useSourceIP(true)? = balancer?.consistentHash?.key { hashPolicySourceIP = true }
    }

    init(cluster: String, meshConfig: MeshConfig, sources: [SourceReference]) {
        self.init(statPrefix: cluster, cluster: cluster)
        accessLog = IstioExtensions.accessLog(meshConfig)
        self.sources = sources
    }
}

extension VirtualService {
    func reference(_ source: SourceReference?, at location: SourceLocation?) -> SourceReference {
        source ?? (location == nil ? sources.first : nil) ?? sourceReference(at: location)
    }
}
