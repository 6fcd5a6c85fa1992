import Documents

/// A kind of object that meshtop reads, with every API version in use.
package final class ResourceKind: Sendable {
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

    /// One of Istio's own kinds.
    package var isIstio: Bool { groups.contains { $0.group.hasSuffix(".istio.io") } }

    /// The kind of an object's `apiVersion` and `kind`; `nil` for those that are only kept.
    package static func kind(apiVersion: String, kind: String) -> ResourceKind? { byTypeName["\(apiVersion)/\(kind)"] }

    /// The kinds that a word of kubectl's command line means: `svc`, `services`, `gateway` (two of them),
    /// `gateway.networking.istio.io`.
    package static func kinds(named word: String) -> [ResourceKind] {
        let pieces = word.lowercased().split(separator: ".", maxSplits: 1).map(String.init)
        guard let name = pieces.first else { return [] }
        return all.filter { kind in
            guard kind.name.lowercased() == name || kind.plural == name || kind.shortNames.contains(name) else {
                return false
            }
            // kubectl takes the beginning of a group, and a version in front of it.
            return pieces.count < 2
                || kind.groups.contains { group in
                    group.group.hasPrefix(pieces[1]) || group.versions.contains { pieces[1].hasPrefix("\($0).") }
                }
        }
    }

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
