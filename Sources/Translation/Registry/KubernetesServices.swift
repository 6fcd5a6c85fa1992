import Documents
import MeshModel

/// The Services of all clusters as istiod sees them. Those of the same name in several clusters are one, with the addresses of
/// each.
struct KubernetesServices: Sendable {
    /// In the order of the first of each name.
    let services: [Service]
    private let namespaces: [Namespace]
    private let converted: MemoizedMap<MeshModel.Service, Service>
    private let merged: [Service.Key: Merged]

    private struct Merged: Sendable {
        var parts: [Service]
        var whole: Service
    }

    /// `previous` was made with the same configuration.
    init(_ snapshot: MeshSnapshot, domain: String, previous: KubernetesServices?) {
        namespaces = snapshot.namespaces
        // A Service inherits of its namespace.
        let known = previous.flatMap { $0.namespaces == snapshot.namespaces ? $0 : nil }
        let annotations = Dictionary(snapshot.namespaces.map { ($0.name, $0.meta.annotations) }) { first, _ in first }
        var converted = known?.converted ?? MemoizedMap()
        converted.update(to: snapshot.services, key: \.namespacedName) {
            Service(kubernetes: $0, namespaceAnnotations: annotations[$0.namespace] ?? [:], domain: domain)
        }
        self.converted = converted
        let cluster = snapshot.services.first?.meta.cluster
        // By place: a Service is large.
        if snapshot.services.indices.allSatisfy({ snapshot.services[$0].meta.cluster == cluster }) {
            services = converted.outputs
            merged = [:]
        } else {
            (services, merged) = Self.merged(converted.outputs, previous: known?.merged ?? [:])
        }
    }

    private static func merged(
        _ all: [Service], previous: [Service.Key: Merged]
    ) -> (services: [Service], merged: [Service.Key: Merged]) {
        var order: [Service.Key] = []
        var parts: [Service.Key: [Service]] = [:]
        for service in all {
            if parts[service.key] == nil { order.append(service.key) }
            parts[service.key, default: []].append(service)
        }
        var merged: [Service.Key: Merged] = [:]
        let services = order.compactMap { key -> Service? in
            guard let parts = parts[key], let first = parts.first else { return nil }
            if parts.count == 1 { return first }
            let known = previous[key].flatMap { $0.parts.isSame(as: parts) ? $0 : nil }
            let result =
                known
                ?? Merged(
                    parts: parts,
                    whole: first.changed { fields in
                        for part in parts.dropFirst() {
                            fields.clusterAddresses.merge(part.clusterAddresses) { own, _ in own }
                        }
                    })
            merged[key] = result
            return result.whole
        }
        return (services, merged)
    }
}

extension [Service] {
    /// Whether both have the very same services.
    func isSame(as other: [Service]) -> Bool {
        count == other.count && (isSameStorage(as: other) || zip(self, other).allSatisfy { $0 === $1 })
    }
}
