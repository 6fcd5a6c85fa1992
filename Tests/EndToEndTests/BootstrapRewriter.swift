import Foundation

/// Makes an exported bootstrap fit for a test: free ports, upstreams on loopback for the endpoints in turn, an access log.
struct BootstrapRewriter {
    let log: String
    let upstreams: [Int]
    let admin: Int?
    private var endpoints = 0
    private(set) var ports: [Int: Int] = [:]

    init(log: String, upstreams: [Int], admin: Int? = nil) {
        self.log = log
        self.upstreams = upstreams
        self.admin = admin
    }

    mutating func rewrite(_ text: String) throws -> String {
        var root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
        root["admin"] = admin.map { ["address": Self.address($0)] }
        var resources = root["static_resources"] as? [String: Any] ?? [:]
        resources["listeners"] = (resources["listeners"] as? [[String: Any]] ?? []).map { listener in
            var listener = listener
            let own =
                ((listener["address"] as? [String: Any])?["socket_address"] as? [String: Any])?["port_value"] as? Int
                ?? 0
            let free = freePort()
            ports[own] = free
            listener["address"] = Self.address(free)
            listener["filter_chains"] = (listener["filter_chains"] as? [[String: Any]] ?? []).map(logged)
            return listener
        }
        resources["clusters"] = (resources["clusters"] as? [[String: Any]] ?? []).map { cluster in
            var cluster = cluster
            guard var assignment = cluster["load_assignment"] as? [String: Any] else { return cluster }
            assignment["endpoints"] = (assignment["endpoints"] as? [[String: Any]] ?? []).map { group in
                var group = group
                group["lb_endpoints"] = (group["lb_endpoints"] as? [[String: Any]] ?? []).map { endpoint in
                    var endpoint = endpoint
                    var inner = endpoint["endpoint"] as? [String: Any] ?? [:]
                    inner["address"] = Self.address(upstreams[endpoints % upstreams.count])
                    endpoints += 1
                    endpoint["endpoint"] = inner
                    return endpoint
                }
                return group
            }
            cluster["load_assignment"] = assignment
            return cluster
        }
        root["static_resources"] = resources
        return String(decoding: try JSONSerialization.data(withJSONObject: root), as: UTF8.self)
    }

    private static func address(_ port: Int) -> [String: Any] {
        ["socket_address": ["address": "127.0.0.1", "port_value": port]]
    }

    private func logged(_ chain: [String: Any]) -> [String: Any] {
        var chain = chain
        chain["filters"] = (chain["filters"] as? [[String: Any]] ?? []).map { filter in
            var filter = filter
            guard var config = filter["typed_config"] as? [String: Any],
                (config["@type"] as? String ?? "").hasSuffix("HttpConnectionManager")
            else { return filter }
            config["access_log"] = [
                [
                    "name": "envoy.access_loggers.file",
                    "typed_config": [
                        "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
                        "path": log,
                        "log_format": [
                            "json_format": [
                                "response_code": "%RESPONSE_CODE%", "upstream_cluster": "%UPSTREAM_CLUSTER%",
                                "route_name": "%ROUTE_NAME%",
                            ]
                        ],
                    ],
                ]
            ]
            filter["typed_config"] = config
            return filter
        }
        return chain
    }
}
