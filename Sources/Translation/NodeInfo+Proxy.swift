import Documents
import EnvoyModel
import MeshModel

extension NodeInfo {
    /// The node as its bootstrap names itself.
    init(_ proxy: ProxyNode) {
        var metadata = JSONObject()
        for (key, value) in proxy.metadata.sorted(by: { $0.key < $1.key }) { metadata.add(key, value) }
        let kind = proxy.type == .gateway ? "router" : "sidecar"
        let address = proxy.ipAddresses.first ?? ""
        self.init(
            id: "\(kind)~\(address)~\(proxy.name).\(proxy.namespace)~\(proxy.dnsDomain)",
            cluster: "\(proxy.labels["app"] ?? proxy.name).\(proxy.namespace)",
            locality: proxy.effectiveLocality, metadata: metadata)
    }
}
