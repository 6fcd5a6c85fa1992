package import Documents

/// A Kubernetes Namespace.
package struct Namespace: MeshObject, Hashable {
    package static let kindName = "Namespace"
    package static var list: WritableKeyPath<MeshSnapshot, [Namespace]> { \.namespaces }
    package var meta: ObjectMeta
    package init(meta: ObjectMeta) { self.meta = meta }
}

/// A Kubernetes Node.
package struct KubernetesNode: MeshObject, Hashable {
    package static let kindName = "Node"
    package static var list: WritableKeyPath<MeshSnapshot, [KubernetesNode]> { \.nodes }

    package struct Address: Hashable, Sendable {
        /// `InternalIP`, `ExternalIP`, `Hostname`, …
        package var type = ""
        package var address = ""

        package init() {}
    }

    package var meta: ObjectMeta
    package var addresses: [Address] = []
    package init(meta: ObjectMeta) { self.meta = meta }
}

/// A Kubernetes Secret. What it holds is only for computing with: `data` must not reach any output.
package struct Secret: MeshObject {
    package static let kindName = "Secret"
    package static var list: WritableKeyPath<MeshSnapshot, [Secret]> { \.secrets }

    package var meta: ObjectMeta
    package var type = ""
    /// Decoded `data` and `stringData`.
    package var data: SecretData = SecretData()

    package init(meta: ObjectMeta) { self.meta = meta }
}

/// The contents of a Secret: looked up by key, never described or printed; compared only to see whether they changed.
package struct SecretData: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
    private var values: [String: [UInt8]]

    package init(_ values: [String: [UInt8]] = [:]) { self.values = values }

    /// Names of the entries, sorted.
    package var keys: [String] { values.keys.sorted() }

    package subscript(_ key: String) -> [UInt8]? { values[key] }

    package var description: String { "(\(values.count) entries, not shown)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A Kubernetes ConfigMap.
package struct ConfigMap: MeshObject, Hashable {
    package static let kindName = "ConfigMap"
    package static var list: WritableKeyPath<MeshSnapshot, [ConfigMap]> { \.configMaps }

    package var meta: ObjectMeta
    package var data: [String: String] = [:]
    /// Where each value's text starts, for messages about documents inside.
    package var dataLocations: [String: SourceLocation] = [:]

    package init(meta: ObjectMeta) { self.meta = meta }
}
