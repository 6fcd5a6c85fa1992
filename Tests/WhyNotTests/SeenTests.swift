import EnvoyModel
import MeshModel
import TestSupport
import Testing
import TrafficEngine
import Translation
import WhyNot

@Suite struct SeenTests {
    @Test(
        "what one request can see of a configuration decides as the whole does",
        .enabled(if: oracleFolder != nil, "the oracle folder is not here"))
    func oracles() throws {
        var random = SplitMix64(seed: 7)
        for found in try OracleCases.all(in: try #require(oracleFolder)) {
            let mesh = found.mesh(found.config)
            guard let proxy = found.node(in: mesh) else { continue }
            let whole = mesh.state.configuration(of: proxy).complete
            var requests = [found.request]
            for path in ["/", "/nothing", found.request.path + "/x"] {
                var other = found.request
                other.path = path
                if Bool.random(using: &random) { other.authority = "www.nobody.example" }
                if Bool.random(using: &random) { other.authority = other.authority.map { $0.uppercased() + ":8080" } }
                requests.append(other)
            }
            for request in requests {
                let full = simulate(request, with: CompiledSnapshot(whole), proxy: proxy.id)
                let seen = simulate(request, with: CompiledSnapshot(whole.seen(by: request)), proxy: proxy.id)
                #expect(full.error == seen.error, "\(found.name) \(request.path)")
                #expect(full.response?.status == seen.response?.status, "\(found.name) \(request.path)")
                #expect(full.hops.first?.route == seen.hops.first?.route, "\(found.name) \(request.path)")
                #expect(full.hops.first?.clusterReference == seen.hops.first?.clusterReference, "\(found.name)")
                #expect(full.hops.first?.host?.address == seen.hops.first?.host?.address, "\(found.name)")
            }
        }
    }
}
