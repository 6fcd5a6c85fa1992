/// `gateway.networking.k8s.io` ReferenceGrant.
package struct ReferenceGrant: MeshObject, Hashable {
    package static let kindName = "ReferenceGrant"
    package static var list: WritableKeyPath<MeshSnapshot, [ReferenceGrant]> { \.referenceGrants }

    package struct From: Hashable, Sendable {
        package var group = ""
        package var kind = ""
        package var namespace = ""

        package init() {}
    }

    package struct To: Hashable, Sendable {
        package var group = ""
        package var kind = ""
        package var name: String?

        package init() {}
    }

    package var meta: ObjectMeta
    package var from: [From] = []
    package var to: [To] = []

    package init(meta: ObjectMeta) { self.meta = meta }
}

extension ReferenceGrant {
    /// Whether routes of a kind in a namespace may refer to an object of this one's namespace (18.4.10).
    package func allows(_ route: String, in namespace: String, group: String, kind: String, name: String) -> Bool {
        from.contains { $0.group == "gateway.networking.k8s.io" && $0.kind == route && $0.namespace == namespace }
            && to.contains { $0.group == group && $0.kind == kind && ($0.name ?? name) == name }
    }
}
