import Documents
import MeshModel

/// What a proxy can see (istiod: `SidecarScope`).
final class ProxyScope {
    let namespace: String
    /// Those that get clusters, in order; aliases left out.
    let services: [Service]
    /// The Sidecar that decides, if there is one.
    let sidecar: Sidecar?
    let egress: [EgressScope]
    private let byHostname: [String: Service]
    private let index: TranslationIndex
    private let proxyLabels: [String: String]
    private var rules: [String: EffectiveDestinationRule?] = [:]

    /// What is kept of it for the next state of the proxy.
    struct Parts: Sendable {
        let services: [Service]
        fileprivate let byHostname: [String: Service]
        fileprivate let rules: [String: EffectiveDestinationRule?]
    }

    var parts: Parts { Parts(services: services, byHostname: byHostname, rules: rules) }

    init(
        index: TranslationIndex, proxy: ProxyNode, previous: ConfigurationParts? = nil, changedHosts: Set<String>? = nil
    ) {
        self.index = index
        let known = previous.flatMap { $0.index.registry === index.registry ? $0 : nil }
        if proxy.type == .gateway, let previous, let changedHosts {
            rules = previous.scope.rules
            for host in changedHosts { rules[host] = nil }
        }
        namespace = proxy.namespace
        proxyLabels = proxy.labels
        switch proxy.type {
        case .gateway:
            sidecar = nil
            egress = []
            if let known {
                services = known.scope.services
                byHostname = known.scope.byHostname
                return
            }
            let visible = index.registry.visible(to: proxy.namespace)
            var byHostname: [String: Service] = [:]
            for service in visible {
                if let known = byHostname[service.hostname], known.isKubernetes || !service.isKubernetes { continue }
                byHostname[service.hostname] = service
            }
            services = visible.filter { !$0.isAlias }
            self.byHostname = byHostname
        case .sidecar:
            let selection = SidecarSelection(index: index, proxy: proxy)
            sidecar = selection.sidecar
            egress = selection.egress
            services = selection.services.filter { !$0.isAlias }
            byHostname = Dictionary(selection.services.map { ($0.hostname, $0) }) { first, _ in first }
        }
    }

    func service(_ hostname: String) -> Service? { byHostname[hostname] }

    /// The DestinationRule that counts for a host (istiod: `SidecarScope.DestinationRule`, outbound).
    func destinationRule(for hostname: String) -> EffectiveDestinationRule? {
        if let known = rules[hostname] { return known }
        let found = byHostname[hostname].flatMap { service in
            DestinationRuleIndex.choose(
                index.destinationRules.rules(
                    for: hostname, serviceNamespace: service.namespace, from: namespace),
                namespace: namespace, labels: proxyLabels)
        }
        rules[hostname] = .some(found)
        return found
    }

    /// The same for traffic that comes in: rules with a workload selector do not count.
    func inboundDestinationRule(for service: Service) -> EffectiveDestinationRule? {
        DestinationRuleIndex.choose(
            index.destinationRules.rules(
                for: service.hostname, serviceNamespace: service.namespace, from: namespace),
            namespace: namespace, labels: nil)
    }
}
