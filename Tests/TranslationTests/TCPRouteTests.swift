import Documents
import EnvoyModel
import MeshModel
import Testing
import Translation

@Suite("what a DestinationRule makes of TCP routes")
struct TCPRouteTests {
    private func filters(port: Int, features: [String: String] = [:]) throws -> [NetworkFilter] {
        let text = """
            apiVersion: v1
            kind: Service
            metadata: {name: db, namespace: shop}
            spec: {clusterIP: 10.96.0.9, ports: [{name: mongo, port: 27017}, {name: tcp, port: 9000}, {name: redis, port: 6379}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: db, namespace: shop}
            spec:
              host: db
              trafficPolicy:
                connectionPool: {tcp: {idleTimeout: 77s, maxConnectionDuration: 99s}}
                loadBalancer: {consistentHash: {useSourceIp: true}}
                tunnel: {protocol: POST, targetHost: egress.example.com, targetPort: 443}
              subsets:
                - {name: plain, labels: {v: plain}, trafficPolicy: {loadBalancer: {simple: RANDOM}}}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: db, namespace: shop}
            spec:
              hosts: [db]
              tcp: [{match: [{port: 9000}], route: [{destination: {host: db, subset: plain, port: {number: 9000}}}]}]
            """
        var settings = MeshSnapshot.Settings()
        settings.options.features = features
        let documents = DocumentReader.read(text, file: "mesh.yaml").documents
        let mesh = MeshSnapshot.build(
            files: [ManifestFile.read(path: "mesh.yaml", documents: documents)], settings: settings
        ).0
        var node = ProxyNode(name: "client", type: .sidecar, namespace: "shop")
        node.ipAddresses = ["10.0.0.1"]
        node.dnsDomain = "shop.svc.cluster.local"
        let listeners = MeshTranslation(mesh).configuration(for: node).xds.listeners
        let listener = try #require(listeners.first { $0.name == "10.96.0.9_\(port)" })
        return try #require(listener.filterChains.first ?? listener.defaultFilterChain).filters
    }

    private func proxy(_ filters: [NetworkFilter]) throws -> TCPProxy {
        guard case .tcpProxy(let proxy)? = filters.last?.config else {
            throw Missing()
        }
        return proxy
    }

    private struct Missing: Error {}

    @Test("limits and the hash of the rule's top; the subset's own balancer goes before; tunnels for routes alone")
    func policies() throws {
        let routed = try proxy(try filters(port: 9000))
        #expect(routed.idleTimeout == .seconds(77) && routed.maxDownstreamConnectionDuration == .seconds(99))
        #expect(!routed.hashPolicySourceIP, "the subset balances by chance")
        #expect(routed.tunneling == TCPProxy.Tunneling(hostname: "egress.example.com:443", usesPost: true))
        let own = try proxy(try filters(port: 27017))
        #expect(own.idleTimeout == .seconds(77) && own.hashPolicySourceIP && own.tunneling == nil)
    }

    @Test("protocols that Envoy understands have their filters, where the feature is on")
    func codecs() throws {
        #expect(try filters(port: 27017).map(\.name).first == "envoy.filters.network.mongo_proxy")
        #expect(try filters(port: 27017, features: ["PILOT_ENABLE_MONGO_FILTER": "false"]).count == 1)
        #expect(try filters(port: 6379).map(\.name) == ["envoy.filters.network.tcp_proxy"])
        let redis = try filters(port: 6379, features: ["PILOT_ENABLE_REDIS_FILTER": "true"])
        #expect(redis.map(\.name) == ["envoy.filters.network.redis_proxy"])
    }
}
