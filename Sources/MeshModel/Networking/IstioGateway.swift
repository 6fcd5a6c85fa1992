package import Documents

/// `networking.istio.io` Gateway. (Gateway API's is `KubernetesGateway`.)
package struct IstioGateway: MeshObject, Hashable {
    package static let kindName = "Gateway"
    package static var list: WritableKeyPath<MeshSnapshot, [IstioGateway]> { \.gateways }

    package var meta: ObjectMeta
    package var servers: [Server] = []
    /// Labels of the gateway workloads; `nil` or empty applies to every gateway proxy.
    package var selector: [String: String]?
    /// What it was converted from: `internal.istio.io/parents`' objects with their places.
    package var sources: [SourceReference] = []

    package init(meta: ObjectMeta) { self.meta = meta }

    package struct Port: Hashable, Sendable {
        package var number = 0
        package var `protocol` = ""
        package var name = ""
        /// Deprecated and without effect.
        package var targetPort: Int?

        package init() {}
    }

    package struct Server: Hashable, Sendable {
        package var port: Port?
        package var bind = ""
        package var hosts: [String] = []
        /// Places of `hosts`, index by index; empty for conversions.
        package var hostLocations: [SourceLocation] = []
        package var tls: ServerTLSSettings?
        package var defaultEndpoint = ""
        package var name = ""
        package var location: SourceLocation?

        package init() {}
    }
}

/// TLS settings of a Gateway server or of a Sidecar ingress listener.
package struct ServerTLSSettings: Hashable, Sendable {
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        case passthrough = "PASSTHROUGH"
        case simple = "SIMPLE"
        case mutual = "MUTUAL"
        case autoPassthrough = "AUTO_PASSTHROUGH"
        case istioMutual = "ISTIO_MUTUAL"
        case optionalMutual = "OPTIONAL_MUTUAL"
    }

    package enum ProtocolVersion: String, Hashable, Sendable, CaseIterable {
        case automatic = "TLS_AUTO"
        case v1_0 = "TLSV1_0"
        case v1_1 = "TLSV1_1"
        case v1_2 = "TLSV1_2"
        case v1_3 = "TLSV1_3"
    }

    package struct Certificate: Hashable, Sendable {
        package var serverCertificate = ""
        package var privateKey = ""
        package var caCertificates = ""

        package init() {}
    }

    package var httpsRedirect = false
    /// The default is PASSTHROUGH (the enum's zero).
    package var mode: Mode = .passthrough
    package var serverCertificate = ""
    package var privateKey = ""
    package var caCertificates = ""
    package var caCrl = ""
    package var credentialName = ""
    package var credentialNames: [String] = []
    package var caCertCredentialName = ""
    package var tlsCertificates: [Certificate] = []
    package var subjectAltNames: [String] = []
    package var verifyCertificateSpki: [String] = []
    package var verifyCertificateHash: [String] = []
    package var minProtocolVersion: ProtocolVersion = .automatic
    package var maxProtocolVersion: ProtocolVersion = .automatic
    package var cipherSuites: [String] = []
    package var insecureSkipVerify: Bool?
    package var location: SourceLocation?

    package init() {}
}
