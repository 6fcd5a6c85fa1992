package import Documents

/// A Kubernetes Ingress; `extensions/v1beta1` and `networking.k8s.io/v1beta1` read as v1.
package struct Ingress: MeshObject, Hashable {
    package static let kindName = "Ingress"
    package static var list: WritableKeyPath<MeshSnapshot, [Ingress]> { \.ingresses }

    package enum PathType: String, Hashable, Sendable, CaseIterable {
        case exact = "Exact"
        case prefix = "Prefix"
        case implementationSpecific = "ImplementationSpecific"
    }

    package struct Backend: Hashable, Sendable {
        /// Empty for a resource backend.
        package var serviceName = ""
        package var servicePort: PortReference?
        package var hasResource = false
        package var location: SourceLocation?

        package init() {}
    }

    package struct Path: Hashable, Sendable {
        package var path = ""
        package var pathType: PathType?
        package var backend = Backend()
        package var location: SourceLocation?

        package init() {}
    }

    package struct Rule: Hashable, Sendable {
        /// Empty: all hosts.
        package var host = ""
        /// `nil`: no `http`.
        package var paths: [Path]?
        package var location: SourceLocation?

        package init() {}
    }

    package struct TLS: Hashable, Sendable {
        package var hosts: [String] = []
        package var secretName = ""
        package var location: SourceLocation?

        package init() {}
    }

    package var meta: ObjectMeta
    package var ingressClassName: String?
    package var defaultBackend: Backend?
    package var rules: [Rule] = []
    package var tls: [TLS] = []
    /// `status.loadBalancer.ingress`.
    package var loadBalancerIngress: [Service.Ingress] = []

    package init(meta: ObjectMeta) { self.meta = meta }
}

/// A Kubernetes IngressClass.
package struct IngressClass: MeshObject, Hashable {
    package static let kindName = "IngressClass"
    package static var list: WritableKeyPath<MeshSnapshot, [IngressClass]> { \.ingressClasses }
    package var meta: ObjectMeta
    package var controller = ""
    package init(meta: ObjectMeta) { self.meta = meta }
}
