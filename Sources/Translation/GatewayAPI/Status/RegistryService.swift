import Documents
import MeshModel

/// What a Gateway's status needs to know of the service of a host in a namespace, from whichever registry.
struct RegistryService {
    private(set) var name: NamespacedName
    private(set) var ports: Set<Int> = []
    /// Ports that endpoints exist for.
    private(set) var instancePorts: Set<Int> = []
    private(set) var targets: [(port: Int, target: Int)] = []
    private(set) var internalAddresses: [String] = []
    private(set) var externalAddresses: [String] = []
    /// Whether it is a load balancer that has no address yet.
    private(set) var isPending = false
    /// Whether Istio made it for a Gateway.
    private(set) var isManaged = false
    /// Whether no manifest has it, and Istio is trusted to make it.
    private(set) var isAssumed = false

    init?(_ host: String, namespace: String, context: ConversionContext) {
        name = NamespacedName(namespace: namespace, name: host)
        let described = context.snapshot.serviceDescriptions.first {
            $0.hostname == host && $0.namespace == namespace
        }
        if let described { add(described) }
        if let service = Self.kubernetesService(host, context: context), service.namespace == namespace {
            add(service, context: context)
            return
        }
        if described != nil { return }
        let entries = context.snapshot.serviceEntries.filter { $0.namespace == namespace && $0.hosts.contains(host) }
        if entries.isEmpty { return nil }
        for entry in entries { add(entry) }
    }

    /// Namespaces that have a service of the host.
    static func namespaces(of host: String, context: ConversionContext) -> Set<String> {
        var result = Set(context.snapshot.serviceDescriptions.filter { $0.hostname == host }.map(\.namespace))
        if let service = kubernetesService(host, context: context) { result.insert(service.namespace) }
        for entry in context.snapshot.serviceEntries where entry.hosts.contains(host) { result.insert(entry.namespace) }
        return result
    }

    /// Services that meshtop stands in for count where Istio would have made them.
    private static func kubernetesService(_ host: String, context: ConversionContext) -> MeshModel.Service? {
        let parts = host.split(separator: ".", maxSplits: 2).map(String.init)
        guard parts.count == 3, parts[2] == "svc.\(context.domain)",
            let service = context.snapshot.service(parts[0], namespace: parts[1])
        else { return nil }
        return service.isStandIn && !context.snapshot.assumesManagedServices ? nil : service
    }

    private mutating func add(_ described: ServiceDescription) {
        ports = Set(described.ports.map(\.number))
        externalAddresses = described.externalAddresses
        internalAddresses = described.addresses.values.flatMap { $0 }
        if internalAddresses.isEmpty, let address = described.address { internalAddresses = [address] }
        for port in described.ports {
            for endpoint in described.endpoints {
                guard let target = endpoint.ports[port.name] else { continue }
                instancePorts.insert(port.number)
                targets.append((port.number, target))
            }
        }
    }

    private mutating func add(_ service: MeshModel.Service, context: ConversionContext) {
        name = service.meta.namespacedName
        ports.formUnion(service.ports.map(\.port))
        for slice in context.snapshot.endpointSlices(ofService: service.name, namespace: service.namespace) {
            if slice.endpoints.isEmpty { continue }
            for port in slice.ports {
                guard let own = service.ports.first(where: { $0.name == port.name }) else { continue }
                instancePorts.insert(own.port)
                if let target = port.port { targets.append((own.port, target)) }
            }
        }
        let addresses = service.clusterIPs.isEmpty ? [service.clusterIP] : service.clusterIPs
        internalAddresses += addresses.filter { IPAddress.isValid($0) }
        if service.type == .loadBalancer {
            externalAddresses += service.loadBalancerIngress.compactMap { $0.ip ?? $0.hostname }
        }
        externalAddresses += service.externalIPs
        isManaged = service.meta.labels["gateway.istio.io/managed"] != nil
        // A manifest without status does not say whether there is an address; one that was read from a cluster does.
        isPending = service.type == .loadBalancer && service.hasStatus && externalAddresses.isEmpty
        isAssumed = service.isStandIn
    }

    private mutating func add(_ entry: ServiceEntry) {
        let numbers = entry.ports.map(\.number)
        ports.formUnion(numbers)
        internalAddresses += entry.addresses
        let hasEndpoints = !entry.endpoints.isEmpty || entry.workloadSelector != nil
        let isResolved = [.dns, .dnsRoundRobin].contains(entry.resolution)
        if hasEndpoints || isResolved { instancePorts.formUnion(numbers) }
    }
}
