import Certificates
import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `gateway.SecretAnalyzer`: a server's credential is a Secret beside its workload, with certificate and key.
    static let gatewaySecrets = Analyzer(name: "gateway.SecretAnalyzer", codes: ["IST0101", "IST0161"]) { context in
        var namespaces: [[String: String]: Set<String>] = [:]
        var findings: [Finding] = []
        for gateway in context.snapshot.gateways where gateway.meta.location != nil {
            guard let selector = gateway.selector, !selector.isEmpty else { continue }
            for server in gateway.servers {
                guard let tls = server.tls, !tls.credentialName.isEmpty else { continue }
                let places =
                    namespaces[selector]
                    ?? Set(
                        context.snapshot.pods.lazy.filter { !$0.isStandIn && selector.isContained(in: $0.meta.labels) }
                            .map(\.namespace))
                namespaces[selector] = places
                // Where the workload runs is not known from files alone.
                guard !places.isEmpty else { continue }
                let secret = places.sorted().lazy.compactMap {
                    context.snapshot.secret(tls.credentialName, namespace: $0)
                }.first
                let problem = secret.map { defect(of: $0, now: context.now) }
                if case .some(nil) = problem { continue }
                let code = secret == nil ? "IST0101" : "IST0161"
                let message =
                    secret == nil
                    ? "Referenced credentialName not found: \"\(tls.credentialName)\""
                    : "The credential referenced by the Gateway \(gateway.name) in namespace \(gateway.namespace) is"
                        + " invalid, which can cause the traffic not to work as expected: \((problem ?? nil) ?? "")"
                findings.append(
                    Finding(
                        .error, code, about: gateway, analyzer: "gateway.SecretAnalyzer",
                        at: tls.location ?? server.location, message))
            }
        }
        return findings
    }

    /// What keeps the Secret from being used; `nil` where nothing does.
    private static func defect(of secret: Secret, now: Int64?) -> String? {
        let pairs = [("tls.crt", "tls.key"), ("cert", "key")]
        for (certificate, key) in pairs {
            guard let certificate = secret.data[certificate], let key = secret.data[key] else { continue }
            guard String(decoding: certificate, as: UTF8.self).contains("-----BEGIN CERTIFICATE-----") else {
                return "the certificate is not in PEM form"
            }
            guard let facts = CertificateFacts(pem: Array(certificate)) else { return "the certificate cannot be read" }
            if let now, facts.notAfter < now {
                return "the certificate has expired on \(CertificateFacts.text(ofTime: facts.notAfter))"
            }
            if let now, facts.notBefore > now {
                return "the certificate is not valid before \(CertificateFacts.text(ofTime: facts.notBefore))"
            }
            guard String(decoding: key, as: UTF8.self).contains("PRIVATE KEY-----") else {
                return "the key is not in PEM form"
            }
            return nil
        }
        return "found neither tls.crt and tls.key nor cert and key"
    }
}
