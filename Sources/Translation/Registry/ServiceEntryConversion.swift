import Documents
import MeshModel

extension Service {
    /// The services of a ServiceEntry: one for each host and address (istiod: `convertServices`).
    static func services(of entry: ServiceEntry) -> [Service] {
        var result: [Service] = []
        let resolution: Resolution =
            switch entry.resolution {
            case .none: .passthrough
            case .static: .clientSideLB
            case .dns:
                entry.meta.annotations["networking.istio.io/connect-strategy"] == "RACE_FIRST_TCP_CONNECT"
                    ? .dnsRoundRobinLB : .dnsLB
            case .dnsRoundRobin: .dnsRoundRobinLB
            case .dynamicDNS: .dynamicDNS
            }
        for (index, host) in entry.hosts.enumerated() {
            let place = index < entry.hostLocations.count ? entry.hostLocations[index] : nil
            var fields = Fields(
                hostname: host, namespace: entry.namespace, name: host, source: entry.sourceReference(at: place))
            fields.ports = entry.ports.map {
                Port(
                    number: $0.number, name: $0.name, proto: PortProtocol(name: $0.protocol),
                    targetPort: $0.targetPort)
            }
            fields.resolution = resolution
            fields.registry = .external
            fields.isMeshExternal = entry.location == .meshExternal
            fields.creationTime = entry.meta.creationTime
            fields.labels = entry.meta.labels
            fields.annotations = entry.meta.annotations
            fields.exportTo = ExportTo(values: Set(entry.exportTo))
            fields.selector = entry.workloadSelector
            for address in entry.addresses {
                guard let prefix = IPPrefix(address) else { continue }
                fields.address = prefix.isFullLength ? prefix.address : address
                result.append(Service(fields))
            }
            guard entry.addresses.isEmpty else { continue }
            for allocated in entry.allocatedAddresses where allocated.host == host || allocated.host.isEmpty {
                guard let address = IPAddress(allocated.value) else { continue }
                if address.isIPv6 {
                    if fields.autoAllocatedIPv6.isEmpty { fields.autoAllocatedIPv6 = allocated.value }
                } else if fields.autoAllocatedIPv4.isEmpty {
                    fields.autoAllocatedIPv4 = allocated.value
                }
            }
            result.append(Service(fields))
        }
        return result
    }
}
