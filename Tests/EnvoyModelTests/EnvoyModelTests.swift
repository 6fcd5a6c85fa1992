import Documents
import EnvoyModel
import TestSupport
import Testing

@Suite("Envoy's JSON") struct EnvoyModelTests {
    private func node(_ text: String) throws -> Node {
        try #require(DocumentReader.read(text, file: "test.yaml").documents.first).root
    }

    @Test("snake_case and lowerCamelCase are the same")
    func spellings() throws {
        var unmodelled: [UnmodelledField] = []
        let snake = RouteConfiguration(
            try node(
                """
                name: a
                virtual_hosts:
                - name: v
                  domains: ["*"]
                  require_tls: ALL
                  routes:
                  - match: {path_separated_prefix: /x}
                    route: {cluster: c, timeout: 0.250s, retry_policy: {retry_on: 5xx, num_retries: 2}}
                """), unmodelled: &unmodelled)
        let camel = RouteConfiguration(
            try node(
                """
                {"name": "a", "virtualHosts": [{"name": "v", "domains": ["*"], "requireTls": "ALL", "routes": [
                 {"match": {"pathSeparatedPrefix": "/x"},
                  "route": {"cluster": "c", "timeout": "0.25s", "retryPolicy": {"retryOn": "5xx", "numRetries": 2}}}]}]}
                """), unmodelled: &unmodelled)
        #expect(snake == camel)
        #expect(unmodelled.isEmpty)
    }

    @Test("what is not modelled is told with its owner and place")
    func unmodelled() throws {
        var unmodelled: [UnmodelledField] = []
        _ = RouteConfiguration(
            try node("name: a\nvirtual_hosts:\n- name: v\n  virtual_clusters: []\n  domains: []\n"),
            unmodelled: &unmodelled)
        let field = try #require(unmodelled.first)
        #expect(field.field == "virtual_clusters")
        #expect(field.owner == #"route_config "a", virtual host "v""#)
        #expect(field.location?.line == 4)
    }

    @Test(
        "durations",
        arguments: [
            ("0s", "0s"), ("1.5s", "1.500s"), ("0.000001s", "0.000001s"), ("-0.5s", "-0.500s"), ("3600s", "3600s"),
            ("0.0000000019s", "0.000000001s"),
        ])
    func durations(text: String, written: String) { #expect(Duration(protoJSON: text)?.protoJSON == written) }

    @Test(
        "what is no duration is none",
        arguments: ["", "s", "1", "1.5", "1m", "a1s", "1.2.3s", "99999999999999999999s", ".s"])
    func noDurations(text: String) { #expect(Duration(protoJSON: text) == nil) }

    @Test(
        "reading what was written gives the same value",
        .enabled(if: oracleFolder != nil, "the oracle folder is not here"),
        arguments: [
            "routing", "rewrite", "ring_hash", "maglev", "hash_policy", "round_robin", "distributions", "outcomes",
        ])
    func roundTrip(name: String) throws {
        let path = "\(oracleFolder ?? "")/envoy-vectors/\(name).json"
        let document = try #require(DocumentReader.read(try readBytes(path), file: path).documents.first)
        let snapshot = XDSSnapshot(bootstrap: try #require(document.root["bootstrap"]))
        #expect(snapshot.unmodelled.isEmpty)
        var unmodelled: [UnmodelledField] = []
        for listener in snapshot.listeners {
            #expect(Listener(try node(listener.modelJSON.text()), unmodelled: &unmodelled) == listener)
        }
        for cluster in snapshot.clusters {
            #expect(Cluster(try node(cluster.modelJSON.text()), unmodelled: &unmodelled) == cluster)
        }
        #expect(unmodelled.isEmpty)
    }

    @Test("a configuration comes back from its own dump, sent by a control plane or not", arguments: [true, false])
    func configDump(isStatic: Bool) async throws {
        let bootstrap = try node(
            """
            static_resources:
              listeners:
              - name: l
                address: {socket_address: {address: 0.0.0.0, port_value: 80}}
              clusters:
              - {name: c, type: STATIC, lb_policy: MAGLEV, load_assignment: {cluster_name: c}}
            """)
        var snapshot = XDSSnapshot(bootstrap: bootstrap)
        if !isStatic {
            snapshot.bootstrap = nil
            var routes = RouteConfiguration(name: "http.80")
            routes.virtualHosts = [VirtualHost(name: "v", domains: ["*"])]
            snapshot.routes = [routes]
        }
        let text = snapshot.configDump(includesEndpoints: true, timestamp: "2026-11-20T23:21:57.734Z").text()
        #expect(text.contains(isStatic ? "static_listeners" : "dynamic_listeners"))
        let again = await XDSSnapshot(configDump: try node(text))
        #expect(again.listeners.map(\.modelJSON) == snapshot.listeners.map(\.modelJSON))
        #expect(again.clusters.map(\.modelJSON) == snapshot.clusters.map(\.modelJSON))
        #expect(again.routes.map(\.modelJSON) == snapshot.routes.map(\.modelJSON))
    }

    @Test("a typed balancer is read like the old fields")
    func typedPolicy() throws {
        var unmodelled: [UnmodelledField] = []
        let typed = Cluster(
            try node(
                """
                name: c
                load_balancing_policy:
                  policies:
                  - typed_extension_config:
                      name: r
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash
                        minimum_ring_size: "10"
                        hash_function: MURMUR_HASH_2
                """), unmodelled: &unmodelled)
        let old = Cluster(
            try node(
                "name: c\nlb_policy: RING_HASH\nring_hash_lb_config: {minimum_ring_size: 10, hash_function: MURMUR_HASH_2}"
            ),
            unmodelled: &unmodelled)
        #expect(typed == old)
        #expect(unmodelled.isEmpty)
    }

    @Test("a private key is never written")
    func privateKey() throws {
        var unmodelled: [UnmodelledField] = []
        let listener = Listener(
            try node(
                """
                name: l
                filter_chains:
                - transport_socket:
                    name: tls
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                      common_tls_context:
                        tls_certificates: [{certificate_chain: {inline_string: CERT}, private_key: {inline_string: KEY}}]
                """), unmodelled: &unmodelled)
        #expect(listener.modelJSON.text().contains("CERT"))
        #expect(!listener.modelJSON.text().contains("KEY"))
    }
}
