import Documents
import EnvoyModel
import Paths
import Presentation
import TerminalUI
import TrafficEngine

@testable import MeshtopUI

/// A small mesh with fixed times, addresses and counts, for goldens.
enum SampleView {
    static func location(_ file: String, _ line: Int) -> SourceLocation {
        SourceLocation(file: "mesh/" + file, line: line, column: 5)
    }

    static func reference(_ kind: String, _ name: String, _ file: String, _ line: Int) -> SourceReference {
        SourceReference(kind: kind, namespace: "default", name: name, location: location(file, line))
    }

    static let httpbin = "outbound|8000||httpbin.default.svc.cluster.local"
    static let reviews1 = "outbound|9080|v1|reviews.default.svc.cluster.local"
    static let reviews2 = "outbound|9080|v2|reviews.default.svc.cluster.local"

    static func route(_ name: String, _ match: RouteMatch, _ action: Route.Action, _ line: Int) -> Route {
        var route = Route(name: name, match: match, action: action)
        route.sources = [reference("VirtualService", "httpbin", "virtualservice.yaml", line)]
        route.metadata = Metadata([
            "istio": ["config": .string("/apis/networking.istio.io/v1/namespaces/default/virtual-service/httpbin")]
        ])
        return route
    }

    static var snapshot: XDSSnapshot {
        var snapshot = XDSSnapshot()
        let manager = HTTPConnectionManager(statPrefix: "outbound_0.0.0.0_8080", routeSource: .rds("http.8080"))
        var listener = Listener(name: "0.0.0.0_8080", address: .socket(SocketAddress("0.0.0.0", 8080)))
        listener.filterChains = [
            FilterChain(filters: [
                NetworkFilter(
                    name: "envoy.filters.network.http_connection_manager", config: .httpConnectionManager(manager))
            ])
        ]
        listener.sources = [reference("Gateway", "httpbin-gateway", "gateway.yaml", 9)]
        snapshot.listeners = [listener]
        var weighted = RouteAction(
            .weighted(WeightedClusters([.init(name: reviews1, weight: 80), .init(name: reviews2, weight: 20)])))
        weighted.timeout = .seconds(3)
        var headers = RouteMatch(.prefix("/reviews"))
        headers.headers = [HeaderMatcher(name: "end-user", test: .string(StringMatcher(.exact("jason"))))]
        var routes = RouteConfiguration(name: "http.8080")
        routes.virtualHosts = [
            VirtualHost(
                name: "httpbin.example.com:80", domains: ["httpbin.example.com", "httpbin.example.com:*"],
                routes: [
                    route("default", RouteMatch(.prefix("/status")), .route(RouteAction(.cluster(httpbin))), 13),
                    route("default", RouteMatch(.prefix("/delay")), .route(RouteAction(.cluster(httpbin))), 15),
                ]),
            VirtualHost(
                name: "bookinfo.example.com:80", domains: ["bookinfo.example.com", "bookinfo.example.com:*"],
                routes: [
                    route("jason", headers, .route(RouteAction(.cluster(reviews2))), 31),
                    route("split", RouteMatch(.prefix("/reviews")), .route(weighted), 40),
                    route("teapot", RouteMatch(.path("/teapot")), .directResponse(.init(status: 418)), 52),
                ]),
        ]
        snapshot.routes = [routes]
        snapshot.clusters = [httpbin, reviews1, reviews2].map { name in
            var cluster = Cluster(name: name, type: .eds)
            cluster.lbPolicy = .leastRequest(choiceCount: 2, activeRequestBias: 1, fullScan: false, slowStart: nil)
            cluster.sources = [reference("Service", "httpbin", "httpbin.yaml", 3)]
            cluster.connectTimeout = .seconds(10)
            return cluster
        }
        snapshot.endpoints = [
            assignment(httpbin, ["10.1.4.11", "10.1.5.27"], 80), assignment(reviews1, ["10.1.4.20"], 9080),
            assignment(reviews2, ["10.1.4.21", "10.1.5.22", "10.1.5.23"], 9080),
        ]
        return snapshot
    }

    static func assignment(_ cluster: String, _ addresses: [String], _ port: UInt16) -> ClusterLoadAssignment {
        let endpoints = addresses.enumerated().map { index, address in
            var endpoint = LbEndpoint(address: .socket(SocketAddress(address, port)))
            endpoint.workload = WorkloadReference(
                namespace: "default", deployment: "app", pod: "app-\(index)", isStandIn: index == 1)
            if address == "10.1.5.23" { endpoint.healthStatus = .unhealthy }
            return endpoint
        }
        return ClusterLoadAssignment(
            clusterName: cluster,
            localities: [
                LocalityLbEndpoints(
                    locality: Locality(region: "eu-west-3", zone: "eu-west-3a"), endpoints: endpoints)
            ])
    }

    static var view: MeshView {
        MeshView(
            title: "httpbin", sources: [SourceItem(path: "./mesh", files: 4, isWatched: true)], revision: 7,
            loadedAt: "11:06:51",
            proxies: [
                ProxyItem(
                    id: "istio-ingressgateway.istio-system", type: "gateway", labels: "istio=ingressgateway",
                    isStandIn: true),
                ProxyItem(id: "shop.default", type: "sidecar"),
            ],
            proxy: "istio-ingressgateway.istio-system", snapshot: snapshot,
            objects: [
                ("Gateway", "networking.istio.io/v1", "httpbin-gateway", "gateway.yaml", 1),
                ("VirtualService", "networking.istio.io/v1", "httpbin", "virtualservice.yaml", 1),
                ("Service", "v1", "httpbin", "httpbin.yaml", 1),
                ("Deployment", "apps/v1", "httpbin", "httpbin.yaml", 15),
            ].map { kind, version, name, file, line in
                ObjectItem(
                    kind: kind, apiVersion: version, namespace: "default", name: name, location: location(file, line))
            },
            findings: [
                Finding(
                    severity: .error, code: "IST0101", object: "VirtualService default/broken",
                    message: "gateway \"test-gatway\" not found", hint: "the nearest name is \"test-gateway\"",
                    location: location("virtualservice.yaml", 14)),
                Finding(
                    severity: .warning, code: "MT0120", object: "DestinationRule default/reviews",
                    message: "failover without outlierDetection: it never happens", hint: "add outlierDetection",
                    location: location("gateway.yaml", 3)),
            ],
            embedded: EmbeddedProxy(
                bindings: [.init(listener: "0.0.0.0_8080", address: "0.0.0.0:8080", bound: "127.0.0.1:18080")],
                admin: "127.0.0.1:18000", hasTraffic: true),
            lastChange: "virtualservice.yaml +VirtualService httpbin")
    }

    static func entry(_ id: Int, _ path: String, _ status: Int, flags: String = "-", ms: Double = 3.2) -> TapEntry {
        TapEntry(
            id: id, time: "11:06:0\(id % 10).\(100 + id)", method: id % 4 == 0 ? "POST" : "GET",
            authority: "httpbin.example.com", path: path, status: status, flags: flags,
            details: flags == "NR" ? "route_not_found" : "via_upstream", listener: "0.0.0.0_8080",
            virtualHost: flags == "NR" ? "" : "httpbin.example.com:80", route: flags == "NR" ? "" : "default",
            cluster: flags == "NR" ? "" : httpbin,
            endpoint: flags == "NR" ? "" : id % 2 == 0 ? "10.1.4.11:80" : "10.1.5.27:80", downstream: "127.0.0.1:40001",
            milliseconds: ms, upstreamMilliseconds: flags == "NR" ? nil : ms - 0.4, bytesReceived: 120, bytesSent: 2048,
            requestID: "5c2e-91")
    }

    static func tick(_ number: Int) -> Tick {
        var stats = StatsSnapshot()
        var one = HostStats()
        one.rqTotal = UInt64(number * 51)
        var two = HostStats()
        two.rqTotal = UInt64(number * 49)
        stats.hosts = [httpbin: ["10.1.4.11:80": one, "10.1.5.27:80": two]]
        let entries = (0..<(6 + number % 5)).map { index -> TapEntry in
            let id = number * 20 + index
            if index == 3 { return entry(id, "/headers", 404, flags: "NR", ms: 0.1) }
            if index == 5 { return entry(id, "/delay/1", 503, flags: "UF,URX", ms: 61) }
            return entry(id, "/status/200?x=\(index)", 200, ms: 2 + Double(index))
        }
        return Tick(clock: "11:06:52", time: Double(number), stats: stats, tap: entries, lost: 0)
    }

    /// A load balancer, a node and the gateway that answers.
    static var ladder: Ladder {
        var request = SyntheticRequest()
        request.method = "HEAD"
        request.path = "/headers"
        request.authority = "httpbin.example.com"
        request.sourceIP = "203.0.113.77"
        var client = PathHop(.client, "203.0.113.77")
        client.address = "130.211.10.121:443"
        request.transport = .tls
        request.serverName = "httpbin.example.com"
        client.arrives = request
        client.sends = .tls
        let service = reference("Service", "istio-ingressgateway", "gateway.yaml", 3)
        var balancer = PathHop(.cloudLoadBalancer, "AWS ALB of Ingress istio-system/httpbin", source: service)
        balancer.tls = .ends
        balancer.arrives = request
        balancer.sends = .plaintext
        balancer.ports = [PathPort("listener", 443)]
        balancer.note("TLS ends here with certificate 主机", service)
        balancer.warn("from here on it is plaintext", service, code: "MT0311")
        request.transport = .plaintext
        request.serverName = ""
        request.sourceIP = "192.168.0.10"
        request.headers = [SyntheticRequest.Header("x-forwarded-for", "203.0.113.77")]
        balancer.changes = [HeaderChange("x-forwarded-for", from: nil, to: "203.0.113.77")]
        var node = PathHop(.node, "node-1", source: service)
        node.arrives = request
        node.sends = .plaintext
        node.ports = [PathPort("node port", 30080), PathPort("port", 80), PathPort("target port", 8080)]
        var gateway = PathHop(
            .gateway, "istio-ingressgateway.istio-system",
            source: reference("Gateway", "httpbin-gateway", "gateway.yaml", 9))
        gateway.arrives = request
        gateway.ports = [PathPort("0.0.0.0_8080", 8080)]
        gateway.server = .overwrites("istio-envoy")
        gateway.fail(
            "no-route: path /headers differs at character 2",
            reference("VirtualService", "httpbin", "virtualservice.yaml", 13))
        var path = RequestPath(trace: TrafficTrace(request: request))
        path.mode = .chained
        path.hops = [client, balancer, node, gateway]
        path.answeredBy = 3
        var health = HealthReport(
            checker: balancer.name, scheme: .http, port: 30021, path: "/healthz/ready", successCodes: "200",
            origin: "annotations of the Service")
        health.targets = [
            HealthReport.Target(
                name: "node-1", address: "10.0.0.1:30021", isHealthy: true,
                reason: "node port 30021 -> target port 15021",
                source: service)
        ]
        path.health = [health]
        return Ladder(path)
    }

    static var simulation: Simulation {
        var simulation = Simulation(
            line: "curl -s -I -HHost:httpbin.example.com \"http://$INGRESS_HOST:$INGRESS_PORT/headers\"")
        simulation.ladder = ladder
        simulation.request = [
            "HEAD /headers HTTP/1.1", "Host: httpbin.example.com", "User-Agent: curl/8.5.0", "Accept: */*",
        ]
        func step(_ number: Int, _ isGood: Bool, _ name: String, _ text: String, _ source: SourceReference?)
            -> ExplanationLine
        {
            let mark = ExplanationSpan(isGood ? "ok " : "XX ", isGood ? .good : .bad)
            let pad = String(repeating: " ", count: 10 - name.count)
            return ExplanationLine(
                .step,
                [ExplanationSpan("\(number) "), mark, ExplanationSpan(name + pad, .label), ExplanationSpan(text)],
                source: source)
        }
        func miss(_ text: String, _ reason: String, _ line: Int) -> [ExplanationLine] {
            let source = reference("VirtualService", "httpbin", "virtualservice.yaml", line)
            return [
                ExplanationLine(
                    .detail, indent: 3, [ExplanationSpan("XX ", .bad), ExplanationSpan(text, .value)], source: source),
                ExplanationLine(.detail, indent: 5, [ExplanationSpan(reason, .bad)]),
            ]
        }
        simulation.explanation =
            [
                step(1, true, "resolve", "130.211.10.121 is the LoadBalancer of istio-ingressgateway, 80 -> 8080", nil),
                step(
                    2, true, "listener", "0.0.0.0_8080  plain HTTP on port 8080",
                    reference("Gateway", "httpbin-gateway", "gateway.yaml", 9)),
                step(
                    3, true, "host", "httpbin.example.com:80  host is domain \"httpbin.example.com\"",
                    reference("VirtualService", "httpbin", "virtualservice.yaml", 7)),
                step(4, false, "route", "0 of 2 matched, in order", nil),
            ] + miss("#1 prefix \"/status\"", "path /headers differs at character 2, s is not h", 13)
            + miss("#2 prefix \"/delay\"", "path /headers differs at character 2, d is not h", 15) + [
                ExplanationLine(
                    .answer,
                    [
                        ExplanationSpan("=> ", .label), ExplanationSpan("HTTP/1.1 404 Not Found", .bad),
                        ExplanationSpan("  flags NR  route_not_found"),
                    ]),
                ExplanationLine(
                    .advice, [ExplanationSpan("nearest: anything under /status or /delay on this host")],
                    source: reference("VirtualService", "httpbin", "virtualservice.yaml", 15)),
            ]
        simulation.status = 404
        simulation.flags = "NR"
        simulation.details = "route_not_found"
        simulation.observed = ["HTTP/1.1 404 Not Found", "server: istio-envoy"]
        return simulation
    }

    static let manifest: [String] = (1...60).map { number in
        switch number {
        case 1: "apiVersion: networking.istio.io/v1"
        case 2: "kind: VirtualService"
        case 3: "metadata:"
        case 4: "  name: httpbin"
        case 5: "spec:"
        case 6: "  hosts:"
        case 7: "  - httpbin.example.com # 主机"
        default: number % 3 == 0 ? "  # line \(number)" : "  - match\(number): {prefix: /status}"
        }
    }

    /// A model that has seen the mesh, some traffic, the files and one simulated request.
    static func model(_ width: Int, _ height: Int, glyphs: Glyphs = .unicode) -> AppModel {
        var model = AppModel(size: Size(width, height), glyphs: glyphs)
        _ = model.update(.mesh(view))
        for number in 1...40 { _ = model.update(.tick(tick(number))) }
        for file in ["gateway.yaml", "virtualservice.yaml", "httpbin.yaml"] {
            _ = model.update(.file("mesh/" + file, manifest))
        }
        var example = simulation
        example.occasion = .example
        _ = model.update(.simulated(example))
        _ = model.update(.simulated(simulation))
        model.simulator.editor.set(simulation.line)
        return model
    }

    static func surface(_ model: AppModel) -> Surface {
        var model = model
        var surface = Surface(model.size, glyphs: model.glyphs)
        model.draw(on: &surface)
        return surface
    }
}
