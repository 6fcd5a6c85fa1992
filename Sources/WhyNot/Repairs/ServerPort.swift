import Documents
import EnvoyModel
import MeshModel
import TrafficEngine

extension Repair {
    /// No server of a Gateway is on the port, or its protocol is not the one that is spoken.
    static let serverPort = Repair("port of a Gateway") { context in
        guard context.isGateway else { return [] }
        var proposals: [Proposal?] = []
        let wanted = context.serverPorts
        for gateway in context.gateways {
            for (index, server) in gateway.servers.enumerated() {
                guard let port = server.port else { continue }
                let place: [PathStep] = ["spec", "servers", .index(index), "port"]
                let isOnPort = wanted.contains(port.number) || port.targetPort == context.port
                if !isOnPort {
                    let reason =
                        "Gateway \(gateway.namespacedName) has a server on port \(port.number), none on "
                        + wanted.map { "\($0)" }.listed
                    for (index, number) in wanted.enumerated() {
                        proposals.append(
                            context.change(
                                gateway, .set(place + ["number"], .int(Int64(number))), reason, penalty: 1 + 3 * index))
                    }
                }
                if let target = port.targetPort, target != context.port, wanted.contains(port.number) {
                    let reason =
                        "Gateway \(gateway.namespacedName) listens on target port \(target), not on \(context.port)"
                    proposals.append(
                        context.change(gateway, .set(place + ["targetPort"], .int(Int64(context.port))), reason))
                    proposals.append(context.change(gateway, .remove(place + ["targetPort"]), reason))
                }
                let suitable = protocols(context, hasTLS: server.tls != nil)
                for name in suitable
                where !suitable.contains(port.protocol.uppercased()) {
                    let reason =
                        "the server on port \(port.number) of Gateway \(gateway.namespacedName) has protocol "
                        + "\(port.protocol.isEmpty ? "none" : port.protocol), which does not take this request"
                    proposals.append(
                        context.change(gateway, .set(place + ["protocol"], .string(name)), reason, penalty: 2))
                }
            }
        }
        return proposals.compactMap { $0 }
    }

    /// The protocols of a server that take the request, the likeliest first.
    static func protocols(_ context: RepairContext, hasTLS: Bool) -> [String] {
        if context.request.application == .tcp { return hasTLS ? ["TLS", "TCP"] : ["TCP"] }
        if context.request.transport != .plaintext { return ["HTTPS", "TLS"] }
        return context.request.application == .http2 ? ["HTTP", "HTTP2", "GRPC"] : ["HTTP", "HTTP2"]
    }
}
