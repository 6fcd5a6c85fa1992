import Documents
import EnvoyModel
import MeshModel

/// The clusters of a proxy and the endpoints of those that EDS fills (istiod: `BuildClusters`, the EDS generator).
struct ClusterTranslation {
    let context: ProxyContext
    private let hasAutoPassthrough: Bool

    private let usedHosts: Set<String>?

    /// `hasAutoPassthrough`: there are clusters for what comes from other networks, too. `usedHosts`: of the services that
    /// clusters are made of; `nil` is all.
    init(_ context: ProxyContext, hasAutoPassthrough: Bool, usedHosts: Set<String>?) {
        self.context = context
        self.usedHosts = usedHosts
        self.hasAutoPassthrough = hasAutoPassthrough
    }

    typealias Outcome = (clusters: [Cluster], assignments: [ClusterLoadAssignment], outbound: OutboundParts)

    /// `bootstrap`: clusters that come behind all others.
    func build(bootstrap: [Cluster]) -> Outcome {
        let previous = context.previousForClusters
        var inputs = context.outboundInputs
        if let usedHosts { inputs = inputs.filter { usedHosts.contains($0.service.hostname) } }
        if let previous, let outcome = patched(previous, inputs, bootstrap: bootstrap) { return outcome }
        let fixed = fixedClusters
        var assembly = ClusterAssembly(
            previous: previous, capacity: max(inputs.count, previous?.clusters.count ?? 0) + fixed.count)
        let outbound = OutboundClusters(context)
        assembly.add(inputs) { outbound.clusters(of: $0) }
        let parts = assembly.parts
        for cluster in fixed { assembly.add((cluster, nil)) }
        if hasAutoPassthrough {
            for input in inputs where !input.service.isMeshExternal {
                for built in outbound.clusters(of: input, sniDNAT: true) { assembly.add(built) }
            }
        }
        assembly.addLast(bootstrap)
        return (assembly.clusters, assembly.assignments, parts)
    }

    /// The clusters of before with those of some services exchanged, where neither their number nor their names have changed.
    private func patched(_ previous: ConfigurationParts, _ inputs: [OutboundInput], bootstrap: [Cluster]) -> Outcome? {
        let parts = previous.outbound
        guard parts.inputs.count == inputs.count, !parts.hasRepeated, !hasAutoPassthrough else { return nil }
        let changed =
            inputs.isSameStorage(as: parts.inputs) ? [] : inputs.indices.filter { inputs[$0] != parts.inputs[$0] }
        let fixed = fixedClusters + bootstrap
        guard changed.count <= inputs.count / 4 + 1, parts.clusterCount + fixed.count == previous.clusters.count else {
            return nil
        }
        var (clusters, assignments) = (previous.clusters, previous.assignments)
        let outbound = OutboundClusters(context)
        for place in changed {
            let built = outbound.clusters(of: inputs[place])
            let (own, ownAssignments) = (parts.clusters(at: place), parts.assignments(at: place))
            let newAssignments = built.compactMap(\.assignment)
            guard built.map(\.cluster.name) == clusters[own].map(\.name), newAssignments.count == ownAssignments.count
            else { return nil }
            for (target, new) in zip(own, built) { clusters[target] = new.cluster }
            for (target, new) in zip(ownAssignments, newAssignments) { assignments[target] = new }
        }
        for (target, new) in zip(parts.clusterCount..., fixed) where clusters[target] != new { clusters[target] = new }
        return (clusters, assignments, OutboundParts(parts, inputs: inputs))
    }

    /// Those that do not depend on the services that the proxy can see, each name once.
    private var fixedClusters: [Cluster] {
        let blackHole = FixedClusters.blackHole(context.meshConfig)
        guard context.proxy.type == .sidecar else { return [blackHole] }
        var names = Set<String>()
        return ([blackHole] + FixedClusters.ofSidecars(context) + InboundClusters(context).build())
            .filter { names.insert($0.name).inserted }
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
