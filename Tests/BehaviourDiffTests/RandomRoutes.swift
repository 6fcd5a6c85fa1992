import Documents
import EnvoyModel
import TestSupport
import TrafficEngine

/// Random route configurations over a small vocabulary, so that routes overlap and hide each other, and random changes of them.
struct RandomRoutes {
    var random: SplitMix64

    static let hosts = ["a.example.com", "b.example.com", "*.example.com", "*.org", "*"]
    static let paths = ["/", "/a", "/a/b", "/api", "/api/", "/API", "/x/y/z"]
    static let headers = ["x-user", "x-team"]
    static let values = ["alice", "bob", "al"]
    static let expressions = ["/api/v[0-9]+/.*", "/(a|b)/c?", "/a.*"]

    mutating func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: values.indices, using: &random)] }
    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func configuration() -> RouteConfiguration {
        var result = RouteConfiguration(name: "routes")
        var domains = Self.hosts.filter { _ in chance(70) }
        if domains.isEmpty { domains = ["*"] }
        while !domains.isEmpty {
            let count = chance(30) ? min(2, domains.count) : 1
            var host = VirtualHost(name: domains[0], domains: Array(domains.prefix(count)))
            domains.removeFirst(count)
            host.routes = (0..<Int.random(in: 0...6, using: &random)).map { _ in route() }
            result.virtualHosts.append(host)
        }
        return result
    }

    mutating func route() -> Route {
        var match = RouteMatch(.prefix("/"))
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: match.path = .prefix(pick(Self.paths))
        case 4..<6: match.path = .path(pick(Self.paths))
        case 6..<8: match.path = .pathSeparatedPrefix(pick(["/a", "/api", "/a/b"]))
        default: match.path = .safeRegex(pick(Self.expressions))
        }
        if case .safeRegex = match.path {} else { match.caseSensitive = !chance(15) }
        if chance(35) { match.headers.append(header()) }
        if chance(15) { match.headers.append(header()) }
        if chance(15) {
            match.headers.append(
                HeaderMatcher(name: ":method", test: .string(StringMatcher(.exact(pick(["GET", "POST", "PUT"]))))))
        }
        if chance(15) {
            match.queryParameters.append(
                QueryParameterMatcher(
                    name: "q", test: chance(50) ? .present(true) : .string(StringMatcher(.exact(pick(Self.values))))))
        }
        if chance(10) { match.runtimeFraction = FractionalPercent(UInt32.random(in: 0...100, using: &random)) }
        return Route(name: pick(["one", "two", ""]), match: match, action: action())
    }

    mutating func header() -> HeaderMatcher {
        var matcher = HeaderMatcher(name: pick(Self.headers), test: .present(true))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: break
        case 1: matcher.test = .string(StringMatcher(.prefix(pick(Self.values))))
        case 2: matcher.test = .string(StringMatcher(.suffix("b"), ignoreCase: chance(50)))
        case 3: matcher.test = .range(start: 3, end: 9)
        default: matcher.test = .string(StringMatcher(.exact(pick(Self.values))))
        }
        matcher.invertMatch = chance(20)
        matcher.treatMissingHeaderAsEmpty = chance(10)
        return matcher
    }

    mutating func action() -> Route.Action {
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            var redirect = RedirectAction()
            redirect.pathRewrite = .prefix(pick(["/moved", "/"]))
            redirect.responseCode = pick([301, 307])
            return .redirect(redirect)
        case 1: return .directResponse(DirectResponseAction(status: pick([200, 404, 503])))
        case 2:
            let weight = UInt32.random(in: 1...9, using: &random)
            return .route(
                RouteAction(
                    .weighted(
                        WeightedClusters([
                            .init(name: "v1", weight: weight), .init(name: "v2", weight: 10 - weight),
                        ]))))
        default:
            var action = RouteAction(.cluster(pick(["v1", "v2", "empty", "missing"])))
            if chance(30) { action.pathRewrite = .prefix(pick(["/", "/new"])) }
            if chance(20) { action.hostRewrite = .literal("inner.example.com") }
            if chance(20) { action.timeout = .seconds(pick([1, 5])) }
            return .route(action)
        }
    }

    /// One change such as a pull request makes.
    mutating func changed(_ configuration: RouteConfiguration) -> RouteConfiguration {
        var result = configuration
        guard !result.virtualHosts.isEmpty, !chance(5) else { return self.configuration() }
        let host = Int.random(in: result.virtualHosts.indices, using: &random)
        let routes = result.virtualHosts[host].routes
        switch Int.random(in: 0..<6, using: &random) {
        case 0: result.virtualHosts.remove(at: host)
        case 1: result.virtualHosts[host].routes.insert(route(), at: Int.random(in: 0...routes.count, using: &random))
        case 2 where !routes.isEmpty:
            result.virtualHosts[host].routes.remove(at: Int.random(in: routes.indices, using: &random))
        case 3 where routes.count > 1:
            result.virtualHosts[host].routes.swapAt(0, Int.random(in: 1..<routes.count, using: &random))
        case 4 where !routes.isEmpty:
            result.virtualHosts[host].routes[Int.random(in: routes.indices, using: &random)].action = action()
        default:
            guard !routes.isEmpty else { break }
            let place = Int.random(in: routes.indices, using: &random)
            result.virtualHosts[host].routes[place].match = route().match
        }
        return result
    }

    /// Any request, near the vocabulary of the configurations.
    mutating func request() -> SyntheticRequest {
        var request = SyntheticRequest()
        request.authority = pick(["a.example.com", "b.example.com", "c.example.com", "x.org", "else.net"])
        var path = pick(Self.paths + ["/b", "/ab", "/api/v1/x", "/api/v/x", "/a/c", "/b/", "/zzz"])
        if chance(40) { path += pick(["x", "/x", "/", "/v2/y"]) }
        if chance(10) { path = path.uppercased() }
        if chance(30) { path += "?" + pick(["q", "q=alice", "q=bob", "r=1"]) }
        request.path = path
        request.method = pick(["GET", "GET", "POST", "PUT"])
        for name in Self.headers where chance(40) {
            request.headers.append(.init(name, pick(Self.values + ["alicex", "BOB", "5", "9", ""])))
        }
        return request
    }

    static func snapshot(_ routes: RouteConfiguration) -> CompiledSnapshot {
        var snapshot = XDSSnapshot(
            clusters: ["v1", "v2", "empty"].map { name in
                var cluster = Cluster(name: name, type: .static)
                cluster.loadAssignment = ClusterLoadAssignment(clusterName: name)
                if name != "empty" {
                    let endpoint = LbEndpoint(address: .socket(SocketAddress("10.0.0.1", 80)))
                    cluster.loadAssignment?.localities = [LocalityLbEndpoints(locality: nil, endpoints: [endpoint])]
                }
                return cluster
            })
        var listener = Listener(name: "0.0.0.0_80", address: .socket(SocketAddress("0.0.0.0", 80)))
        let manager = HTTPConnectionManager(statPrefix: "", routeSource: .inline(routes))
        listener.filterChains = [
            FilterChain(filters: [
                NetworkFilter(name: "envoy.http_connection_manager", config: .httpConnectionManager(manager))
            ])
        ]
        snapshot.listeners = [listener]
        return CompiledSnapshot(snapshot)
    }
}
