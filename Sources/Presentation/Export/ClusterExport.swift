import Documents
import EnvoyModel

/// Clusters with their endpoints inline.
struct ClusterExport {
    private(set) var clusters: [JSON] = []

    init(_ snapshot: XDSSnapshot, notes: inout EnvoyExport.Notes) {
        let assignments = Dictionary(snapshot.endpoints.map { ($0.clusterName, $0) }) { first, _ in first }
        var names: Set<String> = []
        for cluster in snapshot.clusters where names.insert(cluster.name).inserted {
            let assignment = cluster.type == .eds ? assignments[cluster.endpointsName] : cluster.loadAssignment
            clusters.append(Self.exported(cluster, assignment, &notes))
        }
    }

    private static func exported(
        _ cluster: Cluster, _ assignment: ClusterLoadAssignment?, _ notes: inout EnvoyExport.Notes
    ) -> JSON {
        let owner = "cluster \"\(cluster.name)\""
        var json = cluster.envoyJSON
        if let assignment {
            json = json.setting("load_assignment", loadAssignment(assignment, of: cluster.name, owner, &notes))
        }
        if cluster.type == .eds {
            json = json.setting("eds_cluster_config", nil)
                .setting("type", .string(hasNames(assignment) ? "STRICT_DNS" : "STATIC"))
        }
        json = json.changing("filters") { ListenerExport.known($0, owner, "network filter", &notes) }
        json = json.changing("transport_socket_matches") { matches in
            guard let elements = matches.array else { return nil }
            let kept = elements.filter { !($0["transport_socket"]?.needsSecretDiscovery ?? false) }
            if kept.count < elements.count {
                notes.add(owner, "mutual TLS to endpoints is left out, they are dialled in plaintext")
            }
            return kept.count < elements.count ? nil : .array(kept)
        }
        if let socket = json["transport_socket"], socket.needsSecretDiscovery || foreign(socket) {
            notes.add(owner, "the TLS settings are left out, they need certificates from a control plane")
            json = json.setting("transport_socket", nil)
        }
        if json["load_balancing_policy"]?["policies"]?.array?.contains(where: {
            $0["typed_extension_config"]?["typed_config"]?.isEnvoyExtension == false
        }) == true {
            notes.add(owner, "the load balancing policy is left out, only Istio's Envoy has it")
            json = json.setting("load_balancing_policy", nil)
        }
        return json
    }

    private static func foreign(_ socket: JSON) -> Bool { socket["typed_config"]?.isEnvoyExtension == false }

    /// The endpoints under the cluster's name; those behind an internal listener are left out.
    private static func loadAssignment(
        _ assignment: ClusterLoadAssignment, of cluster: String, _ owner: String, _ notes: inout EnvoyExport.Notes
    ) -> JSON {
        assignment.envoyJSON.setting("cluster_name", .string(cluster)).changing("endpoints") { localities in
            guard let localities = localities.array else { return localities }
            return .array(
                localities.map { locality in
                    // A dump writes 0 where no weight was given; in a configuration it must be at least 1.
                    locality.setting(
                        "load_balancing_weight", locality["load_balancing_weight"].flatMap { $0 == 0 ? nil : $0 }
                    ).changing("lb_endpoints") { endpoints in
                        guard let endpoints = endpoints.array else { return endpoints }
                        let kept = endpoints.filter { $0["endpoint"]?["address"]?["envoy_internal_address"] == nil }
                        if kept.count < endpoints.count {
                            notes.add(owner, "endpoints behind an internal listener are left out")
                        }
                        return kept.isEmpty ? nil : .array(kept)
                    }
                })
        }
    }

    private static func hasNames(_ assignment: ClusterLoadAssignment?) -> Bool {
        (assignment?.localities ?? []).contains { locality in
            locality.endpoints.contains { endpoint in
                guard case .socket(let socket) = endpoint.address else { return false }
                return !isIP(socket.address)
            }
        }
    }

    /// Digits and dots, or anything with a colon.
    private static func isIP(_ text: String) -> Bool {
        text.contains(":") || text.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (48...57).contains($0) }
    }
}
