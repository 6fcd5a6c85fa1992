import Documents
import EnvoyModel

extension AdminPages {
    /// `/certs`: meshtop terminates no TLS of its own, so it only names what the configuration gives inline.
    func certificates(_ request: AdminRequest) async -> AdminResponse {
        let secrets = await source.snapshot(request.parameter("proxy"))?.secrets ?? []
        let certificates = secrets.compactMap { secret -> JSON? in
            switch secret.kind {
            case .certificate: ["ca_cert": [], "cert_chain": [["path": .string(secret.name)]]]
            case .certificateAuthority: ["ca_cert": [["path": .string(secret.name)]], "cert_chain": []]
            case .other: nil
            }
        }
        return .json(certificates.isEmpty ? [:] : ["certificates": .array(certificates)])
    }
}
