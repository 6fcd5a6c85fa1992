import Documents
import EnvoyModel
import MeshModel

/// The transport sockets of an outbound cluster (istiod: `applyUpstreamTLSSettings`).
struct UpstreamTLS {
    let service: Service
    let port: Service.Port
    let subset: String
    let proxy: ProxyNode
    /// The DestinationRule has a workload selector, which credentials on sidecars need.
    let ruleSelectsWorkloads: Bool
    /// Identities of the service's workloads.
    let serviceAccounts: [String]
    let meshConfig: MeshConfig
    /// istiod would prepare mutual TLS where endpoints have a sidecar.
    let isAutoMTLS: Bool

    func apply(_ tls: ClientTLSSettings?, to cluster: inout Cluster) {
        guard let tls else {
            if isAutoMTLS { applyAutoMTLS(to: &cluster) }
            return
        }
        switch tls.mode {
        case .disable: return
        case .istioMutual:
            cluster.transportSocket = .tls(meshContext(tls, cluster: cluster))
        case .simple, .mutual:
            setALPNOverride(&cluster)
            guard let context = ownContext(tls, cluster: cluster) else { return }
            cluster.transportSocket = .tls(context)
        }
    }

    private func applyAutoMTLS(to cluster: inout Cluster) {
        let context = meshContext(nil, cluster: cluster)
        guard cluster.type != .originalDst else {
            cluster.transportSocket = .tls(context)
            return
        }
        cluster.transportSocketMatches = [
            TransportSocketMatch(name: "tlsMode-istio", match: ["tlsMode": "istio"], transportSocket: .tls(context)),
            TransportSocketMatch(name: "tlsMode-disabled", match: [:], transportSocket: .rawBuffer),
        ]
    }

    /// What all clusters of the mesh have in common, by whether they speak HTTP/2.
    private static let meshContext = meshContext(alpnProtocols: ["istio-peer-exchange", "istio"])
    private static let meshContextHTTP2 = meshContext(alpnProtocols: ["istio-peer-exchange", "istio", "h2"])

    private static func meshContext(alpnProtocols: [String]) -> UpstreamTLSContext {
        var context = UpstreamTLSContext()
        context.common.alpnProtocols = alpnProtocols
        context.common.certificateSDSSecrets = [SDSSecretConfig(name: "default")]
        context.common.validationSDSSecret = SDSSecretConfig(name: "ROOTCA")
        context.common.minimumProtocolVersion = "TLSv1_2"
        context.common.maximumProtocolVersion = "TLSv1_3"
        return context
    }

    private func meshContext(_ tls: ClientTLSSettings?, cluster: Cluster) -> UpstreamTLSContext {
        var context = cluster.upstreamProtocol == .http2 ? Self.meshContextHTTP2 : Self.meshContext
        let own = tls.map(\.subjectAltNames) ?? []
        let names = own.isEmpty ? meshConfig.withAliases(serviceAccounts) : own
        var validation = ValidationContext()
        validation.matchSubjectAltNames = names.map { StringMatcher(.exact($0)) }
        context.common.validation = validation
        context.sni =
            tls.map(\.sni).flatMap { $0.isEmpty ? nil : $0 }
            ?? ClusterName.sniDNAT(port: port.number, subset: subset, host: service.hostname)
        return context
    }

    /// TLS that the user configured; `nil` where istiod configures none.
    private func ownContext(_ tls: ClientTLSSettings, cluster: Cluster) -> UpstreamTLSContext? {
        var context = UpstreamTLSContext()
        context.sni = tls.sni
        context.autoHostSNI = tls.sni.isEmpty
        context.autoSNISANValidation =
            tls.sni.isEmpty && tls.subjectAltNames.isEmpty && tls.insecureSkipVerify != true
        var validation = ValidationContext()
        validation.matchSubjectAltNames = tls.subjectAltNames.map { StringMatcher(.exact($0)) }
        if !tls.credentialName.isEmpty {
            // A sidecar may only use secrets that a rule for just its workload names.
            guard proxy.type == .gateway || ruleSelectsWorkloads else { return nil }
            if tls.mode == .mutual {
                context.common.certificateSDSSecrets = [
                    SDSSecretConfig(name: CredentialName.resource(tls.credentialName))
                ]
            }
            if tls.insecureSkipVerify != true {
                context.common.validationSDSSecret = SDSSecretConfig(
                    name: CredentialName.resource(tls.credentialName) + "-cacert")
            }
        } else {
            if tls.mode == .mutual {
                guard !tls.clientCertificate.isEmpty, !tls.privateKey.isEmpty else { return nil }
                context.common.certificateSDSSecrets = [
                    SDSSecretConfig(name: "file-cert:\(tls.clientCertificate)~\(tls.privateKey)")
                ]
            }
            if tls.insecureSkipVerify == true {
                validation.acceptsUntrusted = true
            } else if tls.caCertificates.isEmpty || tls.caCertificates == "system" {
                context.common.validationSDSSecret = SDSSecretConfig(name: "file-root:system")
            } else {
                context.common.validationSDSSecret = SDSSecretConfig(name: "file-root:\(tls.caCertificates)")
            }
        }
        context.common.validation = validation
        context.common.apply(meshConfig.tlsDefaults)
        if cluster.upstreamProtocol == .http2 { context.common.alpnProtocols = ["h2"] }
        return context
    }

    /// The client's own TLS must not be taken for the mesh's.
    private func setALPNOverride(_ cluster: inout Cluster) {
        var istio = cluster.metadata.filterMetadata["istio"]?.object ?? .init()
        istio["alpn_override"] = "false"
        cluster.metadata.filterMetadata["istio"] = .object(istio)
    }
}

/// Names of secrets as proxies ask for them.
enum CredentialName {
    /// `kubernetes://name` unless the scheme is there already (istiod: `credentials.ToResourceName`).
    static func resource(_ name: String) -> String {
        if name.hasPrefix("builtin://") { return "default" }
        for scheme in ["kubernetes://", "kubernetes-gateway://", "configmap://", "invalid://"]
        where name.hasPrefix(scheme) {
            return name
        }
        return "kubernetes://" + name
    }

    static func authority(of name: String) -> String { resource(name) + "-cacert" }
}
