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
        var resources: [Resource?] = []
        let count = files.reduce(0) { $0 + $1.resources.count }
        resources.reserveCapacity(count)
        positions.reserveCapacity(count)
        for file in files {
            for resource in file.resources {
                let group = resource.apiVersion.split(separator: "/").dropLast().first ?? ""
                let key = Key(
                    type: "\(group)/\(resource.kindName)", name: resource.meta.namespacedName,
                    cluster: resource.meta.cluster)
                if let earlier = positions.updateValue(resources.count, forKey: key) {
                    warnOfTwice(resources[earlier], resource)
                    resources[earlier] = nil
                }
                resources.append(resource)
            }
        }
        snapshot.resources = resources.compactMap { $0 }
        for resource in snapshot.resources { add(resource.object) }
    }

    private mutating func warnOfTwice(_ earlier: Resource?, _ later: Resource) {
        guard let earlier else { return }
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
        func sort(_ objects: inout [some MeshObject]) { objects.sort { ObjectMeta.isOlder($0.meta, $1.meta) } }
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
