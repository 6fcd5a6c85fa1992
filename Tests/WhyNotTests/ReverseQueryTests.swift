import Documents
import EnvoyModel
import MeshModel
import TestSupport
import Testing
import TrafficEngine
import WhyNot

@Suite struct ReverseQueryTests {
    @Test(
        "every row of a sample's gateways has a request that it takes, or is hidden by one that takes it",
        arguments: ["httpbin", "httpbin-wildcard", "httpbin-gateway-api", "bookinfo", "demo", "lb-types/each-policy"])
    func samples(sample: String) throws {
        let mesh = try TestMesh(sample: sample)
        var hits = 0
        for proxy in mesh.state.snapshot.proxies where proxy.type == .gateway {
            let query = ReverseQuery(proxy, in: mesh.state)
            for row in query.rows where row.route != nil {
                switch query.answer(for: row) {
                case .request(let request):
                    let hop = simulate(request, with: query.compiled, proxy: proxy.id).hops.first
                    #expect(hop?.route == row.route && hop?.virtualHost?.name == row.virtualHost?.name, "\(row.words)")
                    hits += 1
                case .hidden(let other, let request):
                    let hop = simulate(request, with: query.compiled, proxy: proxy.id).hops.first
                    #expect(hop?.route == other.route, "\(row.words)")
                case .impossible(let why): Issue.record("\(row.words): \(why)")
                }
            }
        }
        #expect(hits > 0)
    }

    private func routes(_ matches: String...) throws -> (ReverseQuery, [Row]) {
        let list = matches.map { "  - match:\n    - \($0)\n    route:\n    - destination:\n        host: catalog\n" }
            .joined()
        let text =
            Shop.gateway + Shop.catalog + """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata:
                  name: rows
                  namespace: shop
                spec:
                  hosts: [shop.example.com]
                  gateways: [istio-system/public]
                  http:
                \(list)
                """
        let mesh = TestMesh(text)
        let query = ReverseQuery(try #require(mesh.gateway), in: mesh.state)
        return (query, query.rows(named: "shop/rows"))
    }

    @Test("a row behind a wider one is hidden, and the wider one is named")
    func hidden() throws {
        let (query, rows) = try routes("uri: {prefix: /a}", "uri: {prefix: /a/b}")
        #expect(rows.count == 2)
        guard case .hidden(let other, _) = query.answer(for: rows[1]) else {
            Issue.record("not hidden")
            return
        }
        #expect(other.words == "shop.example.com:80 #1 prefix /a")
    }

    @Test(
        "what an earlier row leaves over is found",
        arguments: [
            ("uri: {exact: /a}", "uri: {prefix: /a}"), ("uri: {prefix: /a}, method: {exact: GET}", "uri: {prefix: /a}"),
            (
                "uri: {prefix: /a}, headers: {x-user: {exact: jason}}",
                "uri: {prefix: /a}, headers: {x-user: {regex: '.+'}}"
            ),
            ("uri: {prefix: /a}, queryParams: {v: {exact: '1'}}", "uri: {regex: '/a/[0-9]+(/x)?'}"),
        ])
    func leftOver(first: String, second: String) throws {
        let (query, rows) = try routes("{\(first)}", "{\(second)}")
        for row in rows {
            guard case .request = query.answer(for: row) else {
                Issue.record("\(row.words)")
                continue
            }
        }
    }

    @Test("rows are found by object, place, name and position")
    func names() throws {
        let mesh = TestMesh(Shop.whole)
        let query = ReverseQuery(try #require(mesh.gateway), in: mesh.state)
        let line = Shop.whole.split(separator: "    - uri:")[0].count { $0.isNewline } + 1
        for name in [
            "catalog", "shop/catalog", "VirtualService/catalog", "VirtualService shop/catalog", "mesh.yaml:\(line)",
            "outbound|9080|v1|catalog.shop.svc.cluster.local", "shop.example.com:80", "shop.example.com:80#1",
        ] { #expect(query.rows(named: name).count == 1, "\(name)") }
        #expect(query.rows(named: "nothing").isEmpty)
    }

    @Test(
        "a sample of an expression is taken by it",
        arguments: [
            "/a/.*", "/[a-z]+/[0-9]{2,4}", "^/v(1|2)/x?$", "/(?:a|b)/\\d+", "[^/]+", "/a\\.b", ".*", "/x{3}", "(|/b)c",
            "/\\w+/\\S*",
        ])
    func samplesOfExpressions(pattern: String) throws {
        let sample = try #require(RegexSample.of(pattern))
        #expect(regularExpression(pattern, takes: sample) == true, "\(sample)")
    }

    @Test(
        "expressions that it does not know give nothing",
        arguments: ["(a", "[a", "a{", "\\bx", "*", "a{999}", "(?=x)y", "[[:alpha:]]"])
    func unknownExpressions(pattern: String) {
        let sample = RegexSample.of(pattern)
        #expect(sample == nil || regularExpression(pattern, takes: sample ?? "") != true || pattern == "(?=x)y")
    }
}
