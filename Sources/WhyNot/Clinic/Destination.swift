import Documents
import EnvoyModel
import MeshModel
import TrafficEngine
import Translation

/// Where the request goes, as far as the clinic looks: the service, its port, its Pods, the rule that the cluster was made with.
struct ClinicDestination {
    let reference: ClusterName
    let service: Service?
    let port: Service.Port?
    let pods: [Pod]
    /// The DestinationRules of the host, the one that the cluster was made with first.
    let rules: [DestinationRule]
    /// What the caller speaks to the endpoint: `plaintext`, `tls`, `mtls`.
    let transport: String

    init?(_ context: RepairContext) {
        guard let reference = context.hop?.clusterReference.flatMap(ClusterName.init) else { return nil }
        self.reference = reference
        let snapshot = context.snapshot
        service = context.service(named: reference.host)
        port = service?.ports.first { $0.port == reference.port }
        pods = service.map { snapshot.pods(inNamespace: $0.namespace, selectedBy: $0.selector ?? [:]) } ?? []
        let used = Set(
            (context.hop?.cluster?.sources ?? []).filter { $0.kind == "DestinationRule" }.map {
                "\($0.namespace)/\($0.name)"
            })
        let all = snapshot.destinationRules.filter {
            HostName.matches(context.expanded($0.host, namespace: $0.namespace), reference.host)
        }
        rules =
            all.filter { used.contains($0.namespacedName.description) }
            + all.filter { !used.contains($0.namespacedName.description) }
        transport = context.hop?.upstreamTransport ?? "plaintext"
    }

    /// The number of the Pods' port.
    var targetPort: Int? {
        switch port?.targetPort {
        case .number(let number)?: number
        case .name(let name)?: pods.lazy.compactMap { $0.spec.port(named: name, protocol: "TCP") }.first
        case nil: port?.port
        }
    }

    /// A policy of the rules, the one of the port before the rule's own.
    func policy<Value>(
        _ whole: (TrafficPolicy) -> Value?, _ ofPort: (TrafficPolicy.PortTrafficPolicy) -> Value?
    ) -> (value: Value, rule: DestinationRule)? {
        for rule in rules {
            let subset = rule.subsets.first { $0.name == reference.subset }?.trafficPolicy
            for policy in [subset, rule.trafficPolicy].compactMap({ $0 }) {
                if let own = policy.portLevelSettings.first(where: { $0.port == reference.port }).flatMap(ofPort) {
                    return (own, rule)
                }
                if let own = whole(policy) { return (own, rule) }
            }
        }
        return nil
    }

    var connectionPool: (value: ConnectionPoolSettings, rule: DestinationRule)? {
        policy(\.connectionPool, \.connectionPool)
    }
    var outlierDetection: (value: MeshModel.OutlierDetection, rule: DestinationRule)? {
        policy(\.outlierDetection, \.outlierDetection)
    }
    var tls: (value: ClientTLSSettings, rule: DestinationRule)? { policy(\.tls, \.tls) }
}

extension Clinic {
    var destination: ClinicDestination? { ClinicDestination(context) }
}
