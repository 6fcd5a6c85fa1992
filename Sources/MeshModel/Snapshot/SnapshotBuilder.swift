import Documents

/// Fills a snapshot step by step.
struct SnapshotBuilder {
    var snapshot = MeshSnapshot()
    var diagnostics: [Diagnostic] = []
    private var endpoints: [Endpoints] = []

    init(files: [ManifestFile], settings: MeshSnapshot.Settings) {
        snapshot.options = settings.options
        collect(files)
        mirrorEndpoints()
        sort()
        readMeshConfig(settings)
        readServices(settings)
        snapshot.indexAll()
    }

    private struct Key: Hashable {
        let type: String
        let name: NamespacedName
        let cluster: String
    }

    /// Takes every object once: of two with the same kind, namespace and name the later one, as `kubectl apply` would.
    private mutating func collect(_ files: [ManifestFile]) {
        var positions: [Key: Int] = [:]
        var resources: [Resource] = []
        var replaced: Set<Int> = []
        let count = files.reduce(0) { $0 + $1.resources.count }
        resources.reserveCapacity(count)
        positions.reserveCapacity(count)
        for file in files {
            for resource in file.resources {
                let type = resource.kind?.typeName ?? resource.unknownTypeName
                let key = Key(type: type, name: resource.meta.namespacedName, cluster: resource.meta.cluster)
                if let earlier = positions.updateValue(resources.count, forKey: key) {
                    warnOfTwice(resources[earlier], resource)
                    replaced.insert(earlier)
                }
                resources.append(resource)
            }
        }
        if !replaced.isEmpty { resources = resources.indices.filter { !replaced.contains($0) }.map { resources[$0] } }
        snapshot.resources = resources
        for position in resources.indices { add(resources[position].object) }
    }

    private mutating func warnOfTwice(_ earlier: Resource, _ later: Resource) {
        let place = earlier.meta.location.map { " first at \($0.file):\($0.line)" } ?? ""
        diagnostics.append(
            Diagnostic(
                .warning,
                "\(later.kindName) \(quoted(later.meta.namespacedName.description)) is there twice,\(place); "
                    + "this one, the last, is used",
                at: later.meta.location, hint: "remove one of the two, or give one another name or namespace"))
    }

    // One case per list; a new kind gets its list and its line.
    private mutating func add(_ object: (any MeshObject)?) {
        switch object {
        case let object as Pod: snapshot.pods.append(object)
        case let object as Service: snapshot.services.append(object)
        case let object as Workload: snapshot.workloads.append(object)
        case let object as EndpointSlice: snapshot.endpointSlices.append(object)
        case var object as VirtualService:
            keepInternalAnnotations(&object.meta)
            switch object.meta.annotations["internal.istio.io/route-semantics"] {
            case "gateway": object.semantics = .gateway
            case "ingress": object.semantics = .ingress
            default: break
            }
            snapshot.virtualServices.append(object)
        case var object as DestinationRule:
            keepInternalAnnotations(&object.meta)
            snapshot.destinationRules.append(object)
        case var object as IstioGateway:
            keepInternalAnnotations(&object.meta)
            snapshot.gateways.append(object)
        case let object as ServiceEntry: snapshot.serviceEntries.append(object)
        case let object as HTTPRoute: snapshot.httpRoutes.append(object)
        case let object as ConfigMap: snapshot.configMaps.append(object)
        case let object as Secret: snapshot.secrets.append(object)
        case let object as Namespace: snapshot.namespaces.append(object)
        case let object as Endpoints: endpoints.append(object)
        case let object as WorkloadEntry: snapshot.workloadEntries.append(object)
        case let object as WorkloadGroup: snapshot.workloadGroups.append(object)
        case let object as Sidecar: snapshot.sidecars.append(object)
        case let object as PeerAuthentication: snapshot.peerAuthentications.append(object)
        case let object as GatewayClass: snapshot.gatewayClasses.append(object)
        case let object as KubernetesGateway: snapshot.kubernetesGateways.append(object)
        case let object as ListenerSet: snapshot.listenerSets.append(object)
        case let object as GRPCRoute: snapshot.grpcRoutes.append(object)
        case let object as TLSRoute: snapshot.tlsRoutes.append(object)
        case let object as TCPRoute: snapshot.tcpRoutes.append(object)
        case let object as UDPRoute: snapshot.udpRoutes.append(object)
        case let object as ReferenceGrant: snapshot.referenceGrants.append(object)
        case let object as BackendTLSPolicy: snapshot.backendTLSPolicies.append(object)
        case let object as XBackendTrafficPolicy: snapshot.backendTrafficPolicies.append(object)
        case let object as KubernetesNode: snapshot.nodes.append(object)
        case let object as Ingress: snapshot.ingresses.append(object)
        case let object as IngressClass: snapshot.ingressClasses.append(object)
        default: break
        }
    }

    /// Annotations that only Istio itself sets have no effect when a manifest has them, unless that was asked for.
    private func keepInternalAnnotations(_ meta: inout ObjectMeta) {
        guard !snapshot.options.internalAnnotations, !meta.annotations.isEmpty else { return }
        meta.annotations = meta.annotations.filter { !$0.key.hasPrefix("internal.istio.io/") }
    }

    /// Makes an EndpointSlice of each Endpoints object whose Service has none, as Kubernetes' mirroring controller does.
    private mutating func mirrorEndpoints() {
        guard !endpoints.isEmpty else { return }
        let sliced = Set(
            snapshot.endpointSlices.compactMap { slice in
                slice.serviceName.map { NamespacedName(namespace: slice.namespace, name: $0) }
            })
        for object in endpoints where !sliced.contains(object.namespacedName) {
            for (index, subset) in object.subsets.enumerated() {
                var meta = object.meta
                meta.name += index == 0 ? "" : "-\(index)"
                meta.labels["kubernetes.io/service-name"] = object.name
                var slice = EndpointSlice(meta: meta)
                slice.endpoints = subset.addresses + subset.notReadyAddresses
                slice.ports = subset.ports
                if slice.endpoints.first?.addresses.first?.contains(":") == true { slice.addressType = .ipv6 }
                snapshot.endpointSlices.append(slice)
            }
        }
    }

    private mutating func sort() {
        func sort<Object: MeshObject>(_ objects: inout [Object]) {
            guard objects.count > 1 else { return }
            // Keys are small; objects are moved once.
            let keys = objects.indices.map { AgeKey(objects[$0].meta, position: $0) }.sorted(by: <)
            objects = keys.map { objects[$0.position] }
        }
        sort(&snapshot.gateways)
        sort(&snapshot.virtualServices)
        sort(&snapshot.destinationRules)
        sort(&snapshot.serviceEntries)
        sort(&snapshot.workloadEntries)
        sort(&snapshot.workloadGroups)
        sort(&snapshot.sidecars)
        sort(&snapshot.peerAuthentications)
        sort(&snapshot.gatewayClasses)
        sort(&snapshot.kubernetesGateways)
        sort(&snapshot.listenerSets)
        sort(&snapshot.httpRoutes)
        sort(&snapshot.grpcRoutes)
        sort(&snapshot.tlsRoutes)
        sort(&snapshot.tcpRoutes)
        sort(&snapshot.udpRoutes)
        sort(&snapshot.referenceGrants)
        sort(&snapshot.backendTLSPolicies)
        sort(&snapshot.backendTrafficPolicies)
        sort(&snapshot.services)
        sort(&snapshot.endpointSlices)
        sort(&snapshot.pods)
        sort(&snapshot.workloads)
        sort(&snapshot.nodes)
        sort(&snapshot.namespaces)
        sort(&snapshot.ingresses)
        sort(&snapshot.ingressClasses)
        sort(&snapshot.secrets)
        sort(&snapshot.configMaps)
    }
}

/// The order of objects of one kind (2.1), and where the object is.
private struct AgeKey: Comparable {
    let time: CreationTime
    let name: String
    let namespace: String
    let position: Int

    init(_ meta: ObjectMeta, position: Int) {
        time = meta.creationTime
        name = meta.name
        namespace = meta.namespace
        self.position = position
    }

    static func < (left: Self, right: Self) -> Bool {
        if left.time != right.time { return left.time < right.time }
        if left.name != right.name { return left.name < right.name }
        if left.namespace != right.namespace { return left.namespace < right.namespace }
        return left.position < right.position
    }
}

extension Resource {
    /// Group and kind of an object that meshtop does not read.
    fileprivate var unknownTypeName: String {
        let group = apiVersion.split(separator: "/").dropLast().first ?? ""
        return "\(group)/\(kindName)"
    }
}
