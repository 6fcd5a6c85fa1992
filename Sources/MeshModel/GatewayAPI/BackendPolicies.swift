package import Documents

/// What a policy is about.
package struct PolicyTargetReference: Hashable, Sendable {
    package var group = ""
    package var kind = ""
    package var name = ""
    package var sectionName: String?
    package var location: SourceLocation?

    package init() {}
}

/// `gateway.networking.k8s.io` BackendTLSPolicy.
package struct BackendTLSPolicy: MeshObject, Hashable {
    package static let kindName = "BackendTLSPolicy"
    package static var list: WritableKeyPath<MeshSnapshot, [BackendTLSPolicy]> { \.backendTLSPolicies }

    package struct SubjectAltName: Hashable, Sendable {
        /// `Hostname` or `URI`.
        package var type = ""
        package var hostname = ""
        package var uri = ""

        package init() {}
    }

    package var meta: ObjectMeta
    package var targetRefs: [PolicyTargetReference] = []
    package var caCertificateRefs: [ObjectReference] = []
    /// `System`.
    package var wellKnownCACertificates: String?
    package var hostname = ""
    package var subjectAltNames: [SubjectAltName] = []
    package var options: [String: String] = [:]

    package init(meta: ObjectMeta) { self.meta = meta }
}

/// `gateway.networking.x-k8s.io` XBackendTrafficPolicy.
package struct XBackendTrafficPolicy: MeshObject, Hashable {
    package static let kindName = "XBackendTrafficPolicy"
    package static var list: WritableKeyPath<MeshSnapshot, [XBackendTrafficPolicy]> { \.backendTrafficPolicies }

    package struct RetryConstraint: Hashable, Sendable {
        package var budgetPercent: Int?
        package var budgetInterval: Duration?
        package var minRetryCount: Int?
        package var minRetryInterval: Duration?

        package init() {}
    }

    package var meta: ObjectMeta
    package var targetRefs: [PolicyTargetReference] = []
    package var retryConstraint: RetryConstraint?
    package var sessionPersistence: SessionPersistence?

    package init(meta: ObjectMeta) { self.meta = meta }
}
