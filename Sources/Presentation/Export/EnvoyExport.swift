package import Documents
package import EnvoyModel

/// A complete Envoy v3 bootstrap with nothing but static resources, for an Envoy without a control plane.
///
/// RDS and EDS become inline. What needs a control plane, Istio's own extensions or a private key is left out, and said in `notes`.
package struct EnvoyExport: Sendable {
    package let bootstrap: JSON
    /// What had to be left out or replaced, one line each.
    package let notes: [String]

    package init(_ snapshot: XDSSnapshot, name: String, adminPort: UInt16 = 15000) {
        var notes = Notes()
        let listeners = ListenerExport(snapshot, notes: &notes).listeners
        let clusters = ClusterExport(snapshot, notes: &notes).clusters
        var node = JSONObject()
        node.add("id", .string(snapshot.node.id.isEmpty ? name : snapshot.node.id))
        node.add("cluster", .string(snapshot.node.cluster.isEmpty ? name : snapshot.node.cluster))
        if snapshot.node.locality != Locality() { node.add("locality", snapshot.node.locality.json) }
        var resources = JSONObject()
        if !listeners.isEmpty { resources.add("listeners", .array(listeners)) }
        if !clusters.isEmpty { resources.add("clusters", .array(clusters)) }
        var bootstrap = JSONObject()
        bootstrap.add("node", .object(node))
        bootstrap.add("static_resources", .object(resources))
        if !snapshot.localClusterName.isEmpty,
            snapshot.clusters.contains(where: { $0.name == snapshot.localClusterName })
        {
            bootstrap.add("cluster_manager", ["local_cluster_name": .string(snapshot.localClusterName)])
        }
        bootstrap.add(
            "admin",
            [
                "address": ["socket_address": ["address": "127.0.0.1", "port_value": .int(Int64(adminPort))]]
            ])
        self.bootstrap = .object(bootstrap)
        self.notes = notes.lines
    }

    /// What was left out: the same of several owners is one line.
    struct Notes {
        private var order: [String] = []
        private var owners: [String: [String]] = [:]

        mutating func add(_ owner: String, _ what: String) {
            if owners[what] == nil { order.append(what) }
            if owners[what]?.contains(owner) != true { owners[what, default: []].append(owner) }
        }

        var lines: [String] {
            order.map { what in
                let owners = owners[what] ?? []
                let named = owners.prefix(3).joined(separator: ", ")
                return (owners.count > 3 ? "\(named) and \(owners.count - 3) more" : named) + ": " + what
            }
        }
    }
}

extension JSON {
    /// Whether an `Any` is of a type that an Envoy without Istio's extensions has.
    var isEnvoyExtension: Bool {
        guard let type = self["@type"]?.string else { return true }
        return type.hasPrefix("type.googleapis.com/envoy.")
    }

    /// The object with one member changed; anything else as it is.
    func changing(_ key: String, _ change: (JSON) -> JSON?) -> JSON {
        guard case .object(var object) = self, let value = object[key] else { return self }
        object[key] = change(value)
        return .object(object)
    }

    /// The object with a member set.
    func setting(_ key: String, _ value: JSON?) -> JSON {
        guard case .object(var object) = self else { return self }
        object[key] = value
        return .object(object)
    }

    /// Whether a secret is fetched from somewhere inside.
    var needsSecretDiscovery: Bool {
        switch self {
        case .array(let elements): elements.contains(where: \.needsSecretDiscovery)
        case .object(let object):
            object.members.contains { member in
                member.key == "sds_config" || member.key.hasSuffix("_sds_secret_config")
                    || member.key.hasSuffix("_sds_secret_configs") || member.value.needsSecretDiscovery
            }
        case .null, .bool, .int, .double, .number, .string: false
        }
    }
}

extension ProtoMessage {
    /// The message in Envoy's names, without an outer `@type`.
    var envoyJSON: JSON {
        let message = ProtoNames.snakeCased(raw?.node.json ?? json)
        guard case .object(let object) = message else { return message }
        return .object(object.without("@type"))
    }
}
