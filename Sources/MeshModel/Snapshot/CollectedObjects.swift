import Documents

/// All objects of some files, each once, in order and indexed. What no manifest says is not in it yet.
struct CollectedObjects: Sendable {
    var snapshot = MeshSnapshot()
    private(set) var diagnostics: [Diagnostic] = []
    var files: [ManifestFile]
    /// What is there.
    var keys: Set<Key> = []
    /// Some object is there twice, so that it depends on all files which one counts.
    private(set) var hasRepeated = false

    struct Key: Hashable, Sendable {
        let type: String
        let name: NamespacedName
        let cluster: String

        init(_ resource: Resource) {
            type = resource.kind?.typeName ?? resource.unknownTypeName
            name = resource.meta.namespacedName
            cluster = resource.meta.cluster
        }
    }

    init(_ files: [ManifestFile], options: MeshSnapshot.Options) {
        self.files = files
        snapshot.options = options
        collect()
        mirrorEndpoints()
        sort()
        snapshot.indexAll()
    }

    /// Takes every object once: of two with the same kind, namespace and name the later one, as `kubectl apply` would.
    private mutating func collect() {
        var positions: [Key: Int] = [:]
        var resources: [Resource] = []
        var replaced: Set<Int> = []
        let count = files.reduce(0) { $0 + $1.resources.count }
        resources.reserveCapacity(count)
        positions.reserveCapacity(count)
        for file in files {
            for resource in file.resources {
                if let earlier = positions.updateValue(resources.count, forKey: Key(resource)) {
                    warnOfTwice(resources[earlier], resource)
                    replaced.insert(earlier)
                }
                resources.append(resource)
            }
        }
        hasRepeated = !replaced.isEmpty
        if hasRepeated {
            resources = resources.indices.filter { !replaced.contains($0) }.map { resources[$0] }
        } else {
            keys = Set(positions.keys)
        }
        snapshot.resources = resources
        for resource in resources { if let object = resource.object { append(object) } }
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

    private mutating func append(_ object: some MeshObject) {
        snapshot[keyPath: type(of: object).list].append(effective(object))
    }

    /// The object as it counts: annotations that only Istio itself sets have no effect when a manifest has them, unless that
    /// was asked for.
    func effective<Object: MeshObject>(_ object: Object) -> Object {
        switch object {
        case var service as VirtualService:
            keepInternalAnnotations(&service.meta)
            switch service.meta.annotations["internal.istio.io/route-semantics"] {
            case "gateway": service.semantics = .gateway
            case "ingress": service.semantics = .ingress
            default: break
            }
            return service as? Object ?? object
        case is DestinationRule, is IstioGateway:
            var object = object
            keepInternalAnnotations(&object.meta)
            return object
        default: return object
        }
    }

    private func keepInternalAnnotations(_ meta: inout ObjectMeta) {
        guard !snapshot.options.internalAnnotations, !meta.annotations.isEmpty else { return }
        meta.annotations = meta.annotations.filter { !$0.key.hasPrefix("internal.istio.io/") }
    }

    /// Makes an EndpointSlice of each Endpoints object whose Service has none, as Kubernetes' mirroring controller does.
    private mutating func mirrorEndpoints() {
        guard !snapshot.endpoints.isEmpty else { return }
        let sliced = Set(
            snapshot.endpointSlices.compactMap { slice in
                slice.serviceName.map { NamespacedName(namespace: slice.namespace, name: $0) }
            })
        for object in snapshot.endpoints where !sliced.contains(object.namespacedName) {
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
        sort(\.gateways)
        sort(\.virtualServices)
        sort(\.destinationRules)
        sort(\.serviceEntries)
        sort(\.workloadEntries)
        sort(\.workloadGroups)
        sort(\.sidecars)
        sort(\.peerAuthentications)
        sort(\.gatewayClasses)
        sort(\.kubernetesGateways)
        sort(\.listenerSets)
        sort(\.httpRoutes)
        sort(\.grpcRoutes)
        sort(\.tlsRoutes)
        sort(\.tcpRoutes)
        sort(\.udpRoutes)
        sort(\.referenceGrants)
        sort(\.backendTLSPolicies)
        sort(\.backendTrafficPolicies)
        sort(\.services)
        sort(\.endpointSlices)
        sort(\.pods)
        sort(\.workloads)
        sort(\.nodes)
        sort(\.namespaces)
        sort(\.ingresses)
        sort(\.ingressClasses)
        sort(\.secrets)
        sort(\.configMaps)
    }

    private mutating func sort<Object: MeshObject>(_ list: WritableKeyPath<MeshSnapshot, [Object]>) {
        let objects = snapshot[keyPath: list]
        guard objects.count > 1 else { return }
        // Keys are small; objects are moved once.
        let keys = objects.indices.map { (AgeKey(objects[$0].meta), $0) }
        snapshot[keyPath: list] = keys.sorted { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }.map { objects[$0.1] }
    }
}

/// What orders objects of one kind (2.1).
struct AgeKey: Comparable {
    let time: CreationTime
    let name: String
    let namespace: String

    init(_ meta: ObjectMeta) {
        time = meta.creationTime
        name = meta.name
        namespace = meta.namespace
    }

    static func < (left: Self, right: Self) -> Bool {
        if left.time != right.time { return left.time < right.time }
        if left.name != right.name { return left.name < right.name }
        return left.namespace < right.namespace
    }
}

extension Resource {
    /// Group and kind of an object that meshtop does not read.
    fileprivate var unknownTypeName: String {
        let group = apiVersion.split(separator: "/").dropLast().first ?? ""
        return "\(group)/\(kindName)"
    }
}
