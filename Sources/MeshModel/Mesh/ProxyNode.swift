package import Documents

/// A proxy whose configuration is computed: what istiod knows of it.
package struct ProxyNode: Hashable, Sendable {
    package enum NodeType: String, Hashable, Sendable, CaseIterable {
        case gateway
        case sidecar
    }

    package var name: String
    package var type: NodeType
    /// The namespace whose Sidecar, VirtualServices, DestinationRules … apply (`ConfigNamespace`).
    package var namespace: String
    /// The workload's labels.
    package var labels: [String: String] = [:]
    package var ipAddresses: [String] = []
    /// Normally `<namespace>.svc.<domain>`.
    package var dnsDomain = ""
    /// `region/zone/subzone`.
    package var locality = ""
    /// Node metadata (`NAMESPACE`, `CLUSTER_ID`, `INTERCEPTION_MODE`, …), as JSON values.
    package var metadata: [String: JSON] = [:]
    /// `nil`: the mesh's default.
    package var proxyConfig: ProxyConfig?
    package var istioVersion = ""
    package var cluster = "Kubernetes"
    /// The Pod that it runs in, if one is loaded.
    package var pod: NamespacedName?
    /// The Deployment (or the like) that it belongs to.
    package var workload: String?
    package var nodeName: String?
    /// Made by meshtop: no manifest has its workload.
    package var isStandIn = false
    package var location: SourceLocation?

    package init(name: String, type: NodeType, namespace: String) {
        self.name = name
        self.type = type
        self.namespace = namespace
    }

    /// `name.namespace`, as the command line writes it.
    package var id: String { "\(name).\(namespace)" }

    /// A metadata entry that is text.
    package func metadata(_ key: String) -> String? { metadata[key]?.string }
}
