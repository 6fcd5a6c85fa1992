import Documents
import EnvoyModel
import MeshModel

/// The clusters of the workload beside a sidecar (istiod: `buildInboundClusters`).
struct InboundClusters {
    let context: ProxyContext

    init(_ context: ProxyContext) { self.context = context }

    func build() -> [Cluster] {
        guard context.proxy.interception != .none || context.scope.sidecar?.ingress.isEmpty == false else { return [] }
        return InboundPort.ports(of: context).map(cluster) + [passthrough]
    }

    private var bindAddress: SocketAddress { SocketAddress(context.proxy.isIPv6Only ? "::6" : "127.0.0.6", 0) }

    private var passthrough: Cluster {
        var cluster = Cluster(name: ClusterName.inboundPassthrough, type: .originalDst)
        cluster.lbPolicy = .clusterProvided
        cluster.bindSourceAddress = bindAddress
        cluster.upstreamProtocol = .useDownstream
        cluster.apply(
            context.scope.sidecar?.inboundConnectionPool ?? context.meshConfig.defaultTrafficPolicy?.connectionPool,
            retryBudget: nil, mesh: context.meshConfig)
        return cluster
    }

    private func cluster(_ port: InboundPort) -> Cluster {
        var cluster = Cluster(name: port.clusterName, type: .originalDst)
        cluster.lbPolicy = .clusterProvided
        cluster.bindSourceAddress = bindAddress
        if let address = endpoint(port) {
            cluster.type = .static
            cluster.lbPolicy = .roundRobin(nil)
            cluster.loadAssignment = ClusterLoadAssignment(
                clusterName: port.clusterName,
                localities: [LocalityLbEndpoints(locality: nil, endpoints: [LbEndpoint(address: address)])])
            if isLocal(address) { cluster.bindSourceAddress = nil }
        }
        if port.proto.isHTTP2 {
            cluster.upstreamProtocol = .http2
        } else if port.proto == .auto {
            cluster.upstreamProtocol = .useDownstream
        }
        let rule = port.targets.first.flatMap { context.scope.inboundDestinationRule(for: $0.service) }
        let policy = ResolvedTrafficPolicy(
            rule?.rule, subset: nil, port: port.servicePort, meshConfig: context.meshConfig)
        let pool =
            port.ingress?.connectionPool ?? context.scope.sidecar?.inboundConnectionPool ?? policy.connectionPool
        cluster.apply(pool, retryBudget: nil, mesh: context.meshConfig)
        cluster.metadata = metadata(port)
        cluster.sources = port.sources
        return cluster
    }

    private func isLocal(_ address: Address) -> Bool {
        guard case .socket(let socket) = address else { return true }
        return IPAddress(socket.address)?.isLoopback ?? false
    }

    /// Where the application listens; `nil`: where the client meant to go.
    private func endpoint(_ port: InboundPort) -> Address? {
        guard let ingress = port.ingress else {
            guard context.meshConfig.inboundTrafficPolicy == .localhost else { return nil }
            let local = context.proxy.isIPv6Only ? "::1" : "127.0.0.1"
            return .socket(SocketAddress(local, UInt16(clamping: port.targetPort)))
        }
        let text = ingress.defaultEndpoint
        if text.isEmpty { return nil }
        if text.hasPrefix("unix://") { return .pipe(String(text.dropFirst("unix://".count))) }
        guard let colon = text.lastIndex(of: ":"), let number = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        switch text[..<colon] {
        case "127.0.0.1": return .socket(SocketAddress("127.0.0.1", number))
        case "[::1]": return .socket(SocketAddress("::1", number))
        case "0.0.0.0":
            let own = context.proxy.ipAddresses.first { IPAddress($0)?.isIPv6 == false } ?? "127.0.0.1"
            return .socket(SocketAddress(own, number))
        case "[::]":
            let own = context.proxy.ipAddresses.first { IPAddress($0)?.isIPv6 == true } ?? "::1"
            return .socket(SocketAddress(own, number))
        default: return nil
        }
    }

    private func metadata(_ port: InboundPort) -> Metadata {
        var seen = Set<String>()
        let services: [JSON] = port.targets.compactMap { target in
            guard target.port.number == port.targets.first?.port.number, seen.insert(target.service.hostname).inserted
            else { return nil }
            return [
                "host": .string(target.service.hostname), "name": .string(target.service.name),
                "namespace": .string(target.service.namespace),
            ]
        }
        guard !services.isEmpty else { return Metadata() }
        return Metadata(["istio": ["services": .array(services)]])
    }
}
