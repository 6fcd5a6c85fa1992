import Documents
import MeshModel

extension Analyzer {
    /// Kiali's checks of what a DestinationRule sends against what the workloads accept (Istio has no codes for them).
    ///
    /// - KIA0207, KIA0208: no mTLS is sent, and the namespace's, the mesh's PeerAuthentication takes nothing else.
    /// - KIA0206, KIA0205: mTLS is sent, and the namespace's, the mesh's PeerAuthentication takes plaintext only.
    /// - KIA0204: TLS settings of a wider rule are lost, for rules do not inherit from each other.
    static let mutualTLS = Analyzer(
        name: "meshtop.MutualTLS", codes: ["KIA0204", "KIA0205", "KIA0206", "KIA0207", "KIA0208"]
    ) { context in
        let snapshot = context.snapshot
        let policies = PeerAuthenticationIndex(
            snapshot.peerAuthentications, rootNamespace: snapshot.meshConfig.rootNamespace)
        return snapshot.destinationRules.filter { !$0.isFromGatewayAPI }.flatMap { rule in
            contradictions(rule, policies, context) + lostSettings(rule, context)
        }
    }

    private static func contradictions(
        _ rule: DestinationRule, _ policies: PeerAuthenticationIndex, _ context: AnalysisContext
    ) -> [Finding] {
        guard let service = context.service(context.expanded(rule.host, in: rule.namespace)),
            let selector = service.selector, !selector.isEmpty
        else { return [] }
        // Only what has a sidecar asks for mTLS.
        let pods = context.snapshot.pods(inNamespace: service.namespace, selectedBy: selector)
            .filter(context.snapshot.hasSidecar)
        guard !pods.isEmpty else { return [] }
        return settings(of: rule).flatMap { tls, port in
            let ports = service.ports.filter { port == nil || $0.port == port }
            return contradiction(tls, rule, ports, pods, policies, context).map { [$0] } ?? []
        }
    }

    /// TLS settings with the port that they are for; `nil`: all.
    private static func settings(of rule: DestinationRule) -> [(ClientTLSSettings, Int?)] {
        let policies = [rule.trafficPolicy].compactMap { $0 } + rule.subsets.compactMap(\.trafficPolicy)
        return policies.flatMap { policy in
            (policy.tls.map { [($0, nil)] } ?? [])
                + policy.portLevelSettings.compactMap { port in port.tls.map { ($0, port.port) } }
        }
    }

    private static func contradiction(
        _ tls: ClientTLSSettings, _ rule: DestinationRule, _ ports: [Service.Port], _ pods: [Pod],
        _ policies: PeerAuthenticationIndex, _ context: AnalysisContext
    ) -> Finding? {
        for pod in pods {
            let policy = policies.policy(namespace: pod.namespace, labels: pod.meta.labels)
            guard let owner = policy.owners.first else { continue }
            let isMeshWide = owner.namespace == context.snapshot.meshConfig.rootNamespace
            for port in ports {
                let number = port.targetPort?.number ?? port.port
                let name = "PeerAuthentication \(owner.namespace)/\(owner.name)"
                switch (tls.mode, policy.mode(port: number)) {
                case (.disable, .strict), (.simple, .strict):
                    return Finding(
                        .error, isMeshWide ? "KIA0208" : "KIA0207", about: rule, analyzer: nil,
                        at: tls.location ?? rule.trafficPolicy?.location,
                        hint: "the connection is reset: use ISTIO_MUTUAL, leave tls out, or make it PERMISSIVE",
                        "PeerAuthentication with TLS strict mode found, it should be permissive: mode"
                            + " \(tls.mode.rawValue) here, and \(name) accepts mTLS only on port \(number)")
                case (.istioMutual, .disable):
                    return Finding(
                        .error, isMeshWide ? "KIA0205" : "KIA0206", about: rule, analyzer: nil,
                        at: tls.location ?? rule.trafficPolicy?.location,
                        hint: "the server takes the handshake for a request: leave tls out, or make it PERMISSIVE",
                        "PeerAuthentication enabling \(isMeshWide ? "mTLS at mesh level" : "namespace-wide mTLS") is"
                            + " missing: mode ISTIO_MUTUAL here, and \(name) accepts plaintext only on port \(number)")
                default: continue
                }
            }
        }
        return nil
    }

    private static func lostSettings(_ rule: DestinationRule, _ context: AnalysisContext) -> [Finding] {
        guard let policy = rule.trafficPolicy, policy.tls == nil, !rule.host.hasPrefix("*") else { return [] }
        let host = context.expanded(rule.host, in: rule.namespace)
        // With automatic mTLS the sidecar does by itself what ISTIO_MUTUAL asks for.
        let wide = context.wildcardRules(for: host).first { other in
            other.trafficPolicy?.tls.map { $0.mode != .istioMutual || !context.hasAutomaticMTLS } ?? false
        }
        guard let wide, let tls = wide.trafficPolicy?.tls else { return [] }
        return [
            Finding(
                .warning, "KIA0204", about: rule, analyzer: nil, at: policy.location,
                hint: "rules do not inherit from each other: repeat tls here",
                "mTLS settings of a non-local Destination Rule are overridden: \(wide.namespacedName) has mode"
                    + " \(tls.mode.rawValue) for \(wide.host)")
        ]
    }
}

extension AnalysisContext {
    fileprivate var hasAutomaticMTLS: Bool {
        snapshot.meshConfig.raw.object?["enableAutoMtls"] != .bool(false)
    }
}
