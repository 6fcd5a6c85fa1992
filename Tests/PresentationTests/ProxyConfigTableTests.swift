import Documents
import EnvoyModel
import TestSupport
import Testing

@testable import Presentation

/// The worked example of the rule book: every quirk of the tables is in it.
struct ProxyConfigTableTests {
    private let dump: ConfigDump
    private let hosts: HostStatuses

    init() throws {
        let path = casesPath("worked-example")
        dump = try ConfigDump(try readBytes(path + ".config_dump.json"), file: "dump")
        hosts = try HostStatuses(try readBytes(path + ".clusters.json"), file: "clusters")
    }

    private func report(verbose: Bool = true, _ output: OutputFormat = .short) -> ProxyConfigReport {
        var report = ProxyConfigReport(output)
        report.isVerbose = verbose
        return report
    }

    @Test("listeners: chains by destination, descending; names decide the kind of a filter")
    func listeners() throws {
        expectGolden(try report().listeners(dump, where: ListenerQuery()), "listeners.txt")
        expectGolden(try report(verbose: false).listeners(dump, where: ListenerQuery()), "listeners.brief.txt")
    }

    @Test("a dump in lowerCamelCase gives the same tables")
    func camelCase() throws {
        let camel = try ConfigDump(Array(ProtoNames.camelCased(dump.json).text().utf8), file: "-")
        #expect(
            try report().listeners(camel, where: ListenerQuery()) == report().listeners(dump, where: ListenerQuery()))
        #expect(try report().routes(camel, named: "") == report().routes(dump, named: ""))
        #expect(try report().clusters(camel, where: ClusterQuery()) == report().clusters(dump, where: ClusterQuery()))
        #expect(try report(.json).routes(camel, named: "") == report(.json).routes(dump, named: ""))
    }

    @Test(
        "listener filters",
        arguments: [
            (ListenerQuery(address: "FD00::5"), 2), (ListenerQuery(type: "http+tcp"), 6),
            (ListenerQuery(port: 15006), 4),
            (ListenerQuery(port: 1), 0),
        ])
    func listenerFilters(query: ListenerQuery, rows: Int) throws {
        #expect(try ListenerRow.rows(of: dump.listeners(), where: query).count == rows)
    }

    @Test("routes: numeric names move past larger ones, pass-through routes are hidden, an empty host is a 404")
    func routes() throws {
        expectGolden(try report().routes(dump, named: ""), "routes.txt")
        expectGolden(try report(verbose: false).routes(dump, named: ""), "routes.brief.txt")
    }

    @Test("clusters: names are cut at bars only when there are three")
    func clusters() throws {
        expectGolden(try report().clusters(dump, where: ClusterQuery()), "clusters.txt")
        #expect(ClusterRow.rows(of: try dump.clusters(), where: ClusterQuery(port: 80)).count == 1)
    }

    @Test("endpoints: addresses as text, ports as numbers")
    func endpoints() {
        expectGolden(report().endpoints(hosts, where: EndpointQuery()), "endpoints.txt")
        #expect(hosts.rows(where: EndpointQuery(address: "UNIX://./socket")).count == 1)
        #expect(hosts.rows(where: EndpointQuery(address: "10.0.0.9", port: 80)).count == 1)
        #expect(hosts.rows(where: EndpointQuery(address: "10.0.0.9:80")).isEmpty)
    }

    @Test("Istio 1.9: one address, the note, and routes named by the Service's port")
    func oldLayout() throws {
        let listener = Listener(name: "0.0.0.0_8080", address: .socket(SocketAddress("0.0.0.0", 8080)))
        var manager = HTTPConnectionManager(statPrefix: "x", routeSource: .rds("http.8080"))
        manager.serverName = "istio-envoy"
        var gateway = listener
        gateway.filterChains = [
            FilterChain(filters: [
                NetworkFilter(
                    name: "envoy.filters.network.http_connection_manager", config: .httpConnectionManager(manager))
            ])
        ]
        var routes = RouteConfiguration(name: "http.8080")
        routes.virtualHosts = [VirtualHost(name: "blackhole:80", domains: ["*"])]
        let dump = ConfigDump(XDSSnapshot(listeners: [gateway], routes: [routes]))
        var report = report()
        report.compatibility = .istio1_9
        report.servicePorts = [8080: 80]
        #expect(
            try report.listeners(dump, where: ListenerQuery())
                == "ADDRESS PORT MATCH DESTINATION\n0.0.0.0 8080 ALL   Route: http.80\n")
        #expect(
            try report.routes(dump, named: "") == "NOTE: This output only contains routes loaded via RDS.\n"
                + "NAME        DOMAINS     MATCH     VIRTUAL SERVICE\nhttp.80     *           /*        404\n")
    }

    @Test("an empty dump has istioctl's errors")
    func missingSections() throws {
        let empty = try ConfigDump(Array("{}".utf8), file: "-")
        let type = "config dump has no configuration type type.googleapis.com/envoy.admin.v3."
        #expect(throws: ProxyConfigError("listener dump: " + type + "ListenersConfigDump")) {
            try report().listeners(empty, where: ListenerQuery())
        }
        #expect(throws: ProxyConfigError(type + "RoutesConfigDump")) { try report().routes(empty, named: "") }
        #expect(throws: ProxyConfigError("sidecar doesn't support secrets: " + type + "SecretsConfigDump")) {
            try report(.json).secrets(empty, now: 0)
        }
        #expect(report(.json).eds(empty, where: EndpointQuery()) == "[]\n")
        #expect(throws: ProxyConfigError.self) { try ConfigDump(Array("<html>".utf8), file: "-") }
        #expect(throws: ProxyConfigError.self) { try ConfigDump([], file: "-") }
    }

    @Test(
        "domains: ports and longer spellings go, two stay",
        arguments: [
            ([], ""), (["a.com:80"], "a.com:80"), (["a.com", "a.com:80"], "a.com"),
            (["x.ns.svc.cluster.local", "x.ns.svc", "x.ns", "x"], "x.ns, x"),
            (["a", "b", "c", "d"], "a, b + 2 more..."), (["[fd00::1]", "e"], "e"),
            (["[fd00:1::1]", "e"], "[fd00:1::1], e"),
        ] as [([String], String)])
    func domains(domains: [String], text: String) { #expect(RouteRow.domainsText(domains) == text) }

    @Test(
        "where a cluster's name is cut",
        arguments: [
            ("outbound|80|v1|a.b", "outbound", 80, "v1", "a.b"), ("outbound|x||a|b", "outbound", 0, "", ""),
            ("outbound_.80_.v1_.a|b|c|d", "outbound", 80, "v1", "a|b|c|d"), ("inbound_|||", "", 0, "", ""),
        ])
    func subsetKeys(name: String, direction: String, port: Int, subset: String, hostname: String) throws {
        let key = try #require(SubsetKey(name))
        #expect((key.direction, key.port, key.subset, key.hostname) == (direction, port, subset, hostname))
        #expect(SubsetKey("a|b|c") == nil)
    }
}
