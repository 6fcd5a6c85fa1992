package import Documents

/// `metadata` of an object, and where it was read.
package struct ObjectMeta: Hashable, Sendable {
    package struct OwnerReference: Hashable, Sendable {
        package var apiVersion = ""
        package var kind = ""
        package var name = ""
        package var isController = false

        package init() {}
    }

    package var name: String
    /// Empty for cluster-scoped kinds; `default` where a namespaced object names none.
    package var namespace: String
    /// Whether the manifest itself gives a namespace.
    package var hasExplicitNamespace: Bool
    package var labels: [String: String] = [:]
    package var annotations: [String: String] = [:]
    package var creationTime: CreationTime = .unspecified
    package var generation: Int64?
    package var uid: String?
    package var resourceVersion: String?
    package var ownerReferences: [OwnerReference] = []
    package var apiVersion: String
    /// The cluster that the object was loaded for (`--cluster NAME=PATH`); `Kubernetes` when there is only one.
    package var cluster = "Kubernetes"
    /// `nil` for what no document says: stand-ins, conversions.
    package var location: SourceLocation?
    /// Where `metadata.name` stands.
    package var nameLocation: SourceLocation?

    package init(name: String, namespace: String, apiVersion: String = "", location: SourceLocation? = nil) {
        self.name = name
        self.namespace = namespace
        self.hasExplicitNamespace = !namespace.isEmpty
        self.apiVersion = apiVersion
        self.location = location
    }

    @inlinable package var namespacedName: NamespacedName { NamespacedName(namespace: namespace, name: name) }

    /// Istio's order of objects of one kind: creation time, then name, then namespace.
    package static func isOlder(_ left: ObjectMeta, _ right: ObjectMeta) -> Bool {
        if left.creationTime != right.creationTime { return left.creationTime < right.creationTime }
        if left.name != right.name { return left.name < right.name }
        return left.namespace < right.namespace
    }
}

/// A key of objects of one kind.
package struct NamespacedName: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let namespace: String
    package let name: String

    @inlinable package init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    package var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }

    package static func < (left: Self, right: Self) -> Bool {
        left.namespace != right.namespace ? left.namespace < right.namespace : left.name < right.name
    }
}

/// A typed object of a kind that meshtop understands.
package protocol MeshObject: Sendable, Equatable {
    /// The kind's word, as a manifest writes it (`HTTPRoute`).
    static var kindName: String { get }
    /// Where a snapshot keeps the objects of this kind.
    static var list: WritableKeyPath<MeshSnapshot, [Self]> { get }
    var meta: ObjectMeta { get set }
}

// Inlinable, or every look at a name would copy all of the metadata.
extension MeshObject {
    @inlinable package var name: String { meta.name }
    @inlinable package var namespace: String { meta.namespace }
    @inlinable package var namespacedName: NamespacedName { meta.namespacedName }

    /// The object as a trace names it.
    package var sourceReference: SourceReference { sourceReference(at: nil) }

    /// The object, at one of its parts.
    package func sourceReference(at location: SourceLocation?) -> SourceReference {
        SourceReference(
            kind: Self.kindName, namespace: meta.namespace, name: meta.name, location: location ?? meta.location)
    }
}
