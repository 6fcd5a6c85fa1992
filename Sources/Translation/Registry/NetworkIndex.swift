import Documents
import MeshModel

/// Which network an endpoint is on, and how one gets to the networks of others (istiod: `NetworkManager`, the Kubernetes
/// registries' `networkManager`).
struct NetworkIndex: Hashable, Sendable {
    /// An address at which a network takes connections for its endpoints.
    struct Gateway: Hashable, Sendable, Comparable {
        let network: String
        /// Empty for gateways of MeshNetworks.
        let cluster: String
        let address: String
        let port: Int

        static func < (left: Self, right: Self) -> Bool {
            (left.address, left.port, left.network, left.cluster)
                < (right.address, right.port, right.network, right.cluster)
        }
    }

    static let label = "topology.istio.io/network"

    /// By cluster: the label of its Istio namespace, else the network whose registry it is.
    private var byCluster: [String: String] = [:]
    private var registries: [String: String] = [:]
    private var ranges: [NetworkRange] = []
    private var gatewaysByNetwork: [String: [Gateway]] = [:]
    private var gatewaysByCluster: [String: [String: [Gateway]]] = [:]
    /// What weights are multiplied with, so that they can be divided among gateways: the least common multiple of their numbers.
    private(set) var weightFactor: UInt32 = 1
    private(set) var diagnostics: [Diagnostic] = []

    private struct NetworkRange: Hashable, Sendable {
        let range: IPPrefix
        let network: String
    }

    init(_ snapshot: MeshSnapshot) {
        for namespace in snapshot.namespaces where namespace.name == snapshot.meshConfig.rootNamespace {
            if let network = namespace.meta.labels[Self.label], !network.isEmpty {
                byCluster[namespace.meta.cluster] = network
            }
        }
        for (name, network) in snapshot.meshNetworks.networks.sorted(by: { $0.key < $1.key }) {
            for registry in network.fromRegistries where registries[registry] == nil { registries[registry] = name }
            for text in network.fromCIDRs {
                if let range = IPPrefix(text) { ranges.append(NetworkRange(range: range, network: name)) }
            }
        }
        let gateways = NetworkGateways(snapshot, registries: registries)
        diagnostics = gateways.diagnostics
        take(gateways.all)
    }

    private mutating func take(_ gateways: Set<Gateway>) {
        for gateway in gateways.sorted() {
            gatewaysByNetwork[gateway.network, default: []].append(gateway)
            gatewaysByCluster[gateway.network, default: [:]][gateway.cluster, default: []].append(gateway)
        }
        let counts = gatewaysByNetwork.values.map(\.count) + gatewaysByCluster.values.flatMap { $0.values.map(\.count) }
        weightFactor = counts.reduce(1) { Self.leastCommonMultiple($0, UInt32(clamping: $1)) }
    }

    private static func leastCommonMultiple(_ left: UInt32, _ right: UInt32) -> UInt32 {
        guard right > 0 else { return left }
        var (a, b) = (left, right)
        while b > 0 { (a, b) = (b, a % b) }
        let (product, isTooLarge) = (left / a).multipliedReportingOverflow(by: right)
        return isTooLarge ? left : product
    }

    /// Whether there are gateways at all: without one, every endpoint is reached directly.
    var hasGateways: Bool { !gatewaysByNetwork.isEmpty }

    /// The network of an endpoint or a proxy, by its label, its cluster's Istio namespace, MeshNetworks.
    func network(labels: [String: String], cluster: String, address: String) -> String {
        if let own = labels[Self.label], !own.isEmpty { return own }
        if let network = byCluster[cluster] ?? registries[cluster] { return network }
        guard !ranges.isEmpty, let ip = IPAddress(address) else { return "" }
        return ranges.first { $0.range.contains(ip) }?.network ?? ""
    }

    /// Those of the endpoint's own cluster where it has some, else all of the network.
    func gateways(network: String, cluster: String) -> [Gateway] {
        guard !network.isEmpty else { return [] }
        return gatewaysByCluster[network]?[cluster] ?? gatewaysByNetwork[network] ?? []
    }
}
