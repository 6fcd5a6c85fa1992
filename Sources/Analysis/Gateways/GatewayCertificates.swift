import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `gateway.CertificateAnalyzer`: Gateways of the same workloads do not share a certificate.
    static let gatewayCertificates = Analyzer(name: "gateway.CertificateAnalyzer", codes: ["IST0138"]) { context in
        let gateways = context.snapshot.gateways.filter { $0.meta.location != nil }
        var users: [String: [Int]] = [:]
        for (position, gateway) in gateways.enumerated() {
            for key in Set(gateway.servers.flatMap(certificates)) { users[key, default: []].append(position) }
        }
        var findings: [Finding] = []
        for (position, gateway) in gateways.enumerated() {
            let selector = gateway.selector ?? [:]
            for server in gateway.servers {
                let others = Set(
                    certificates(of: server).flatMap { users[$0] ?? [] }.filter { other in
                        // A narrower selector is looked at from the wider one's side.
                        other != position && selector.isContained(in: gateways[other].selector ?? [:])
                    })
                guard !others.isEmpty else { continue }
                let names = others.sorted().map { gateways[$0].namespacedName.description }
                findings.append(
                    Finding(
                        .warning, "IST0138", about: gateway, analyzer: "gateway.CertificateAnalyzer",
                        at: server.tls?.location ?? server.location,
                        hint: "serve these hosts by one Gateway, or give each its own certificate",
                        "Duplicate certificate in multiple gateways [\(names.joined(separator: " "))] may cause 404s if"
                            + " clients re-use HTTP2 connections."))
            }
        }
        return findings
    }

    private static func certificates(of server: IstioGateway.Server) -> [String] {
        guard let tls = server.tls else { return [] }
        let files = [tls.serverCertificate + "\n" + tls.privateKey].filter { $0 != "\n" }
        return ([tls.credentialName] + tls.credentialNames).filter { !$0.isEmpty }.map { "secret " + $0 } + files
    }
}
