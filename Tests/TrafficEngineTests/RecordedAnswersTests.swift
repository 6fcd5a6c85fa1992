import Documents
import EnvoyModel
import TestSupport
import Testing

@testable import TrafficEngine

/// What a real Envoy answered, where the recordings are there.
@Suite("Recorded answers of Envoy", .enabled(if: oracleFolder != nil, "the oracle folder is not here"))
struct RecordedAnswersTests {
    @Test(
        "status, virtual host, route, cluster, endpoint and rewritten path",
        arguments: ["routing", "rewrite", "ring_hash", "maglev", "hash_policy"])
    func answers(name: String) throws {
        let path = "\(oracleFolder ?? "")/envoy-vectors/\(name).json"
        let document = try #require(DocumentReader.read(try readBytes(path), file: path).documents.first)
        let bootstrap = try #require(document.root["bootstrap"])
        let snapshot = CompiledSnapshot(XDSSnapshot(bootstrap: bootstrap))
        let requests = try #require(document.root["requests"]).elements
        let observed = try #require(document.root["observed"]).elements
        #expect(snapshot.diagnostics.isEmpty)
        for (asked, answer) in zip(requests, observed) {
            let id = asked["id"]?.text ?? ""
            let trace = simulate(request(asked, snapshot), with: snapshot, proxy: "p")
            let hop = try #require(trace.hops.first)
            #expect(trace.response?.status.map(Int64.init) == answer["status"]?.int, "\(name) \(id)")
            let given: [(String, String?)] = [
                ("virtualHost", hop.virtualHost?.name), ("route", hop.route?.name), ("cluster", hop.clusterReference),
                ("endpoint", hop.host?.address),
            ]
            for (field, value) in given {
                guard let recorded = answer[field] else { continue }
                #expect((value ?? "") == (recorded.string ?? ""), "\(name) \(id) \(field)")
            }
            guard let upstream = answer["upstream"] else { continue }
            #expect(hop.upstreamRequest?.path == upstream["path"]?.string, "\(name) \(id)")
            #expect(hop.upstreamRequest?.authority == upstream["host"]?.string, "\(name) \(id)")
        }
    }

    private func request(_ node: Node, _ snapshot: CompiledSnapshot) -> SyntheticRequest {
        var request = SyntheticRequest()
        request.method = node["method"]?.text ?? "GET"
        request.authority = node["host"]?.string
        request.path = node["path"]?.text ?? "/"
        request.sourceIP = node["source"]?.text ?? "127.0.0.1"
        request.headers =
            node["headers"]?.elements.map { SyntheticRequest.Header($0[0]?.text ?? "", $0[1]?.text ?? "") } ?? []
        let listener = node["listener"].flatMap { snapshot.listener(named: $0.text) } ?? snapshot.listeners.first
        if case .socket(let socket)? = listener?.value.address { request.port = socket.port }
        return request
    }
}
