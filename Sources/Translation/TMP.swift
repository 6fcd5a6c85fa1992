import Documents
import EnvoyModel
import MeshModel

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
