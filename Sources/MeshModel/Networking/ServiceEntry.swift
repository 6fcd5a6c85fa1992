package import Documents

/// `networking.istio.io` ServiceEntry.
package struct ServiceEntry: MeshObject, Hashable {
    package static let kindName = "ServiceEntry"
    package static var list: WritableKeyPath<MeshSnapshot, [ServiceEntry]> { \.serviceEntries }

    package enum Location: String, Hashable, Sendable, CaseIterable {
        case meshExternal = "MESH_EXTERNAL"
        case meshInternal = "MESH_INTERNAL"
    }

    package enum Resolution: String, Hashable, Sendable, CaseIterable {
        case none = "NONE"
        case `static` = "STATIC"
        case dns = "DNS"
        case dnsRoundRobin = "DNS_ROUND_ROBIN"
        case dynamicDNS = "DYNAMIC_DNS"
    }

    package struct Port: Hashable, Sendable {
        package var number = 0
        package var `protocol` = ""
        package var name = ""
        package var targetPort = 0
        package var location: SourceLocation?

        package init() {}
    }

    package struct AllocatedAddress: Hashable, Sendable {
        package var value = ""
        package var host = ""

        package init() {}
    }

    package var meta: ObjectMeta
    package var hosts: [String] = []
    package var hostLocations: [SourceLocation] = []
    package var addresses: [String] = []
    package var ports: [Port] = []
    package var location: Location = .meshExternal
    package var resolution: Resolution = .none
    package var endpoints: [WorkloadEntrySpec] = []
    /// `workloadSelector.labels`; `nil` when there is none.
    package var workloadSelector: [String: String]?
    package var exportTo: [String] = []
    package var subjectAltNames: [String] = []
    /// `status.addresses`: what Istio's allocation controller gave it.
    package var allocatedAddresses: [AllocatedAddress] = []

    package init(meta: ObjectMeta) { self.meta = meta }
}
