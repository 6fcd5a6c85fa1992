import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `destinationrule.CaCertificateAnalyzer`: TLS towards a server says whom to trust.
    static let serverVerification = Analyzer(
        name: "destinationrule.CaCertificateAnalyzer", codes: ["IST0128", "IST0129"]
    ) { context in
        let analyzer = "destinationrule.CaCertificateAnalyzer"
        var findings: [Finding] = []
        for rule in context.snapshot.destinationRules where !rule.isFromGatewayAPI {
            guard let policy = rule.trafficPolicy else { continue }
            if let tls = policy.tls, trustsAnyone(tls, in: rule) {
                findings.append(
                    Finding(
                        .warning, "IST0128", about: rule, analyzer: analyzer, at: tls.location ?? policy.location,
                        hint: "set caCertificates",
                        "DestinationRule \(rule.namespacedName) in namespace \(rule.namespace) has TLS mode set to"
                            + " \(tls.mode.rawValue) but no caCertificates are set to validate server identity for host:"
                            + " \(rule.host)"))
            }
            for port in policy.portLevelSettings {
                guard let tls = port.tls, trustsAnyone(tls, in: rule) else { continue }
                findings.append(
                    Finding(
                        .warning, "IST0129", about: rule, analyzer: analyzer, at: tls.location ?? port.location,
                        hint: "set caCertificates",
                        "DestinationRule \(rule.namespacedName) in namespace \(rule.namespace) has TLS mode set to"
                            + " \(tls.mode.rawValue) but no caCertificates are set to validate server identity for host:"
                            + " \(rule.host) at port number:\(port.port)"))
            }
        }
        return findings
    }

    /// A `credentialName` brings its CA along, but sidecars read it only where the rule selects its workloads.
    private static func trustsAnyone(_ tls: ClientTLSSettings, in rule: DestinationRule) -> Bool {
        guard tls.mode == .simple || tls.mode == .mutual, tls.caCertificates.isEmpty else { return false }
        return tls.credentialName.isEmpty || (rule.workloadSelector ?? [:]).isEmpty
    }
}
