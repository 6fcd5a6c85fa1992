package import Documents
package import MeshModel
import Synchronization

/// The objects of the clusters that a tutorial changes, as its commands leave them. A value: the machine and its clusters
/// are never touched.
package struct PlayedCluster: Sendable {
    package private(set) var objects: [Entry] = [] {
        didSet { cache = SnapshotCache() }
    }
    package let settings: MeshSnapshot.Settings
    /// The snapshot of these objects, made when it is asked for.
    private var cache = SnapshotCache()

    package struct Entry: Sendable {
        package var resource: Resource
        /// As it was applied, without what a cluster adds to it.
        var applied: JSON
    }

    package enum Change: String, Hashable, Sendable { case created, configured, unchanged }

    /// What an applied manifest did.
    package struct Applied: Sendable {
        package var objects: [(resource: Resource, change: Change)] = []
        package var diagnostics: [Diagnostic] = []
    }

    package init(settings: MeshSnapshot.Settings = .init()) { self.settings = settings }

    package init(_ mesh: MeshSnapshot, settings: MeshSnapshot.Settings) {
        self.settings = settings
        objects = mesh.resources.map { Entry(resource: $0, applied: $0.node.json) }
    }

    /// The mesh of these objects.
    package var snapshot: (mesh: MeshSnapshot, diagnostics: [Diagnostic]) { cache.snapshot(build) }

    private func build() -> (mesh: MeshSnapshot, diagnostics: [Diagnostic]) {
        var order: [String] = []
        var files: [String: (path: String, cluster: String, resources: [Resource])] = [:]
        for entry in objects {
            let resource = entry.resource
            let path = resource.meta.location?.file ?? "-"
            let key = "\(resource.meta.cluster)\u{0}\(path)"
            if files[key] == nil {
                order.append(key)
                files[key] = (path, resource.meta.cluster, [])
            }
            files[key]?.resources.append(resource)
        }
        let manifests = order.compactMap { files[$0] }.map {
            ManifestFile(path: $0.path, cluster: $0.cluster, resources: $0.resources, diagnostics: [])
        }
        let (mesh, diagnostics) = MeshSnapshot.build(files: manifests, settings: settings)
        return (mesh, diagnostics)
    }

    // MARK: Changes

    /// Reads a manifest whose first line is line `line` of `file`, and takes its objects over.
    package mutating func apply(
        _ text: String, file: String, line: Int = 1, namespace: String? = nil, cluster: String? = nil
    ) -> Applied {
        var applied = Applied()
        let padded = Array((String(repeating: "\n", count: max(0, line - 1)) + text).utf8)
        let parsed = DocumentReader.read(padded, file: file)
        applied.diagnostics = parsed.diagnostics
        for document in parsed.documents {
            let source = ManifestText(of: document, in: padded, namespace: namespace, cluster: cluster)
            let read = source.read([document])
            applied.diagnostics += read.diagnostics
            for resource in read.resources { applied.objects.append((resource, put(resource, source))) }
        }
        return applied
    }

    private mutating func put(_ resource: Resource, _ source: ManifestText) -> Change {
        let json = resource.node.json
        let index = index(of: resource)
        if let index, objects[index].applied == json { return .unchanged }
        var entry = Entry(resource: resource, applied: json)
        if let status = status(for: resource, before: index.map { objects[$0].resource }) {
            entry.resource = source.adding(status: status, to: resource)
        }
        guard let index else {
            objects.append(entry)
            return .created
        }
        objects[index] = entry
        return .configured
    }

    private func index(of resource: Resource) -> Int? {
        objects.firstIndex {
            $0.resource.identity == resource.identity && $0.resource.meta.cluster == resource.meta.cluster
        }
    }

    /// Replaces an object by a changed form of it, at the same place.
    package mutating func replace(_ resource: Resource, by json: JSON) -> Resource? {
        guard let index = index(of: resource) else { return nil }
        let location = resource.meta.location
        let source = ManifestText(
            json.text(), file: location?.file ?? "-", line: location?.line ?? 1, namespace: resource.meta.namespace,
            cluster: resource.meta.cluster)
        let read = source.read().resources
        guard let changed = read.first else { return nil }
        objects[index].resource = changed
        objects[index].applied = json
        return changed
    }

    package mutating func remove(_ resource: Resource) {
        objects.removeAll {
            $0.resource.identity == resource.identity && $0.resource.meta.cluster == resource.meta.cluster
        }
        guard resource.kindName == "Namespace" else { return }
        objects.removeAll {
            $0.resource.meta.namespace == resource.meta.name && $0.resource.meta.cluster == resource.meta.cluster
        }
    }

    /// The objects of some kinds, in the order they were made.
    package func resources(where isWanted: (Resource) -> Bool) -> [Resource] {
        objects.lazy.map(\.resource).filter(isWanted)
    }

    // MARK: What a cluster adds

    /// A Service of type LoadBalancer and a Gateway of Istio's class get an address, as a cloud would give them one; they
    /// keep it when they are applied again.
    private func status(for resource: Resource, before: Resource?) -> String? {
        let node = resource.node
        let isService =
            resource.kindName == "Service" && resource.group.isEmpty
            && node[path: "spec", "type"]?.string == "LoadBalancer"
        let isGateway =
            resource.object is KubernetesGateway && node[path: "spec", "gatewayClassName"]?.string == "istio"
        guard node["status"] == nil, isService || isGateway else { return nil }
        if let before, let status = before.node["status"] { return status.json.text() }
        let count = objects.count {
            $0.resource.node["status"] != nil && ["Service", "Gateway"].contains($0.resource.kindName)
        }
        // Addresses that documents use (RFC 5737), from .20 on.
        guard count < 200 else { return nil }
        let address = "203.0.113.\(20 + count)"
        return isService
            ? #"{"loadBalancer": {"ingress": [{"ip": "\#(address)"}]}}"#
            : #"{"addresses": [{"type": "IPAddress", "value": "\#(address)"}]}"#
    }
}

/// Holds one snapshot for all copies of a cluster that have not changed since.
private final class SnapshotCache: Sendable {
    private let made = Mutex<(mesh: MeshSnapshot, diagnostics: [Diagnostic])?>(nil)

    func snapshot(
        _ make: () -> (mesh: MeshSnapshot, diagnostics: [Diagnostic])
    ) -> (mesh: MeshSnapshot, diagnostics: [Diagnostic]) {
        made.withLock { made in
            if let made { return made }
            let snapshot = make()
            made = snapshot
            return snapshot
        }
    }
}
