import Documents
import EnvoyModel
import MeshModel

/// The endpoints of a cluster as a proxy gets them (istiod: `EndpointBuilder`).
struct LoadAssignments {
    let context: ProxyContext
    private let place: ProxyPlace

    init(_ context: ProxyContext) {
        self.context = context
        place = ProxyPlace(context.proxy, network: context.network)
    }

    func assignment(
        _ name: String, _ service: Service, _ port: Service.Port, subset: DestinationRule.Subset?,
        policy: ResolvedTrafficPolicy, locality: LocalitySetting, onlyMTLS: Bool = false
    ) -> ClusterLoadAssignment {
        let isDNS = service.resolution == .dnsLB || service.resolution == .dnsRoundRobinLB
        let minimumHealth = policy.outlierDetection?.minHealthPercent ?? 0
        let sendsUnhealthy =
            context.features.sendUnhealthyEndpoints || service.trafficDistribution != .any
            || (context.features.autoSendUnhealthyEndpoints && minimumHealth <= 0)
        let ownNetwork = context.network
        let onlyCluster = context.index.isClusterLocal(service) ? context.proxy.clusterID : ""
        // Few localities: looked for, not hashed.
        var groups: [Group] = []
        var metadata = EndpointMetadata()
        let all = context.index.endpoints[service.key] ?? []
        // By place: an endpoint is large.
        for place in all.indices where all[place].portName == port.name {
            let endpoint = all[place]
            guard isDNS || endpoint.isUnixSocket || IPAddress.isValid(endpoint.address) else { continue }
            if let labels = subset?.labels, !labels.isContained(in: endpoint.labels) { continue }
            if service.isNodeLocal, endpoint.nodeName != context.proxy.effectiveNodeName { continue }
            if !onlyCluster.isEmpty, endpoint.clusterID != onlyCluster { continue }
            switch endpoint.health {
            case .terminating: continue
            case .draining: continue
            case .unhealthy where !sendsUnhealthy: continue
            case .healthy, .unhealthy: break
            }
            let isMTLS = isMTLS(endpoint, policy: policy)
            if onlyMTLS, !isMTLS { continue }
            let networks = context.index.networks
            let weight = endpoint.weight.multipliedReportingOverflow(by: networks.weightFactor).partialValue
            let gateways =
                endpoint.network == ownNetwork
                ? [] : networks.gateways(network: endpoint.network, cluster: endpoint.clusterID)
            // Only mutual TLS says at a gateway where it is to go.
            guard gateways.isEmpty || isMTLS else { continue }
            let group = groups.firstIndex { $0.locality == endpoint.locality } ?? groups.count
            if group == groups.count { groups.append(Group(locality: endpoint.locality, capacity: all.count)) }
            if gateways.isEmpty {
                groups[group].add(
                    lbEndpoint(endpoint, weight: weight, metadata.of(endpoint, isMTLS: isMTLS)),
                    labels: locality.comparesLabels ? endpoint.labels : nil)
            } else {
                groups[group].divide(weight, among: gateways)
            }
        }
        if groups.count > 1 { groups.sort { $0.locality.path < $1.locality.path } }
        let sorted = groups.map { $0.withGateways(gatewayEndpoint) }
        return ClusterLoadAssignment(
            clusterName: name,
            localities: locality.arrange(
                sorted, near: self.place, hasOutlierDetection: policy.outlierDetection != nil))
    }

    /// The endpoints of one locality.
    struct Group {
        let locality: Locality
        var endpoints: [LbEndpoint] = []
        /// The labels of each endpoint, where they are compared.
        var labels: [[String: String]] = []

        /// What stands for endpoints of other networks.
        private var gateways: [NetworkIndex.Gateway: UInt32] = [:]

        init(locality: Locality, capacity: Int = 0) {
            self.locality = locality
            endpoints.reserveCapacity(capacity)
        }

        mutating func divide(_ weight: UInt32, among gateways: [NetworkIndex.Gateway]) {
            for gateway in gateways { self.gateways[gateway, default: 0] &+= weight / UInt32(gateways.count) }
        }

        /// The gateways behind the endpoints that are reached directly, by address.
        func withGateways(_ endpoint: (NetworkIndex.Gateway, UInt32) -> LbEndpoint) -> Group {
            guard !gateways.isEmpty else { return self }
            var result = self
            for (gateway, weight) in gateways.sorted(by: { $0.key < $1.key }) where weight > 0 {
                result.add(
                    endpoint(gateway, weight),
                    labels: WorkloadIndex.augmented(
                        [:], locality: Locality(), cluster: gateway.cluster, hostname: nil, network: gateway.network))
            }
            return result
        }

        mutating func add(_ endpoint: LbEndpoint, labels: [String: String]?) {
            endpoints.append(endpoint)
            if let labels { self.labels.append(labels) }
        }

        var weight: UInt32 {
            UInt32(clamping: endpoints.reduce(UInt64(0)) { $0 + UInt64($1.loadBalancingWeight ?? 1) })
        }
    }

    /// istiod: `mtlsChecker`.
    private func isMTLS(_ endpoint: ServiceEndpoint, policy: ResolvedTrafficPolicy) -> Bool {
        if let mode = policy.tls?.mode { return mode == .istioMutual }
        guard endpoint.isMTLSCapable else { return false }
        return context.index.peerAuthentications
            .policy(namespace: endpoint.namespace, labels: endpoint.labels).mode(port: endpoint.port) != .disable
    }

    /// What leads to endpoints of another network (istiod: `EndpointsByNetworkFilter`).
    private func gatewayEndpoint(_ gateway: NetworkIndex.Gateway, weight: UInt32) -> LbEndpoint {
        var result = LbEndpoint(address: .socket(SocketAddress(gateway.address, UInt16(clamping: gateway.port))))
        result.healthStatus = .healthy
        result.loadBalancingWeight = weight
        result.metadata = Metadata([
            "envoy.transport_socket_match": EndpointMetadata.mutualTLS,
            "istio": ["workload": .string(";;;;" + context.proxy.clusterID)],
        ])
        return result
    }

    private func lbEndpoint(_ endpoint: ServiceEndpoint, weight: UInt32, _ metadata: Metadata) -> LbEndpoint {
        let address: Address =
            endpoint.isUnixSocket
            ? .pipe(String(endpoint.address.dropFirst("unix://".count)))
            : .socket(SocketAddress(endpoint.address, UInt16(clamping: endpoint.port)))
        var result = LbEndpoint(address: address)
        result.healthStatus = endpoint.health == .unhealthy ? .unhealthy : .healthy
        result.loadBalancingWeight = weight
        result.workload = endpoint.workload
        result.metadata = metadata
        return result
    }
}
