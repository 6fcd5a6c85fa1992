extension MeshSnapshot {
    /// Positions of objects in the lists of the snapshot.
    struct Index: Hashable, Sendable {
        var services: [NamespacedName: Int] = [:]
        var servicesByNamespace: [String: [Int]] = [:]
        var pods: [NamespacedName: Int] = [:]
        var podsByNamespace: [String: [Int]] = [:]
        var podsByIP: [String: Int] = [:]
        var podsByLabel: [LabelKey: [Int]] = [:]
        var slicesByService: [NamespacedName: [Int]] = [:]
        var workloadEntriesByNamespace: [String: [Int]] = [:]
        var workloadsByNamespace: [String: [Int]] = [:]
        var namespaces: [String: Int] = [:]
        var nodes: [String: Int] = [:]
        var secrets: [NamespacedName: Int] = [:]
        var configMaps: [NamespacedName: Int] = [:]
    }

    struct LabelKey: Hashable, Sendable {
        let namespace: String
        let name: String
        let value: String
    }

    mutating func indexAll() {
        index = Index()
        indexServices()
        indexPods()
        indexSlices()
        indexWorkloads()
        indexWorkloadEntries()
        index.namespaces = Self.byPlainName(namespaces)
        index.nodes = Self.byPlainName(nodes)
        index.secrets = Self.byName(secrets)
        index.configMaps = Self.byName(configMaps)
    }

    /// Indexes one kind of objects anew, after some have come or gone or changed what they are found by.
    mutating func index<Object: MeshObject>(_ kind: Object.Type) {
        switch kind {
        case is Service.Type: indexServices()
        case is Pod.Type: indexPods()
        case is EndpointSlice.Type: indexSlices()
        case is Workload.Type: indexWorkloads()
        case is WorkloadEntry.Type: indexWorkloadEntries()
        case is Namespace.Type: index.namespaces = Self.byPlainName(namespaces)
        case is KubernetesNode.Type: index.nodes = Self.byPlainName(nodes)
        case is Secret.Type: index.secrets = Self.byName(secrets)
        case is ConfigMap.Type: index.configMaps = Self.byName(configMaps)
        default: break
        }
    }

    private mutating func indexServices() {
        index.services = Dictionary(minimumCapacity: services.count)
        index.servicesByNamespace = [:]
        for position in services.indices { indexService(at: position) }
    }

    private mutating func indexPods() {
        index.pods = Dictionary(minimumCapacity: pods.count)
        (index.podsByNamespace, index.podsByIP, index.podsByLabel) = ([:], [:], [:])
        for position in pods.indices { indexPod(at: position) }
    }

    private mutating func indexSlices() {
        index.slicesByService = Dictionary(minimumCapacity: endpointSlices.count)
        for position in endpointSlices.indices { indexSlice(at: position) }
    }

    private mutating func indexWorkloads() {
        index.workloadsByNamespace = [:]
        for position in workloads.indices {
            index.workloadsByNamespace[workloads[position].namespace, default: []].append(position)
        }
    }

    private mutating func indexWorkloadEntries() {
        index.workloadEntriesByNamespace = [:]
        for (position, entry) in workloadEntries.enumerated() {
            index.workloadEntriesByNamespace[entry.namespace, default: []].append(position)
        }
    }

    private static func byName(_ objects: [some MeshObject]) -> [NamespacedName: Int] {
        Dictionary(
            objects.enumerated().map { ($1.namespacedName, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static func byPlainName(_ objects: [some MeshObject]) -> [String: Int] {
        Dictionary(objects.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    // Of the same name in several clusters the first is found.
    mutating func indexService(at position: Int) {
        let name = services[position].namespacedName
        if index.services[name] == nil { index.services[name] = position }
        index.servicesByNamespace[name.namespace, default: []].append(position)
    }

    mutating func indexPod(at position: Int) {
        let pod = pods[position]
        if index.pods[pod.namespacedName] == nil { index.pods[pod.namespacedName] = position }
        index.podsByNamespace[pod.namespace, default: []].append(position)
        for (name, value) in pod.meta.labels {
            index.podsByLabel[LabelKey(namespace: pod.namespace, name: name, value: value), default: []].append(
                position)
        }
        // Pods on their node's own network share its address with others.
        guard !pod.spec.hostNetwork, !pod.isTerminated else { return }
        for ip in pod.ips where index.podsByIP[ip] == nil { index.podsByIP[ip] = position }
    }

    mutating func indexSlice(at position: Int) {
        let slice = endpointSlices[position]
        guard let service = slice.serviceName else { return }
        index.slicesByService[NamespacedName(namespace: slice.namespace, name: service), default: []].append(position)
    }

    package func service(_ name: String, namespace: String) -> Service? {
        index.services[NamespacedName(namespace: namespace, name: name)].map { services[$0] }
    }

    /// In the order of `services`.
    package func services(inNamespace namespace: String) -> [Service] {
        (index.servicesByNamespace[namespace] ?? []).map { services[$0] }
    }

    package func pod(_ name: String, namespace: String) -> Pod? {
        index.pods[NamespacedName(namespace: namespace, name: name)].map { pods[$0] }
    }

    package func pod(withIP ip: String) -> Pod? { index.podsByIP[ip].map { pods[$0] } }

    package func pods(inNamespace namespace: String) -> [Pod] {
        (index.podsByNamespace[namespace] ?? []).map { pods[$0] }
    }

    /// The Pods of a namespace that carry all these labels; none for an empty selector, as for a Service.
    package func pods(inNamespace namespace: String, selectedBy selector: [String: String]) -> [Pod] {
        podPositions(inNamespace: namespace, selectedBy: selector).map { pods[$0] }
    }

    func podPositions(inNamespace namespace: String, selectedBy selector: [String: String]) -> [Int] {
        var fewest: [Int]?
        for (name, value) in selector {
            let candidates = index.podsByLabel[LabelKey(namespace: namespace, name: name, value: value)] ?? []
            if candidates.count < fewest?.count ?? .max { fewest = candidates }
        }
        guard let fewest else { return [] }
        if selector.count == 1 { return fewest }
        return fewest.filter { selector.isContained(in: pods[$0].meta.labels) }
    }

    /// The EndpointSlices of a Service, stand-ins and those made of Endpoints included.
    package func endpointSlices(ofService name: String, namespace: String) -> [EndpointSlice] {
        (index.slicesByService[NamespacedName(namespace: namespace, name: name)] ?? []).map { endpointSlices[$0] }
    }

    package func workloadEntries(inNamespace namespace: String) -> [WorkloadEntry] {
        (index.workloadEntriesByNamespace[namespace] ?? []).map { workloadEntries[$0] }
    }

    package func workloads(inNamespace namespace: String) -> [Workload] {
        (index.workloadsByNamespace[namespace] ?? []).map { workloads[$0] }
    }

    package func namespace(_ name: String) -> Namespace? { index.namespaces[name].map { namespaces[$0] } }
    package func node(_ name: String) -> KubernetesNode? { index.nodes[name].map { nodes[$0] } }

    package func secret(_ name: String, namespace: String) -> Secret? {
        index.secrets[NamespacedName(namespace: namespace, name: name)].map { secrets[$0] }
    }

    package func configMap(_ name: String, namespace: String) -> ConfigMap? {
        index.configMaps[NamespacedName(namespace: namespace, name: name)].map { configMaps[$0] }
    }
}
