import Documents
import EnvoyModel
import MeshModel

extension DownstreamTLSContext {
    /// The TLS of a Gateway's server or of a Sidecar's ingress listener (istiod: `buildListenerTLSContext`).
    init(_ tls: ServerTLSSettings, proto: PortProtocol, meshConfig: MeshConfig, isGateway: Bool = true) {
        self.init()
        common.alpnProtocols = ["h2", "http/1.1"]
        if tls.mode == .istioMutual, isGateway, !proto.isHTTP, proto != .https {
            common.alpnProtocols.insert("istio-peer-exchange", at: 0)
        }
        requireClientCertificate = tls.mode == .mutual || tls.mode == .istioMutual
        var validation = ValidationContext()
        validation.matchSubjectAltNames = tls.subjectAltNames.map { StringMatcher(.exact($0)) }
        validation.verifyCertificateSPKI = tls.verifyCertificateSpki
        validation.verifyCertificateHash = tls.verifyCertificateHash
        let verifies = [.mutual, .istioMutual, .optionalMutual].contains(tls.mode)
        let names = tls.credentialNames.isEmpty ? [tls.credentialName].filter { !$0.isEmpty } : tls.credentialNames
        if tls.mode == .istioMutual {
            common.certificateSDSSecrets = [SDSSecretConfig(name: "default")]
            common.validationSDSSecret = SDSSecretConfig(name: "ROOTCA")
        } else if let first = names.first {
            common.certificateSDSSecrets = names.map { Self.secret($0, meshConfig: meshConfig) }
            if verifies {
                common.validationSDSSecret =
                    tls.caCertCredentialName.isEmpty
                    ? Self.authority(of: first, meshConfig: meshConfig)
                    : Self.secret(tls.caCertCredentialName, meshConfig: meshConfig)
            }
        } else {
            applyFiles(tls, verifies: verifies)
        }
        if tls.mode == .optionalMutual { validation.acceptsUntrusted = tls.insecureSkipVerify ?? false }
        if common.validationSDSSecret != nil || !validation.matchSubjectAltNames.isEmpty {
            common.validation = validation
        }
        common.minimumProtocolVersion = Self.version(tls.minProtocolVersion) ?? "TLSv1_2"
        common.maximumProtocolVersion = Self.version(tls.maxProtocolVersion) ?? ""
        common.cipherSuites = tls.cipherSuites
        if tls.mode != .istioMutual { common.apply(meshConfig.tlsDefaults) }
    }

    private mutating func applyFiles(_ tls: ServerTLSSettings, verifies: Bool) {
        let pairs =
            tls.tlsCertificates.isEmpty
            ? [(tls.serverCertificate, tls.privateKey)]
            : tls.tlsCertificates.map { ($0.serverCertificate, $0.privateKey) }
        common.certificateSDSSecrets = pairs.map { certificate, key in
            certificate.isEmpty
                ? SDSSecretConfig(name: "default") : SDSSecretConfig(name: "file-cert:\(certificate)~\(key)")
        }
        guard verifies else { return }
        common.validationSDSSecret = SDSSecretConfig(
            name: tls.caCertificates.isEmpty ? "ROOTCA" : "file-root:\(tls.caCertificates)")
    }

    /// Secrets of Kubernetes come from istiod, `sds://` ones from an SDS server that the mesh names.
    private static func secret(_ name: String, meshConfig: MeshConfig) -> SDSSecretConfig {
        guard name.hasPrefix("sds://") else {
            let resource = CredentialName.resource(name)
            return SDSSecretConfig(name: resource)
        }
        let own = String(name.dropFirst("sds://".count))
        guard let provider = meshConfig.extensionProviders.lazy.compactMap(\.sds).first else {
            return SDSSecretConfig(name: own, sdsCluster: "sds-external")
        }
        return SDSSecretConfig(
            name: own, sdsCluster: ClusterName.outbound(port: provider.port, host: provider.service))
    }

    private static func authority(of name: String, meshConfig: MeshConfig) -> SDSSecretConfig {
        var secret = secret(name, meshConfig: meshConfig)
        secret.name += "-cacert"
        return secret
    }
}
