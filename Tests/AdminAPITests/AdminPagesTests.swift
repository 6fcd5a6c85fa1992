import Documents
import EnvoyModel
import Testing

@testable import AdminAPI

struct AdminPagesTests {
    private let fixture = Fixture()
    private var name: String { Fixture.clusterName }

    private func get(_ target: String) async -> AdminResponse {
        await fixture.pages.respond(to: AdminRequest(.get, target))
    }

    @Test("a path that is none gets the help; a page that changes something wants POST")
    func dispatch() async {
        let unknown = await get("/nothing")
        #expect(unknown.status == 404)
        #expect(unknown.body.hasPrefix("invalid path. admin commands are:\n  /: Admin home page\n"))
        let wrong = await get("/quitquitquit")
        #expect((wrong.status, wrong.body) == (405, "Method GET not allowed, POST required."))
        #expect(fixture.log.all.isEmpty)
    }

    @Test("text statistics: readouts, then numbers by name, then histograms")
    func statsText() async {
        let lines = await get("/stats").body.split(separator: "\n")
        #expect(lines.first == "listener_manager.lds.version_text: \"7\"")
        #expect(lines.contains("big: 18446744073709551615"))
        #expect(lines.suffix(2).last == "empty: No recorded values")
        #expect(lines.suffix(2).first?.hasSuffix("P99.9(nan,8) P100(nan,9.5)") == true)
        let numbers = lines.dropFirst().dropLast(2)
        #expect(Array(numbers) == numbers.sorted())
        #expect(numbers.count == 9)
    }

    @Test(
        "what of the statistics is shown",
        arguments: [
            ("?usedonly", 9), ("?filter=^cluster%5C.BlackHole", 1), ("?type=Gauges", 3), ("?type=Counters&usedonly", 5),
            ("?filter=upstream_rq_(200|2xx)$", 2), ("?type=TextReadouts", 1), ("?type=Histograms", 2),
            ("?filter=nothing", 0),
        ])
    func statsSelection(query: String, lines: Int) async {
        #expect(await get("/stats" + query).body.split(separator: "\n").count == lines)
    }

    @Test("JSON statistics: numbers up to 2⁶⁴, the histograms last")
    func statsJSON() async throws {
        let response = await get("/stats?format=json")
        #expect(response.contentType == "application/json")
        let stats = try #require(response.json?["stats"]?.array)
        #expect(stats.contains { $0["name"] == "big" && $0["value"] == .number("18446744073709551615") })
        let histograms = try #require(stats.last?["histograms"])
        #expect(histograms["supported_quantiles"]?.array?.count == 10)
        let computed = try #require(histograms["computed_quantiles"]?.array)
        #expect(computed.first?["values"]?.array?.last == ["cumulative": .double(9.5), "interval": .null])
        #expect(computed.last?["values"]?.array?.first == ["cumulative": .null, "interval": .null])
    }

    @Test("histogram buckets in Envoy's four layouts")
    func histogramModes() async {
        let filter = "&filter=upstream_rq_time&type=Histograms"
        #expect(
            await get("/stats?histogram_buckets=cumulative" + filter).body
                == "cluster.\(name).upstream_rq_time: B0.5(0,0) B1(0,10) B5(0,35) B1.8e+06(0,40)\n")
        #expect(
            await get("/stats?histogram_buckets=disjoint" + filter).body
                == "cluster.\(name).upstream_rq_time: B0.5(0,0) B1(0,10) B5(0,25) B1.8e+06(0,5)\n")
        let detailed = await get("/stats?histogram_buckets=detailed&format=json" + filter).json
        let totals = detailed?["stats"]?.array?.last?["histograms"]?["details"]?.array?.first?["totals"]
        #expect(totals?.array?.count == 3)
        #expect(await get("/stats?histogram_buckets=all").status == 400)
    }

    @Test("Prometheus: a cluster's whole name is a label, response codes too")
    func prometheus() async {
        let response = await get("/stats/prometheus")
        let lines = response.body.split(separator: "\n").map(String.init)
        let label = "envoy_cluster_name=\"\(name)\""
        #expect(response.contentType == "text/plain")
        #expect(lines.contains("# TYPE envoy_cluster_upstream_rq_total counter"))
        #expect(lines.contains("envoy_cluster_upstream_rq_total{\(label)} 40"))
        #expect(lines.contains("envoy_cluster_upstream_rq{envoy_response_code=\"200\",\(label)} 38"))
        #expect(lines.contains("envoy_cluster_upstream_rq_xx{envoy_response_code_class=\"2\",\(label)} 38"))
        #expect(
            lines.contains(
                "envoy_http_downstream_rq_total{envoy_http_conn_manager_prefix=\"outbound_0.0.0.0_8080\"} 41"))
        #expect(lines.contains("envoy_listener_downstream_cx_total{envoy_listener_address=\"0.0.0.0_8080\"} 3"))
        #expect(lines.contains("envoy_cluster_upstream_rq_time_bucket{\(label),le=\"1800000\"} 40"))
        #expect(lines.contains("envoy_cluster_upstream_rq_time_bucket{\(label),le=\"+Inf\"} 40"))
        #expect(lines.contains("envoy_cluster_upstream_rq_time_sum{\(label)} 92"))
        // One type line for each metric.
        let types = lines.filter { $0.hasPrefix("# TYPE ") }
        #expect(Set(types).count == types.count)
    }

    @Test("/clusters as JSON: values are strings, absent when 0; health as EDS said it")
    func clustersJSON() async throws {
        let clusters = try #require(await get("/clusters?format=json").json?["cluster_statuses"]?.array)
        #expect(clusters.map { $0["name"]?.string } == [name, "BlackHoleCluster"])
        let hosts = try #require(clusters[0]["host_statuses"]?.array)
        #expect(hosts[0]["health_status"] == ["eds_health_status": "HEALTHY", "failed_outlier_check": true])
        #expect(hosts[1]["health_status"] == ["eds_health_status": "DRAINING"])
        #expect(hosts[0]["stats"]?.array?.contains(["value": "40", "name": "rq_total"]) == true)
        #expect(hosts[0]["stats"]?.array?.contains(["type": "GAUGE", "value": "2", "name": "cx_active"]) == true)
        #expect(hosts[0]["stats"]?.array?.contains(["name": "rq_error"]) == true)
        #expect(hosts[0]["locality"] == ["region": "eu", "zone": "a"])
        #expect(hosts[1]["weight"] == 3)
        #expect(hosts[1]["priority"] == 1)
        #expect(clusters[1]["host_statuses"] == nil)
    }

    @Test("/clusters as text: IPv6 in brackets, flags in a row")
    func clustersText() async {
        let lines = await get("/clusters?filter=httpbin").body.split(separator: "\n")
        #expect(lines.contains("\(name)::10.244.0.7:8080::health_flags::/failed_outlier_check"))
        #expect(lines.contains("\(name)::[fd00::8]:8080::health_flags::/eds_status_draining"))
        #expect(lines.contains("\(name)::default_priority::max_retries::3"))
        #expect(!lines.contains { $0.hasPrefix("BlackHole") })
    }

    @Test("/config_dump: sections in Envoy's order, endpoints only when asked for")
    func configDump() async throws {
        func types(_ target: String) async -> [String] {
            (await get(target).json?["configs"]?.array ?? []).compactMap { $0["@type"]?.string }
                .map { String($0.split(separator: ".").last ?? "") }
        }
        #expect(
            await types("/config_dump") == [
                "BootstrapConfigDump", "ClustersConfigDump", "ListenersConfigDump", "ScopedRoutesConfigDump",
                "RoutesConfigDump",
            ])
        #expect(await types("/config_dump?include_eds").contains("EndpointsConfigDump"))
        #expect(await types("/config_dump?resource=dynamic_active_clusters") == ["DynamicCluster", "DynamicCluster"])
        #expect(await types("/config_dump?mask=dynamic_route_configs,static_route_configs") == ["RoutesConfigDump"])
        #expect(await get("/config_dump?resource=nonsense").status == 404)
        #expect(await get("/config_dump?mask=nonsense").status == 400)
    }

    @Test("a mask keeps the fields it names, through lists too")
    func mask() async throws {
        let configs = await get("/config_dump?resource=dynamic_active_clusters&mask=cluster.name").json?["configs"]
        let first = try #require(configs?.array?.first?.object)
        #expect(first.keys == ["@type", "cluster"])
        #expect(first["cluster"]?.object?.keys == ["@type", "name"])
    }

    @Test("name_regex must match the whole name")
    func nameRegex() async {
        let some = await get("/config_dump?resource=dynamic_active_clusters&name_regex=.*httpbin.*").json?["configs"]
        #expect(some?.array?.count == 1)
        let none = await get("/config_dump?resource=dynamic_active_clusters&name_regex=httpbin").json?["configs"]
        #expect(none?.array?.isEmpty == true)
        let wrong = await get("/config_dump?name_regex=(")
        #expect(wrong.status == 400)
        #expect(wrong.body.hasPrefix("Invalid re2 regex: "))
    }

    @Test("health checks can be made to fail and to pass again")
    func health() async {
        let pages = fixture.pages
        #expect(await pages.respond(to: AdminRequest(.get, "/ready")) == AdminResponse(body: "LIVE\n"))
        _ = await pages.respond(to: AdminRequest(.post, "/healthcheck/fail"))
        #expect(await pages.respond(to: AdminRequest(.get, "/ready")) == AdminResponse(status: 503, body: "DRAINING\n"))
        #expect(await pages.respond(to: AdminRequest(.get, "/server_info")).json?["state"] == "DRAINING")
        _ = await pages.respond(to: AdminRequest(.post, "/healthcheck/ok"))
        #expect(await pages.respond(to: AdminRequest(.get, "/ready")).status == 200)
    }

    @Test("counters start anew after a reset, gauges do not")
    func reset() async {
        let pages = fixture.pages
        #expect(await pages.respond(to: AdminRequest(.post, "/reset_counters")).body == "OK\n")
        let lines = await pages.respond(to: AdminRequest(.get, "/stats")).body.split(separator: "\n")
        #expect(lines.contains("cluster.\(name).upstream_rq_total: 0"))
        #expect(lines.contains("server.live: 1"))
    }

    @Test("levels of loggers: one, several, all; a wrong one changes nothing")
    func logging() async {
        let pages = fixture.pages
        func post(_ target: String) async -> AdminResponse { await pages.respond(to: AdminRequest(.post, target)) }
        #expect(await post("/logging?http=debug").body.contains("  http: debug\n"))
        #expect(await post("/logging?paths=admin:off,pool:trace").body.contains("  pool: trace\n"))
        #expect(await post("/logging?paths=admin:info,nobody:trace").body == "error: unknown logger name\n")
        #expect(await post("/logging?level=loud").status == 400)
        #expect(await post("/logging").body.contains("  admin: off\n"))
        #expect(!(await post("/logging?level=info").body.contains("off")))
    }

    @Test("what a POST asks of the process")
    func commands() async {
        let pages = fixture.pages
        for target in ["/drain_listeners?inboundonly&graceful", "/quitquitquit", "/reopen_logs"] {
            #expect(await pages.respond(to: AdminRequest(.post, target)).body == "OK\n")
        }
        #expect(fixture.log.all == [.drainListeners(graceful: true, inboundOnly: true), .quit, .reopenLogs])
    }

    @Test("listeners, the server and the rest of the pages")
    func others() async {
        #expect(await get("/listeners").body == "0.0.0.0_8080::127.0.0.1:43210\n")
        let bound = await get("/listeners?format=json").json?["listener_statuses"]?.array?.first?["local_address"]
        #expect(bound == ["socket_address": ["address": "127.0.0.1", "port_value": 43210]])
        #expect(await get("/server_info").json?["uptime_current_epoch"] == "12s")
        for path in ["/memory", "/runtime", "/certs", "/init_dump", "/hot_restart_version", "/help"] {
            #expect(await get(path).status == 200)
        }
        #expect(await get("/listeners?format=xml").status == 400)
    }

    @Test(
        "queries: escapes, values with =, what is no escape",
        arguments: [("/p?a=b%20c&d", "b c"), ("/p?a=x=y", "x=y"), ("/p?a=%zz%4", "%zz%4"), ("/p?b=1", nil)]
            as [(String, String?)])
    func queries(target: String, value: String?) {
        #expect(AdminRequest(.get, target).parameter("a") == value)
    }
}
