import Documents
import EnvoyModel
import MeshModel

struct EgressScope {}
struct SidecarSelection {
    let sidecar: Sidecar? = nil
    let egress: [EgressScope] = []
    let services: [Service]
    init(index: TranslationIndex, proxy: ProxyNode) { services = index.registry.visible(to: proxy.namespace) }
}
struct SidecarTranslation {
    let context: ProxyContext
    init(_ context: ProxyContext) { self.context = context }
    func build(into: inout XDSSnapshot) {}
    func routeConfiguration(named name: String) -> RouteConfiguration? { nil }
}
struct InboundClusters {
    init(_ context: ProxyContext) {}
    func build() -> [Cluster] { [] }
}
