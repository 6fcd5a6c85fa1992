package import Documents

extension XDSSnapshot {
    /// Gives listeners that asked for any port the one that they got: `root` is the answer to `/listeners?format=json`.
    package mutating func takeBoundPorts(of root: Node) {
        var bound: [String: Address] = [:]
        for status in root["listener_statuses"].map({ Array($0.elements) }) ?? [] {
            guard let name = status["name"]?.string, let node = status["local_address"] else { continue }
            var reader = MessageReader(node, type: "Address", ReadingContext())
            bound[name] = Address(&reader)
        }
        for index in listeners.indices {
            guard case .socket(let own)? = listeners[index].address, own.port == 0,
                let address = bound[listeners[index].name]
            else { continue }
            // Statistics keep the name that the configuration gives.
            listeners[index].statPrefix = listeners[index].statName ?? ""
            listeners[index].address = address
        }
    }

    /// The same configuration with the hosts that a running Envoy has just now: resolved names, health, ejections.
    ///
    /// A host keeps what only its configuration says (metadata, the weight of its locality). The assignments of EDS clusters
    /// are replaced, those of the others are put into the cluster. Clusters that are not reported stay as they are.
    package func with(hosts live: [LiveCluster]) -> XDSSnapshot {
        var result = self
        let byName = Dictionary(live.map { ($0.name, $0) }) { first, _ in first }
        let configured = Dictionary(endpoints.map { ($0.clusterName, $0) }) { first, _ in first }
        var replaced: [String: ClusterLoadAssignment] = [:]
        for index in clusters.indices {
            let cluster = clusters[index]
            guard let status = byName[cluster.name] else { continue }
            let before =
                cluster.type == .eds
                ? configured[cluster.endpointsName] : configured[cluster.name] ?? cluster.loadAssignment
            let assignment = ClusterLoadAssignment(
                clusterName: cluster.type == .eds ? cluster.endpointsName : cluster.name, hosts: status.hosts,
                configured: before)
            if cluster.type == .eds {
                replaced[cluster.endpointsName] = assignment
            } else {
                result.clusters[index].loadAssignment = assignment
            }
        }
        result.endpoints = endpoints.filter { replaced[$0.clusterName] == nil }
        result.endpoints += replaced.values.sorted { $0.clusterName < $1.clusterName }
        return result
    }
}

extension ClusterLoadAssignment {
    /// Hosts by priority and locality, in the order in which Envoy reports them.
    fileprivate init(clusterName: String, hosts: [LiveCluster.Host], configured: ClusterLoadAssignment?) {
        self = configured ?? ClusterLoadAssignment(clusterName: clusterName)
        raw = nil
        var known: [Address: LbEndpoint] = [:]
        for endpoint in localities.lazy.flatMap(\.endpoints) {
            if let address = endpoint.address { known[address] = endpoint }
        }
        let before = localities
        localities = []
        for host in hosts {
            var endpoint = host.address.flatMap { known[$0] } ?? LbEndpoint(address: host.address)
            endpoint.hostname = host.hostname
            endpoint.healthStatus = host.health
            endpoint.loadBalancingWeight = host.weight
            let isHere = { (group: LocalityLbEndpoints) in
                group.priority == host.priority && (group.locality ?? Locality()) == host.locality
            }
            if let index = localities.firstIndex(where: isHere) {
                localities[index].endpoints.append(endpoint)
            } else {
                var group =
                    before.first(where: isHere)
                    ?? LocalityLbEndpoints(locality: host.locality, endpoints: [], priority: host.priority)
                group.endpoints = [endpoint]
                localities.append(group)
            }
        }
    }
}
