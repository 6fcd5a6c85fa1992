import Documents
import EnvoyModel
import TestSupport
import Testing

@Suite("what a running Envoy's admin pages say")
struct LiveReadingTests {
    private func node(_ text: String) throws -> Node {
        try #require(JSONReader.read(Array(text.utf8), file: "page").documents.first?.root)
    }

    private static func host(_ port: Int, _ fields: String = "", health: String = "\"eds_health_status\":\"HEALTHY\"")
        -> String
    {
        "{\"address\":{\"socket_address\":{\"address\":\"10.0.0.1\",\"port_value\":\(port)}},\"stats\":[{\"name\":\"rq_total\","
            + "\"value\":\"\(port)\"},{\"type\":\"GAUGE\",\"name\":\"cx_active\"}],\"health_status\":{\(health)}\(fields)}"
    }

    @Test(
        "a host's health is what decides whether it gets requests",
        arguments: [
            ("\"eds_health_status\":\"HEALTHY\"", LbEndpoint.HealthStatus.healthy),
            ("\"eds_health_status\":\"DRAINING\"", .draining), ("", .unknown),
            ("\"eds_health_status\":\"HEALTHY\",\"failed_outlier_check\":true", .unhealthy),
            ("\"eds_health_status\":\"HEALTHY\",\"failed_active_health_check\":true", .unhealthy),
            ("\"eds_health_status\":\"HEALTHY\",\"pending_active_hc\":true", .unhealthy),
            ("\"eds_health_status\":\"HEALTHY\",\"failed_active_degraded_check\":true", .degraded),
            ("\"eds_health_status\":\"UNHEALTHY\",\"failed_active_degraded_check\":true", .unhealthy),
            ("\"eds_health_status\":\"SOMETHING\"", .unknown),
        ] as [(String, LbEndpoint.HealthStatus)])
    func health(fields: String, expected: LbEndpoint.HealthStatus) throws {
        let root = try node(
            "{\"cluster_statuses\":[{\"name\":\"a\",\"host_statuses\":[\(Self.host(1, health: fields))]}]}")
        #expect(LiveCluster.all(in: root).first?.hosts.first?.health == expected)
    }

    @Test("hosts take their places by priority and locality, and keep what only the configuration says")
    func overlay() throws {
        var known = LbEndpoint(address: .socket(SocketAddress("10.0.0.1", 2)))
        known.workload = WorkloadReference(namespace: "n", deployment: "d", pod: "p")
        var cluster = Cluster(name: "a", type: .eds)
        cluster.edsServiceName = "service"
        let far = Locality(region: "far")
        let snapshot = XDSSnapshot(
            clusters: [cluster, Cluster(name: "b", type: .strictDNS), Cluster(name: "c", type: .static)],
            endpoints: [
                ClusterLoadAssignment(
                    clusterName: "service",
                    localities: [
                        LocalityLbEndpoints(locality: far, endpoints: [known], loadBalancingWeight: 7, priority: 1)
                    ])
            ])
        let root = try node(
            """
            {"cluster_statuses":[
             {"name":"a","host_statuses":[\(Self.host(1)),
              \(Self.host(2, ",\"weight\":5,\"priority\":1,\"locality\":{\"region\":\"far\"}"))]},
             {"name":"b","host_statuses":[\(Self.host(3, ",\"hostname\":\"resolved\""))]}, {"name":"gone"}, {}, 7]}
            """)
        let live = snapshot.with(hosts: LiveCluster.all(in: root))
        let service = try #require(live.endpoints.first { $0.clusterName == "service" })
        #expect(live.endpoints.count == 1)
        #expect(service.localities.map(\.priority) == [0, 1])
        #expect(service.localities.map(\.loadBalancingWeight) == [nil, 7])
        #expect(service.localities[1].endpoints.first?.workload == known.workload)
        #expect(service.localities[1].endpoints.first?.loadBalancingWeight == 5)
        #expect(live.clusters[1].loadAssignment?.localities.first?.endpoints.first?.hostname == "resolved")
        #expect(live.clusters[2].loadAssignment == nil)
        #expect(LiveCluster.all(in: root)[0].statsByAddress["10.0.0.1:2"]?.rqTotal == 2)
    }

    @Test("counters, texts and both columns of a histogram; what has another shape is left out")
    func stats() throws {
        let root = try node(
            """
            {"stats":[{"name":"a","value":18446744073709551615},{"name":"b","value":"text"},{"name":"c"},{"value":1},7,
             {"name":"d","value":-1},{"histograms":{"supported_quantiles":[0,100],"computed_quantiles":[
              {"name":"h","values":[{"cumulative":1.5,"interval":null},{"cumulative":2,"interval":null}]},
              {"name":"i","values":[{"cumulative":1,"interval":3},{"cumulative":2,"interval":4}]},{"name":"j"}]}}]}
            """)
        let stats = StatsSnapshot(statsJSON: root)
        #expect(stats.counters == ["a": .max] && stats.textReadouts == ["b": "text"])
        #expect(stats.histograms["h"]?.quantiles == [1.5, 2] && stats.histograms["h"]?.interval == nil)
        #expect(stats.histograms["i"]?.interval == [3, 4] && stats.histograms["j"] == nil)
        #expect(StatsSnapshot(statsJSON: try node("[]")).counters.isEmpty)
    }

    @Test("a field of no model is kept as it was and told once; private keys are not shown")
    func unmodelled() async throws {
        let cluster =
            "{\"name\":\"NAME\",\"type\":\"STATIC\",\"new_field\":{\"a\":[1]},\"transport_socket\":{\"name\":\"tls\",\"typed_config\":{"
            + "\"@type\":\"type.googleapis.com/x.Unknown\",\"private_key\":{\"inline_string\":\"SECRET\"}}}}"
        let section = ["a", "b"].map { "{\"cluster\":" + cluster.replacing("NAME", with: $0) + "}" }
            .joined(separator: ",")
        let snapshot = await XDSSnapshot(
            configDump: try node(
                "{\"configs\":[{\"@type\":\"type.googleapis.com/envoy.admin.v3.ClustersConfigDump\",\"static_clusters\":[\(section)]}]}"
            ))
        let raw = try #require(snapshot.clusters.first?.raw?.json)
        #expect(raw["new_field"]?["a"] == [1])
        #expect(!raw.text().contains("SECRET") && raw.text().contains("[redacted]"))
        let notes = snapshot.notesOnUnmodelled
        #expect(notes.count == 1)
        #expect(notes.first?.message == "field \"new_field\" is not modelled: cluster \"a\" and 1 more")
        #expect(notes.first?.location?.line == 1)
    }

    @Test("a recorded Envoy's pages", .enabled(if: oracleFolder != nil, "the oracle folder is not here"))
    func recorded() throws {
        let folder = try #require(oracleFolder) + "/envoy-admin/"
        let live = LiveCluster.all(in: try node(try readText(folder + "clusters.json")))
        let page = live.first { $0.name == "outbound|9080||productpage.default.svc.cluster.local" }
        #expect(page?.hosts.map(\.stats.rqTotal) == [18, 18] && page?.hosts.map(\.stats.cxActive) == [3, 4])
        #expect(live.flatMap(\.hosts).contains { $0.stats.isEjected && $0.health == .unhealthy })
        let stats = StatsSnapshot(statsJSON: try node(try readText(folder + "stats_usedonly.json")))
        #expect(stats.counters["http.inbound_0.0.0.0_8080.downstream_rq_2xx"] == 140 && stats.uptime == 20)
        #expect(stats.textReadouts["cluster_manager.cds.version_text"] == "5")
        let summary = StatsSnapshot(
            statsJSON: try node(try readText(folder + "stats_histogram_buckets_summary.json")))
        let name = "cluster.outbound|9080||productpage.default.svc.cluster.local.upstream_rq_time"
        #expect(summary.histograms[name]?.interval == [0, 0, 0, 0, 0, 0, 0, 1.05, 1.05, 1.05])
        #expect(summary.histograms[name]?.quantiles?.last == 4.05)
    }
}
