import Documents
import EnvoyModel
import MeshModel

/// Pods and WorkloadEntries by address, name and namespace.
struct WorkloadIndex: Sendable {
    /// By cluster: each has its own names, and its own addresses where the networks are apart.
    private let podsByName: [InCluster<NamespacedName>: Pod]
    private let podsByIP: [InCluster<String>: Pod]
    private let podsByNamespace: [String: [Pod]]
    private let entriesByNamespace: [String: [WorkloadEntry]]
    private let nodeLocalities: [InCluster<String>: Locality]
    private let nodeLabels: [InCluster<String>: [String: String]]
    private let networks: NetworkIndex

    /// What is told apart by its cluster.
    private struct InCluster<Name: Hashable & Sendable>: Hashable, Sendable {
        let cluster: String
        let name: Name
    }

    init(_ snapshot: MeshSnapshot, networks: NetworkIndex) {
        self.networks = networks
        let (pods, entries, nodes) = (snapshot.pods, snapshot.workloadEntries, snapshot.nodes)
        var byName: [InCluster<NamespacedName>: Pod] = [:]
        var byIP: [InCluster<String>: Pod] = [:]
        var byNamespace: [String: [Pod]] = [:]
        for pod in pods where !pod.isTerminated {
            let cluster = pod.meta.cluster
            byName[InCluster(cluster: cluster, name: pod.namespacedName)] = pod
            byNamespace[pod.namespace, default: []].append(pod)
            // Pods in the node's network share its address, so it tells nothing.
            if pod.spec.hostNetwork { continue }
            for key in pod.ips.map({ InCluster(cluster: cluster, name: $0) }) where byIP[key] == nil { byIP[key] = pod }
        }
        podsByName = byName
        podsByIP = byIP
        podsByNamespace = byNamespace.mapValues { $0.sorted { $0.namespacedName < $1.namespacedName } }
        entriesByNamespace = Dictionary(grouping: entries, by: \.namespace)
            .mapValues { $0.sorted { $0.namespacedName < $1.namespacedName } }
        let machines = nodes.map { (InCluster(cluster: $0.meta.cluster, name: $0.name), $0.meta.labels) }
        nodeLocalities = Dictionary(machines.map { ($0, Locality(nodeLabels: $1)) }) { first, _ in first }
        nodeLabels = Dictionary(machines) { first, _ in first }
    }

    var hasEntries: Bool { !entriesByNamespace.isEmpty }
    func pod(_ name: NamespacedName, cluster: String) -> Pod? { podsByName[InCluster(cluster: cluster, name: name)] }
    func pod(ip: String, cluster: String) -> Pod? { podsByIP[InCluster(cluster: cluster, name: ip)] }
    func pods(in namespace: String) -> [Pod] { podsByNamespace[namespace] ?? [] }

    /// WorkloadEntries that may get traffic: those under a health check only when they are known to be healthy.
    func entries(in namespace: String) -> [WorkloadEntry] {
        (entriesByNamespace[namespace] ?? []).filter { entry in
            let isChecked = entry.meta.annotations["proxy.istio.io/health-checks-enabled"] == "true"
            return !isChecked || entry.isHealthy == true
        }
    }

    func locality(of pod: Pod) -> Locality {
        Locality(labels: pod.meta.labels) ?? machine(of: pod).flatMap { nodeLocalities[$0] } ?? Locality()
    }

    private func machine(of pod: Pod) -> InCluster<String>? {
        pod.spec.nodeName.map { InCluster(cluster: pod.meta.cluster, name: $0) }
    }

    func network(of pod: Pod, address: String) -> String {
        networks.network(labels: pod.meta.labels, cluster: pod.meta.cluster, address: address)
    }

    func network(labels: [String: String], cluster: String, address: String) -> String {
        networks.network(labels: labels, cluster: cluster, address: address)
    }

    /// The pod's labels with those that say where it is (istiod: `AugmentLabels`).
    func labels(of pod: Pod, network: String) -> [String: String] {
        Self.augmented(
            pod.meta.labels, locality: locality(of: pod), cluster: pod.meta.cluster,
            hostname: machine(of: pod).flatMap { nodeLabels[$0]?["kubernetes.io/hostname"] } ?? pod.spec.nodeName,
            network: network)
    }

    static func augmented(
        _ labels: [String: String], locality: Locality, cluster: String, hostname: String?,
        network: String = ""
    ) -> [String: String] {
        var result = labels
        if !locality.region.isEmpty { result["topology.kubernetes.io/region"] = locality.region }
        if !locality.zone.isEmpty { result["topology.kubernetes.io/zone"] = locality.zone }
        if !locality.subZone.isEmpty { result["topology.istio.io/subzone"] = locality.subZone }
        if !cluster.isEmpty { result["topology.istio.io/cluster"] = cluster }
        if !network.isEmpty { result["topology.istio.io/network"] = network }
        if let hostname, !hostname.isEmpty { result["kubernetes.io/hostname"] = hostname }
        return result
    }
}

extension Pod {
    /// The identity that its certificate carries.
    func spiffeID(trustDomain: String) -> String {
        let account = spec.serviceAccountName.isEmpty ? "default" : spec.serviceAccountName
        return "spiffe://\(trustDomain)/ns/\(namespace)/sa/\(account)"
    }

    var workloadReference: WorkloadReference {
        WorkloadReference(
            namespace: namespace, deployment: workload?.name ?? "", pod: name, clusterName: meta.cluster,
            isStandIn: isStandIn)
    }
}
