import Documents
import EnvoyModel
import Testing

@testable import TrafficEngine

/// A connection manager with some routes and clusters, from the pieces of a bootstrap, and ways to send requests through it.
struct Bench {
    let snapshot: CompiledSnapshot
    let connection: DownstreamConnection

    /// `routes` are fields of the route configuration, `clusters` cluster messages, `manager` further fields of the manager.
    init(routes: String, clusters: [String] = [], manager: String = "", filters: String = "") throws {
        let type =
            "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
        let text = """
            {"static_resources": {"clusters": [\(clusters.joined(separator: ","))], "listeners": [{"name": "l",
             "address": {"socket_address": {"address": "0.0.0.0", "port_value": 80}},
             "filter_chains": [{"filters": [{"name": "hcm", "typed_config": {"@type": "\(type)", "stat_prefix": "s",
              "http_filters": [\(filters)], \(manager.isEmpty ? "" : manager + ",") "route_config": {"name": "rc", \(routes)}}}]}]}]}}
            """
        let document = try #require(DocumentReader.read(text, file: "bench.yaml").documents.first)
        snapshot = CompiledSnapshot(XDSSnapshot(bootstrap: document.root))
        let found = try #require(snapshot.listeners.first?.chains.first?.manager)
        connection = DownstreamConnection(
            manager: found, remoteIP: "203.0.113.5", remotePort: 4000, localIP: "127.0.0.1", localPort: 80)
    }

    /// One virtual host for all hosts.
    static func routes(_ routes: String...) -> String {
        "\"virtual_hosts\": [{\"name\": \"v\", \"domains\": [\"*\"], \"routes\": [\(routes.joined(separator: ","))]}]"
    }

    /// A STATIC cluster with endpoints `10.0.0.1…`, weights given.
    static func cluster(_ name: String = "c", weights: [Int] = [1], policy: String = "ROUND_ROBIN", _ more: String = "")
        -> String
    {
        let endpoints = weights.enumerated().map { index, weight in
            """
            {"endpoint": {"address": {"socket_address": {"address": "10.0.0.\(index + 1)", "port_value": 80}}},
             "load_balancing_weight": \(weight)}
            """
        }
        return """
            {"name": "\(name)", "type": "STATIC", "lb_policy": "\(policy)", \(more.isEmpty ? "" : more + ",")
             "load_assignment": {"cluster_name": "\(name)", "endpoints": [{"lb_endpoints": [\(endpoints.joined(separator: ","))]}]}}
            """
    }

    func request(
        _ path: String, host: String? = "h", method: String = "GET", headers: [(String, String)] = []
    ) -> SyntheticRequest {
        var request = SyntheticRequest()
        request.authority = host
        request.path = path
        request.method = method
        request.headers = headers.map { SyntheticRequest.Header($0.0, $0.1) }
        request.sourceIP = "203.0.113.5"
        return request
    }

    func trace(_ request: SyntheticRequest) -> TrafficTrace { simulate(request, with: snapshot, proxy: "p") }

    func trace(
        _ path: String, host: String? = "h", method: String = "GET", headers: [(String, String)] = []
    ) -> TrafficTrace {
        trace(request(path, host: host, method: method, headers: headers))
    }
}

extension TrafficTrace {
    func upstream(_ name: String) -> [String] {
        hops.first?.upstreamRequest?.headers.filter { $0.name == name }.map(\.value) ?? []
    }

    func header(_ name: String) -> String? { response?.headers.first { $0.name == name }?.value }
    var upstreamPath: String? { hops.first?.upstreamRequest?.path }
}
