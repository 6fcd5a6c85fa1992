package import Documents

/// A Deployment, StatefulSet, DaemonSet or ReplicaSet.
package struct Workload: MeshObject, Hashable {
    /// The word for all of them; `kind` tells them apart.
    package static let kindName = "Deployment"
    package static var list: WritableKeyPath<MeshSnapshot, [Workload]> { \.workloads }

    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case deployment = "Deployment"
        case statefulSet = "StatefulSet"
        case daemonSet = "DaemonSet"
        case replicaSet = "ReplicaSet"
    }

    package var kind: Kind
    package var meta: ObjectMeta
    /// `nil`: 1.
    package var replicas: Int?
    package var selector: LabelSelector?
    package var templateLabels: [String: String] = [:]
    package var templateAnnotations: [String: String] = [:]
    package var template = PodSpec()
    /// StatefulSet: the headless Service of its Pods' names.
    package var serviceName = ""
    package var isStandIn = false

    package init(kind: Kind, meta: ObjectMeta) {
        self.kind = kind
        self.meta = meta
    }

    package var sourceReference: SourceReference {
        SourceReference(kind: kind.rawValue, namespace: meta.namespace, name: meta.name, location: meta.location)
    }
}
