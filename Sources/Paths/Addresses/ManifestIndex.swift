import Documents
import MeshModel

/// Objects as they are written, for what only their text says: the places of annotations, and kinds that have no type of their own.
final class ManifestIndex: Sendable {
    private struct Key: Hashable {
        let kind: String
        let name: NamespacedName
        let cluster: String
    }

    private let resources: [Key: Resource]
    private let byKind: [String: [Resource]]
    private static let kinds: Set<String> = [
        "Ingress", "Service", "Pod", "Deployment", "DaemonSet", "StatefulSet", "BackendConfig", "FrontendConfig",
        "Mapping", "Host", "Listener", "ConfigMap",
    ]
    private static let listed: Set<String> = ["Mapping", "Host", "Listener"]

    init(_ mesh: MeshSnapshot) {
        var resources: [Key: Resource] = [:]
        var byKind: [String: [Resource]] = [:]
        for resource in mesh.resources where Self.kinds.contains(resource.kindName) {
            let key = Key(kind: resource.kindName, name: resource.meta.namespacedName, cluster: resource.meta.cluster)
            resources[key] = resource
            if Self.listed.contains(resource.kindName) { byKind[resource.kindName, default: []].append(resource) }
        }
        self.resources = resources
        self.byKind = byKind
    }

    func resource(_ kind: String, _ name: String, namespace: String, cluster: String) -> Resource? {
        resources[Key(kind: kind, name: NamespacedName(namespace: namespace, name: name), cluster: cluster)]
    }

    func all(_ kind: String) -> [Resource] { byKind[kind] ?? [] }

    func annotations(of object: some MeshObject) -> Annotations {
        Annotations(
            values: object.meta.annotations, owner: object.sourceReference,
            node: resource(
                type(of: object).kindName, object.name, namespace: object.namespace, cluster: object.meta.cluster)?
                .node[
                    path: "metadata", "annotations"])
    }

    /// The annotations that a Pod is made with: its own, or its workload's template's.
    func annotations(of pod: Pod) -> Annotations {
        let own = resource("Pod", pod.name, namespace: pod.namespace, cluster: pod.meta.cluster)?.node
        var node = own?[path: "metadata", "annotations"]
        var owner = pod.sourceReference
        if node == nil, let workload = pod.workload {
            node =
                resource(workload.kind, workload.name, namespace: workload.namespace, cluster: pod.meta.cluster)?.node[
                    path: "spec", "template", "metadata", "annotations"]
            owner = workload
        }
        return Annotations(values: pod.meta.annotations, owner: owner, node: node)
    }
}

/// The annotations of an object, each with its place.
struct Annotations: Sendable {
    let values: [String: String]
    let owner: SourceReference
    let node: Node?

    subscript(_ key: String) -> String? { values[key] }

    /// The object at the annotation; the object itself where the annotation is not there.
    func source(_ key: String) -> SourceReference {
        guard let location = node?[key]?.keyLocation else { return owner }
        return SourceReference(kind: owner.kind, namespace: owner.namespace, name: owner.name, location: location)
    }

    /// An annotation that is true or false, as Kubernetes' controllers read them.
    func isTrue(_ key: String) -> Bool? {
        switch values[key]?.lowercased() {
        case "true", "1", "t": true
        case "false", "0", "f": false
        default: nil
        }
    }

    /// A value that is JSON.
    func json(_ key: String) -> Node? {
        guard let text = values[key] else { return nil }
        return DocumentReader.read(text, file: key + ".json").documents.first?.root
    }

    /// `a=b,c=d`.
    func map(_ key: String) -> [String: String] {
        var result: [String: String] = [:]
        for pair in (values[key] ?? "").split(separator: ",") {
            guard let equals = pair.firstIndex(of: "=") else { continue }
            result[pair[..<equals].trimmingBlanks] = pair[pair.index(after: equals)...].trimmingBlanks
        }
        return result
    }
}

extension StringProtocol {
    var trimmingBlanks: String {
        var rest = Substring(self)
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}

extension Node {
    /// A member by its name in any case, as Go reads JSON.
    func member(_ name: String) -> Node? {
        if let exact = self[name] { return exact }
        let wanted = name.lowercased()
        return entries.first { $0.key.lowercased() == wanted }?.value
    }

    /// A whole number, also where it is written in quotes.
    var number: Int? { int.flatMap { Int(exactly: $0) } ?? string.flatMap { Int($0) } }
}
