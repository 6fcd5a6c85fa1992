package import Documents

/// An object of a manifest: typed where its kind is known, else kept as it is and listed.
package final class Resource: Sendable {
    package let apiVersion: String
    package let kindName: String
    /// `nil` for kinds that meshtop does not read.
    package let kind: ResourceKind?
    package let meta: ObjectMeta
    package let node: Node
    /// The typed object; `nil` for unknown kinds and for what Istio itself would refuse.
    package let object: (any MeshObject)?

    package init(
        apiVersion: String, kindName: String, kind: ResourceKind?, meta: ObjectMeta, node: Node,
        object: (any MeshObject)?
    ) {
        self.apiVersion = apiVersion
        self.kindName = kindName
        self.kind = kind
        self.meta = meta
        self.node = node
        self.object = object
    }
}

extension ResourceKind {
    /// Whether an object is of this kind: kinds of two groups may share a name.
    package func isKind(of resource: Resource) -> Bool { resource.kind?.typeName == typeName }
}

extension Resource {
    /// The API group; empty for the core.
    package var group: String {
        apiVersion.firstIndex(of: "/").map { String(apiVersion[..<$0]) } ?? ""
    }

    /// What two versions of one object have in common, besides the cluster.
    package var identity: String {
        "\(kind?.typeName ?? "\(group)/\(kindName)") \(meta.namespacedName)"
    }

    /// The object for showing: of a Secret, keys without their values.
    package var json: JSON {
        guard kindName == "Secret", case .object(var object) = node.json else { return node.json }
        for field in ["data", "stringData"] {
            guard let entries = object[field]?.object else { continue }
            var hidden = JSONObject()
            for key in entries.keys { hidden.add(key, "(not shown)") }
            object[field] = .object(hidden)
        }
        // `kubectl apply` keeps the whole manifest in an annotation.
        if case .object(var metadata)? = object["metadata"], case .object(var annotations)? = metadata["annotations"] {
            annotations["kubectl.kubernetes.io/last-applied-configuration"] = nil
            metadata["annotations"] = .object(annotations)
            object["metadata"] = .object(metadata)
        }
        return .object(object)
    }
}
