import Documents
import EnvoyModel
import MeshModel
import TrafficEngine
import Translation

extension Repair {
    /// No object routes the host, or none of its routes leads to the service that is meant.
    static let missingRoute = Repair("route that is missing") { context in
        guard context.request.application != .tcp, !context.host.isEmpty else { return [] }
        return withinVirtualServices(context) + withinHTTPRoutes(context) + newVirtualService(context)
    }

    /// A further route to the service that is meant, in front of the others.
    private static func withinVirtualServices(_ context: RepairContext) -> [Proposal] {
        guard let wanted = context.goal.service else { return [] }
        return context.virtualServices.compactMap { object in
            guard object.hosts.contains(where: { context.covers($0, namespace: object.namespace) }),
                !object.destinationUses.contains(where: {
                    context.expanded($0.destination.host, namespace: object.namespace) == wanted.host
                })
            else { return nil }
            var destination: JSON = ["host": .string(context.shortest(wanted.host, namespace: object.namespace))]
            if case .object(var members) = destination {
                let port = wanted.port ?? context.ports(of: wanted.host).first
                if let port { members["port"] = ["number": .int(Int64(port))] }
                if let subset = wanted.subset { members["subset"] = .string(subset) }
                destination = .object(members)
            }
            let route: JSON = [
                "match": [["uri": ["prefix": .string(context.path)]]], "route": [["destination": destination]],
            ]
            return context.change(
                object, .insert(["spec", "http"], route, before: object.http.isEmpty ? nil : 0),
                "no route of VirtualService \(object.namespacedName) leads to \(wanted.host)",
                others: context.owners(of: wanted.host))
        }
    }

    private static func withinHTTPRoutes(_ context: RepairContext) -> [Proposal] {
        guard let wanted = context.goal.service, let service = context.service(named: wanted.host) else { return [] }
        return context.routes.compactMap { route in
            guard let object = route.object as? HTTPRoute,
                object.hostnames.isEmpty || object.hostnames.contains(where: { context.covers($0) }),
                !route.backends.contains(where: { $0.reference.name == service.name })
            else { return nil }
            var backend = JSONObject()
            backend.add("name", .string(service.name))
            if service.namespace != route.namespace { backend.add("namespace", .string(service.namespace)) }
            backend.add("port", (wanted.port ?? service.ports.first?.port).map { .int(Int64($0)) })
            let rule: JSON = [
                "matches": [["path": ["type": "PathPrefix", "value": .string(context.path)]]],
                "backendRefs": [.object(backend)],
            ]
            return context.change(
                object, .insert(["spec", "rules"], rule),
                "no rule of HTTPRoute \(object.namespacedName) leads to \(wanted.host)",
                others: [service.sourceReference])
        }
    }

    /// A VirtualService for a host that a Gateway takes and nothing routes.
    private static func newVirtualService(_ context: RepairContext) -> [Proposal] {
        guard context.isGateway,
            !context.virtualServices.contains(where: { object in
                object.hosts.contains { context.covers($0, namespace: object.namespace) }
            })
        else { return [] }
        var proposals: [Proposal?] = []
        for gateway in context.snapshot.gateways.filter(context.selectsProxy).prefix(RepairContext.limit) {
            let takes = gateway.servers.contains { server in
                server.hosts.contains { context.covers($0.split(separator: "/").last.map(String.init) ?? $0) }
            }
            guard takes else { continue }
            for service in targets(context, beside: gateway) {
                let port = context.goal.service?.port ?? service.ports.first?.port ?? 80
                let object: JSON = [
                    "apiVersion": "networking.istio.io/v1", "kind": "VirtualService",
                    "metadata": ["name": .string(service.name), "namespace": .string(service.namespace)],
                    "spec": [
                        "hosts": [.string(context.host)],
                        "gateways": [.string(gateway.reference(from: service.namespace))],
                        "http": [
                            [
                                "route": [
                                    [
                                        "destination": [
                                            "host": .string(service.name), "port": ["number": .int(Int64(port))],
                                        ]
                                    ]
                                ]
                            ]
                        ],
                    ],
                ]
                proposals.append(
                    context.creation(
                        of: object, beside: gateway,
                        "nothing routes \(context.host): Gateway \(gateway.namespacedName) takes it, and no VirtualService names it",
                        others: [gateway.sourceReference]))
            }
        }
        return proposals.compactMap { $0 }
    }

    /// The service that is meant; without a wish, those of the Gateway's namespace, where they are few.
    private static func targets(_ context: RepairContext, beside gateway: IstioGateway) -> [MeshModel.Service] {
        if let wanted = context.goal.service { return context.service(named: wanted.host).map { [$0] } ?? [] }
        let near = context.snapshot.services(inNamespace: gateway.namespace).filter { service in
            !(service.selector ?? [:]).isEmpty
                && !(service.selector ?? [:]).allSatisfy { context.proxy.labels[$0.key] == $0.value }
        }
        return near.count <= 3 ? near : []
    }
}
