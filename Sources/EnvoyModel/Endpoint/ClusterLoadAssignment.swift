package import Documents

/// `config.endpoint.v3.ClusterLoadAssignment`.
package struct ClusterLoadAssignment: Hashable, Sendable {
    package var clusterName: String
    package var localities: [LocalityLbEndpoints]
    /// Percent; `nil` is 140.
    package var overprovisioningFactor: UInt32?
    package var weightedPriorityHealth = false
    package var raw: RawMessage?

    package init(clusterName: String, localities: [LocalityLbEndpoints] = []) {
        self.clusterName = clusterName
        self.localities = localities
    }
}

/// `config.endpoint.v3.LocalityLbEndpoints`.
package struct LocalityLbEndpoints: Hashable, Sendable {
    /// `nil` where the message has none; prints as an empty locality does.
    package var locality: Locality?
    package var endpoints: [LbEndpoint]
    package var loadBalancingWeight: UInt32?
    package var priority: UInt32
    package var metadata = Metadata()

    package init(
        locality: Locality?, endpoints: [LbEndpoint], loadBalancingWeight: UInt32? = nil, priority: UInt32 = 0
    ) {
        self.locality = locality
        self.endpoints = endpoints
        self.loadBalancingWeight = loadBalancingWeight
        self.priority = priority
    }
}

/// `config.endpoint.v3.LbEndpoint`.
package struct LbEndpoint: Hashable, Sendable {
    package enum HealthStatus: String, Hashable, Sendable {
        case unknown = "UNKNOWN"
        case healthy = "HEALTHY"
        case unhealthy = "UNHEALTHY"
        case draining = "DRAINING"
        case timeout = "TIMEOUT"
        case degraded = "DEGRADED"
    }

    package var address: Address?
    package var additionalAddresses: [Address] = []
    package var hostname = ""
    package var healthStatus = HealthStatus.unknown
    /// At least 1; `nil` is 1.
    package var loadBalancingWeight: UInt32?
    package var metadata = Metadata()
    package var healthCheckConfig: JSON?
    /// The workload behind it, where the store knows one: for traces, rows and the echo workloads.
    package var workload: WorkloadReference?

    package init(address: Address?) { self.address = address }
}

/// The workload that answers at an endpoint.
package struct WorkloadReference: Hashable, Sendable {
    package var namespace: String
    /// The Deployment (or StatefulSet, …) above the Pod; empty if there is none.
    package var deployment: String
    package var pod: String
    /// The cluster it lives in, `Kubernetes` where there is only one.
    package var clusterName: String
    /// Made up by meshtop because no manifest holds a Pod.
    package var isStandIn: Bool

    package init(
        namespace: String, deployment: String, pod: String, clusterName: String = "Kubernetes", isStandIn: Bool = false
    ) {
        self.namespace = namespace
        self.deployment = deployment
        self.pod = pod
        self.clusterName = clusterName
        self.isStandIn = isStandIn
    }
}
