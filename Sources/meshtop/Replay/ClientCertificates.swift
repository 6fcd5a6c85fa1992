import Certificates
import EnvoyModel
import MeshModel
import TrafficEngine

/// Looks up client certificates of requests, and who trusts them.
struct ClientCertificates {
    let mesh: MeshSnapshot

    /// The request with the validation secrets of the proxy that trust its certificate. A certificate that is no Secret of the
    /// manifests, and an authority that is not there, are not judged.
    func judged(_ request: SyntheticRequest, by snapshot: XDSSnapshot, of proxy: ProxyNode) -> SyntheticRequest {
        guard let name = request.clientCertificate, request.certificateTrust == nil,
            let secret = secret(named: name, inNamespace: proxy.namespace), let chain = secret.data["tls.crt"]
        else { return request }
        var request = request
        request.certificateTrust = Set(
            Self.authorities(in: snapshot).filter { authority in
                guard let bytes = bundle(authority, of: proxy) else { return true }
                return CertificateTrust.leads(from: chain, to: bytes) ?? true
            })
        return request
    }

    private static func authorities(in snapshot: XDSSnapshot) -> Set<String> {
        var names: Set<String> = []
        for listener in snapshot.listeners {
            for chain in listener.filterChains + [listener.defaultFilterChain].compactMap({ $0 }) {
                guard case .tls(let context)? = chain.transportSocket else { continue }
                if let secret = context.common.validationSDSSecret { names.insert(secret.name) }
            }
        }
        return names
    }

    private func secret(named name: String, inNamespace namespace: String) -> MeshModel.Secret? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        return parts.count == 2
            ? mesh.secret(parts[1], namespace: parts[0]) : mesh.secret(name, namespace: namespace)
    }

    /// The authorities behind the name of an SDS secret (`kubernetes://name-cacert`, `kubernetes-gateway://…`, `configmap://…`).
    private func bundle(_ resource: String, of proxy: ProxyNode) -> [UInt8]? {
        guard let separator = resource.firstRange(of: "://") else { return nil }
        let name = String(resource[separator.upperBound...])
        let plain = name.hasSuffix("-cacert") ? String(name.dropLast("-cacert".count)) : name
        let parts = plain.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch resource[..<separator.lowerBound] {
        case "configmap" where parts.count == 2:
            return mesh.configMap(parts[1], namespace: parts[0])?.data["ca.crt"].map { Array($0.utf8) }
        case "kubernetes", "kubernetes-gateway":
            // A Secret of the full name goes before the one that holds the server's certificate too.
            for candidate in [name, plain] {
                let found = secret(named: candidate, inNamespace: proxy.namespace)
                if let bytes = found?.data["cacert"] ?? found?.data["ca.crt"] { return bytes }
            }
            return nil
        default: return nil
        }
    }
}
