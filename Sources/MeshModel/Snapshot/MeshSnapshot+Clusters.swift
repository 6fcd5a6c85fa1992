import Documents

/// Several clusters. Each has a configuration of its own (Gateways, VirtualServices, …), as each control plane reads that of the
/// cluster it runs in; Services, Pods and endpoints are shared by the clusters of one mesh.
extension MeshSnapshot {
    /// All clusters as one list of objects, for looking things up.
    init(joining parts: [(name: String, snapshot: MeshSnapshot)]) {
        guard let first = parts.first?.snapshot else {
            self.init()
            return
        }
        self = first
        for part in parts.dropFirst().map(\.snapshot) {
            append(\.resources, part)
            append(\.gateways, part)
            append(\.virtualServices, part)
            append(\.destinationRules, part)
            append(\.serviceEntries, part)
            append(\.workloadEntries, part)
            append(\.workloadGroups, part)
            append(\.sidecars, part)
            append(\.peerAuthentications, part)
            append(\.gatewayClasses, part)
            append(\.kubernetesGateways, part)
            append(\.listenerSets, part)
            append(\.httpRoutes, part)
            append(\.grpcRoutes, part)
            append(\.tlsRoutes, part)
            append(\.tcpRoutes, part)
            append(\.udpRoutes, part)
            append(\.referenceGrants, part)
            append(\.backendTLSPolicies, part)
            append(\.backendTrafficPolicies, part)
            append(\.endpoints, part)
            append(\.workloads, part)
            append(\.ingresses, part)
            append(\.ingressClasses, part)
            append(\.secrets, part)
            append(\.configMaps, part)
            append(\.proxies, part)
            appendEndpoints(of: part)
        }
        clusters = parts
        indexAll()
    }

    private mutating func append<Value>(_ list: WritableKeyPath<MeshSnapshot, [Value]>, _ other: MeshSnapshot) {
        self[keyPath: list] += other[keyPath: list]
    }

    private mutating func appendEndpoints(of other: MeshSnapshot) {
        append(\.services, other)
        append(\.endpointSlices, other)
        append(\.pods, other)
        append(\.nodes, other)
        append(\.namespaces, other)
    }

    /// What the control plane of a cluster sees: its own configuration, and the endpoints of the clusters of its mesh.
    package func seen(from cluster: String) -> MeshSnapshot {
        guard var own = clusters.first(where: { $0.name == cluster })?.snapshot else { return self }
        own.takeConfigurationOfPrimary(among: clusters, name: cluster)
        var isAlone = true
        for (name, other) in clusters where name != cluster && own.isLinked(to: other, named: name) {
            own.appendEndpoints(of: other)
            isAlone = false
        }
        if !isAlone { own.indexAll() }
        return own
    }

    /// A cluster without any Istio configuration is a remote: its proxies belong to the first control plane that knows it.
    private mutating func takeConfigurationOfPrimary(among all: [(name: String, snapshot: MeshSnapshot)], name: String)
    {
        guard !hasConfiguration,
            let primary = all.first(where: {
                $0.name != name && $0.snapshot.hasConfiguration && $0.snapshot.isLinked(to: self, named: name)
            })?.snapshot
        else { return }
        gateways = primary.gateways
        virtualServices = primary.virtualServices
        destinationRules = primary.destinationRules
        serviceEntries = primary.serviceEntries
        sidecars = primary.sidecars
        peerAuthentications = primary.peerAuthentications
        gatewayClasses = primary.gatewayClasses
        kubernetesGateways = primary.kubernetesGateways
        listenerSets = primary.listenerSets
        httpRoutes = primary.httpRoutes
        grpcRoutes = primary.grpcRoutes
        tlsRoutes = primary.tlsRoutes
        tcpRoutes = primary.tcpRoutes
        udpRoutes = primary.udpRoutes
        referenceGrants = primary.referenceGrants
        backendTLSPolicies = primary.backendTLSPolicies
        backendTrafficPolicies = primary.backendTrafficPolicies
        ingresses = primary.ingresses
        ingressClasses = primary.ingressClasses
        meshConfig = primary.meshConfig
    }

    private var hasConfiguration: Bool {
        !gateways.isEmpty || !virtualServices.isEmpty || !destinationRules.isEmpty || !serviceEntries.isEmpty
            || !sidecars.isEmpty || !peerAuthentications.isEmpty || !kubernetesGateways.isEmpty || !httpRoutes.isEmpty
            || !grpcRoutes.isEmpty || !tlsRoutes.isEmpty || !tcpRoutes.isEmpty || !ingresses.isEmpty
    }

    /// Whether the control plane reads the endpoints of another cluster: it has a remote secret for it, or, where no remote secret
    /// is in the manifests, both have the same mesh ID.
    private func isLinked(to other: MeshSnapshot, named name: String) -> Bool {
        let remotes = secrets.filter { $0.meta.labels["istio/multiCluster"] == "true" }.flatMap(\.data.keys)
        if !remotes.isEmpty { return remotes.contains(name) }
        return meshID == other.meshID
    }

    /// `defaultConfig.meshId`.
    package var meshID: String? { meshConfig.raw["defaultConfig"]?["meshId"]?.string }
}
