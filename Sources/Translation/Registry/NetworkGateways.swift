import Documents
import MeshModel

/// Finds the gateways of networks: Services with a network's label or named by MeshNetworks, and Gateway API Gateways with
/// the label (istiod: `networkManager`).
struct NetworkGateways {
    typealias Gateway = NetworkIndex.Gateway

    private static let portLabel = "networking.istio.io/gatewayPort"
    private static let standardPort = 15443

    private let snapshot: MeshSnapshot
    private(set) var all: Set<Gateway> = []
    private(set) var diagnostics: [Diagnostic] = []
    /// What MeshNetworks say of Services, by their host.
    private var named: [String: [(network: String, port: Int)]] = [:]
    private let registries: [String: String]
    /// Names that somebody was told of.
    private var told: Set<String> = []

    init(_ snapshot: MeshSnapshot, registries: [String: String]) {
        self.snapshot = snapshot
        self.registries = registries
        for (name, network) in snapshot.meshNetworks.networks.sorted(by: { $0.key < $1.key }) {
            for gateway in network.gateways {
                if gateway.address.isEmpty {
                    named[gateway.registryServiceName, default: []].append((name, gateway.port))
                } else {
                    insert(gateway.address, gateway.port, network: name, cluster: "", at: nil)
                }
            }
        }
        for place in snapshot.services.indices {
            // By place: a Service is large, and few are gateways.
            if named.isEmpty, snapshot.services[place].meta.labels[NetworkIndex.label] == nil { continue }
            add(snapshot.services[place])
        }
        for gateway in snapshot.kubernetesGateways { add(gateway) }
    }

    /// istiod asks the DNS for names; meshtop does not, and lets an address stand for the answer.
    private mutating func insert(
        _ host: String, _ port: Int, network: String, cluster: String, at place: SourceLocation?
    ) {
        var address = host
        if !IPAddress.isValid(host) {
            guard Self.isName(host) else { return }
            address = standInAddress(ofName: host)
            if told.insert(host).inserted {
                diagnostics.append(
                    Diagnostic(
                        .info,
                        "the gateway of network \"\(network)\" is \"\(host)\": \(address) stands for the address that istiod "
                            + "gets from the DNS", at: place))
            }
        }
        all.insert(Gateway(network: network, cluster: cluster, address: address, port: port))
    }

    private static func isName(_ text: String) -> Bool {
        text.contains(".") && text.utf8.allSatisfy { $0.isHostByte } && text.utf8.contains { $0.isLetter }
    }

    private mutating func add(_ service: MeshModel.Service) {
        var places: [(network: String, port: Int)] = []
        if let network = service.meta.labels[NetworkIndex.label], !network.isEmpty {
            places = [(network, service.meta.labels[Self.portLabel].flatMap { Int($0) } ?? Self.standardPort)]
        } else if !named.isEmpty {
            let host = Service.kubernetesHostname(
                name: service.name, namespace: service.namespace, domain: snapshot.options.domain)
            // A network's gateway is meant in the clusters of that network.
            places = (named[host] ?? []).filter { place in
                !registries.values.contains(place.network) || registries[service.meta.cluster] == place.network
            }
        }
        if places.isEmpty { return }
        let nodes = nodeAddresses(of: service)
        let addresses = nodes ?? Self.balancedAddresses(of: service) + service.externalIPs
        for place in places {
            // Nodes take connections on the node port.
            let port = nodes == nil ? nil : service.ports.first { $0.port == place.port }?.nodePort
            for address in addresses {
                insert(
                    address, port ?? place.port, network: place.network, cluster: service.meta.cluster,
                    at: service.meta.location)
            }
        }
    }

    private static func balancedAddresses(of service: MeshModel.Service) -> [String] {
        guard service.type == .loadBalancer else { return [] }
        return service.loadBalancerIngress.compactMap { entry in
            entry.ip.flatMap { $0.isEmpty ? nil : $0 } ?? entry.hostname
        }
    }

    /// The external addresses of the nodes that a NodePort Service names by its annotation; `nil` for other Services.
    private func nodeAddresses(of service: MeshModel.Service) -> [String]? {
        guard service.type == .nodePort,
            let text = service.meta.annotations["traffic.istio.io/nodeSelector"],
            let selector = DocumentReader.read(text, file: "").documents.first?.root
        else { return nil }
        let wanted = selector.entries.map { ($0.key, $0.value.string ?? "") }
        return snapshot.nodes.filter { node in
            node.meta.cluster == service.meta.cluster && wanted.allSatisfy { node.meta.labels[$0.0] == $0.1 }
        }.compactMap { node in
            node.addresses.first { $0.type == "ExternalIP" && !$0.address.isEmpty }?.address
        }
    }

    /// Every address of a type with every listener that leads from network to network. A Gateway of class `istio-remote` is
    /// a gateway elsewhere that is written down here.
    private mutating func add(_ gateway: KubernetesGateway) {
        guard let network = gateway.meta.labels[NetworkIndex.label], !network.isEmpty,
            snapshot.gatewayClassInfo(gateway.gatewayClassName) != nil
        else { return }
        let ports = gateway.listeners.filter { gateway.isAutoPassthrough($0) }.compactMap(\.effectivePort)
        for address in gateway.addresses where address.type == "IPAddress" || address.type == "Hostname" {
            for port in ports {
                insert(
                    address.value, port, network: network, cluster: gateway.meta.cluster,
                    at: address.location ?? gateway.meta.location)
            }
        }
    }
}

extension KubernetesGateway {
    /// Whether a listener passes TLS on by its server name alone, from one network to another (18.2.4).
    func isAutoPassthrough(_ listener: GatewayListener) -> Bool {
        guard listener.protocol == "TLS", listener.tls?.mode == .passthrough, let port = listener.effectivePort else {
            return false
        }
        return listener.tls?.options["gateway.istio.io/listener-protocol"] == "auto-passthrough"
            || isNetworkGateway(port: port)
    }

    /// Whether listeners on the port lead from one network to another (east-west).
    func isNetworkGateway(port: Int) -> Bool {
        guard meta.labels[NetworkIndex.label] != nil else { return false }
        return port == meta.labels["networking.istio.io/gatewayPort"].flatMap { Int($0) } ?? 15443
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }
    fileprivate var isHostByte: Bool { isLetter || (0x30...0x39).contains(self) || self == 0x2D || self == 0x2E }
}
