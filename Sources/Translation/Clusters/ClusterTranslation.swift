import Documents
import EnvoyModel
import MeshModel

/// The clusters of a proxy and the endpoints of those that EDS fills (istiod: `BuildClusters`, the EDS generator).
struct ClusterTranslation {
    let context: ProxyContext

    init(_ context: ProxyContext) { self.context = context }

    func build() -> (clusters: [Cluster], assignments: [ClusterLoadAssignment]) {
        var clusters: [Cluster] = []
        var assignments: [ClusterLoadAssignment] = []
        var names = Set<String>()
        func add(_ cluster: Cluster, _ assignment: ClusterLoadAssignment?) {
            guard names.insert(cluster.name).inserted else { return }
            clusters.append(cluster)
            if let assignment { assignments.append(assignment) }
        }
        let outbound = OutboundClusters(context)
        for service in context.scope.services {
            for built in outbound.clusters(of: service) { add(built.cluster, built.assignment) }
        }
        add(FixedClusters.blackHole(context.meshConfig), nil)
        switch context.proxy.type {
        case .gateway:
            guard context.hasAutoPassthrough else { break }
            for service in context.scope.services where !service.isMeshExternal {
                for built in outbound.clusters(of: service, sniDNAT: true) { add(built.cluster, built.assignment) }
            }
        case .sidecar:
            for cluster in FixedClusters.ofSidecars(context) { add(cluster, nil) }
            for cluster in InboundClusters(context).build() { add(cluster, nil) }
        }
        return (clusters, assignments)
    }
}

/// Clusters that do not depend on services.
enum FixedClusters {
    static func blackHole(_ meshConfig: MeshConfig) -> Cluster {
        var cluster = Cluster(name: ClusterName.blackHole, type: .static)
        cluster.connectTimeout = meshConfig.connectTimeout
        return cluster
    }

    static func ofSidecars(_ context: ProxyContext) -> [Cluster] {
        var passthrough = Cluster(name: ClusterName.passthrough, type: .originalDst)
        passthrough.lbPolicy = .clusterProvided
        passthrough.upstreamProtocol = .useDownstream
        passthrough.apply(
            context.meshConfig.defaultTrafficPolicy?.connectionPool, retryBudget: nil, mesh: context.meshConfig)
        guard context.outboundPolicy.mode == .allowAnyDynamicDNS else { return [passthrough] }
        return [passthrough, dynamicForwardProxy(ClusterName.dynamicDNS, context)]
    }

    /// Resolves the host that a request names (`envoy.clusters.dynamic_forward_proxy`).
    static func dynamicForwardProxy(_ name: String, _ context: ProxyContext) -> Cluster {
        let type = "type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig"
        let family = context.proxy.isIPv6Only ? "V6_ONLY" : "V4_ONLY"
        let cache: JSON = ["name": "dynamic_forward_proxy_cache_config", "dnsLookupFamily": .string(family)]
        var cluster = Cluster(
            name: name,
            type: .custom(
                ExtensionConfig(
                    name: "envoy.clusters.dynamic_forward_proxy", typeURL: type, config: ["dnsCacheConfig": cache])))
        cluster.lbPolicy = .clusterProvided
        cluster.connectTimeout = context.meshConfig.connectTimeout
        return cluster
    }
}
