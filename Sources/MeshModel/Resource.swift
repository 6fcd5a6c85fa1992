package import Documents

/// An object of a manifest: typed where its kind is known, else kept as it is and listed.
package struct Resource: Sendable {
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
