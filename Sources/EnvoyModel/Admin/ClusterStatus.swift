package import Documents

/// One cluster with its hosts, as `/clusters` has it.
package struct ClusterStatus: Sendable {
    package let cluster: Cluster
    private let assignment: ClusterLoadAssignment?
    private let stats: [String: HostStats]
    /// Whether a control plane sent it.
    package var isAddedViaAPI = true

    /// `stats` are those of the cluster's endpoints, by `ip:port`.
    package init(cluster: Cluster, assignment: ClusterLoadAssignment?, stats: [String: HostStats] = [:]) {
        self.cluster = cluster
        self.assignment = assignment
        self.stats = stats
    }

    /// The status of every cluster of a configuration.
    package static func all(of snapshot: XDSSnapshot, hosts: [String: [String: HostStats]] = [:]) -> [ClusterStatus] {
        let assignments = Dictionary(snapshot.endpoints.map { ($0.clusterName, $0) }) { first, _ in first }
        let dynamicCount = snapshot.clusters.count - snapshot.staticClusterCount
        return snapshot.clusters.enumerated().map { index, cluster in
            let assignment = cluster.type == .eds ? assignments[cluster.endpointsName] : cluster.loadAssignment
            var status = ClusterStatus(cluster: cluster, assignment: assignment, stats: hosts[cluster.name] ?? [:])
            status.isAddedViaAPI = snapshot.bootstrap == nil && index < dynamicCount
            return status
        }
    }

    /// The name under which statistics are kept.
    private var observabilityName: String { cluster.altStatName.isEmpty ? cluster.name : cluster.altStatName }

    private var hosts: [(endpoint: LbEndpoint, locality: LocalityLbEndpoints, stats: HostStats)] {
        (assignment?.localities ?? []).flatMap { locality in
            locality.endpoints.map { endpoint in
                (endpoint, locality, stats[endpoint.address?.adminText ?? ""] ?? HostStats())
            }
        }
    }

    private var thresholds: [(prefix: String, values: [(String, UInt32)])] {
        [("default", cluster.circuitBreakers.default), ("high", cluster.circuitBreakers.high)].map { prefix, limits in
            (
                prefix,
                [
                    ("max_connections", limits?.maxConnections ?? 1024),
                    ("max_pending_requests", limits?.maxPendingRequests ?? 1024),
                    ("max_requests", limits?.maxRequests ?? 1024), ("max_retries", limits?.maxRetries ?? 3),
                ]
            )
        }
    }

    /// `admin.v3.ClusterStatus`.
    package var json: JSON {
        var status = JSONObject()
        status.add("name", .string(cluster.name))
        if isAddedViaAPI { status.add("added_via_api", true) }
        let hosts = hosts.map { Self.json(of: $0.endpoint, in: $0.locality, $0.stats) }
        if !hosts.isEmpty { status.add("host_statuses", .array(hosts)) }
        let limits = thresholds.map { prefix, values -> JSON in
            var limit = JSONObject()
            if prefix == "high" { limit.add("priority", "HIGH") }
            for (name, value) in values where value != 0 { limit.add(name, .int(Int64(value))) }
            return .object(limit)
        }
        status.add("circuit_breakers", ["thresholds": .array(limits)])
        status.add("observability_name", .string(observabilityName))
        if !cluster.edsServiceName.isEmpty { status.add("eds_service_name", .string(cluster.edsServiceName)) }
        return .object(status)
    }

    private static func json(of endpoint: LbEndpoint, in locality: LocalityLbEndpoints, _ stats: HostStats) -> JSON {
        var host = JSONObject()
        host.add("address", endpoint.address?.json)
        host.add("stats", .array(stats.values.map { $0.json }))
        var health = JSONObject()
        health.add(
            "eds_health_status", .string(endpoint.healthStatus == .unknown ? "HEALTHY" : endpoint.healthStatus.rawValue)
        )
        if stats.failedActiveHealthCheck { health.add("failed_active_health_check", true) }
        if stats.isEjected { health.add("failed_outlier_check", true) }
        host.add("health_status", .object(health))
        host.add("weight", .int(Int64(endpoint.loadBalancingWeight ?? 1)))
        if !endpoint.hostname.isEmpty { host.add("hostname", .string(endpoint.hostname)) }
        if locality.priority > 0 { host.add("priority", .int(Int64(locality.priority))) }
        host.add("locality", (locality.locality ?? Locality()).json)
        return .object(host)
    }

    /// The lines of the text form.
    package var text: String {
        let name = cluster.name
        var lines = ["\(name)::observability_name::\(observabilityName)"]
        if cluster.outlierDetection != nil {
            for kind in ["success_rate", "local_origin_success_rate"] {
                lines.append("\(name)::outlier::\(kind)_average::-1")
                lines.append("\(name)::outlier::\(kind)_ejection_threshold::-1")
            }
        }
        for (prefix, values) in thresholds {
            lines += values.map { "\(name)::\(prefix)_priority::\($0.0)::\($0.1)" }
        }
        lines.append("\(name)::added_via_api::\(isAddedViaAPI)")
        if !cluster.edsServiceName.isEmpty { lines.append("\(name)::eds_service_name::\(cluster.edsServiceName)") }
        for (endpoint, locality, stats) in hosts {
            let prefix = "\(name)::\(endpoint.address?.adminText ?? "unknown")::"
            lines += stats.values.sorted { $0.name < $1.name }.map { "\(prefix)\($0.name)::\($0.value)" }
            let place = locality.locality ?? Locality()
            lines += [
                "hostname::\(endpoint.hostname)", "health_flags::\(Self.healthFlags(endpoint, stats))",
                "weight::\(endpoint.loadBalancingWeight ?? 1)", "region::\(place.region)", "zone::\(place.zone)",
                "sub_zone::\(place.subZone)", "canary::false", "priority::\(locality.priority)", "success_rate::-1",
                "local_origin_success_rate::-1",
            ].map { prefix + $0 }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func healthFlags(_ endpoint: LbEndpoint, _ stats: HostStats) -> String {
        var flags = ""
        if stats.failedActiveHealthCheck { flags += "/failed_active_hc" }
        if stats.isEjected { flags += "/failed_outlier_check" }
        switch endpoint.healthStatus {
        case .unhealthy, .timeout: flags += "/failed_eds_health"
        case .degraded: flags += "/degraded_eds_health"
        case .draining: flags += "/eds_status_draining"
        case .unknown, .healthy: break
        }
        return flags.isEmpty ? "healthy" : flags
    }
}
