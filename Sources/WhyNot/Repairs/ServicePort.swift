import Documents
import EnvoyModel
import MeshModel
import TrafficEngine

extension Repair {
    /// A Service's port: the number that routes name, and the protocol that its name or appProtocol says.
    static let servicePort = Repair("port of a Service") { context in
        var proposals: [Proposal?] = []
        let referred = portsInUse(context)
        for service in context.services {
            let full = "\(service.name).\(service.namespace).svc.\(context.snapshot.options.domain)"
            let known = Set(service.ports.map(\.port))
            for (index, port) in service.ports.enumerated() {
                let place: [PathStep] = ["spec", "ports", .index(index)]
                for (wanted, source) in referred[full] ?? [] where !known.contains(wanted) {
                    let reason =
                        "Service \(service.namespacedName) has port \(known.sorted().map { "\($0)" }.listed), not \(wanted)"
                    proposals.append(
                        context.change(
                            service, .set(place + ["port"], .int(Int64(wanted))), reason, others: [source], penalty: 3))
                }
                let name = port.appProtocol ?? String(port.name.prefix { $0 != "-" })
                let wish =
                    context.request.application == .tcp
                    ? "tcp" : context.request.application == .http2 ? "http2" : "http"
                guard context.covers(full) || context.goal.service?.host == full, name != wish else { continue }
                let reason =
                    "port \(port.port) of Service \(service.namespacedName) is taken for \(name.isEmpty ? "unknown" : name), "
                    + "the request is \(wish)"
                if port.appProtocol != nil {
                    proposals.append(
                        context.change(service, .set(place + ["appProtocol"], .string(wish)), reason, penalty: 2))
                } else {
                    let rest =
                        port.name.contains("-")
                        ? String(port.name[(port.name.firstIndex(of: "-") ?? port.name.endIndex)...]) : ""
                    proposals.append(
                        context.change(service, .set(place + ["name"], .string(wish + rest)), reason, penalty: 2))
                    proposals.append(
                        context.change(service, .set(place + ["appProtocol"], .string(wish)), reason, penalty: 4))
                }
            }
        }
        return proposals.compactMap { $0 }
    }

    /// The ports by which routes and the caller name services.
    private static func portsInUse(_ context: RepairContext) -> [String: [(Int, SourceReference)]] {
        var result: [String: [(Int, SourceReference)]] = [:]
        for object in context.virtualServices {
            for use in object.destinationUses {
                guard let port = use.destination.port else { continue }
                let full = context.expanded(use.destination.host, namespace: object.namespace)
                result[full, default: []].append((port, object.sourceReference(at: use.destination.portLocation)))
            }
        }
        for route in context.routes {
            for backend in route.backends {
                guard let port = backend.reference.port else { continue }
                let namespace = backend.reference.namespace ?? route.namespace
                result["\(backend.reference.name).\(namespace).svc.\(context.snapshot.options.domain)", default: []]
                    .append((port, route.sourceReference(at: backend.reference.location)))
            }
        }
        if let wanted = context.goal.service, let port = wanted.port, let owner = context.owners(of: wanted.host).first
        {
            result[wanted.host, default: []].append((port, owner))
        }
        if !context.isGateway {
            for host in context.hosts {
                if let owner = context.owners(of: host).first {
                    result[host, default: []].append((context.port, owner))
                }
            }
        }
        return result
    }
}
