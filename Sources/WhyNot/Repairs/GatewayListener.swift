import Documents
import EnvoyModel
import MeshModel
import TrafficEngine

extension Repair {
    /// A listener of a Gateway API Gateway: port, protocol, TLS mode; and the class that makes it Istio's.
    static let gatewayListener = Repair("listener of a Gateway") { context in
        guard context.isGateway else { return [] }
        var proposals: [Proposal?] = []
        for gateway in context.kubernetesGateways {
            let classes = context.snapshot.gatewayClasses.filter { $0.controllerName.hasPrefix("istio.io/") }.map(
                \.name)
            if !["istio", "istio-remote"].contains(gateway.gatewayClassName),
                !classes.contains(gateway.gatewayClassName)
            {
                for name in classes.isEmpty ? ["istio"] : classes {
                    proposals.append(
                        context.change(
                            gateway, .set(["spec", "gatewayClassName"], .string(name)),
                            "Gateway \(gateway.namespacedName) has class \(gateway.gatewayClassName), which is not Istio's"
                        ))
                }
            }
            for (index, listener) in gateway.listeners.enumerated() {
                proposals += look(gateway, index, listener, context)
            }
        }
        return proposals.compactMap { $0 }
    }

    private static func look(
        _ gateway: KubernetesGateway, _ index: Int, _ listener: MeshModel.GatewayListener, _ context: RepairContext
    ) -> [Proposal?] {
        var proposals: [Proposal?] = []
        let place: [PathStep] = ["spec", "listeners", .index(index)]
        let what = "listener \(listener.name) of Gateway \(gateway.namespacedName)"
        let wanted = context.serverPorts
        if let port = listener.port, !wanted.contains(port) {
            for (order, number) in wanted.enumerated() {
                proposals.append(
                    context.change(
                        gateway, .set(place + ["port"], .int(Int64(number))),
                        "\(what) is on port \(port), the request comes in at \(wanted.map { "\($0)" }.listed)",
                        penalty: 1 + 3 * order))
            }
        }
        let suitable = Repair.protocols(context, hasTLS: listener.tls != nil)
        for name in suitable where !suitable.contains(listener.protocol) && name != "HTTP2" {
            proposals.append(
                context.change(
                    gateway, .set(place + ["protocol"], .string(name)),
                    "\(what) has protocol \(listener.protocol), which does not take this request", penalty: 2))
        }
        if let tls = listener.tls {
            for mode in ["Terminate", "Passthrough"] where mode != (tls.mode ?? .terminate).rawValue {
                proposals.append(
                    context.change(
                        gateway, .set(place + ["tls", "mode"], .string(mode)),
                        "\(what) has TLS mode \((tls.mode ?? .terminate).rawValue)", penalty: 4))
            }
            let known = context.secrets(of: gateway.namespace)
            for (position, reference) in tls.certificateRefs.enumerated() where !known.contains(reference.name) {
                for name in Near.names(reference.name, among: known) {
                    proposals.append(
                        context.change(
                            gateway, .set(place + ["tls", "certificateRefs", .index(position), "name"], .string(name)),
                            "\(what) names Secret \(reference.name), which does not exist (InvalidCertificateRef)"))
                }
            }
        }
        return proposals
    }
}
