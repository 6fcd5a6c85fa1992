import Documents
import MeshModel

/// A service that selects a proxy, by one of its ports (istiod: `ServiceTarget`).
struct ServiceTarget: Sendable {
    let service: Service
    let port: Service.Port
    let targetPort: Int

    /// The targets of a proxy, oldest service first.
    static func targets(of proxy: ProxyNode, index: TranslationIndex) -> [ServiceTarget] {
        let targets = kubernetes(proxy, index) + serviceEntries(proxy, index)
        return targets.stableSorted { left, right in
            if left.service.creationTime != right.service.creationTime {
                return left.service.creationTime < right.service.creationTime
            }
            return left.service.hostname < right.service.hostname
        }
    }

    private static func kubernetes(_ proxy: ProxyNode, _ index: TranslationIndex) -> [ServiceTarget] {
        let pod =
            proxy.pod.flatMap { index.workloads.pod($0, cluster: proxy.cluster) }
            ?? pod(at: proxy.ipAddresses, cluster: proxy.cluster, index)
        let namespace = pod?.namespace ?? proxy.metadataNamespace
        let labels = pod?.meta.labels ?? proxy.labels
        let selecting = index.registry.kubernetesServices(in: namespace).filter {
            $0.selector?.isContained(in: labels) ?? false
        }
        var result = selecting.flatMap { service in
            Self.targets(service) { port in
                if port.targetPort > 0 { return port.targetPort }
                if port.targetPortName.isEmpty { return port.number }
                return pod?.spec.port(named: port.targetPortName, protocol: port.isUDP ? "UDP" : "TCP")
                    ?? index.endpointPort(of: service, portName: port.name, addresses: proxy.ipAddresses)
            }
        }
        if result.isEmpty, let ip = proxy.ipAddresses.first {
            for service in index.registry.kubernetesServices(in: namespace)
            where service.isHeadless && index.hasEndpoint(service, address: ip) {
                result += Self.targets(service) { port in
                    index.endpointPort(of: service, portName: port.name, addresses: [ip])
                }
            }
        }
        return result
    }

    private static func pod(at addresses: [String], cluster: String, _ index: TranslationIndex) -> Pod? {
        addresses.lazy.compactMap { index.workloads.pod(ip: $0, cluster: cluster) }.first
    }

    /// One for each target port; ports of a service that lead to the same one count once.
    private static func targets(_ service: Service, port number: (Service.Port) -> Int?) -> [ServiceTarget] {
        var seen = Set<String>()
        return service.ports.compactMap { port in
            guard let target = number(port), seen.insert("\(target)/\(port.proto.rawValue)").inserted else {
                return nil
            }
            return ServiceTarget(service: service, port: port, targetPort: target)
        }
    }

    private static func serviceEntries(_ proxy: ProxyNode, _ index: TranslationIndex) -> [ServiceTarget] {
        var result: [ServiceTarget] = []
        for address in proxy.ipAddresses {
            for service in index.externalServices(at: address)
            where proxy.text("NAMESPACE").map({ $0 == service.namespace }) ?? true {
                for endpoint in index.endpoints[service.key] ?? [] where endpoint.addresses.contains(address) {
                    guard let port = service.port(named: endpoint.portName) else { continue }
                    result.append(ServiceTarget(service: service, port: port, targetPort: endpoint.port))
                }
            }
        }
        return result
    }
}

extension TranslationIndex {
    func hasEndpoint(_ service: Service, address: String) -> Bool {
        endpoints[service.key]?.contains { $0.addresses.contains(address) } ?? false
    }

    func endpointPort(of service: Service, portName: String, addresses: [String]) -> Int? {
        endpoints[service.key]?.first { endpoint in
            endpoint.portName == portName && endpoint.addresses.contains { addresses.contains($0) }
        }?.port
    }
}
