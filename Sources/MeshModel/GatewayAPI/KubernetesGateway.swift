package import Documents

/// `gateway.networking.k8s.io` GatewayClass.
package struct GatewayClass: MeshObject, Hashable {
    package static let kindName = "GatewayClass"
    package static var list: WritableKeyPath<MeshSnapshot, [GatewayClass]> { \.gatewayClasses }
    package var meta: ObjectMeta
    package var controllerName = ""
    package init(meta: ObjectMeta) { self.meta = meta }
}

/// `gateway.networking.k8s.io` Gateway. (Istio's is `IstioGateway`.)
package struct KubernetesGateway: MeshObject, Hashable {
    package static let kindName = "Gateway"
    package static var list: WritableKeyPath<MeshSnapshot, [KubernetesGateway]> { \.kubernetesGateways }

    package struct Address: Hashable, Sendable {
        package var type: String?
        package var value = ""
        package var location: SourceLocation?

        package init() {}
    }

    package var meta: ObjectMeta
    package var gatewayClassName = ""
    package var gatewayClassNameLocation: SourceLocation?
    package var listeners: [GatewayListener] = []
    package var addresses: [Address] = []
    /// `nil`: none.
    package var allowedListeners: RouteNamespaces?
    package var infrastructureLabels: [String: String] = [:]
    package var infrastructureAnnotations: [String: String] = [:]
    package var infrastructureParametersRef: ObjectReference?
    /// `spec.tls.frontend`.
    package var frontendTLS: FrontendTLS?
    /// `spec.tls.backend.clientCertificateRef`.
    package var backendClientCertificate: ObjectReference?
    /// `status.addresses`.
    package var statusAddresses: [Address] = []

    package init(meta: ObjectMeta) { self.meta = meta }

    package struct FrontendTLS: Hashable, Sendable {
        package struct Validation: Hashable, Sendable {
            package var caCertificateRefs: [ObjectReference] = []
            /// `AllowValidOnly` (default) or `AllowInsecureFallback`.
            package var mode: String?
            package var location: SourceLocation?

            package init() {}
        }

        package struct PerPort: Hashable, Sendable {
            package var port = 0
            package var validation: Validation?

            package init() {}
        }

        package var defaultValidation: Validation?
        package var perPort: [PerPort] = []

        package init() {}
    }
}

/// A set of listeners of another object's Gateway (`ListenerSet`, formerly `XListenerSet`).
package struct ListenerSet: MeshObject, Hashable {
    package static let kindName = "ListenerSet"
    package static var list: WritableKeyPath<MeshSnapshot, [ListenerSet]> { \.listenerSets }
    package var meta: ObjectMeta
    package var parentRef = ParentReference()
    package var listeners: [GatewayListener] = []
    package init(meta: ObjectMeta) { self.meta = meta }
}

/// A listener of a Gateway or ListenerSet.
package struct GatewayListener: Hashable, Sendable {
    package enum TLSMode: String, Hashable, Sendable, CaseIterable {
        case terminate = "Terminate"
        case passthrough = "Passthrough"
    }

    package struct TLS: Hashable, Sendable {
        package var mode: TLSMode?
        package var certificateRefs: [ObjectReference] = []
        package var options: [String: String] = [:]
        package var location: SourceLocation?

        package init() {}
    }

    package var name = ""
    package var hostname: String?
    /// `nil`: a ListenerSet's listener without port.
    package var port: Int?
    package var `protocol` = ""
    package var tls: TLS?
    package var allowedRoutes = AllowedRoutes()
    package var location: SourceLocation?
    package var hostnameLocation: SourceLocation?
    package var protocolLocation: SourceLocation?

    package init() {}
}

package struct AllowedRoutes: Hashable, Sendable {
    package struct GroupKind: Hashable, Sendable {
        /// `nil`: Gateway API's.
        package var group: String?
        package var kind = ""

        package init(group: String? = nil, kind: String = "") {
            self.group = group
            self.kind = kind
        }
    }

    package var namespaces: RouteNamespaces?
    package var kinds: [GroupKind] = []

    package init() {}
}

/// `allowedRoutes.namespaces`, `allowedListeners.namespaces`.
package struct RouteNamespaces: Hashable, Sendable {
    package enum From: String, Hashable, Sendable, CaseIterable {
        case all = "All"
        case selector = "Selector"
        case same = "Same"
        case none = "None"
    }

    package var from: From?
    package var selector: LabelSelector?

    package init() {}
}

/// A reference to a Secret, ConfigMap, …
package struct ObjectReference: Hashable, Sendable {
    /// `nil`: the default of the place.
    package var group: String?
    /// `nil`: the default of the place.
    package var kind: String?
    package var name = ""
    package var namespace: String?
    package var location: SourceLocation?

    package init() {}
}

/// What a route or ListenerSet is attached to.
package struct ParentReference: Hashable, Sendable {
    /// `nil`: Gateway API's.
    package var group: String?
    /// `nil`: Gateway.
    package var kind: String?
    package var namespace: String?
    package var name = ""
    package var sectionName: String?
    package var port: Int?
    package var location: SourceLocation?

    package init() {}
}
