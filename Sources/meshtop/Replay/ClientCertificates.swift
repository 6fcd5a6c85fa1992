import Certificates
import EnvoyModel
import MeshModel
import TrafficEngine
import Translation

/// Looks up client certificates of requests, and who trusts them.
struct ClientCertificates {
    let mesh: MeshSnapshot

    /// The request with the validation secrets of the proxy that trust its certificate. A certificate that is no Secret of the
    /// manifests, and an authority that is not there, are not judged.
    func judged(_ request: SyntheticRequest, by snapshot: XDSSnapshot, of proxy: ProxyNode) -> SyntheticRequest {
        let secrets = SecretDiscovery(mesh, for: proxy)
        guard let name = request.clientCertificate, request.certificateTrust == nil,
            let chain = secrets.secret(named: name)?.data["tls.crt"]
        else { return request }
        var request = request
        request.certificateTrust = Set(
            snapshot.secretNames(ofClusters: false).filter { authority in
                guard case .certificateAuthority(let pem)? = secrets.secret(authority)?.kind else { return true }
                return CertificateTrust.leads(from: chain, to: Array(pem.utf8)) ?? true
            })
        return request
    }
}
