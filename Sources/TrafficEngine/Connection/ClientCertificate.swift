package import EnvoyModel

/// A certificate of its own that a client shows in the TLS handshake (not the mesh's).
package struct ClientCertificate: Hashable, Sendable {
    /// Names of the validation secrets whose authorities have signed it; `nil`: nobody looked, it counts as trusted.
    package var trustedBy: Set<String>?

    package init(trustedBy: Set<String>? = nil) { self.trustedBy = trustedBy }
}

extension DownstreamTLSContext {
    /// The certificates are the mesh's own (`default`, `ROOTCA`).
    package var isMesh: Bool {
        common.certificateSDSSecrets.contains { $0.name == "default" } || common.validationSDSSecret?.name == "ROOTCA"
    }

    /// Whether the server asks the client for a certificate.
    package var asksForCertificate: Bool {
        requireClientCertificate || common.validationSDSSecret != nil || common.validation != nil
    }

    /// Whether the handshake succeeds with what the client shows: its own certificate, the mesh's (`usesMesh`), or none.
    func accepts(_ certificate: ClientCertificate?, usesMesh: Bool) -> Bool {
        let wantsMesh = requireClientCertificate && isMesh
        guard let certificate else { return usesMesh ? wantsMesh : !requireClientCertificate }
        if wantsMesh { return false }
        guard asksForCertificate, !(common.validation?.acceptsUntrusted ?? false) else { return true }
        guard let trustedBy = certificate.trustedBy, let authority = common.validationSDSSecret else { return true }
        return trustedBy.contains(authority.name)
    }
}
