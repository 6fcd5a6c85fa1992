import Documents
import EnvoyModel
import MeshModel

/// Pods and WorkloadEntries by address, name and namespace.
struct WorkloadIndex: Sendable {
    private let podsByName: [NamespacedName: Pod]
    private let podsByIP: [String: Pod]
    private let podsByNamespace: [String: [Pod]]
    private let entriesByNamespace: [String: [WorkloadEntry]]
    private let nodeLocalities: [String: Locality]
    private let nodeLabels: [String: [String: String]]

    init(_ snapshot: MeshSnapshot) {
        let (pods, entries, nodes) = (snapshot.pods, snapshot.workloadEntries, snapshot.nodes)
        var byName: [NamespacedName: Pod] = [:]
        var byIP: [String: Pod] = [:]
        var byNamespace: [String: [Pod]] = [:]
        for pod in pods where !pod.isTerminated {
            byName[pod.namespacedName] = pod
            byNamespace[pod.namespace, default: []].append(pod)
            // Pods in the node's network share its address, so it tells nothing.
            if !pod.spec.hostNetwork { for ip in pod.ips where byIP[ip] == nil { byIP[ip] = pod } }
        }
        podsByName = byName
        podsByIP = byIP
        podsByNamespace = byNamespace.mapValues { $0.sorted { $0.namespacedName < $1.namespacedName } }
        entriesByNamespace = Dictionary(grouping: entries, by: \.namespace)
            .mapValues { $0.sorted { $0.namespacedName < $1.namespacedName } }
        nodeLocalities = Dictionary(nodes.map { ($0.name, Locality(nodeLabels: $0.meta.labels)) }) { first, _ in first }
        nodeLabels = Dictionary(nodes.map { ($0.name, $0.meta.labels) }) { first, _ in first }
    }

    var hasEntries: Bool { !entriesByNamespace.isEmpty }
    func pod(_ name: NamespacedName) -> Pod? { podsByName[name] }
    func pod(ip: String) -> Pod? { podsByIP[ip] }
    func pods(in namespace: String) -> [Pod] { podsByNamespace[namespace] ?? [] }

    /// WorkloadEntries that may get traffic: those under a health check only when they are known to be healthy.
    func entries(in namespace: String) -> [WorkloadEntry] {
        (entriesByNamespace[namespace] ?? []).filter { entry in
            let isChecked = entry.meta.annotations["proxy.istio.io/health-checks-enabled"] == "true"
            return !isChecked || entry.isHealthy == true
        }
    }

    func locality(of pod: Pod) -> Locality {
        Locality(labels: pod.meta.labels) ?? pod.spec.nodeName.flatMap { nodeLocalities[$0] } ?? Locality()
    }

    /// The pod's labels with those that say where it is (istiod: `AugmentLabels`).
    func labels(of pod: Pod) -> [String: String] {
        Self.augmented(
            pod.meta.labels, locality: locality(of: pod), cluster: pod.meta.cluster,
            hostname: pod.spec.nodeName.flatMap { nodeLabels[$0]?["kubernetes.io/hostname"] } ?? pod.spec.nodeName)
    }

    static func augmented(
        _ labels: [String: String], locality: Locality, cluster: String, hostname: String?
    ) -> [String: String] {
        var result = labels
        if !locality.region.isEmpty { result["topology.kubernetes.io/region"] = locality.region }
        if !locality.zone.isEmpty { result["topology.kubernetes.io/zone"] = locality.zone }
        if !locality.subZone.isEmpty { result["topology.istio.io/subzone"] = locality.subZone }
        if !cluster.isEmpty { result["topology.istio.io/cluster"] = cluster }
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
