package import Documents
package import MeshModel

/// One line of `meshtop proxies`.
package struct ProxyRow: Hashable, Sendable {
    package var node: ProxyNode

    /// `NAME TYPE NAMESPACE LABELS CLUSTER`; stand-ins are marked with `*`.
    package static let table = Table<ProxyRow>(
        padding: 3,
        [
            Column("NAME") { $0.node.name + ($0.node.isStandIn ? "*" : "") },
            Column("TYPE") { $0.node.type.rawValue },
            Column("NAMESPACE") { $0.node.namespace },
            Column("LABELS") { $0.labels.isEmpty ? "<none>" : $0.labels },
            Column("CLUSTER") { $0.node.cluster },
        ])

    /// Gateways first, then by namespace and name.
    package static func rows(of proxies: [ProxyNode]) -> [ProxyRow] {
        proxies.stablySorted { left, right in
            if left.type != right.type { return left.type == .gateway }
            return (left.namespace, left.name) < (right.namespace, right.name)
        }.map { ProxyRow(node: $0) }
    }

    /// `key=value`, sorted, joined by commas.
    package var labels: String {
        node.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    package var json: JSON {
        var labels = JSONObject()
        for (key, value) in node.labels.sorted(by: { $0.key < $1.key }) { labels.add(key, .string(value)) }
        var object = JSONObject()
        object.add("name", .string(node.name))
        object.add("type", .string(node.type.rawValue))
        object.add("namespace", .string(node.namespace))
        object.add("labels", .object(labels))
        object.add("cluster", .string(node.cluster))
        object.add("ipAddresses", .array(node.ipAddresses.map { .string($0) }))
        if node.isStandIn { object.add("standIn", true) }
        return .object(object)
    }
}
