import EnvoyModel
import TestSupport
import Testing

@testable import TrafficEngine

@Suite("Where a request may end") struct CandidateTests {
    private static let weighted = """
        {"match": {"prefix": "/"}, "route": {"weighted_clusters": {"clusters": [
          {"name": "c", "weight": 60}, {"name": "missing", "weight": 30}, {"name": "empty", "weight": 10}]}}}
        """

    @Test("missing and empty clusters of a weighted route are candidates without an endpoint; all shares make 1")
    func weightedClusters() throws {
        let bench = try Bench(
            routes: Bench.routes(Self.weighted), clusters: [Bench.cluster(), Bench.cluster("empty", weights: [])])
        let candidates = try #require(bench.trace("/").hops.first?.candidates)
        let ends = candidates.map { "\($0.cluster) \($0.host?.address ?? "-") \(Int(($0.share * 100).rounded()))" }
        #expect(Set(ends) == ["c 10.0.0.1:80 60", "missing - 30", "empty - 10"])
    }

    @Test("a redirect of a gRPC request is a 200 that says so in its headers")
    func redirectedGRPC() throws {
        let bench = try Bench(routes: Bench.routes(#"{"match": {"prefix": "/"}, "redirect": {"path_redirect": "/x"}}"#))
        let trace = bench.trace("/s/m", headers: [("content-type", "application/grpc")])
        #expect(trace.response?.status == 200)
        #expect(trace.header("grpc-status") == "2")
        #expect(trace.header("location") == "http://h/x")
        #expect(bench.trace("/s/m").response?.status == 301)
    }

    @Test(
        "an endpoint whose TLS waits for a secret that istiod never sends cannot be reached", arguments: [true, false])
    func invalidSecret(isInvalid: Bool) throws {
        let secret = (isInvalid ? "invalid://" : "kubernetes://shop") + "-cacert"
        let socket = """
            "transport_socket": {"name": "envoy.transport_sockets.tls", "typed_config": {
             "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
             "common_tls_context": {"validation_context_sds_secret_config": {"name": "\(secret)", "sds_config": {"ads": {}}}}}}
            """
        let bench = try Bench(
            routes: Bench.routes(#"{"match": {"prefix": "/"}, "route": {"cluster": "c"}}"#),
            clusters: [Bench.cluster("c", socket)])
        let trace = bench.trace("/")
        #expect(trace.response?.status == (isInvalid ? 503 : 200))
        #expect(trace.response?.flags == (isInvalid ? "UF" : "-"))
        #expect(trace.hops.first?.host?.address == "10.0.0.1:80")
    }
}
