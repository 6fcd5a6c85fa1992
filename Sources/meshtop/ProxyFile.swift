import Documents
import MeshModel

extension ProxyNode {
    /// A proxy described by hand (`--proxy-file`): all but `type` may be left out.
    init(described node: Node) throws {
        let type = node["type"]?.string ?? ""
        let kinds = ["gateway": NodeType.gateway, "router": .gateway, "sidecar": .sidecar]
        guard let kind = kinds[type] else {
            throw InputError(
                type.isEmpty ? "the proxy has no type" : "\"\(type)\" is not a type of proxy",
                at: (node["type"] ?? node).location, hint: "gateway or sidecar")
        }
        let namespace = node["namespace"]?.string ?? "default"
        self.init(name: node["name"]?.string ?? "proxy", type: kind, namespace: namespace)
        if let found = node["labels"] {
            for entry in found.entries { labels[entry.key] = entry.value.string ?? "" }
        }
        ipAddresses = node["ipAddresses"]?.elements.compactMap(\.string) ?? []
        dnsDomain = node["dnsDomain"]?.string ?? ""
        locality = node["locality"]?.string ?? ""
        if let found = node["metadata"] {
            for entry in found.entries { metadata[entry.key] = entry.value.json }
        }
        istioVersion = node["istioVersion"]?.string ?? ""
        if let id = metadata("CLUSTER_ID") { cluster = id }
        location = node.location
    }
}
