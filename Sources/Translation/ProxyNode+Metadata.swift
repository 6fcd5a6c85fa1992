import Documents
import EnvoyModel
import MeshModel

extension ProxyNode {
    enum Interception: Hashable, Sendable {
        case redirect
        case tproxy
        case none
    }

    /// What `sourceNamespace` is compared with and where the workload lives.
    var metadataNamespace: String { text("NAMESPACE") ?? namespace }
    var clusterID: String { text("CLUSTER_ID") ?? "" }
    var effectiveNodeName: String { nodeName ?? text("NODE_NAME") ?? "" }
    var isUnprivileged: Bool { flag("UNPRIVILEGED_POD") }
    var capturesDNS: Bool { flag("DNS_CAPTURE") }
    var autoAllocatesDNS: Bool { flag("DNS_AUTO_ALLOCATE") }

    var interception: Interception {
        switch text("INTERCEPTION_MODE") {
        case "NONE": .none
        case "TPROXY": .tproxy
        default: .redirect
        }
    }

    var isIPv6Only: Bool {
        let addresses = ipAddresses.compactMap { IPAddress($0) }
        return !addresses.isEmpty && addresses.allSatisfy(\.isIPv6)
    }

    var supportsIPv4: Bool { ipAddresses.isEmpty || ipAddresses.contains { IPAddress($0)?.isIPv6 == false } }
    var supportsIPv6: Bool { ipAddresses.contains { IPAddress($0)?.isIPv6 == true } }

    var effectiveLocality: Locality {
        locality.isEmpty ? Locality(labels: labels) ?? Locality(nodeLabels: labels) : Locality(path: locality)
    }

    /// Ports that Envoy itself listens on.
    var reservedPorts: Set<Int> {
        Set(["ENVOY_STATUS_PORT", "ENVOY_PROMETHEUS_PORT"].compactMap { number($0) })
    }

    func text(_ key: String) -> String? {
        switch metadata[key] {
        case .string(let text): text.isEmpty ? nil : text
        case .int(let value): String(value)
        case .number(let text): text
        case .bool(let value): value ? "true" : "false"
        default: nil
        }
    }

    func number(_ key: String) -> Int? { text(key).flatMap { Int($0) } }
    func flag(_ key: String) -> Bool { ["1", "t", "T", "true", "TRUE", "True"].contains(text(key) ?? "") }
}
