import Documents
import MeshModel

extension Repair {
    /// A listener that lets no route of this namespace or kind in.
    static let allowedRoutes = Repair("allowedRoutes of a listener") { context in
        var proposals: [Proposal?] = []
        for gateway in context.kubernetesGateways {
            for (index, listener) in gateway.listeners.enumerated() {
                let place: [PathStep] = ["spec", "listeners", .index(index), "allowedRoutes"]
                let what = "listener \(listener.name) of Gateway \(gateway.namespacedName)"
                let outside = context.routes.filter { $0.namespace != gateway.namespace }
                let from = listener.allowedRoutes.namespaces?.from ?? .same
                if let route = outside.first, from != .all {
                    let reason =
                        "\(what) takes routes of \(words(from, gateway)) only, \(route.kind) "
                        + "\(route.meta.namespacedName) is not one (NotAllowedByListeners)"
                    proposals.append(
                        context.change(
                            gateway, .set(place + ["namespaces"], ["from": "All"]), reason,
                            others: [route.sourceReference()]))
                    if from == .selector {
                        for (key, value) in (listener.allowedRoutes.namespaces?.selector?.matchLabels ?? [:])
                            .sorted(by: { $0.key < $1.key })
                        {
                            let labels = context.snapshot.namespace(route.namespace)?.meta.labels ?? [:]
                            for new in labels[key].map({ [$0] }) ?? [] where new != value {
                                proposals.append(
                                    context.change(
                                        gateway,
                                        .set(
                                            place + ["namespaces", "selector", "matchLabels", .key(key)],
                                            .string(new)), reason, others: [route.sourceReference()]))
                            }
                        }
                    }
                }
                if from == .none, !context.routes.isEmpty {
                    proposals.append(
                        context.change(
                            gateway, .set(place + ["namespaces", "from"], "Same"), "\(what) takes no routes at all",
                            others: context.routes.map { $0.sourceReference() }))
                }
                let kinds = listener.allowedRoutes.kinds
                if !kinds.isEmpty,
                    let route = context.routes.first(where: { route in !kinds.contains { $0.kind == route.kind } })
                {
                    let reason = "\(what) takes \(kinds.map(\.kind).listed) only, not \(route.kind)"
                    for position in kinds.indices {
                        proposals.append(
                            context.change(
                                gateway, .set(place + ["kinds", .index(position), "kind"], .string(route.kind)), reason,
                                others: [route.sourceReference()]))
                    }
                    proposals.append(
                        context.change(
                            gateway, .insert(place + ["kinds"], ["kind": .string(route.kind)]), reason,
                            others: [route.sourceReference()]))
                }
            }
        }
        return proposals.compactMap { $0 }
    }

    private static func words(_ from: RouteNamespaces.From, _ gateway: KubernetesGateway) -> String {
        switch from {
        case .same: "its own namespace \(gateway.namespace)"
        case .selector: "namespaces with certain labels"
        case .none: "no namespace"
        case .all: "all namespaces"
        }
    }
}
