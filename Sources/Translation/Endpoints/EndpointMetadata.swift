import Documents
import EnvoyModel

/// The metadata of endpoints, one after the other: those of one workload share theirs (istiod: `buildEnvoyLbEndpoint`).
struct EndpointMetadata {
    static let mutualTLS: JSON = ["tlsMode": "istio"]

    fileprivate struct Workload: Equatable {
        let name: String
        let namespace: String
        let canonicalName: String
        let revision: String
        let cluster: String
        let isMTLS: Bool
    }

    private var last: (workload: Workload, metadata: Metadata)?

    mutating func of(_ endpoint: ServiceEndpoint, isMTLS: Bool) -> Metadata {
        let labels = endpoint.labels
        let workload = Workload(
            name: endpoint.workloadName, namespace: endpoint.namespace,
            canonicalName: labels["service.istio.io/canonical-name"] ?? labels["app.kubernetes.io/name"]
                ?? labels["app"] ?? endpoint.workloadName,
            revision: labels["service.istio.io/canonical-revision"] ?? labels["app.kubernetes.io/version"]
                ?? labels["version"] ?? "",
            cluster: endpoint.clusterID, isMTLS: isMTLS)
        if let last, last.workload == workload { return last.metadata }
        let metadata = workload.metadata
        last = (workload, metadata)
        return metadata
    }
}

extension EndpointMetadata.Workload {
    var metadata: Metadata {
        var filters: [String: JSON] = [
            "istio": ["workload": .string("\(name);\(namespace);\(canonicalName);\(revision);\(cluster)")]
        ]
        if isMTLS { filters["envoy.transport_socket_match"] = EndpointMetadata.mutualTLS }
        return Metadata(filters)
    }
}
