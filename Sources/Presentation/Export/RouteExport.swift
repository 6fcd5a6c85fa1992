import Documents

/// Route configurations that a static listener can hold.
enum RouteExport {
    /// Unknown clusters answer 503, as with RDS, instead of being refused.
    static func exported(_ routes: JSON, _ notes: inout EnvoyExport.Notes) -> JSON {
        let owner = "route configuration \"\(routes["name"]?.string ?? "")\""
        return withoutForeignConfig(routes, owner, &notes)
            .changing("virtual_hosts") { hosts in
                guard let hosts = hosts.array else { return hosts }
                return .array(
                    hosts.map { host in
                        withoutForeignConfig(host, owner, &notes).changing("routes") { routes in
                            guard let routes = routes.array else { return routes }
                            return .array(routes.compactMap { route($0, owner, &notes) })
                        }
                    })
            }
            .setting("validate_clusters", false)
    }

    private static let actions = ["route", "redirect", "direct_response", "non_forwarding_action", "filter_action"]

    private static func route(_ route: JSON, _ owner: String, _ notes: inout EnvoyExport.Notes) -> JSON? {
        guard actions.contains(where: { route[$0] != nil }) else {
            notes.add(
                owner, "route \"\(route["name"]?.string ?? "")\" is left out, it has no action and Envoy refuses it")
            return nil
        }
        return withoutForeignConfig(route, owner, &notes).changing("route") { action in
            action.changing("weighted_clusters") { weighted in
                weighted.changing("clusters") { clusters in
                    guard let clusters = clusters.array else { return clusters }
                    return .array(clusters.map { withoutForeignConfig($0, owner, &notes) })
                }
            }
        }
    }

    /// Without the settings of filters that only Istio's Envoy has.
    private static func withoutForeignConfig(_ level: JSON, _ owner: String, _ notes: inout EnvoyExport.Notes) -> JSON {
        level.changing("typed_per_filter_config") { configs in
            guard case .object(let object) = configs else { return configs }
            var kept = JSONObject()
            for member in object.members {
                if member.value.isEnvoyExtension {
                    kept.add(member.key, member.value)
                } else {
                    notes.add(owner, "the settings of filter \"\(member.key)\" are left out")
                }
            }
            return kept.isEmpty ? nil : .object(kept)
        }
    }
}
