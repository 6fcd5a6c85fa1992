import Documents
import EnvoyModel
import MeshModel
import TrafficEngine

extension Repair {
    /// TLS of a Gateway's server: the mode, the redirect to https, the credential.
    static let serverTLS = Repair("TLS of a Gateway") { context in
        guard context.isGateway else { return [] }
        var proposals: [Proposal?] = []
        for gateway in context.gateways {
            for (index, server) in gateway.servers.enumerated() {
                let tls: [PathStep] = ["spec", "servers", .index(index), "tls"]
                let what = "the server on port \(server.port?.number ?? 0) of Gateway \(gateway.namespacedName)"
                guard let settings = server.tls else {
                    if context.request.transport != .plaintext {
                        let reason = "\(what) has no tls, the client speaks TLS"
                        for secret in context.secrets(of: gateway.namespace).prefix(3) {
                            proposals.append(
                                context.change(
                                    gateway, .set(tls, ["mode": "SIMPLE", "credentialName": .string(secret)]), reason))
                        }
                        proposals.append(context.change(gateway, .set(tls, ["mode": "PASSTHROUGH"]), reason))
                    }
                    continue
                }
                if settings.httpsRedirect {
                    let reason = "\(what) sends plain requests to https (httpsRedirect)"
                    proposals.append(context.change(gateway, .remove(tls + ["httpsRedirect"]), reason))
                }
                for mode in ["SIMPLE", "PASSTHROUGH", "MUTUAL", "ISTIO_MUTUAL", "AUTO_PASSTHROUGH"]
                where mode != settings.mode.rawValue {
                    let reason = "\(what) has TLS mode \(settings.mode.rawValue), which does not take this connection"
                    proposals.append(
                        context.change(gateway, .set(tls + ["mode"], .string(mode)), reason, penalty: 6))
                }
                let own = settings.credentialName
                let known = context.secrets(of: gateway.namespace)
                if !own.isEmpty, !known.isEmpty, !known.contains(own) {
                    let reason = "\(what) names Secret \(own), which does not exist"
                    for name in Near.names(own, among: known) {
                        proposals.append(
                            context.change(gateway, .set(tls + ["credentialName"], .string(name)), reason))
                    }
                }
                if context.request.transport == .plaintext {
                    proposals.append(
                        context.change(gateway, .remove(tls), "\(what) wants TLS, the client speaks plain text"))
                }
            }
        }
        return proposals.compactMap { $0 }
    }
}

extension RepairContext {
    func secrets(of namespace: String) -> [String] {
        let namespaces = Set([namespace, proxy.namespace])
        return snapshot.secrets.filter { namespaces.contains($0.namespace) && $0.type.contains("tls") }.map(\.name)
    }
}
