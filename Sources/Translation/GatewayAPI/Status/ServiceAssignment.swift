import Documents
import MeshModel

/// Which services and ports serve the listeners of a Gateway, and which of those asked for do not exist.
struct ServiceAssignment {
    private(set) var assigned: [String] = []
    private(set) var problems: [String] = []
    private(set) var addresses: [(type: String, value: String)] = []

    init(services: [String], ports: [Int], context: ConversionContext) {
        var found: [String] = []
        for host in services {
            guard let known = KnownService(host, context: context) else {
                problems.append("hostname \"\(host)\" not found")
                continue
            }
            var isUsed = false
            for port in Set(ports).sorted() {
                if known.ports.contains(port) {
                    assigned.append("\(host):\(port)")
                    isUsed = true
                    continue
                }
                let meant = known.targets.filter { $0.target == port }.map(\.port).sorted()
                let hint =
                    meant.isEmpty
                    ? ""
                    : " (hint: the service port should be specified, not the workload port. "
                        + "Did you mean one of these ports: [\(meant.map(String.init).joined(separator: " "))]?)"
                problems.append("port \(port) not found for hostname \"\(host)\"\(hint)")
            }
            if isUsed {
                found.append(host)
                addresses += known.externalAddresses.map {
                    ($0.contains(where: \.isLetter) && !$0.contains(":") ? "Hostname" : "IPAddress", $0)
                }
            }
        }
        assigned.sort()
        if addresses.isEmpty { addresses = found.sorted().map { ("Hostname", $0) } }
    }

    /// The condition `Programmed` of a Gateway or ListenerSet that is accepted.
    var programmed: StatusCondition {
        let list = Self.joined(assigned)
        if problems.isEmpty {
            return StatusCondition(
                "Programmed", true, "Programmed", "Resource programmed, assigned to service(s) \(list)")
        }
        let reasons = problems.joined(separator: "; ")
        let message =
            assigned.isEmpty
            ? "Failed to assign to any requested addresses: \(reasons)"
            : "Assigned to service(s) \(list), but failed to assign to all requested addresses: \(reasons)"
        return StatusCondition("Programmed", false, "AddressNotUsable", message)
    }

    private static func joined(_ words: [String]) -> String {
        switch words.count {
        case 0, 1: words.first ?? ""
        case 2: "\(words[0]) and \(words[1])"
        default: words.dropLast().joined(separator: ", ") + ", and " + words[words.count - 1]
        }
    }
}

/// A service by its host, from whichever registry.
private struct KnownService {
    var ports: [Int] = []
    var targets: [(port: Int, target: Int)] = []
    var externalAddresses: [String] = []

    init?(_ host: String, context: ConversionContext) {
        let snapshot = context.snapshot
        let described = snapshot.serviceDescriptions.first { $0.hostname == host }
        let parts = host.split(separator: ".", maxSplits: 2).map(String.init)
        let service =
            parts.count == 3 && parts[2] == "svc.\(context.domain)"
            ? snapshot.service(parts[0], namespace: parts[1]) : nil
        if let described {
            ports = described.ports.map(\.number)
            externalAddresses = described.externalAddresses
            for port in described.ports {
                for endpoint in described.endpoints {
                    if let target = endpoint.ports[port.name] { targets.append((port.number, target)) }
                }
            }
        }
        if let service {
            ports += service.ports.map(\.port)
            targets += service.ports.compactMap { port in port.targetPort?.number.map { (port.port, $0) } }
            externalAddresses += service.externalIPs + service.loadBalancerIngress.compactMap { $0.ip ?? $0.hostname }
            return
        }
        if described != nil { return }
        guard let entry = snapshot.serviceEntries.first(where: { $0.hosts.contains(host) }) else { return nil }
        ports = entry.ports.map(\.number)
    }
}
