import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `gateway.IngressGatewayPortAnalyzer`: a Gateway selects workloads, and a Service leads to its ports.
    static let gatewayWorkloads = Analyzer(
        name: "gateway.IngressGatewayPortAnalyzer", codes: ["IST0101", "IST0162"]
    ) { context in
        let analyzer = "gateway.IngressGatewayPortAnalyzer"
        let snapshot = context.snapshot
        var findings: [Finding] = []
        for gateway in snapshot.gateways {
            guard let selector = gateway.selector, !selector.isEmpty else { continue }
            let pods = snapshot.pods.filter { selector.isContained(in: $0.meta.labels) }
            let isDefault = selector == ["istio": "ingressgateway"]
            if pods.allSatisfy(\.isStandIn), !hasWorkload(selector, in: snapshot) {
                // Files alone rarely hold the installation's own gateway: istioctl takes it for granted too.
                guard !isDefault else { continue }
                findings.append(
                    Finding(
                        .error, "IST0101", about: gateway, analyzer: analyzer,
                        hint: "no workload has these labels; meshtop shows what a gateway with them would get",
                        "Referenced selector not found: \"\(words(selector))\""))
                continue
            }
            let services = Set(pods.map(\.namespace)).flatMap { snapshot.services(inNamespace: $0) }.filter { service in
                guard let chosen = service.selector, !chosen.isEmpty else { return false }
                return pods.contains { $0.namespace == service.namespace && chosen.isContained(in: $0.meta.labels) }
            }
            guard !services.isEmpty else { continue }
            // A server's number may be the Service's port, which istiod takes to the target port, or the workload's own.
            let open = Set(services.flatMap { $0.ports.flatMap { [$0.port, targetPort($0)] } })
            for server in gateway.servers {
                guard let port = server.port, port.number > 0, !open.contains(port.number) else { continue }
                findings.append(
                    Finding(
                        .warning, "IST0162", about: gateway, analyzer: analyzer, at: server.location,
                        hint: "the Service has the ports "
                            + open.sorted().map(String.init).joined(separator: ", "),
                        "The gateway is listening on a target port (port \(port.number)) that is not defined in the"
                            + " Service associated with its workload instances (Pod selector \(words(selector)))."))
            }
        }
        return findings
    }

    /// The port of the workload that a Service's port leads to.
    private static func targetPort(_ port: Service.Port) -> Int {
        if case .number(let number)? = port.targetPort, number > 0 { return number }
        return port.port
    }

    private static func hasWorkload(_ selector: [String: String], in snapshot: MeshSnapshot) -> Bool {
        snapshot.workloads.contains { !$0.isStandIn && selector.isContained(in: $0.templateLabels) }
    }
}
