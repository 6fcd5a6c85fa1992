import Documents
import MeshModel

extension Service {
    /// A service that was described by hand.
    convenience init(_ description: ServiceDescription, domain: String) {
        let source = SourceReference(
            kind: "Service", namespace: description.namespace, name: description.name ?? description.hostname,
            location: description.location)
        var fields = Fields(
            hostname: description.hostname, namespace: description.namespace,
            name: description.name ?? description.hostname, source: source)
        fields.ports = description.ports.map {
            Port(number: $0.number, name: $0.name, proto: PortProtocol(name: $0.protocol))
        }
        fields.registry = description.registry == .kubernetes ? .kubernetes : .external
        fields.exportTo = ExportTo(values: Set(description.exportTo))
        fields.address = description.address ?? Service.unspecifiedAddress
        fields.clusterAddresses = description.addresses
        fields.isMeshExternal = description.isExternal
        fields.labels = description.labels
        fields.resolution =
            switch description.resolution {
            case .static: .clientSideLB
            case .dns: .dnsLB
            case .none: .passthrough
            }
        fields.aliases = description.aliases.map { alias in
            let labels = alias.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
            return Alias(hostname: alias, namespace: labels.count > 1 ? String(labels[1]) : description.namespace)
        }
        self.init(fields)
    }
}

extension EndpointCollection {
    mutating func add(_ description: ServiceDescription, of service: Service) {
        for item in description.endpoints {
            for port in service.ports {
                var endpoint = ServiceEndpoint(
                    addresses: [item.address], portName: port.name, port: item.ports[port.name] ?? port.number,
                    source: service.source)
                endpoint.labels = item.labels
                endpoint.namespace = service.namespace
                add(endpoint, to: service.key)
            }
        }
    }
}
