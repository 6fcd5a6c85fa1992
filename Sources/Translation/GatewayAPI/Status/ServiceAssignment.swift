import Documents
import MeshModel

/// Which services and ports serve the listeners of a Gateway, and which of those asked for do not exist (istiod:
/// `ResolveGatewayInstances`).
struct ServiceAssignment {
    private var assigned: Set<String> = []
    private var problems: [String] = []
    private var internalAddresses: Set<String> = []
    private var externalAddresses: Set<String> = []
    /// Hosts whose load balancer has no address yet.
    private var pending: Set<String> = []
    /// Whether waiting is all that is wrong.
    private var isUsable = true
    private let hasServices: Bool
    /// Services that it counts on although no manifest has them.
    private(set) var assumed: [NamespacedName] = []

    init(services: [String], ports: [Int], namespace: String, context: ConversionContext) {
        hasServices = !services.isEmpty
        for host in services {
            guard let service = RegistryService(host, namespace: namespace, context: context) else {
                problems.append(Self.absence(of: host, in: namespace, context: context))
                isUsable = false
                continue
            }
            if service.isAssumed { assumed.append(service.name) }
            for port in Set(ports).sorted() {
                if service.instancePorts.contains(port) {
                    assign(port, of: host, service)
                } else {
                    refuse(port, of: host, service)
                }
            }
        }
        problems.sort()
    }

    private static func absence(of host: String, in namespace: String, context: ConversionContext) -> String {
        let others = RegistryService.namespaces(of: host, context: context).sorted().map { "\"\($0)\"" }
        if others.isEmpty { return "hostname \"\(host)\" not found" }
        return "hostname \"\(host)\" not found in namespace \"\(namespace)\", but it was found in namespace(s) "
            + others.joined(separator: ", ")
    }

    private mutating func assign(_ port: Int, of host: String, _ service: RegistryService) {
        assigned.insert("\(host):\(port)")
        internalAddresses.formUnion(service.internalAddresses)
        externalAddresses.formUnion(service.externalAddresses)
        if service.isPending, pending.insert(host).inserted {
            problems.append("address pending for hostname \"\(host)\"")
        }
    }

    private mutating func refuse(_ port: Int, of host: String, _ service: RegistryService) {
        if service.instancePorts.isEmpty {
            problems.append("no instances found for hostname \"\(host)\"")
            return
        }
        let meant = Set(service.targets.filter { $0.target == port }.map(\.port)).sorted()
        if meant.isEmpty {
            // Endpoints of a port that Istio itself put there are on their way.
            if service.isManaged, service.ports.contains(port) { return }
            problems.append("port \(port) not found for hostname \"\(host)\"")
        } else {
            problems.append(
                "port \(port) not found for hostname \"\(host)\" (hint: the service port should be specified, not the "
                    + "workload port. Did you mean one of these ports: "
                    + "[\(meant.map(String.init).joined(separator: " "))]?)")
        }
        isUsable = false
    }

    /// What the status lists: addresses from outside, else those inside of the wanted type (`nil`: of both).
    func addresses(type wanted: String?) -> [(type: String, value: String)] {
        var found = externalAddresses.sorted()
        if found.isEmpty {
            if wanted != "Hostname" { found = internalAddresses.sorted() }
            if wanted != "IPAddress" {
                for host in assigned.sorted().compactMap(Self.host) where !pending.contains(host) {
                    if !found.contains(host) { found.append(host) }
                }
            }
        }
        return found.map { (IPAddress.isValid($0) ? "IPAddress" : "Hostname", $0) }
    }

    private static func host(_ hostAndPort: String) -> String? {
        hostAndPort.lastIndex(of: ":").map { String(hostAndPort[..<$0]) }
    }

    /// The condition `Programmed` of a Gateway or ListenerSet that is accepted.
    var programmed: StatusCondition {
        guard hasServices else {
            return StatusCondition(
                "Programmed", false, "UnsupportedAddress", "Failed to assign to any requested addresses")
        }
        let list = Self.joined(assigned.sorted())
        if problems.isEmpty {
            let detail = assigned.isEmpty ? "" : ", assigned to service(s) \(list)"
            return StatusCondition("Programmed", true, "Programmed", "Resource programmed\(detail)")
        }
        let reasons = problems.joined(separator: "; ")
        let message =
            assigned.isEmpty
            ? "Failed to assign to any requested addresses: \(reasons)"
            : "Assigned to service(s) \(list), but failed to assign to all requested addresses: \(reasons)"
        return StatusCondition("Programmed", false, isUsable ? "AddressNotAssigned" : "AddressNotUsable", message)
    }

    private static func joined(_ words: [String]) -> String {
        switch words.count {
        case 0, 1: words.first ?? ""
        case 2: "\(words[0]) and \(words[1])"
        default: words.dropLast().joined(separator: ", ") + ", and " + words[words.count - 1]
        }
    }
}
