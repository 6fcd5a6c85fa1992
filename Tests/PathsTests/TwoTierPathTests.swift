import Documents
import EnvoyModel
import MeshModel
import Testing
import TrafficEngine

@testable import Paths

/// A first tier whose endpoints are other clusters' gateways (6.4).
struct TwoTierPathTests {
    private static let order = ["tier1", "us-west1-1", "us-west1-2"]

    private static func bookinfo() throws -> Tracing {
        try Tracing(
            samples: Dictionary(order.map { ($0, "bookinfo-mc/" + $0) }) { first, _ in first }, order: order)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var path: String
        var selector: String?
        /// The clusters of the proxies, in order.
        var clusters: [String]
        var status = 200
        var route: String
        var testDescription: String { "\(path) \(selector ?? "-")" }
    }

    static let rows: [Row] = [
        Row(path: "/productpage", clusters: ["tier1", "us-west1-1", "us-west1-1"], route: "page"),
        Row(
            path: "/productpage", selector: "gke-jimmy-us-west1-1", clusters: ["tier1", "us-west1-1", "us-west1-1"],
            route: "selected-us-west1-1"),
        Row(
            path: "/productpage", selector: "gke-jimmy-us-west1-2", clusters: ["tier1", "us-west1-2", "us-west1-2"],
            route: "selected-us-west1-2"),
        Row(
            path: "/productpage", selector: "elsewhere", clusters: ["tier1", "us-west1-1", "us-west1-1"], route: "page"),
        Row(path: "/api/v1/products", clusters: ["tier1", "us-west1-2", "us-west1-2"], route: "api"),
        // Both clusters are in this subset; the nearer one gets everything while it is healthy.
        Row(path: "/static/x.css", clusters: ["tier1", "us-west1-1", "us-west1-1"], route: "static"),
        Row(path: "/other", clusters: ["tier1"], status: 404, route: ""),
    ]

    @Test("header and prefix choose a cluster, whose gateway chooses a Service", arguments: rows)
    func route(_ row: Row) throws {
        let headers = row.selector.map { [("X-CLUSTER-SELECTOR", $0)] } ?? []
        let path = try Self.bookinfo().path(
            "http://203.0.113.40\(row.path)", host: "bookinfo.tetrate.io", headers: headers)
        #expect(path.trace.hops.map(\.clusterName) == row.clusters)
        #expect(path.status == row.status)
        #expect(path.trace.hops.first?.route?.name ?? "" == row.route)
        #expect(path.hop(.endpoint)?.cluster ?? "" == (row.status == 200 ? row.clusters.last : ""))
    }

    @Test("localities: the second cluster takes over when the first one is gone")
    func failover() throws {
        let path = try Self.bookinfo().path("http://203.0.113.40/static/x.css", host: "bookinfo.tetrate.io")
        let candidates = path.trace.hops[0].candidates
        #expect(Set(candidates.compactMap(\.host?.address)) == ["203.0.113.41:80"], "\(candidates)")
        let hosts = path.trace.hops[0].cluster
        #expect(hosts?.outlierDetection != nil)
        // Without the first cluster's endpoint nothing is left at priority 0.
        var texts: [String: [String: String]] = [:]
        for name in Self.order { texts[name] = try SampleText.files("bookinfo-mc/" + name) }
        let without = texts["tier1"]?["clusters.yaml"]?.replacing(
            "  - address: 203.0.113.41\n    locality: us-west1/us-west1-a\n    labels:\n      cluster: us-west1-1\n",
            with: "")
        texts["tier1"]?["clusters.yaml"] = without
        let rest = try Tracing(texts, order: Self.order).path(
            "http://203.0.113.40/static/x.css", host: "bookinfo.tetrate.io")
        #expect(rest.trace.hops.map(\.clusterName) == ["tier1", "us-west1-2", "us-west1-2"])
    }

    @Test("in the first cluster nobody is behind reviews and details: their Services are not shared between meshes")
    func dependencies() throws {
        let tracing = try Self.bookinfo()
        for (cluster, status) in [("us-west1-1", 503), ("us-west1-2", 200)] {
            let page = try #require(tracing.proxy("productpage-v1", cluster: cluster))
            for service in ["reviews", "details"] {
                let path = try tracing.path("http://\(service):9080/\(service)/0", from: .pod(page))
                #expect(path.status == status, "\(service) in \(cluster)")
                #expect(path.trace.hops.allSatisfy { $0.clusterName == cluster })
            }
        }
    }

    @Test("clusters of one mesh ID share their endpoints, and a remote secret says which")
    func sharedServices() throws {
        var texts: [String: [String: String]] = [:]
        for name in Self.order {
            texts[name] = try SampleText.files("bookinfo-mc/" + name).mapValues {
                $0.replacing("meshId: us-west1-1", with: "meshId: one").replacing(
                    "meshId: us-west1-2", with: "meshId: one")
            }
        }
        func details(_ texts: [String: [String: String]]) throws -> RequestPath {
            let tracing = Tracing(texts, order: Self.order)
            let page = try #require(tracing.proxy("productpage-v1", cluster: "us-west1-1"))
            return try tracing.path("http://details:9080/details/0", from: .pod(page))
        }
        let shared = try details(texts)
        #expect(shared.status == 200)
        #expect(shared.hop(.endpoint)?.cluster == "us-west1-2")
        let secret = """
            apiVersion: v1
            kind: Secret
            metadata: {name: istio-remote-secret-other, namespace: istio-system, labels: {istio/multiCluster: "true"}}
            stringData: {CLUSTER: kubeconfig}
            """
        texts["us-west1-1"]?["secret.yaml"] = secret.replacing("CLUSTER", with: "elsewhere")
        #expect(try details(texts).status == 503)
        texts["us-west1-1"]?["secret.yaml"] = secret.replacing("CLUSTER", with: "us-west1-2")
        #expect(try details(texts).status == 200)
    }

    // MARK: Loops and addresses outside

    /// A cluster whose gateway sends everything for a host to an address.
    private static func gateway(at address: String, to next: String) -> String {
        """
        apiVersion: v1
        kind: Service
        metadata: {name: gw, namespace: istio-system}
        spec: {type: LoadBalancer, externalTrafficPolicy: Local, selector: {istio: ingressgateway}, ports: [{name: http2, port: 80, targetPort: 8080, nodePort: 30080}]}
        status: {loadBalancer: {ingress: [{ip: \(address)}]}}
        ---
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: g, namespace: istio-system}
        spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: next, namespace: istio-system}
        spec:
          hosts: [next.example.com]
          location: MESH_EXTERNAL
          resolution: \(next.first?.isNumber ?? false ? "STATIC" : "DNS")
          ports: [{number: 80, name: http, protocol: HTTP}]
          endpoints: [{address: \(next)}]
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: v, namespace: istio-system}
        spec: {hosts: ["*"], gateways: [g], http: [{route: [{destination: {host: next.example.com}}]}]}
        """
    }

    private static func ring(_ addresses: [(String, String)]) -> Tracing {
        var texts: [String: [String: String]] = [:]
        for (index, (own, next)) in addresses.enumerated() {
            texts["c\(index)"] = ["m.yaml": gateway(at: own, to: next)]
        }
        return Tracing(texts, order: addresses.indices.map { "c\($0)" })
    }

    @Test("gateways that send to each other are a loop, which is reported", arguments: [1, 2, 3])
    func loop(_ count: Int) throws {
        let addresses = (0..<count).map { ("203.0.113.\(50 + $0)", "203.0.113.\(50 + ($0 + 1) % count)") }
        let path = try Self.ring(addresses).path("http://203.0.113.50/", host: "a.example.com")
        let loop = try #require(path.hops.last)
        #expect(loop.kind == .loop)
        #expect(loop.facts.first?.text.contains("for the second time") ?? false)
        #expect(path.trace.hops.count == count)
        #expect(path.status == 504)
    }

    @Test("an address of nobody is outside; a name is found as a load balancer's")
    func outside() throws {
        let out = try Self.ring([("203.0.113.50", "198.51.100.7")]).path("http://203.0.113.50/", host: "a.example.com")
        #expect(out.hops.last?.kind == .outside)
        #expect(out.hops.last?.address == "198.51.100.7:80")
        #expect(out.status == 200)
        var texts = ["c0": ["m.yaml": Self.gateway(at: "203.0.113.50", to: "lb.example.net")]]
        texts["c1"] = [
            "m.yaml": Self.gateway(at: "203.0.113.51", to: "198.51.100.7").replacing(
                "ip: 203.0.113.51", with: "hostname: lb.example.net")
        ]
        let path = try Tracing(texts, order: ["c0", "c1"]).path("http://203.0.113.50/", host: "a.example.com")
        #expect(path.trace.hops.map(\.clusterName) == ["c0", "c1"])
        #expect(path.hops.last?.kind == .outside)
    }

    @Test("a port that the next gateway's Service does not have is refused: 503 UF at the first one")
    func refused() throws {
        let texts = [
            "c0": [
                "m.yaml": Self.gateway(at: "203.0.113.50", to: "203.0.113.51").replacing(
                    "number: 80, name: http, protocol: HTTP}]\n  endpoints",
                    with: "number: 81, name: http, protocol: HTTP}]\n  endpoints")
            ],
            "c1": ["m.yaml": Self.gateway(at: "203.0.113.51", to: "198.51.100.7")],
        ]
        let path = try Tracing(texts, order: ["c0", "c1"]).path("http://203.0.113.50/", host: "a.example.com")
        #expect(path.status == 503)
        #expect(path.trace.response?.flags == "UF")
        #expect(
            path.problems.contains { $0.text.contains("has no port 81; it has 80 (http2)") },
            "\(path.problems.map(\.text))")
        #expect(path.answeredBy.map { path.hops[$0].kind } == .gateway)
    }

    @Test("an east-west gateway passes mTLS by its SNI, to the Service of the other cluster")
    func eastWest() throws {
        let texts = try ["us-west1-1", "us-west1-2"].reduce(into: [String: [String: String]]()) {
            $0[$1] = try SampleText.files("bookinfo-mc/east-west/" + $1)
        }
        let tracing = Tracing(texts, order: ["us-west1-1", "us-west1-2"])
        let page = try #require(tracing.proxy("productpage-v1", cluster: "us-west1-1"))
        let path = try tracing.path("http://reviews.bookinfo.global:9080/reviews/0", from: .pod(page))
        #expect(path.status == 200, "\(path.kinds) \(path.problems.map(\.text))")
        #expect(path.trace.hops.map(\.clusterName) == ["us-west1-1", "us-west1-2", "us-west1-2"])
        let gateway = try #require(path.hop(.gateway))
        #expect(gateway.arrives?.serverName == "outbound_.9080_._.reviews.bookinfo.svc.cluster.local")
        #expect(gateway.tls == .passes)
        #expect(path.hops.last { $0.kind == .sidecar }?.tls == .endsMutual)
        #expect(path.trace.hops[1].clusterReference == "outbound_.9080_._.reviews.bookinfo.svc.cluster.local")
    }
}
