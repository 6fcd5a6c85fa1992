package import Documents

/// The fields of a WorkloadEntry, also of `endpoints` in a ServiceEntry and of a WorkloadGroup's template.
package struct WorkloadEntrySpec: Hashable, Sendable {
    package var address = ""
    package var ports: [String: Int] = [:]
    package var labels: [String: String] = [:]
    package var network = ""
    package var locality = ""
    /// 0: 1.
    package var weight = 0
    package var serviceAccount = ""
    package var location: SourceLocation?

    package init() {}
}

/// `networking.istio.io` WorkloadEntry.
package struct WorkloadEntry: MeshObject, Hashable {
    package static let kindName = "WorkloadEntry"
    package static var list: WritableKeyPath<MeshSnapshot, [WorkloadEntry]> { \.workloadEntries }

    package var meta: ObjectMeta
    package var spec = WorkloadEntrySpec()
    /// `status.conditions` of type `Healthy`; `nil` when there is none.
    package var isHealthy: Bool?

    package init(meta: ObjectMeta) { self.meta = meta }
}

/// `networking.istio.io` WorkloadGroup.
package struct WorkloadGroup: MeshObject, Hashable {
    package static let kindName = "WorkloadGroup"
    package static var list: WritableKeyPath<MeshSnapshot, [WorkloadGroup]> { \.workloadGroups }

    package var meta: ObjectMeta
    package var templateLabels: [String: String] = [:]
    package var templateAnnotations: [String: String] = [:]
    package var template = WorkloadEntrySpec()
    package var hasProbe = false

    package init(meta: ObjectMeta) { self.meta = meta }
}
