import Documents
import EnvoyModel
import MeshModel

extension TranslationIndex {
    /// The mutual TLS that clients may expect of a service (istiod: `BestEffortInferServiceMTLSMode`).
    func inferredMode(of service: Service, policy: ResolvedTrafficPolicy) -> PeerAuthentication.Mode {
        if service.isHeadless || policy.loadBalancer?.simple == .passthrough {
            let all = endpoints[service.key] ?? []
            if all.isEmpty || all.contains(where: { !$0.isMTLSCapable }) { return .disable }
        }
        return peerAuthentications.mode(namespace: service.namespace)
    }

    /// The identities of a service's workloads, sorted.
    func serviceAccounts(of service: Service) -> [String] {
        Set((endpoints[service.key] ?? []).lazy.map(\.serviceAccount).filter { !$0.isEmpty }).sorted()
    }

    /// Whether only endpoints of the proxy's own cluster count (istiod: `clusterLocalHosts`).
    func isClusterLocal(_ service: Service) -> Bool {
        clusterLocalHosts.mostSpecific(service.hostname)?.value ?? false
    }

    static func clusterLocalHosts(_ meshConfig: MeshConfig, domain: String) -> HostIndex<Bool> {
        var result = HostIndex<Bool>()
        result["*.kube-system.svc.\(domain)"] = true
        result["kubernetes.default.svc.\(domain)"] = true
        result["istiod.\(meshConfig.rootNamespace).svc.\(domain)"] = true
        for setting in meshConfig.serviceSettings {
            for host in setting.hosts { result[host] = setting.clusterLocal }
        }
        return result
    }
}
