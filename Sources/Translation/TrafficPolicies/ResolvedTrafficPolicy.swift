import Documents
import MeshModel

/// What a DestinationRule and the mesh say about one cluster.
struct ResolvedTrafficPolicy {
    var connectionPool: ConnectionPoolSettings?
    var loadBalancer: LoadBalancerSettings?
    var outlierDetection: MeshModel.OutlierDetection?
    var tls: ClientTLSSettings?
    var proxyProtocol: TrafficPolicy.ProxyProtocol?
    var retryBudget: TrafficPolicy.RetryBudget?

    /// A rule's policy for a subset (empty: none) and a port of the service (istiod: `MergeSubsetTrafficPolicy`).
    init(_ rule: DestinationRule?, subset: DestinationRule.Subset?, port: Int, meshConfig: MeshConfig) {
        if let top = rule?.trafficPolicy { self = ResolvedTrafficPolicy(top, port: port) }
        if let policy = subset?.trafficPolicy {
            let own = ResolvedTrafficPolicy(policy, port: port)
            if rule?.trafficPolicy == nil {
                self = own
            } else if policy.portLevelSettings.contains(where: { $0.port == port }) {
                // Entries for a port inherit nothing: what they leave out is the default.
                connectionPool = own.connectionPool
                loadBalancer = own.loadBalancer
                outlierDetection = own.outlierDetection
                tls = own.tls
            } else {
                connectionPool = own.connectionPool ?? connectionPool
                loadBalancer = own.loadBalancer ?? loadBalancer
                outlierDetection = own.outlierDetection ?? outlierDetection
                tls = own.tls ?? tls
                proxyProtocol = own.proxyProtocol ?? proxyProtocol
                retryBudget = own.retryBudget ?? retryBudget
            }
        }
        if let defaults = meshConfig.defaultTrafficPolicy {
            connectionPool = connectionPool ?? defaults.connectionPool
            outlierDetection = outlierDetection ?? defaults.outlierDetection
        }
    }

    private init(_ policy: TrafficPolicy, port: Int) {
        if let atPort = policy.portLevelSettings.first(where: { $0.port == port }) {
            connectionPool = atPort.connectionPool
            loadBalancer = atPort.loadBalancer
            outlierDetection = atPort.outlierDetection
            tls = atPort.tls
        } else {
            connectionPool = policy.connectionPool
            loadBalancer = policy.loadBalancer
            outlierDetection = policy.outlierDetection
            tls = policy.tls
            proxyProtocol = policy.proxyProtocol
            retryBudget = policy.retryBudget
        }
    }
}
