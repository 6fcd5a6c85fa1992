import TestSupport
import Testing
import TrafficEngine
import WhyNot

@Suite struct FixTests {
    @Test("a host that nearly exists is one word away")
    func mistypedHost() throws {
        let mesh = try TestMesh(sample: "httpbin")
        let answer = try #require(mesh.ask(SyntheticRequest(host: "httpbin.exmple.com", "/status/200")))
        #expect(answer.attempt.outcome.name == "no-virtual-host")
        #expect(answer.requestFixes.first?.changes == [.host("httpbin.example.com")])
        for fix in answer.fixes { print(fix.cost, fix.proposals.map(\.reason), fix.patch) }
        #expect(!answer.fixes.isEmpty)
    }

    @Test("a path that no route takes")
    func path() throws {
        let mesh = try TestMesh(sample: "httpbin")
        let answer = try #require(mesh.ask(SyntheticRequest(host: "httpbin.example.com", "/headers")))
        for fix in answer.fixes { print(fix.cost, fix.proposals.map(\.reason), fix.patch) }
        for fix in answer.requestFixes { print(fix.cost, fix.changes) }
        #expect(!answer.fixes.isEmpty)
    }
}
