package import Documents

/// A chain's transport socket.
package enum DownstreamTransportSocket: Hashable, Sendable {
    case tls(DownstreamTLSContext)
    case other(ExtensionConfig)
}

/// A cluster's transport socket.
package indirect enum UpstreamTransportSocket: Hashable, Sendable {
    case rawBuffer
    case tls(UpstreamTLSContext)
    /// A PROXY header (`V1`, `V2`) and then what the inner socket does.
    case proxyProtocol(version: String, UpstreamTransportSocket)
    case other(ExtensionConfig)

    /// The TLS that an endpoint gets, also behind a PROXY header.
    package var tls: UpstreamTLSContext? {
        switch self {
        case .tls(let context): context
        case .proxyProtocol(_, let inner): inner.tls
        case .rawBuffer, .other: nil
        }
    }
}

/// `extensions.transport_sockets.tls.v3.DownstreamTlsContext`.
package struct DownstreamTLSContext: Hashable, Sendable {
    package var common = CommonTLSContext()
    package var requireClientCertificate = false
    package var requireSNI = false
    package var fullScanCertsOnSNIMismatch = false
    package var disableStatelessSessionResumption = false

    package init() {}
}

/// `extensions.transport_sockets.tls.v3.UpstreamTlsContext`.
package struct UpstreamTLSContext: Hashable, Sendable {
    package var common = CommonTLSContext()
    package var sni = ""
    package var autoHostSNI = false
    package var autoSNISANValidation = false
    package var allowRenegotiation = false

    package init() {}
}

/// `extensions.transport_sockets.tls.v3.CommonTlsContext`.
package struct CommonTLSContext: Hashable, Sendable {
    package var alpnProtocols: [String] = []
    /// Secrets fetched by SDS, by name.
    package var certificateSDSSecrets: [SDSSecretConfig] = []
    /// Certificates given inline or as files; private keys are never kept.
    package var certificates: [TLSCertificate] = []
    /// `combined_validation_context` or `validation_context_sds_secret_config`.
    package var validationSDSSecret: SDSSecretConfig?
    package var validation: ValidationContext?
    package var minimumProtocolVersion = ""
    package var maximumProtocolVersion = ""
    package var cipherSuites: [String] = []
    package var ecdhCurves: [String] = []

    package init() {}
}

/// `SdsSecretConfig`: the secret's name and the cluster of its SDS server (empty: ADS or a file).
package struct SDSSecretConfig: Hashable, Sendable {
    package var name: String
    package var sdsCluster: String
    package var config: JSON?

    package init(name: String, sdsCluster: String = "sds-grpc", config: JSON? = nil) {
        self.name = name
        self.sdsCluster = sdsCluster
        self.config = config
    }
}

/// A `TlsCertificate` without its private key.
package struct TLSCertificate: Hashable, Sendable {
    /// PEM, where given inline.
    package var chainPEM: String?
    package var chainFile: String?
    package var hasPrivateKey: Bool

    package init(chainPEM: String?, chainFile: String?, hasPrivateKey: Bool) {
        self.chainPEM = chainPEM
        self.chainFile = chainFile
        self.hasPrivateKey = hasPrivateKey
    }
}

/// `CertificateValidationContext`.
package struct ValidationContext: Hashable, Sendable {
    package var trustedCAPEM: String?
    package var trustedCAFile: String?
    package var usesSystemRoots = false
    package var matchSubjectAltNames: [StringMatcher] = []
    package var verifyCertificateHash: [String] = []
    package var verifyCertificateSPKI: [String] = []
    package var acceptsUntrusted = false
    package var crlPEM: String?

    package init() {}
}

extension UpstreamTLSContext {
    /// Whether it waits for a secret that istiod never sends: what a BackendTLSPolicy names does not exist, or may not be used.
    package var awaitsInvalidSecret: Bool {
        (common.certificateSDSSecrets + [common.validationSDSSecret].compactMap(\.self)).contains {
            $0.name.hasPrefix("invalid://")
        }
    }
}
