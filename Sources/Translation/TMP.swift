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
struct GatewayTranslation {
    let context: ProxyContext
    init(_ context: ProxyContext) { self.context = context }
    func build(into: inout XDSSnapshot) {}
    func routeConfiguration(named name: String) -> RouteConfiguration? { nil }
}
struct SidecarTranslation {
    let context: ProxyContext
    init(_ context: ProxyContext) { self.context = context }
    func build(into: inout XDSSnapshot) {}
    func routeConfiguration(named name: String) -> RouteConfiguration? { nil }
}
struct ClusterTranslation {
    let context: ProxyContext
    init(_ context: ProxyContext) { self.context = context }
    func build() -> (clusters: [Cluster], assignments: [ClusterLoadAssignment]) { ([], []) }
}
struct BootstrapResources {
    let proxy: ProxyNode
    init(_ proxy: ProxyNode) { self.proxy = proxy }
    var snapshot: XDSSnapshot { XDSSnapshot() }
}
