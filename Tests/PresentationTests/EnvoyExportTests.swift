import Documents
import EnvoyModel
import Testing

@testable import Presentation

struct EnvoyExportTests {
    private func snapshot() -> XDSSnapshot {
        var manager = HTTPConnectionManager(statPrefix: "gateway", routeSource: .rds("http.8080"))
        manager.httpFilters = [
            HTTPFilter(
                name: "istio.alpn",
                config: .inert(
                    ExtensionConfig(
                        name: "istio.alpn",
                        typeURL: "type.googleapis.com/istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig",
                        config: [:]))),
            HTTPFilter(name: "envoy.filters.http.router", config: .router(RouterFilter())),
        ]
        let filter = NetworkFilter(
            name: "envoy.filters.network.http_connection_manager", config: .httpConnectionManager(manager))
        var plain = Listener(name: "0.0.0.0_8080", address: .socket(SocketAddress("0.0.0.0", 8080)))
        plain.filterChains = [FilterChain(filters: [filter])]
        var secure = Listener(name: "0.0.0.0_8443", address: .socket(SocketAddress("0.0.0.0", 8443)))
        var chain = FilterChain(name: "tls", filters: [filter])
        chain.transportSocket = .tls(DownstreamTLSContext())
        secure.filterChains = [chain]

        var routes = RouteConfiguration(name: "http.8080")
        let route = Route(name: "default", match: RouteMatch(.prefix("/")), action: .route(RouteAction(.cluster("c"))))
        let bad = Route(name: "bad", match: RouteMatch(.prefix("/bad")), action: .none)
        routes.virtualHosts = [VirtualHost(name: "v", domains: ["*"], routes: [bad, route])]

        let named = ClusterLoadAssignment(
            clusterName: "named",
            localities: [
                LocalityLbEndpoints(
                    locality: nil, endpoints: [LbEndpoint(address: .socket(SocketAddress("db.example.com", 80)))])
            ])
        let addressed = ClusterLoadAssignment(
            clusterName: "service-of-c",
            localities: [
                LocalityLbEndpoints(
                    locality: Locality(region: "r"),
                    endpoints: [
                        LbEndpoint(address: .socket(SocketAddress("10.0.0.1", 80))),
                        LbEndpoint(address: .envoyInternal(listener: "connect_originate", endpointID: "x")),
                    ])
            ])
        var cluster = Cluster(name: "c", type: .eds)
        cluster.edsServiceName = "service-of-c"
        return XDSSnapshot(
            listeners: [plain, secure], routes: [routes], clusters: [cluster, Cluster(name: "named", type: .eds)],
            endpoints: [addressed, named])
    }

    @Test("RDS and EDS become inline, under the names that routes use")
    func inline() throws {
        let export = EnvoyExport(snapshot(), name: "gateway.istio-system", adminPort: 9901)
        let resources = try #require(export.bootstrap["static_resources"])
        let listeners = try #require(resources["listeners"]?.array)
        #expect(listeners.map { $0["name"]?.string } == ["0.0.0.0_8080", "0.0.0.0_8443"])
        // Without its key the chain takes what it matches, and goes nowhere.
        let secure = try #require(listeners[1]["filter_chains"]?.array?.first)
        #expect(secure["transport_socket"] == nil)
        #expect(secure["filters"]?.array?.map { $0["typed_config"]?["cluster"] } == ["BlackHoleCluster"])
        let manager = try #require(
            listeners.first?["filter_chains"]?.array?.first?["filters"]?.array?.first?["typed_config"])
        #expect(manager["rds"] == nil)
        #expect(manager["route_config"]?["name"] == "http.8080")
        #expect(manager["route_config"]?["validate_clusters"] == false)
        let routes = manager["route_config"]?["virtual_hosts"]?.array?.first?["routes"]?.array
        #expect(routes?.map { $0["name"]?.string } == ["default"])
        #expect(manager["http_filters"]?.array?.map { $0["name"]?.string } == ["envoy.filters.http.router"])

        let clusters = try #require(resources["clusters"]?.array)
        #expect(clusters.map { $0["type"]?.string } == ["STATIC", "STRICT_DNS"])
        #expect(clusters.allSatisfy { $0["eds_cluster_config"] == nil })
        #expect(clusters[0]["load_assignment"]?["cluster_name"] == "c")
        let endpoints = clusters[0]["load_assignment"]?["endpoints"]?.array?.first?["lb_endpoints"]?.array
        #expect(endpoints?.count == 1)
        #expect(export.bootstrap["admin"]?["address"]?["socket_address"]?["port_value"] == 9901)
        #expect(export.bootstrap["node"]?["id"] == "gateway.istio-system")
    }

    @Test("what is left out is said, once for several owners")
    func notes() {
        let notes = EnvoyExport(snapshot(), name: "x").notes
        #expect(notes.contains { $0.hasPrefix("listener \"0.0.0.0_8443\": filter chain \"tls\" ends its connections") })
        #expect(notes.contains { $0.contains("HTTP filter \"istio.alpn\" is left out") })
        #expect(notes.contains { $0.contains("route \"bad\" is left out") })
        #expect(notes.contains { $0.contains("endpoints behind an internal listener") })
        var log = EnvoyExport.Notes()
        for owner in ["a", "b", "c", "d", "a"] { log.add(owner, "lacks x") }
        #expect(log.lines == ["a, b, c and 1 more: lacks x"])
    }
}
