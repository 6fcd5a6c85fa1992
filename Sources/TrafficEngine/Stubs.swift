import Documents
import EnvoyModel

struct SnapshotCompiler {
    let snapshot: XDSSnapshot
    var clusterIndex: [String: Int] = [:]
    var diagnostics: [Diagnostic] = []
    var node: NodeInfo { snapshot.node }
    init(_ snapshot: XDSSnapshot) { self.snapshot = snapshot }
    mutating func cluster(_ value: Cluster, index: Int) -> CompiledCluster {
        CompiledCluster(value, index: index, hosts: [], balancing: ClusterBalancing())
    }
    mutating func listener(_ value: Listener) -> CompiledListener {
        CompiledListener(value, chains: [], defaultChain: nil)
    }
    mutating func fault(_ value: FaultFilter) -> CompiledFault { CompiledFault() }
}
struct CompiledMutations: Sendable {}
struct CompiledFault: Sendable {}
struct CompiledCORS: Sendable {}
struct CompiledRouteMatch: Sendable {}
struct CompiledRouteAction: Sendable {}
struct VirtualHostIndex: Sendable { init(_ hosts: [CompiledVirtualHost]) {} }
struct ClusterBalancing: Sendable {}
struct SharedTables: Sendable {}
struct IPRange: Sendable { init?(_ range: CIDRRange) { nil } }
