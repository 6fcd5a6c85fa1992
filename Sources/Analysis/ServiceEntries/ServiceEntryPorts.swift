import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `serviceentry.Analyzer`: ports without a host in their protocol need addresses.
    static let serviceEntryAddresses = Analyzer(name: "serviceentry.Analyzer", codes: ["IST0134"]) { context in
        let metadata = context.snapshot.meshConfig.defaultConfig.proxyMetadata
        if metadata["ISTIO_META_DNS_CAPTURE"] == "true", metadata["ISTIO_META_DNS_AUTO_ALLOCATE"] == "true" {
            return []
        }
        return context.snapshot.serviceEntries.flatMap { entry -> [Finding] in
            guard entry.addresses.isEmpty, entry.allocatedAddresses.isEmpty else { return [] }
            return entry.ports.filter { ["", "TCP"].contains($0.protocol.uppercased()) }.map { port in
                Finding(
                    .warning, "IST0134", about: entry, analyzer: "serviceentry.Analyzer", at: port.location,
                    hint: "without addresses the port takes the traffic of every address on port \(port.number)",
                    "ServiceEntry addresses are required for this protocol.")
            }
        }
    }

    /// istioctl's `serviceentry.ConflictingServiceEntryProtocolAnalyzer`: a host's port has one protocol.
    static let serviceEntryProtocols = Analyzer(
        name: "serviceentry.ConflictingServiceEntryProtocolAnalyzer", codes: ["IST0177"]
    ) { context in
        struct Place: Hashable {
            let host: String
            let port: Int
        }
        var claims: [Place: [(entry: NamespacedName, protocol: String)]] = [:]
        for entry in context.snapshot.serviceEntries {
            for host in entry.hosts {
                for port in entry.ports {
                    claims[Place(host: host, port: port.number), default: []]
                        .append((entry.namespacedName, port.protocol.uppercased()))
                }
            }
        }
        let contested = claims.filter {
            Set($0.value.map(\.protocol)).count > 1 && Set($0.value.map(\.entry)).count > 1
        }
        guard !contested.isEmpty else { return [] }
        return context.snapshot.serviceEntries.flatMap { entry in
            entry.hosts.flatMap { host in
                entry.ports.compactMap { port in
                    guard let others = contested[Place(host: host, port: port.number)] else { return nil }
                    let names = Set(others.map(\.entry)).sorted().map(\.description).joined(separator: ", ")
                    return Finding(
                        .warning, "IST0177", about: entry,
                        analyzer: "serviceentry.ConflictingServiceEntryProtocolAnalyzer", at: port.location,
                        "ServiceEntries \(names) give host \(host) different protocols on port \(port.number).")
                }
            }
        }
    }
}
