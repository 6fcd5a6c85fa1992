import Documents
import EnvoyModel
import MeshModel

extension TCPProxy {
    /// One destination or several by weight (istiod: `buildOutboundNetworkFilters`).
    init(
        routes: [VirtualService.RouteDestination], of object: VirtualService, context: RouteContext,
        sources: [SourceReference]
    ) {
        if routes.count == 1, let only = routes.first {
            let cluster = context.cluster(for: only.destination)
            self.init(statPrefix: cluster, cluster: cluster)
        } else {
            self.init(statPrefix: "\(object.meta.name).\(object.meta.namespace)", cluster: "")
            weightedClusters = routes.filter { $0.weight > 0 }.map {
                WeightedCluster(name: context.cluster(for: $0.destination), weight: UInt32(clamping: $0.weight))
            }
        }
        accessLog = IstioExtensions.accessLog(context.meshConfig)
        self.sources = sources
    }

    init(cluster: String, meshConfig: MeshConfig, sources: [SourceReference]) {
        self.init(statPrefix: cluster, cluster: cluster)
        accessLog = IstioExtensions.accessLog(meshConfig)
        self.sources = sources
    }
}

extension VirtualService {
    func reference(_ source: SourceReference?, at location: SourceLocation?) -> SourceReference {
        source ?? (location == nil ? sources.first : nil) ?? sourceReference(at: location)
    }
}
