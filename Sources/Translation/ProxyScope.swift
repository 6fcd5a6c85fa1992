import Documents
import MeshModel

/// What a proxy can see (istiod: `SidecarScope`).
final class ProxyScope: Sendable {
    /// Those that get clusters, in order; aliases left out.
    let services: [Service]
    /// The Sidecar that decides, if there is one.
    let sidecar: Sidecar?
    let egress: [EgressScope]
    private let hosts: [String: VisibleHost]
    private let rules: RuleSelection

    /// What is kept of it for the next state of the proxy.
    struct Parts: Sendable {
        let services: [Service]
        fileprivate let hosts: [String: VisibleHost]
    }

    var parts: Parts { Parts(services: services, hosts: hosts) }

    /// The service of a host, and the DestinationRule that counts for it.
    fileprivate struct VisibleHost: Sendable {
        let service: Service
        var rule: EffectiveDestinationRule?
    }

    init(
        index: TranslationIndex, proxy: ProxyNode, previous: ConfigurationParts? = nil, changedHosts: Set<String>? = nil
    ) {
        let rules = RuleSelection(index: index.destinationRules, namespace: proxy.namespace, labels: proxy.labels)
        self.rules = rules
        let visible: [Service]
        switch proxy.type {
        case .gateway:
            sidecar = nil
            egress = []
            if let previous, let changedHosts, previous.index.registry === index.registry {
                services = previous.scope.services
                var hosts = previous.scope.hosts
                for host in changedHosts {
                    guard let service = hosts[host]?.service else { continue }
                    hosts[host]?.rule = rules.outbound(service)
                }
                self.hosts = hosts
                return
            }
            visible = index.registry.visible(to: proxy.namespace)
        case .sidecar:
            let selection = SidecarSelection(index: index, proxy: proxy)
            sidecar = selection.sidecar
            egress = selection.egress
            visible = selection.services
        }
        services = visible.filter { !$0.isAlias }
        hosts = Self.hosts(of: visible, rules)
    }

    /// The first service of each host, or the first one of Kubernetes.
    private static func hosts(of visible: [Service], _ rules: RuleSelection) -> [String: VisibleHost] {
        let found = visible.parallelMap { VisibleHost(service: $0, rule: rules.outbound($0)) }
        var hosts: [String: VisibleHost] = Dictionary(minimumCapacity: found.count)
        for host in found {
            let service = host.service
            if let known = hosts[service.hostname]?.service, known.isKubernetes || !service.isKubernetes { continue }
            hosts[service.hostname] = host
        }
        return hosts
    }

    func service(_ hostname: String) -> Service? { hosts[hostname]?.service }

    /// The DestinationRule that counts for a host (istiod: `SidecarScope.DestinationRule`, outbound).
    func destinationRule(for hostname: String) -> EffectiveDestinationRule? { hosts[hostname]?.rule }

    /// The same for traffic that comes in: rules with a workload selector do not count.
    func inboundDestinationRule(for service: Service) -> EffectiveDestinationRule? { rules.inbound(service) }
}

/// Which DestinationRules count for a proxy.
private struct RuleSelection: Sendable {
    let index: DestinationRuleIndex
    let namespace: String
    let labels: [String: String]

    func outbound(_ service: Service) -> EffectiveDestinationRule? { rule(service, labels: labels) }
    func inbound(_ service: Service) -> EffectiveDestinationRule? { rule(service, labels: nil) }

    private func rule(_ service: Service, labels: [String: String]?) -> EffectiveDestinationRule? {
        DestinationRuleIndex.choose(
            index.rules(for: service.hostname, serviceNamespace: service.namespace, from: namespace),
            namespace: namespace, labels: labels)
    }
}
