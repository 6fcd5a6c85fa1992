import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `meshnetworks.MeshNetworksAnalyzer`: registries of networks are clusters that the mesh knows.
    static let meshNetworks = Analyzer(name: "meshnetworks.MeshNetworksAnalyzer", codes: ["IST0126"]) { context in
        var known: Set<String> = ["Kubernetes", "Mock"]
        for resource in context.snapshot.resources { known.insert(resource.meta.cluster) }
        for secret in context.resources("Secret", group: "") where secret.meta.labels["istio/multiCluster"] == "true" {
            for field in ["data", "stringData"] { known.formUnion((secret.node.at(field)?.stringMap ?? [:]).keys) }
        }
        var findings: [Finding] = []
        for (name, network) in context.snapshot.meshNetworks.networks.sorted(by: { $0.key < $1.key }) {
            for registry in network.fromRegistries where !known.contains(registry) {
                findings.append(
                    Finding(
                        .error, "IST0126",
                        object: "MeshNetworks \(context.snapshot.meshConfig.rootNamespace)/meshnetworks",
                        analyzer: "meshnetworks.MeshNetworksAnalyzer",
                        hint: "known are \(known.sorted().joined(separator: ", "))",
                        "Unknown service registry \(registry) in network \(name)"))
            }
        }
        return findings
    }
}
