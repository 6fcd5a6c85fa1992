import Documents
import MeshModel

/// One egress listener of a Sidecar, or the one that everybody has without (istiod: `IstioEgressListenerWrapper`).
final class EgressScope: Sendable {
    let listener: Sidecar.EgressListener
    let services: [Service]
    let virtualServices: [PreparedVirtualService]
    /// The VirtualService that counts for each of their hosts.
    let byHost: HostIndex<PreparedVirtualService>
    /// The first of each host.
    let aliases: [String: Service]

    var port: Sidecar.Port? { listener.port }
    var proto: PortProtocol? { listener.port.map { PortProtocol(name: $0.protocol) } }

    init(_ listener: Sidecar.EgressListener, namespace: String, index: TranslationIndex) {
        self.listener = listener
        let hosts = EgressHosts(listener.hosts, namespace: namespace)
        services = Self.services(listener, hosts, namespace, index)
        virtualServices = Self.virtualServices(hosts, namespace, index)
        var byHost = HostIndex<PreparedVirtualService>()
        for item in virtualServices {
            for host in item.object.hosts where byHost[host] == nil { byHost[host] = item }
        }
        self.byHost = byHost
        aliases = Dictionary(services.lazy.filter(\.isAlias).map { ($0.hostname, $0) }) { first, _ in first }
    }

    /// istiod: `selectServices`.
    private static func services(
        _ listener: Sidecar.EgressListener, _ hosts: EgressHosts, _ namespace: String, _ index: TranslationIndex
    ) -> [Service] {
        var imported: [Service] = []
        for service in index.registry.visible(to: namespace)
        where hosts.imports(service.hostname, namespace: service.namespace) {
            var taken = service
            if service.aliases.contains(where: { !hosts.imports($0.hostname, namespace: $0.namespace) }) {
                taken = service.changed { fields in
                    fields.aliases.removeAll { !hosts.imports($0.hostname, namespace: $0.namespace) }
                }
            }
            if let port = listener.port, port.number != 0, PortProtocol(name: port.protocol) != .httpProxy {
                guard let own = taken.port(port.number) else { continue }
                if taken.ports.count > 1 { taken = taken.changed { $0.ports = [own] } }
            }
            imported.append(taken)
        }
        // One namespace for each host.
        var chosen: [String: Service] = [:]
        for service in imported {
            guard let known = chosen[service.hostname] else {
                chosen[service.hostname] = service
                continue
            }
            if known.namespace == namespace { continue }
            if service.namespace == namespace || (service.isKubernetes && !known.isKubernetes) {
                chosen[service.hostname] = service
            }
        }
        return imported.filter { chosen[$0.hostname]?.namespace == $0.namespace }
    }

    /// istiod: `SelectVirtualServices`.
    private static func virtualServices(
        _ hosts: EgressHosts, _ namespace: String, _ index: TranslationIndex
    ) -> [PreparedVirtualService] {
        let lists = index.virtualServices.lists(for: namespace, gateway: "mesh")
        return [lists.privateOnes, lists.exported, lists.publicOnes].flatMap { list -> [PreparedVirtualService] in
            let (own, others) = VirtualServiceIndex.split(list, namespace)
            return (own + others).filter { item in
                item.object.hosts.contains { host in
                    item.object.semantics == .gateway
                        ? hosts.imports(host, namespace: item.object.namespace)
                        : hosts.overlaps(host, namespace: item.object.namespace)
                }
            }
        }
    }
}
