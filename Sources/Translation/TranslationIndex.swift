import Documents
import EnvoyModel
import MeshModel

/// The mesh as istiod sees it, indexed once for all proxies (istiod: `PushContext`).
final class TranslationIndex: Sendable {
    let meshConfig: MeshConfig
    let features: Features
    let domain: String
    let istioDomain: String
    let registry: ServiceRegistry
    let networks: NetworkIndex
    let workloads: WorkloadIndex
    let endpoints: EndpointIndex
    /// Services that are not Kubernetes', by the addresses of their endpoints.
    private let externalByAddress: [String: [Service]]
    let virtualServices: VirtualServiceIndex
    let destinationRules: DestinationRuleIndex
    let peerAuthentications: PeerAuthenticationIndex
    /// Oldest first, those made of Gateway API and Ingress objects included.
    let gateways: [IstioGateway]
    let clusterLocalHosts: HostIndex<Bool>
    let sidecars: [String: [Sidecar]]
    let diagnostics: [Diagnostic]
    /// Whether a rule names a credential for the connections to its service.
    let hasUpstreamCredentials: Bool
    /// Described by hand: the address that counts for the proxy.
    let snapshot: MeshSnapshot

    private let kubernetesServices: KubernetesServices
    private let fieldsWithoutEffect: FieldsWithoutEffect
    private let slices: MemoizedMap<EndpointSlice, SliceEndpoints?>

    /// What of `previous`, the index of another state of the same sources, depends on nothing that has changed is taken over.
    init(_ snapshot: MeshSnapshot, features: Features, previous: TranslationIndex? = nil) {
        let networks = NetworkIndex(snapshot)
        self.networks = networks
        let previous = previous.flatMap {
            $0.hasSameSettings(snapshot, features) && $0.networks == networks ? $0 : nil
        }
        self.snapshot = snapshot
        self.features = features
        meshConfig = snapshot.meshConfig
        domain = snapshot.options.domain
        istioDomain = snapshot.options.effectiveIstioDomain
        clusterLocalHosts = Self.clusterLocalHosts(snapshot.meshConfig, domain: snapshot.options.domain)
        let converted = istioObjects(from: snapshot)
        hasUpstreamCredentials =
            !converted.destinationRules.isEmpty || snapshot.destinationRules.contains(where: \.hasCredential)
        gateways = Self.byAge(snapshot.gateways, converted.gateways)
        let sameWorkloads = previous.flatMap { $0.hasSameWorkloads(snapshot) ? $0 : nil }
        workloads = sameWorkloads?.workloads ?? WorkloadIndex(snapshot, networks: networks)
        peerAuthentications = PeerAuthenticationIndex(
            snapshot.peerAuthentications, rootNamespace: meshConfig.rootNamespace)
        virtualServices = VirtualServiceIndex(
            Self.byAge(snapshot.virtualServices, converted.virtualServices), meshConfig: meshConfig,
            domain: istioDomain, previous: previous?.virtualServices)
        destinationRules = DestinationRuleIndex.of(
            Self.byAge(snapshot.destinationRules, converted.destinationRules), meshConfig: meshConfig,
            domain: istioDomain, enhancedMerge: features.enableEnhancedDestinationRuleMerge,
            previous: previous?.destinationRules)
        sidecars = Dictionary(
            grouping: snapshot.sidecars.stableSorted { ObjectMeta.isOlder($0.meta, $1.meta) }, by: \.namespace)
        kubernetesServices = KubernetesServices(snapshot, domain: domain, previous: previous?.kubernetesServices)

        var collection = EndpointCollection(
            workloads: workloads, meshConfig: meshConfig, features: features, domain: domain)
        var slices = sameWorkloads?.slices ?? MemoizedMap()
        slices.update(to: snapshot.endpointSlices, key: \.namespacedName) { collection.endpoints(of: $0) }
        self.slices = slices
        if let previous = sameWorkloads, slices.isUnchanged,
            kubernetesServices.services.isSame(as: previous.kubernetesServices.services),
            snapshot.serviceEntries == previous.snapshot.serviceEntries,
            snapshot.serviceDescriptions == previous.snapshot.serviceDescriptions
        {
            registry = previous.registry
            endpoints = previous.endpoints
            externalByAddress = previous.externalByAddress
        } else {
            var services = kubernetesServices.services
            collection.add(slices.outputs)
            collection.addWorkloadEntries(of: services)
            let ownCount = services.count
            for entry in snapshot.serviceEntries.stableSorted(by: { ObjectMeta.isOlder($0.meta, $1.meta) }) {
                services += Service.services(of: entry)
                collection.add(entry)
            }
            if !features.enableIPAutoallocate {
                services[ownCount...] = AutoAllocation.applied(to: Array(services[ownCount...]))[...]
            }
            for description in snapshot.serviceDescriptions {
                let service = Service(description, domain: domain)
                services.append(service)
                collection.add(description, of: service)
            }
            registry =
                previous.flatMap { $0.registry.isMade(of: services) ? $0.registry : nil }
                ?? ServiceRegistry(services, meshConfig: meshConfig)
            endpoints = EndpointIndex(collection.endpoints)
            externalByAddress = Self.externalServices(services, endpoints: collection.endpoints)
        }
        fieldsWithoutEffect = FieldsWithoutEffect(
            snapshot, previous: previous.map { ($0.fieldsWithoutEffect, $0.snapshot) })
        diagnostics =
            virtualServices.diagnostics + converted.diagnostics + networks.diagnostics + Self.notModelled(snapshot)
            + fieldsWithoutEffect.diagnostics
    }

    /// Whether everything that all of the mesh depends on is the same.
    private func hasSameSettings(_ other: MeshSnapshot, _ features: Features) -> Bool {
        features == self.features && other.options == snapshot.options && other.meshConfig == snapshot.meshConfig
            && other.meshNetworks == snapshot.meshNetworks
    }

    func hasSameSettings(as other: TranslationIndex) -> Bool {
        hasSameSettings(other.snapshot, other.features) && other.networks == networks
    }

    private func hasSameWorkloads(_ other: MeshSnapshot) -> Bool {
        other.pods == snapshot.pods && other.workloadEntries == snapshot.workloadEntries
            && other.nodes == snapshot.nodes
    }

    /// Objects of manifests, which are in order, and those made of others, oldest first.
    private static func byAge<Object: MeshObject>(_ own: [Object], _ made: [Object]) -> [Object] {
        made.isEmpty ? own : (own + made).stableSorted { ObjectMeta.isOlder($0.meta, $1.meta) }
    }

    /// The hosts of which there is another service or rule than in another state; `nil` when it may be any.
    func changedHosts(since previous: TranslationIndex) -> Set<String>? {
        guard let rules = destinationRules.changedHosts(since: previous.destinationRules) else { return nil }
        let services = ListDifference(previous.registry.services, registry.services)
        return services.isReordered ? nil : rules.union((services.gone + services.come).map(\.hostname))
    }

    func externalServices(at address: String) -> [Service] { externalByAddress[address] ?? [] }

    private static func externalServices(
        _ services: [Service], endpoints: [Service.Key: [ServiceEndpoint]]
    ) -> [String: [Service]] {
        var result: [String: [Service]] = [:]
        var seen = Set<Service.Key>()
        for service in services where !service.isKubernetes && seen.insert(service.key).inserted {
            var addresses = Set<String>()
            for endpoint in endpoints[service.key] ?? [] {
                for address in endpoint.addresses where addresses.insert(address).inserted {
                    result[address, default: []].append(service)
                }
            }
        }
        return result
    }

    /// What is in the manifests and would change the outcome, but is not computed.
    private static func notModelled(_ snapshot: MeshSnapshot) -> [Diagnostic] {
        let kinds: [String: String] = [
            "EnvoyFilter": "its patches are not applied",
            "AuthorizationPolicy": "requests that it denies are shown as allowed",
            "RequestAuthentication": "tokens are not checked, and matches on claims never hold",
            "Telemetry": "access logs and metrics are those of the mesh's defaults",
            "WasmPlugin": "it does not run",
            "TrafficExtension": "it does not run",
        ]
        return snapshot.resources.compactMap { resource in
            guard resource.kind == nil, let consequence = kinds[resource.kindName] else { return nil }
            return Diagnostic(
                .info, "\(resource.kindName) \"\(resource.meta.namespacedName)\" is not modelled: \(consequence)",
                at: resource.meta.location)
        }
    }
}
