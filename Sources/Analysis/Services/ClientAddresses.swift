import Documents
import MeshModel

/// What hides the clients' addresses from a gateway.
struct GatewayEntrance {
    let service: Service
    let pods: [Pod]

    /// Services from outside the cluster that lead to gateways.
    static func all(in context: AnalysisContext) -> [GatewayEntrance] {
        let snapshot = context.snapshot
        let selectors = Set(snapshot.gateways.compactMap(\.selector)).filter { !$0.isEmpty }
        return snapshot.services.compactMap { service in
            guard !service.isStandIn, service.type == .loadBalancer || service.type == .nodePort,
                let selector = service.selector, !selector.isEmpty
            else { return nil }
            let pods = snapshot.pods(inNamespace: service.namespace, selectedBy: selector).filter { pod in
                pod.isGateway || selectors.contains { $0.isContained(in: pod.meta.labels) }
            }
            return pods.isEmpty ? nil : GatewayEntrance(service: service, pods: pods)
        }
    }

    /// `externalTrafficPolicy: Cluster`, the default: nodes put their own address in the place of the client's.
    var hidesClients: Bool { service.externalTrafficPolicy != "Local" }
}

extension Analyzer {
    /// MT0310: a gateway sees the addresses of nodes, not of clients. A warning where something goes by the client's address, else worth a
    /// word only where the manifest asks for it.
    static let clientAddresses = Analyzer(name: "meshtop.ClientAddresses", codes: ["MT0310"]) { context in
        GatewayEntrance.all(in: context).filter(\.hidesClients).compactMap { entrance in
            let service = entrance.service
            let user = policy(byAddress: entrance, context)
            guard user != nil || service.externalTrafficPolicy == "Cluster" else { return nil }
            let place = context.resources("Service", group: "").first {
                $0.meta.namespacedName == service.namespacedName
            }?
            .node.at("spec", "externalTrafficPolicy")?.location
            let reason = user.map { "; \($0) goes by the client's address" } ?? ""
            return Finding(
                user == nil ? .info : .warning, "MT0310", about: service, analyzer: nil, at: place,
                hint: "with externalTrafficPolicy: Local it stays, and nodes without a Pod of the gateway fail the load"
                    + " balancer's health check",
                "externalTrafficPolicy Cluster: the gateway sees the address of a node, not the client's\(reason)")
        }
    }

    /// An AuthorizationPolicy for the gateway that allows or denies by address.
    private static func policy(byAddress entrance: GatewayEntrance, _ context: AnalysisContext) -> String? {
        let root = context.snapshot.meshConfig.rootNamespace
        for policy in context.resources("AuthorizationPolicy", group: "security.istio.io")
        where policy.meta.namespace == root || policy.meta.namespace == entrance.service.namespace {
            let labels = policy.node.at("spec", "selector", "matchLabels")?.stringMap ?? [:]
            guard entrance.pods.contains(where: { labels.isContained(in: $0.meta.labels) }) else { continue }
            let sources = (policy.node.at("spec", "rules")?.list ?? []).flatMap { $0.at("from")?.list ?? [] }
            let fields = ["ipBlocks", "notIpBlocks", "remoteIpBlocks", "notRemoteIpBlocks"]
            guard sources.contains(where: { source in fields.contains { source.at("source", $0) != nil } }) else {
                continue
            }
            return "AuthorizationPolicy \(policy.meta.namespacedName)"
        }
        return nil
    }
}
