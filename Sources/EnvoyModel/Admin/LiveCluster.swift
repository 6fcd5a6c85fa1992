package import Documents

/// A cluster with its hosts as a running Envoy reports it: an entry of `/clusters?format=json`.
package struct LiveCluster: Hashable, Sendable {
    /// A host, with what is true of it just now.
    package struct Host: Hashable, Sendable {
        package var address: Address?
        package var hostname: String
        package var stats: HostStats
        package var weight: UInt32
        package var priority: UInt32
        package var locality: Locality
        /// What the control plane, health checks and the outlier detector say together: what gets no requests is unhealthy.
        package var health: LbEndpoint.HealthStatus

        /// Whether it is the same host in the same state, whatever it counted since.
        package func isInSameState(as other: Host) -> Bool {
            address == other.address && hostname == other.hostname && weight == other.weight
                && priority == other.priority && locality == other.locality && health == other.health
                && stats.isEjected == other.stats.isEjected
                && stats.failedActiveHealthCheck == other.stats.failedActiveHealthCheck
        }
    }

    package var name: String
    package var hosts: [Host]

    /// The clusters of an answer, in its order. Fields in snake_case, as every Envoy writes them here.
    package static func all(in root: Node) -> [LiveCluster] {
        let entries = root["cluster_statuses"].map { Array($0.elements) } ?? []
        return entries.compactMap { entry in
            guard let name = entry["name"]?.string else { return nil }
            let hosts = entry["host_statuses"].map { $0.elements.map(Host.init) } ?? []
            return LiveCluster(name: name, hosts: hosts)
        }
    }

    package func isInSameState(as other: LiveCluster) -> Bool {
        name == other.name && hosts.count == other.hosts.count
            && zip(hosts, other.hosts).allSatisfy { $0.isInSameState(as: $1) }
    }

    /// The counters of the hosts by `ip:port`; of hosts with the same address the sum.
    package var statsByAddress: [String: HostStats] {
        hosts.reduce(into: [:]) { $0[$1.address?.adminText ?? "unknown", default: HostStats()] += $1.stats }
    }
}

extension LiveCluster.Host {
    init(_ node: Node) {
        var reader = MessageReader(node, type: "HostStatus", ReadingContext())
        address = reader.sub("address") { Address(&$0) } ?? nil
        hostname = reader.text("hostname")
        weight = max(1, reader.number("weight") ?? 1)
        priority = reader.number("priority") ?? 0
        locality = reader.sub("locality") { Locality(&$0) } ?? Locality()
        stats = HostStats(node["stats"].map { Array($0.elements) } ?? [])
        let status = node["health_status"]
        let isSet = { (name: String) in status?[name]?.bool == true }
        stats.isEjected = isSet("failed_outlier_check")
        stats.failedActiveHealthCheck = isSet("failed_active_health_check")
        let assigned = LbEndpoint.HealthStatus(rawValue: status?["eds_health_status"]?.text ?? "") ?? .unknown
        if stats.isEjected || stats.failedActiveHealthCheck || isSet("pending_active_hc")
            || isSet("excluded_via_immediate_hc_fail")
        {
            health = .unhealthy
        } else if isSet("failed_active_degraded_check"), assigned.coarse == .healthy {
            health = .degraded
        } else {
            health = assigned
        }
    }
}

extension HostStats {
    /// `SimpleMetric`s: the value is a string, absent when it is 0.
    init(_ metrics: [Node]) {
        self.init()
        for metric in metrics {
            guard let value = metric["value"].flatMap({ UInt64($0.text) }) else { continue }
            switch metric["name"]?.text {
            case "cx_total": cxTotal = value
            case "cx_active": cxActive = value
            case "cx_connect_fail": cxConnectFail = value
            case "rq_total": rqTotal = value
            case "rq_active": rqActive = value
            case "rq_success": rqSuccess = value
            case "rq_error": rqError = value
            case "rq_timeout": rqTimeout = value
            case "rq_pending_active": rqPendingActive = value
            default: break
            }
        }
    }

    /// Adds another worker's, or another host's of the same address.
    package static func += (sum: inout Self, other: Self) {
        sum.cxTotal &+= other.cxTotal
        sum.cxActive &+= other.cxActive
        sum.cxConnectFail &+= other.cxConnectFail
        sum.rqTotal &+= other.rqTotal
        sum.rqActive &+= other.rqActive
        sum.rqSuccess &+= other.rqSuccess
        sum.rqError &+= other.rqError
        sum.rqTimeout &+= other.rqTimeout
        sum.rqPendingActive &+= other.rqPendingActive
        sum.isEjected = sum.isEjected || other.isEjected
        sum.failedActiveHealthCheck = sum.failedActiveHealthCheck || other.failedActiveHealthCheck
    }
}
