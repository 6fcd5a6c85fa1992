import Documents
import EnvoyModel
import MeshModel

/// Clusters for the services that a proxy can see (istiod: `buildOutboundClusters`).
struct OutboundClusters {
    typealias Built = (cluster: Cluster, assignment: ClusterLoadAssignment?)

    let context: ProxyContext
    private let endpoints: LoadAssignments
    // Held here, for it is large and every cluster asks for it.
    private let meshConfig: MeshConfig

    init(_ context: ProxyContext) {
        self.context = context
        meshConfig = context.meshConfig
        endpoints = LoadAssignments(context)
    }

    /// One for each port and subset; `sniDNAT`: those that a gateway between networks forwards to.
    func clusters(of input: OutboundInput, sniDNAT: Bool = false) -> [Built] {
        let (service, rule) = (input.service, input.rule)
        guard !service.isAlias else { return [] }
        var result: [Built] = []
        for port in service.ports where !port.isUDP {
            if isDynamicForwardProxy(service), ![.http, .http2, .grpc, .tls].contains(port.proto) { continue }
            if let built = cluster(service, port, rule, subset: nil, sniDNAT: sniDNAT) { result.append(built) }
            guard let rule, !isDynamicForwardProxy(service) else { continue }
            for index in rule.rule.subsets.indices {
                if let built = cluster(service, port, rule, subset: index, sniDNAT: sniDNAT) { result.append(built) }
            }
        }
        return result
    }

    private func isDynamicForwardProxy(_ service: Service) -> Bool {
        service.resolution == .dynamicDNS && HostName.isWildcard(service.hostname)
    }

    private func type(of service: Service) -> Cluster.DiscoveryType {
        switch service.resolution {
        case .dnsLB: .strictDNS
        case .dnsRoundRobinLB: .logicalDNS
        case .passthrough:
            context.proxy.type == .sidecar && !(service.isKubernetes && context.features.enableEDSForHeadless)
                ? .originalDst : .eds
        case .clientSideLB, .dynamicDNS, .alias: .eds
        }
    }

    private func cluster(
        _ service: Service, _ port: Service.Port, _ rule: EffectiveDestinationRule?, subset index: Int?, sniDNAT: Bool
    ) -> Built? {
        let subset = index.flatMap { rule?.rule.subsets[$0] }
        let subsetName = subset?.name ?? ""
        let name =
            sniDNAT
            ? ClusterName.sniDNAT(port: port.number, subset: subsetName, host: service.hostname)
            : ClusterName.outbound(port: port.number, subset: subsetName, host: service.hostname)
        let policy = ResolvedTrafficPolicy(
            rule?.rule, subset: subset, port: port.number, meshConfig: meshConfig)
        var cluster =
            isDynamicForwardProxy(service)
            ? FixedClusters.dynamicForwardProxy(name, context) : Cluster(name: name, type: type(of: service))
        if isDynamicForwardProxy(service), port.proto == .tls {
            cluster.connectTimeout = meshConfig.connectTimeout
        }
        cluster.metadata = metadata(service, port, rule, subset: subsetName)
        cluster.sources = sources(service, rule, subset: index)
        cluster.applyProtocol(
            port, pool: policy.connectionPool, mesh: meshConfig, isSidecar: context.proxy.type == .sidecar)
        cluster.apply(policy.connectionPool, retryBudget: policy.retryBudget, mesh: meshConfig)
        let sendsUnhealthy =
            context.features.sendUnhealthyEndpoints || context.features.autoSendUnhealthyEndpoints
        cluster.apply(
            policy.outlierDetection, sendsUnhealthy: sendsUnhealthy,
            hasTrafficDistribution: service.trafficDistribution != .any)
        cluster.apply(policy.loadBalancer, port: port, features: context.features)

        var assignment: ClusterLoadAssignment?
        let locality = LocalitySetting(policy, service: service, meshConfig: meshConfig)
        switch cluster.type {
        case .eds:
            cluster.edsServiceName = name
            assignment = endpoints.assignment(
                name, service, port, subset: subset, policy: policy, locality: locality, onlyMTLS: sniDNAT)
        case .strictDNS, .logicalDNS:
            let found = endpoints.assignment(
                name, service, port, subset: subset, policy: policy, locality: locality, onlyMTLS: sniDNAT)
            guard found.localities.contains(where: { !$0.endpoints.isEmpty }) else { return nil }
            cluster.loadAssignment = found
            cluster.dnsLookupFamily = context.proxy.isIPv6Only ? "V6_ONLY" : "V4_ONLY"
            cluster.dnsRefreshRate = meshConfig.dnsRefreshRate
            cluster.respectDNSTTL = true
        case .originalDst:
            if service.resolution == .passthrough, port.targetPort > 0, !service.isKubernetes {
                cluster.originalDstPortOverride = UInt32(clamping: port.targetPort)
            }
        default: break
        }
        locality.apply(to: &cluster, hasOutlierDetection: policy.outlierDetection != nil, proxy: context.proxy)
        if !sniDNAT { applyTLS(policy, service, port, rule, subsetName, &cluster) }
        applyProxyProtocol(policy.proxyProtocol, &cluster)
        return (cluster, assignment)
    }

    private func applyTLS(
        _ policy: ResolvedTrafficPolicy, _ service: Service, _ port: Service.Port, _ rule: EffectiveDestinationRule?,
        _ subset: String, _ cluster: inout Cluster
    ) {
        let isAuto =
            meshConfig.enableAutoMtls && !service.isMeshExternal
            && context.index.inferredMode(of: service, policy: policy) != .disable
        UpstreamTLS(
            service: service, port: port, subset: subset, proxy: context.proxy,
            ruleSelectsWorkloads: rule?.rule.workloadSelector != nil,
            serviceAccounts: isAuto || policy.tls?.mode == .istioMutual
                ? context.index.serviceAccounts(of: service) : [],
            meshConfig: context.meshConfig,
            isAutoMTLS: isAuto
        ).apply(policy.tls, to: &cluster)
    }

    private func applyProxyProtocol(_ version: TrafficPolicy.ProxyProtocol?, _ cluster: inout Cluster) {
        guard let version else { return }
        guard cluster.transportSocketMatches.isEmpty else {
            for index in cluster.transportSocketMatches.indices {
                cluster.transportSocketMatches[index].transportSocket = .proxyProtocol(
                    version: version.rawValue, cluster.transportSocketMatches[index].transportSocket)
            }
            return
        }
        cluster.transportSocket = .proxyProtocol(version: version.rawValue, cluster.transportSocket)
    }

    // MARK: What it came from

    private func metadata(
        _ service: Service, _ port: Service.Port, _ rule: EffectiveDestinationRule?, subset: String
    ) -> Metadata {
        var istio = JSONObject()
        istio.reserve(4)
        istio.add("config", rule?.configPath)
        istio.add("default_original_port", .int(Int64(port.number)))
        istio.add(
            "services",
            [
                [
                    "host": .string(service.hostname), "name": .string(service.name),
                    "namespace": .string(service.namespace),
                ]
            ])
        if !subset.isEmpty { istio.add("subset", .string(subset)) }
        return Metadata(["istio": .object(istio)])
    }

    private func sources(
        _ service: Service, _ rule: EffectiveDestinationRule?, subset: Int?
    ) -> [SourceReference] {
        var result = [service.source]
        guard let rule else { return result }
        if let subset, subset < rule.subsetSources.count { result.append(rule.subsetSources[subset]) }
        for source in rule.sources
        where subset == nil || !result.contains(where: { $0.name == source.name && $0.kind == source.kind }) {
            result.append(source)
        }
        return result
    }
}
