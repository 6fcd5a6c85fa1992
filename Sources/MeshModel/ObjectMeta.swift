package import Documents

/// `metadata` of an object, and where it was read. Copying it costs one reference.
package struct ObjectMeta: Hashable, Sendable {
    package struct OwnerReference: Hashable, Sendable {
        package var apiVersion = ""
        package var kind = ""
        package var name = ""
        package var isController = false

        package init() {}
    }

    private struct Fields: Hashable, Sendable {
        var name: String
        var namespace: String
        var hasExplicitNamespace: Bool
        var labels: [String: String] = [:]
        var annotations: [String: String] = [:]
        var creationTime: CreationTime = .unspecified
        var generation: Int64?
        var uid: String?
        var resourceVersion: String?
        var ownerReferences: [OwnerReference] = []
        var apiVersion: String
        var cluster = "Kubernetes"
        var location: SourceLocation?
        var nameLocation: SourceLocation?
    }

    private var fields: CopyOnWrite<Fields>

    package init(name: String, namespace: String, apiVersion: String = "", location: SourceLocation? = nil) {
        fields = CopyOnWrite(
            Fields(
                name: name, namespace: namespace, hasExplicitNamespace: !namespace.isEmpty, apiVersion: apiVersion,
                location: location))
    }

    package var name: String {
        get { fields.value.name }
        set { fields.value.name = newValue }
    }
    /// Empty for cluster-scoped kinds; `default` where a namespaced object names none.
    package var namespace: String {
        get { fields.value.namespace }
        set { fields.value.namespace = newValue }
    }
    /// Whether the manifest itself gives a namespace.
    package var hasExplicitNamespace: Bool {
        get { fields.value.hasExplicitNamespace }
        set { fields.value.hasExplicitNamespace = newValue }
    }
    package var labels: [String: String] {
        get { fields.value.labels }
        _modify { yield &fields.value.labels }
    }
    package var annotations: [String: String] {
        get { fields.value.annotations }
        _modify { yield &fields.value.annotations }
    }
    package var creationTime: CreationTime {
        get { fields.value.creationTime }
        set { fields.value.creationTime = newValue }
    }
    package var generation: Int64? {
        get { fields.value.generation }
        set { fields.value.generation = newValue }
    }
    package var uid: String? {
        get { fields.value.uid }
        set { fields.value.uid = newValue }
    }
    package var resourceVersion: String? {
        get { fields.value.resourceVersion }
        set { fields.value.resourceVersion = newValue }
    }
    package var ownerReferences: [OwnerReference] {
        get { fields.value.ownerReferences }
        _modify { yield &fields.value.ownerReferences }
    }
    package var apiVersion: String {
        get { fields.value.apiVersion }
        set { fields.value.apiVersion = newValue }
    }
    /// The cluster that the object was loaded for (`--cluster NAME=PATH`); `Kubernetes` when there is only one.
    package var cluster: String {
        get { fields.value.cluster }
        set { fields.value.cluster = newValue }
    }
    /// `nil` for what no document says: stand-ins, conversions.
    package var location: SourceLocation? {
        get { fields.value.location }
        set { fields.value.location = newValue }
    }
    /// Where `metadata.name` stands.
    package var nameLocation: SourceLocation? {
        get { fields.value.nameLocation }
        set { fields.value.nameLocation = newValue }
    }

    @inlinable package var namespacedName: NamespacedName { NamespacedName(namespace: namespace, name: name) }

    /// Istio's order of objects of one kind: creation time, then name, then namespace.
    package static func isOlder(_ left: ObjectMeta, _ right: ObjectMeta) -> Bool {
        if left.creationTime != right.creationTime { return left.creationTime < right.creationTime }
        if left.name != right.name { return left.name < right.name }
        return left.namespace < right.namespace
    }
}

extension ObjectMeta: CustomReflectable {
    package var customMirror: Mirror { Mirror(reflecting: fields.value) }
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
