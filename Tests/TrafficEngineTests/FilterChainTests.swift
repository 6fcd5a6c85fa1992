import Documents
import EnvoyModel
import Testing

@testable import TrafficEngine

@Suite("Listeners and filter chains") struct FilterChainTests {
    private func snapshot() throws -> CompiledSnapshot {
        let tcp =
            "filters: [{name: t, typed_config: {\"@type\": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: s, cluster: c}}]"
        let inspector =
            "{name: i, typed_config: {\"@type\": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}}"
        let text = """
            static_resources:
              listeners:
              - name: any
                address: {socket_address: {address: 0.0.0.0, port_value: 443}}
                listener_filters: [\(inspector)]
                filter_chains:
                - {name: exact, filter_chain_match: {server_names: [a.com]}, \(tcp)}
                - {name: wide, filter_chain_match: {server_names: ["*.a.com"]}, \(tcp)}
                - {name: wider, filter_chain_match: {server_names: ["*.com"]}, \(tcp)}
                - {name: raw, filter_chain_match: {transport_protocol: raw_buffer}, \(tcp)}
              - name: own
                address: {socket_address: {address: 10.0.0.1, port_value: 443}}
                filter_chains:
                - {name: near, filter_chain_match: {source_prefix_ranges: [{address_prefix: 10.1.0.0, prefix_len: 16}]}, \(tcp)}
                - {name: nearer, filter_chain_match: {source_prefix_ranges: [{address_prefix: 10.1.2.0, prefix_len: 24}]}, \(tcp)}
              - name: twice
                address: {socket_address: {address: 10.0.0.2, port_value: 443}}
                filter_chains: [{name: one, \(tcp)}, {name: two, \(tcp)}]
            """
        let document = try #require(DocumentReader.read(text, file: "l.yaml").documents.first)
        return CompiledSnapshot(XDSSnapshot(bootstrap: document.root))
    }

    @Test(
        "the best chain wins",
        arguments: [
            ("1.1.1.1", "a.com", "1.1.1.1", "exact"), ("1.1.1.1", "x.A.com", "1.1.1.1", "wide"),
            ("1.1.1.1", "x.b.com", "1.1.1.1", "wider"), ("1.1.1.1", "", "1.1.1.1", "raw"),
            ("10.0.0.1", "a.com", "10.1.2.3", "nearer"), ("10.0.0.1", "", "10.1.9.9", "near"),
        ])
    func chains(address: String, serverName: String, source: String, name: String) throws {
        var attempt = ConnectionAttempt(address: address, port: 443)
        attempt.transport = serverName.isEmpty ? .plaintext : .tls
        attempt.serverName = serverName
        attempt.sourceAddress = source
        var trace = Explanation()
        let choice = try snapshot().connect(attempt, trace: &trace)
        #expect(choice.chain?.value.name == name)
        #expect(trace.steps.filter { $0.stage == .filterChain && $0.matched }.map(\.candidate) == [name])
    }

    @Test(
        "what does not fit has its error",
        arguments: [
            ("1.1.1.1", 443, "b.org", ConnectionError.noFilterChain), ("1.1.1.1", 80, "", .noListener),
            ("10.0.0.1", 443, "", .noFilterChain), ("10.0.0.2", 443, "", .multipleFilterChains),
        ] as [(String, UInt16, String, ConnectionError)])
    func errors(address: String, port: UInt16, serverName: String, error: ConnectionError) throws {
        var attempt = ConnectionAttempt(address: address, port: port)
        attempt.transport = serverName.isEmpty ? .plaintext : .tls
        attempt.serverName = serverName
        var trace = Explanation()
        #expect(try snapshot().connect(attempt, trace: &trace).error == error)
    }
}
