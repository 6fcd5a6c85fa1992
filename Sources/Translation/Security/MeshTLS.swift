import EnvoyModel
import MeshModel

extension DownstreamTLSContext {
    /// The TLS with which sidecars take each other's connections (istiod: `BuildInboundTLS`): MeshConfig's `meshMTLS`, and
    /// clients of the mesh's trust domains alone.
    init(inbound meshConfig: MeshConfig, isHTTP: Bool) {
        self.init()
        common.alpnProtocols = isHTTP ? ["h2", "http/1.1"] : ["istio-peer-exchange", "h2", "http/1.1"]
        common.certificateSDSSecrets = [SDSSecretConfig(name: "default")]
        common.validationSDSSecret = SDSSecretConfig(name: "ROOTCA")
        var validation = ValidationContext()
        validation.matchSubjectAltNames = meshConfig.trustDomains.map { StringMatcher(.prefix("spiffe://\($0)/")) }
        common.validation = validation
        common.minimumProtocolVersion = (meshConfig.meshMTLS?.minProtocolVersion).flatMap(Self.version) ?? "TLSv1_2"
        common.maximumProtocolVersion = "TLSv1_3"
        common.cipherSuites = meshConfig.meshMTLS?.cipherSuites ?? []
        requireClientCertificate = true
    }

    static func version(_ version: ServerTLSSettings.ProtocolVersion) -> String? {
        switch version {
        case .automatic: nil
        case .v1_0: "TLSv1_0"
        case .v1_1: "TLSv1_1"
        case .v1_2: "TLSv1_2"
        case .v1_3: "TLSv1_3"
        }
    }
}

extension CommonTLSContext {
    /// MeshConfig's `tlsDefaults`, for TLS other than the mesh's.
    mutating func apply(_ defaults: MeshConfig.TLSConfig?) {
        guard let defaults else { return }
        if ecdhCurves.isEmpty { ecdhCurves = defaults.ecdhCurves }
        if cipherSuites.isEmpty { cipherSuites = defaults.cipherSuites }
    }
}

extension MeshConfig {
    /// The mesh's own trust domain, then its other names, each once.
    var trustDomains: [String] {
        var result: [String] = []
        for domain in [trustDomain] + trustDomainAliases where !domain.isEmpty && !result.contains(domain) {
            result.append(domain)
        }
        return result
    }

    /// Identities with those that they had or have under the mesh's other names.
    func withAliases(_ identities: [String]) -> [String] {
        if trustDomainAliases.isEmpty { return identities }
        var result = identities
        for identity in identities where identity.hasPrefix("spiffe://") {
            let rest = identity.dropFirst("spiffe://".count).drop { $0 != "/" }
            for domain in trustDomainAliases {
                let other = "spiffe://\(domain)\(rest)"
                if !result.contains(other) { result.append(other) }
            }
        }
        return result.sorted()
    }
}
