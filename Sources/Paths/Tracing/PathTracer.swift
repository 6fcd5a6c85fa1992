import Documents
package import EnvoyModel
package import MeshModel
package import TrafficEngine

/// Follows requests through every hop that manifests tell of: load balancers, ingress controllers, kube-proxy, gateways,
/// sidecars, endpoints, and on into the next cluster.
package final class PathTracer {
    /// What the application behind an endpoint answers to a request; `nil`: what the request itself says.
    package typealias Application = (SyntheticRequest, PathEndpoint) -> TraceResponse?

    let context: FrontContext
    let fronts: FrontTable
    let resolver: DestinationResolver
    private let peerAuthentications: [String: PeerAuthenticationIndex]
    /// The compiled configuration of a proxy. For `inbound` it may be the part that takes what comes in, alone.
    package typealias Configuration = (ProxyNode, ConnectionAttempt.Mode) -> CompiledSnapshot

    let configuration: Configuration

    var mesh: MeshSnapshot { context.mesh }
    var book: AddressBook { context.book }
    var manifests: ManifestIndex { context.manifests }

    package init(
        _ mesh: MeshSnapshot, proxies: [ProxyNode], configuration: @escaping Configuration
    ) {
        let book = AddressBook(mesh, proxies: proxies)
        context = FrontContext(mesh: mesh, book: book, manifests: ManifestIndex(mesh))
        fronts = FrontTable(context)
        resolver = DestinationResolver(mesh, proxies: proxies, book: book)
        let parts = mesh.clusters.isEmpty ? [("", mesh)] : mesh.clusters
        peerAuthentications = Dictionary(
            parts.map { name, part in
                (
                    name,
                    PeerAuthenticationIndex(part.peerAuthentications, rootNamespace: part.meshConfig.rootNamespace)
                )
            }
        ) { first, _ in first }
        self.configuration = configuration
    }

    /// Whether a gateway expects a PROXY header: MeshConfig, or the annotation of its Pod.
    func readsProxyHeader(_ gateway: ProxyNode) -> Bool {
        let own = mesh.clusters.first { $0.name == gateway.cluster }?.snapshot.meshConfig ?? mesh.meshConfig
        return (gateway.proxyConfig ?? own.defaultConfig).topology.proxyProtocol
    }

    /// What a workload accepts.
    func policy(of proxy: ProxyNode) -> PeerAuthenticationIndex.WorkloadPolicy {
        let index = peerAuthentications[proxy.cluster] ?? peerAuthentications[""]
        return (index ?? PeerAuthenticationIndex([], rootNamespace: "")).policy(
            namespace: proxy.namespace, labels: proxy.labels)
    }

    /// The way of a request that arrives at a proxy, as a synthetic request says (its mode, address and port).
    package func trace(
        _ request: SyntheticRequest, at proxy: ProxyNode, application: Application? = nil
    ) -> RequestPath {
        let walk = PathWalk(self, application)
        var client = PathHop(.client, request.sourceIP)
        client.arrives = request
        walk.path.append(client)
        let ending = walk.enter(proxy, request)
        return walk.finish(ending, client: request)
    }
}

/// The endpoint that a request ends at.
package struct PathEndpoint: Sendable {
    /// `ip:port`.
    package var address: String
    package var workload: WorkloadReference?

    package init(address: String, workload: WorkloadReference? = nil) {
        self.address = address
        self.workload = workload
    }
}
