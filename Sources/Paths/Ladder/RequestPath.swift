package import TrafficEngine

/// The whole way of a request: client, load balancers, gateways, sidecars, endpoint; of several clusters where it leads
/// through several.
package struct RequestPath: Sendable {
    /// How the mesh is entered.
    package enum Mode: String, Hashable, Sendable {
        /// Straight to an Istio gateway, or to a load balancer of its Service.
        case gateway
        /// A third-party ingress sends to the workloads itself.
        case standalone
        /// A third-party ingress sends to an Istio gateway.
        case chained
        /// From a Pod inside the cluster.
        case mesh
        /// To a workload without any ingress in between.
        case direct
    }

    package var mode = Mode.gateway
    /// From the client to where the request ends.
    package var hops: [PathHop] = []
    /// The proxies' part of it: the contract's trace.
    package var trace: TrafficTrace
    /// What the first proxy of the mesh made of it, with the request as it arrived there: something else than `trace` where a load
    /// balancer stands in front.
    package var firstTrace: TrafficTrace?
    /// The hop that wrote the answer; `nil` where the connection broke before one was written.
    package var answeredBy: Int?
    /// Health checks of the load balancers on the way.
    package var health: [HealthReport] = []

    package init(trace: TrafficTrace) { self.trace = trace }

    /// Everything that is not as it should be, in the order of the hops.
    package var problems: [PathFact] {
        hops.flatMap(\.facts).filter { $0.verdict == .bad || $0.verdict == .warning }
    }
}
