import MeshModel
import Presentation

/// What the objects say about the variables of tutorials; worked out when something asks.
struct MeshVariablesSource: Sendable {
    private let cluster: PlayedCluster

    init(_ cluster: PlayedCluster) { self.cluster = cluster }

    func value(_ name: String) -> String? {
        // Istio's pages leave the contexts of clusters to the reader: $CTX_CLUSTER1 is cluster1.
        if name.hasPrefix("CTX_"), name.count > 4 { return name.dropFirst(4).lowercased() }
        guard ["INGRESS_", "SECURE_INGRESS", "TCP_INGRESS", "GATEWAY_"].contains(where: name.hasPrefix) else {
            return nil
        }
        return MeshVariables(cluster.snapshot.mesh).value(name)
    }

    func output(_ words: [String]) -> String? {
        guard words.first == "minikube" else { return nil }
        return MeshVariables(cluster.snapshot.mesh).output(words)
    }
}
