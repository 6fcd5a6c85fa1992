package import EnvoyModel

/// One line of `proxy-config endpoints`: a host of a cluster as the running proxy sees it.
package struct EndpointRow: Hashable, Sendable {
    /// Without the port; `unix://…` and `envoy://…` for what is no socket.
    package var address: String
    package var port: UInt16
    /// What EDS said, not what health checks found.
    package var status: String
    package var failedOutlierCheck: Bool
    package var cluster: String
    package var locality: String
    package var priority: UInt32
    package var weight: UInt32
    package var workload: WorkloadReference?

    package init(
        address: String, port: UInt16, status: String, failedOutlierCheck: Bool, cluster: String,
        locality: String = "", priority: UInt32 = 0, weight: UInt32 = 1, workload: WorkloadReference? = nil
    ) {
        self.address = address
        self.port = port
        self.status = status
        self.failedOutlierCheck = failedOutlierCheck
        self.cluster = cluster
        self.locality = locality
        self.priority = priority
        self.weight = weight
        self.workload = workload
    }

    /// With `:port` unless that is 0.
    package var endpoint: String { port == 0 ? address : "\(address):\(port)" }

    /// `ENDPOINT STATUS OUTLIER CHECK CLUSTER`.
    package static let table = Table<EndpointRow>(
        padding: 5,
        [
            Column("ENDPOINT") { $0.endpoint }, Column("STATUS") { $0.status },
            Column("OUTLIER CHECK") { $0.failedOutlierCheck ? "FAILED" : "OK" }, Column("CLUSTER") { $0.cluster },
        ])

    /// Address as text, port as number, cluster.
    package static func sorted(_ rows: [EndpointRow]) -> [EndpointRow] {
        rows.stablySorted { left, right in
            if left.address != right.address { return left.address.precedesBytewise(right.address) }
            if left.port != right.port { return left.port < right.port }
            return left.cluster.precedesBytewise(right.cluster)
        }
    }

    /// The hosts that a proxy with this configuration has, all that EDS and the clusters themselves list.
    package static func rows(of snapshot: XDSSnapshot, where query: EndpointQuery = EndpointQuery()) -> [EndpointRow] {
        let assignments = Dictionary(snapshot.endpoints.map { ($0.clusterName, $0) }) { first, _ in first }
        return sorted(
            snapshot.clusters.flatMap { cluster -> [EndpointRow] in
                let isEDS = cluster.type == .eds
                guard let assignment = isEDS ? assignments[cluster.endpointsName] : cluster.loadAssignment else {
                    return []
                }
                return assignment.localities.flatMap { locality in
                    locality.endpoints.map { EndpointRow($0, in: locality, of: cluster.name) }
                }.filter(query.matches)
            })
    }

    private init(_ endpoint: LbEndpoint, in locality: LocalityLbEndpoints, of cluster: String) {
        address = endpoint.address?.endpointText ?? "unknown"
        port = endpoint.address?.port ?? 0
        status = endpoint.healthStatus.liveName
        failedOutlierCheck = false
        self.cluster = cluster
        self.locality = locality.locality?.text ?? ""
        priority = locality.priority
        weight = endpoint.loadBalancingWeight ?? 1
        workload = endpoint.workload
    }
}

extension LbEndpoint.HealthStatus {
    /// What Envoy's `/clusters` makes of it: a host that nobody calls unhealthy is healthy.
    var liveName: String { self == .unknown ? Self.healthy.rawValue : rawValue }
}

/// The filters of `proxy-config endpoints` and `eds`; empty and 0 do not restrict.
package struct EndpointQuery: Hashable, Sendable {
    package var address = ""
    package var port = 0
    package var cluster = ""
    package var status = ""

    package init(address: String = "", port: Int = 0, cluster: String = "", status: String = "") {
        self.address = address
        self.port = port
        self.cluster = cluster
        self.status = status
    }

    package func matches(_ row: EndpointRow) -> Bool {
        matches(address: row.address, port: row.port, cluster: row.cluster, status: row.status)
    }

    func matches(address: String, port: UInt16, cluster: String, status: String) -> Bool {
        (self.address.isEmpty || self.address.equalsIgnoringCase(address))
            && (self.port == 0 || self.port == Int(port))
            && (self.cluster.isEmpty || self.cluster.equalsIgnoringCase(cluster))
            && (self.status.isEmpty || self.status.equalsIgnoringCase(status))
    }
}
