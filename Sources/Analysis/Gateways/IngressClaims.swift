import Documents
import MeshModel

extension Analyzer {
    /// Who claims an address and port that somebody else has.
    ///
    /// - MT0140: an Ingress and a Gateway serve the same host by the same workloads on the same port, or an Ingress of another controller has
    ///   the address of a gateway's Service.
    /// - KIA1502: two Gateways of Gateway API ask for one address.
    static let addressClaims = Analyzer(name: "meshtop.AddressClaims", codes: ["MT0140", "KIA1502"]) { context in
        let entrances = context.snapshot.ingresses.isEmpty ? [] : GatewayEntrance.all(in: context)
        return context.snapshot.ingresses.compactMap { ingress in
            context.snapshot.isProcessed(ingress) ? served(ingress, context) : placed(ingress, entrances)
        } + sharedAddresses(context)
    }

    /// Istio's own Ingress is served by the ingress gateway on 80, and on 443 for the hosts of its TLS.
    private static func served(_ ingress: Ingress, _ context: AnalysisContext) -> Finding? {
        let selector = context.snapshot.meshConfig.ingressGatewaySelector
        let hosts = ingress.rules.map { $0.host.isEmpty ? "*" : $0.host }
        let secure = ingress.tls.flatMap { $0.hosts.isEmpty ? ["*"] : $0.hosts }
        for gateway in context.snapshot.gateways where gateway.meta.location != nil {
            let chosen = gateway.selector ?? [:]
            guard chosen.isContained(in: selector) || selector.isContained(in: chosen) else { continue }
            for server in gateway.servers {
                guard let port = server.port, port.number == 80 || port.number == 443 else { continue }
                let own = server.hosts.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
                let claimed = (port.number == 80 ? hosts : secure).first { host in own.contains { matches(host, $0) } }
                guard let claimed else { continue }
                return Finding(
                    .warning, "MT0140", about: ingress, analyzer: nil, at: ingress.rules.first?.location,
                    hint: "keep one of them for the host: which one answers depends on their age",
                    "Ingress and Gateway \(gateway.namespacedName) claim the same address and port: host \(claimed) on"
                        + " port \(port.number) of the gateway with \(words(selector))")
            }
        }
        return nil
    }

    private static func placed(_ ingress: Ingress, _ entrances: [GatewayEntrance]) -> Finding? {
        let own = Set(
            ingress.loadBalancerIngress.flatMap { [$0.ip, $0.hostname] }.compactMap { $0 }.filter { !$0.isEmpty })
        guard !own.isEmpty else { return nil }
        for entrance in entrances {
            let addresses =
                entrance.service.loadBalancerIngress.flatMap { [$0.ip, $0.hostname] }.compactMap { $0 }
                + entrance.service.externalIPs
            let ports = entrance.service.ports.map(\.port).filter { $0 == 80 || ($0 == 443 && !ingress.tls.isEmpty) }
            guard let address = addresses.first(where: own.contains), let port = ports.first else { continue }
            return Finding(
                .warning, "MT0140", about: ingress, analyzer: nil,
                hint: "one of them does not get the traffic: give them addresses of their own",
                "Ingress and the gateway of Service \(entrance.service.namespacedName) claim the same address and port:"
                    + " \(address):\(port)")
        }
        return nil
    }

    private static func sharedAddresses(_ context: AnalysisContext) -> [Finding] {
        struct Place: Hashable {
            let type: String
            let value: String
        }
        var owners: [Place: [NamespacedName]] = [:]
        let gateways = context.snapshot.kubernetesGateways
        for gateway in gateways {
            for address in gateway.addresses {
                owners[Place(type: address.type ?? "IPAddress", value: address.value), default: []]
                    .append(gateway.namespacedName)
            }
        }
        return gateways.flatMap { gateway in
            gateway.addresses.compactMap { address -> Finding? in
                // Gateways that are served by one Service of the user's share its name.
                guard let type = Optional(address.type ?? "IPAddress"), type == "IPAddress", !address.value.isEmpty
                else {
                    return nil
                }
                let others = (owners[Place(type: type, value: address.value)] ?? [])
                    .filter { $0 != gateway.namespacedName }
                guard !others.isEmpty else { return nil }
                return Finding(
                    .warning, "KIA1502", about: gateway, analyzer: nil, at: address.location,
                    "More than one K8s Gateway for the same address and type combination: \(address.value) is"
                        + " \(others.map(\.description).joined(separator: ", "))'s too")
            }
        }
    }
}
