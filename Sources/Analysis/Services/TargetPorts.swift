import Documents
import MeshModel

extension Analyzer {
    /// Kiali's KIA0701: no workload behind a Service exposes the port that it leads to. A port by name that no container has gives no
    /// endpoint at all; one by number may work, for containers need not say which ports they open.
    static let targetPorts = Analyzer(name: "meshtop.TargetPorts", codes: ["KIA0701"]) { context in
        context.snapshot.services.flatMap { service -> [Finding] in
            guard !service.isStandIn, let selector = service.selector, !selector.isEmpty else { return [] }
            let pods = context.snapshot.pods(inNamespace: service.namespace, selectedBy: selector)
            // Gateways open the ports that Gateways ask for.
            guard !pods.isEmpty, !pods.contains(where: isGateway) else { return [] }
            return service.ports.compactMap { port in missing(port, of: service, in: pods) }
        }
    }

    private static func isGateway(_ pod: Pod) -> Bool {
        pod.isGateway || !pod.spec.containers.contains { $0.name != "istio-proxy" }
    }

    private static func missing(_ port: Service.Port, of service: Service, in pods: [Pod]) -> Finding? {
        let target: String
        let hint: String
        if let name = port.targetPort?.name {
            guard !pods.contains(where: { $0.spec.port(named: name, protocol: port.protocol) != nil }) else {
                return nil
            }
            target = "\"\(name)\""
            let names = pods.flatMap { $0.spec.containers.flatMap(\.ports).map(\.name) }.filter { !$0.isEmpty }
            let nearest = nearestName(to: name, among: names)
            hint =
                "the port has no endpoint"
                + (nearest.map { "; the nearest name is \"\($0)\"" } ?? (names.isEmpty ? "; no port has a name" : ""))
        } else {
            let number = port.targetPort?.number ?? port.port
            let declared = Set(
                pods.flatMap { pod in
                    pod.spec.containers.filter { $0.name != "istio-proxy" }.flatMap(\.ports)
                        .filter { $0.protocol == port.protocol }.map(\.containerPort)
                })
            guard !declared.isEmpty, !declared.contains(number) else { return nil }
            target = "\(number)"
            hint = "the containers declare \(declared.sorted().map(String.init).joined(separator: ", "))"
        }
        return Finding(
            .warning, "KIA0701", about: service, analyzer: nil, at: port.location, hint: hint,
            "Deployment exposing same port as Service not found: port \(port.port) leads to target port \(target)")
    }
}
