import Documents
import MeshModel

/// A service as istiod sees it, whether it comes from a Kubernetes Service, a ServiceEntry or a description by hand
/// (istiod: `model.Service`).
final class Service: Sendable {
    enum Resolution: Hashable, Sendable {
        case clientSideLB
        case dnsLB
        case dnsRoundRobinLB
        case passthrough
        case dynamicDNS
        case alias
    }

    enum Registry: Hashable, Sendable {
        case kubernetes
        case external
    }

    /// Which endpoints near the proxy come first (istiod: `TrafficDistribution`).
    enum TrafficDistribution: Hashable, Sendable {
        case any
        case preferSameZone
        case preferSameNode
    }

    struct Port: Hashable, Sendable {
        var number: Int
        var name: String
        var proto: PortProtocol
        /// Kubernetes' or ServiceEntry's `targetPort` as a number, 0 if none or named.
        var targetPort = 0
        /// Kubernetes' `targetPort` as a name.
        var targetPortName = ""
        var isUDP: Bool { proto == .udp }
    }

    let hostname: String
    let namespace: String
    /// The object's name; the host for ServiceEntries.
    let name: String
    let ports: [Port]
    let resolution: Resolution
    let address: String
    /// Kubernetes: addresses by cluster ID.
    let clusterAddresses: [String: [String]]
    /// Auto-allocated (ServiceEntry status), IPv4 and IPv6.
    let autoAllocatedIPv4: String
    let autoAllocatedIPv6: String
    let exportTo: ExportTo
    let labels: [String: String]
    let annotations: [String: String]
    /// The Pods or WorkloadEntries it selects; `nil` if it selects none.
    let selector: [String: String]?
    let isMeshExternal: Bool
    let registry: Registry
    let creationTime: CreationTime
    let externalName: String
    let aliases: [Alias]
    let trafficDistribution: TrafficDistribution
    let isNodeLocal: Bool
    let isPublishingNotReady: Bool
    let source: SourceReference

    struct Alias: Hashable, Sendable {
        let hostname: String
        let namespace: String
    }

    init(_ fields: Fields) {
        hostname = fields.hostname
        namespace = fields.namespace
        name = fields.name
        ports = fields.ports
        resolution = fields.resolution
        address = fields.address
        clusterAddresses = fields.clusterAddresses
        autoAllocatedIPv4 = fields.autoAllocatedIPv4
        autoAllocatedIPv6 = fields.autoAllocatedIPv6
        exportTo = fields.exportTo
        labels = fields.labels
        annotations = fields.annotations
        selector = fields.selector
        isMeshExternal = fields.isMeshExternal
        registry = fields.registry
        creationTime = fields.creationTime
        externalName = fields.externalName
        aliases = fields.aliases
        trafficDistribution = fields.trafficDistribution
        isNodeLocal = fields.isNodeLocal
        isPublishingNotReady = fields.isPublishingNotReady
        source = fields.source
    }

    /// The values of a service while it is put together.
    struct Fields {
        var hostname: String
        var namespace: String
        var name: String
        var ports: [Port] = []
        var resolution = Resolution.clientSideLB
        var address = Service.unspecifiedAddress
        var clusterAddresses: [String: [String]] = [:]
        var autoAllocatedIPv4 = ""
        var autoAllocatedIPv6 = ""
        var exportTo = ExportTo.default
        var labels: [String: String] = [:]
        var annotations: [String: String] = [:]
        var selector: [String: String]?
        var isMeshExternal = false
        var registry = Registry.external
        var creationTime = CreationTime.unspecified
        var externalName = ""
        var aliases: [Alias] = []
        var trafficDistribution = TrafficDistribution.any
        var isNodeLocal = false
        var isPublishingNotReady = false
        var source: SourceReference

        init(hostname: String, namespace: String, name: String, source: SourceReference) {
            self.hostname = hostname
            self.namespace = namespace
            self.name = name
            self.source = source
        }

        init(_ service: Service) {
            self.init(
                hostname: service.hostname, namespace: service.namespace, name: service.name, source: service.source)
            ports = service.ports
            resolution = service.resolution
            address = service.address
            clusterAddresses = service.clusterAddresses
            autoAllocatedIPv4 = service.autoAllocatedIPv4
            autoAllocatedIPv6 = service.autoAllocatedIPv6
            exportTo = service.exportTo
            labels = service.labels
            annotations = service.annotations
            selector = service.selector
            isMeshExternal = service.isMeshExternal
            registry = service.registry
            creationTime = service.creationTime
            externalName = service.externalName
            aliases = service.aliases
            trafficDistribution = service.trafficDistribution
            isNodeLocal = service.isNodeLocal
            isPublishingNotReady = service.isPublishingNotReady
        }
    }

    static let unspecifiedAddress = "0.0.0.0"

    func changed(_ change: (inout Fields) -> Void) -> Service {
        var fields = Fields(self)
        change(&fields)
        return Service(fields)
    }

    var isAlias: Bool { resolution == .alias }
    var isHeadless: Bool { resolution == .passthrough }
    var isKubernetes: Bool { registry == .kubernetes }

    func port(_ number: Int) -> Port? { ports.first { $0.number == number } }
    func port(named name: String) -> Port? { ports.first { $0.name == name } }

    /// A service of the same host and namespace.
    var key: Key { Key(hostname: hostname, namespace: namespace) }

    struct Key: Hashable, Sendable {
        let hostname: String
        let namespace: String
    }

    /// Creation time, then name, then namespace (istiod: `sortServicesByCreationTime`).
    static func isOlder(_ left: Service, _ right: Service) -> Bool {
        if left.creationTime != right.creationTime { return left.creationTime < right.creationTime }
        if left.name != right.name { return left.name < right.name }
        return left.namespace < right.namespace
    }
}

/// To whom an object is visible (istiod: the `exportTo` sets).
struct ExportTo: Hashable, Sendable {
    /// As written, `.` kept; empty where the object says nothing.
    var values: Set<String>

    static let `default` = ExportTo(values: [])

    var isPublic: Bool { values.contains("*") }
    var isNobody: Bool { values.contains("~") }

    /// The values with `.` as the namespace and nothing as the default.
    func resolved(namespace: String, default defaults: Set<String>) -> Set<String> {
        let values = self.values.isEmpty ? defaults : self.values
        return Set(values.map { $0 == "." ? namespace : $0 })
    }
}
