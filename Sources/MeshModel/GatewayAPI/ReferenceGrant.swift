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
