import Documents

/// A kind of object that meshtop reads, with every API version in use.
package struct ResourceKind: Sendable {
    /// `VirtualService`.
    package let name: String
    /// `virtualservices`.
    package let plural: String
    package let shortNames: [String]
    /// API groups with their versions, newest first; the core group is empty.
    package let groups: [(group: String, versions: [String])]
    package let isNamespaced: Bool
    /// `networking.istio.io/VirtualService`: what two objects with one name have in common.
    let typeName: String
    /// Makes the typed object of a document; `nil` when it cannot be read at all.
    let read: @Sendable (Node, ObjectMeta, DiagnosticSink) -> (any MeshObject)?

    init(
        _ name: String, _ plural: String, _ shortNames: [String] = [],
        groups: [(group: String, versions: [String])], isNamespaced: Bool = true,
        read: @escaping @Sendable (Node, ObjectMeta, DiagnosticSink) -> (any MeshObject)?
    ) {
        self.name = name
        self.plural = plural
        self.shortNames = shortNames
        self.groups = groups
        self.isNamespaced = isNamespaced
        typeName = "\(groups.first?.group ?? "")/\(name)"
        self.read = read
    }

    /// The kind of an object's `apiVersion` and `kind`; `nil` for those that are only kept.
    package static func kind(apiVersion: String, kind: String) -> ResourceKind? { byTypeName["\(apiVersion)/\(kind)"] }

    private static let byTypeName: [String: ResourceKind] = {
        var table: [String: ResourceKind] = [:]
        for kind in all {
            for (group, versions) in kind.groups {
                for version in versions {
                    table[(group.isEmpty ? version : "\(group)/\(version)") + "/" + kind.name] = kind
                }
            }
        }
        return table
    }()
}
