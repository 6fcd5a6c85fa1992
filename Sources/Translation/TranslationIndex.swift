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
    let workloads: WorkloadIndex
    let endpoints: [Service.Key: [ServiceEndpoint]]
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
    /// Described by hand: the address that counts for the proxy.
    let snapshot: MeshSnapshot

    init(_ snapshot: MeshSnapshot, features: Features) {
        self.snapshot = snapshot
        self.features = features
        meshConfig = snapshot.meshConfig
        domain = snapshot.options.domain
        istioDomain = snapshot.options.effectiveIstioDomain
        clusterLocalHosts = Self.clusterLocalHosts(snapshot.meshConfig, domain: snapshot.options.domain)
        let converted = istioObjects(from: snapshot)
        gateways = (snapshot.gateways + converted.gateways).stableSorted { ObjectMeta.isOlder($0.meta, $1.meta) }
        let workloads = WorkloadIndex(
            pods: snapshot.pods, entries: snapshot.workloadEntries, nodes: snapshot.nodes)
        self.workloads = workloads
        peerAuthentications = PeerAuthenticationIndex(
            snapshot.peerAuthentications, rootNamespace: meshConfig.rootNamespace)
        virtualServices = VirtualServiceIndex(
            snapshot.virtualServices + converted.virtualServices, meshConfig: meshConfig, domain: istioDomain)
        let suffix = istioDomain
        destinationRules = DestinationRuleIndex(
            (snapshot.destinationRules + converted.destinationRules).map { rule in
                var rule = rule
                rule.host = HostName.expanded(rule.host, namespace: rule.namespace, domain: suffix)
                return rule
            }, meshConfig: meshConfig, enhancedMerge: features.enableEnhancedDestinationRuleMerge)
        sidecars = Dictionary(
            grouping: snapshot.sidecars.stableSorted { ObjectMeta.isOlder($0.meta, $1.meta) }, by: \.namespace)

        var collection = EndpointCollection(
            workloads: workloads, meshConfig: meshConfig, features: features, domain: domain)
        var services: [Service] = []
        let namespaces = Dictionary(
            snapshot.namespaces.map { ($0.name, $0.meta.annotations) }
        ) { first, _ in first }
        services += Self.kubernetesServices(snapshot.services, namespaces: namespaces, domain: domain)
        for slice in snapshot.endpointSlices { collection.add(slice) }
        for service in services { collection.addWorkloadEntries(of: service) }
        for entry in snapshot.serviceEntries.stableSorted(by: { ObjectMeta.isOlder($0.meta, $1.meta) }) {
            services += Service.services(of: entry)
            collection.add(entry)
        }
        for description in snapshot.serviceDescriptions {
            let service = Service(description, domain: domain)
            services.append(service)
            collection.add(description, of: service)
        }
        registry = ServiceRegistry(services, meshConfig: meshConfig)
        endpoints = collection.endpoints
        externalByAddress = Self.externalServices(services, endpoints: collection.endpoints)
        diagnostics = virtualServices.diagnostics + converted.diagnostics + Self.notModelled(snapshot)
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

    /// Services of the same name in several clusters are one, with the addresses of each.
    private static func kubernetesServices(
        _ objects: [MeshModel.Service], namespaces: [String: [String: String]], domain: String
    ) -> [Service] {
        var order: [Service.Key] = []
        var byKey: [Service.Key: Service] = [:]
        for object in objects {
            let service = Service(
                kubernetes: object, namespaceAnnotations: namespaces[object.namespace] ?? [:], domain: domain)
            if let known = byKey[service.key] {
                byKey[service.key] = known.changed {
                    $0.clusterAddresses.merge(service.clusterAddresses) { own, _ in own }
                }
            } else {
                order.append(service.key)
                byKey[service.key] = service
            }
        }
        return order.compactMap { byKey[$0] }
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
            guard let consequence = kinds[resource.kindName] else { return nil }
            return Diagnostic(
                .info, "\(resource.kindName) \"\(resource.meta.namespacedName)\" is not modelled: \(consequence)",
                at: resource.meta.location)
        }
    }
}
