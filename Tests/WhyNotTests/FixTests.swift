import TestSupport
import Testing
import TrafficEngine
import WhyNot

@Suite struct FixTests {
    @Test("a host that nearly exists: one word of the request, or two of the manifests")
    func mistypedHost() throws {
        let mesh = try TestMesh(sample: "httpbin")
        let answer = try #require(mesh.ask(SyntheticRequest(host: "httpbin.exmple.com", "/status/200")))
        #expect(answer.attempt.outcome.name == "no-virtual-host")
        #expect(answer.requestFixes.first?.changes == [.host("httpbin.example.com")])
        #expect(
            answer.fixes.first?.proposals.map(\.summary) == [
                "spec.hosts[0]: httpbin.example.com -> httpbin.exmple.com",
                "spec.servers[0].hosts[0]: httpbin.example.com -> httpbin.exmple.com",
            ])
    }

    @Test("a path that no route takes gets a match of its own, which takes nothing from others")
    func path() throws {
        let mesh = try TestMesh(sample: "httpbin")
        let answer = try #require(mesh.ask(SyntheticRequest(host: "httpbin.example.com", "/headers")))
        #expect(
            answer.patch == """
                --- Samples/httpbin/httpbin-vs.yaml
                +++ Samples/httpbin/httpbin-vs.yaml
                @@ -20,6 +20,8 @@
                         prefix: /status
                     - uri:
                         prefix: /delay
                +    - uri:
                +        prefix: /headers
                     route:
                     - destination:
                         host: httpbin

                """)
        #expect(answer.fixes.map(\.cost) == answer.fixes.map(\.cost).sorted())
        #expect(answer.requestFixes.map(\.changes) == [[.path("/status")], [.path("/delay")]])
    }

    @Test("a search that has no time says so and proposes nothing that was not tried")
    func outOfTime() throws {
        let mesh = try TestMesh(sample: "httpbin")
        var limits = WhyNot.Limits()
        limits.isOutOfTime = { true }
        let proxy = try #require(mesh.gateway)
        let requester = SyntheticRequester(SyntheticRequest(host: "httpbin.example.com", "/headers"), at: proxy)
        let answer = WhyNot(requester, in: mesh.state, mesh: mesh.mesh, goal: .anywhere, limits: limits).answer()
        #expect(answer.wasCut && answer.fixes.isEmpty && answer.requestFixes.isEmpty && answer.tried == 0)
    }

    @Test(
        "what is wanted can be a status, a service by any of its names, or a cluster",
        arguments: [
            ("404", true), ("200", false), ("httpbin", false), ("httpbin.default", false),
            ("httpbin.default.svc.cluster.local:8000", false),
            ("outbound|8000||httpbin.default.svc.cluster.local", false),
        ])
    func goals(want: String, isMet: Bool) throws {
        let mesh = try TestMesh(sample: "httpbin")
        let answer = try #require(mesh.ask(SyntheticRequest(host: "httpbin.example.com", "/headers"), want: want))
        #expect(answer.isMet == isMet)
        #expect(answer.fixes.isEmpty == isMet)
    }
}
