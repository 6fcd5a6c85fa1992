extension MeshSnapshot {
    /// Positions of objects in the lists of the snapshot.
    struct Index: Sendable {
        var services: [NamespacedName: Int] = [:]
        var servicesByNamespace: [String: [Int]] = [:]
        var pods: [NamespacedName: Int] = [:]
        var podsByNamespace: [String: [Int]] = [:]
        var podsByIP: [String: Int] = [:]
        var slicesByService: [NamespacedName: [Int]] = [:]
        var workloadEntriesByNamespace: [String: [Int]] = [:]
        var workloadsByNamespace: [String: [Int]] = [:]
        var namespaces: [String: Int] = [:]
        var nodes: [String: Int] = [:]
        var secrets: [NamespacedName: Int] = [:]
        var configMaps: [NamespacedName: Int] = [:]
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
        guard !selector.isEmpty else { return [] }
        return (index.podsByNamespace[namespace] ?? []).compactMap {
            selector.isContained(in: pods[$0].meta.labels) ? pods[$0] : nil
        }
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
