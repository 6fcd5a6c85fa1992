import Documents
import TestSupport
import Testing

/// What the program says when a request does not go where it was meant to.
@Suite(.enabled(if: Program.path != nil, "the program has not been built"))
struct WhyNotTests {
    private static let broken = [
        ("httpbin", "curl -HHost:httpbin.example.com http://203.0.113.10/headers", "httpbin"),
        ("bookinfo", "curl -HHost:bookinfo.example.com http://203.0.113.10/ratings/1", "ratings"),
        ("bookinfo", "curl -HHost:bookinfo.exmple.com http://203.0.113.10/reviews/1", "reviews"),
        ("demo", "curl -HHost:shop.example.com http://203.0.113.10/beta", "catalog.shop/v2"),
        ("demo", "curl -HHost:shop.example.com http://203.0.113.10/next", "catalog.shop"),
        ("httpbin-gateway-api", "curl -HHost:httpbin.example.com http://203.0.113.20/headers", "httpbin:8000"),
        ("alb/3-gateway", "curl -HHost:istio-test-alb.example.com http://10.3.0.11:31246/", "test-svc.test-ns"),
    ]

    @Test("the patch that is printed applies, and the request arrives", arguments: broken)
    func patch(sample: String, line: String, want: String) throws {
        let folder = try copy(sample)
        let found = try Program.run(["curl", "-f", ".", "--want", want, "--", line], folder: folder.path)
        #expect(found.status == 0)
        #expect(found.output.contains("\nfix "), "\(found.output)")
        let applied = try spawn(["patch", "-p0", "-s"], input: found.output, folder: folder.path)
        #expect(applied.status == 0, "\(applied.output)\(applied.errors)\(found.output)")
        let again = try Program.run(["curl", "-f", ".", "--want", want, "--", line], folder: folder.path)
        #expect(again.output.contains("wanted    it goes to "), "\(again.output)")
        #expect(!again.output.contains("@@"))
    }

    @Test("the changed request that is printed arrives")
    func request() throws {
        let found = try Program.run([
            "curl", "-f", Program.sample("httpbin"), "--explain", "--",
            "curl -HHost:httpbin.exmple.com http://203.0.113.10/status/200",
        ])
        let line = try #require(found.output.split(separator: "\n").first { $0.hasPrefix("request   curl") })
        let again = try Program.run([
            "curl", "-f", Program.sample("httpbin"), "-o", "json", "--", String(line.dropFirst("request   ".count)),
        ])
        let trace = try #require(DocumentReader.read(again.output, file: "out").documents.first?.root)
        #expect(trace[path: "response", "status"]?.int == 200)
    }

    @Test("the JSON has everything in one more key")
    func json() throws {
        let found = try Program.run([
            "curl", "-f", Program.sample("demo"), "--want", "catalog.shop", "-o", "json", "--",
            "curl -HHost:shop.example.com http://203.0.113.10/next",
        ])
        let answer = try #require(
            DocumentReader.read(found.output, file: "out").documents.first?.root["why_not"])
        #expect(answer["met"]?.bool == false)
        #expect(answer["outcome"]?.string == "cluster-not-found")
        #expect(answer["clinic"]?["causes"]?[0]?["verdict"]?.string == "yes")
        #expect(answer["routes"]?[0]?["attached"]?.bool == true)
        #expect(answer["fixes"]?[0]?["patch"]?.string?.hasPrefix("--- ") == true)
        #expect(answer["fixes"]?[0]?["objects"]?[0]?["line"]?.int != nil)
    }

    @Test("simulate takes the same wish for each request")
    func simulate() throws {
        let found = try Program.run(
            ["simulate", "-f", Program.sample("httpbin"), "--want", "httpbin", "--requests", "-"],
            input: """
                {"id": "1", "authority": "httpbin.example.com", "path": "/status/200", "port": 8080}
                {"id": "2", "authority": "httpbin.example.com", "path": "/anything", "port": 8080}
                """)
        let traces = JSONReader.readLines(Array(found.output.utf8), file: "out").documents.map(\.root)
        #expect(traces.map { $0["why_not"]?["met"]?.bool } == [true, false])
        #expect(traces.last?["why_not"]?["fixes"]?[0]?["result"]?.string?.hasPrefix("200 -> outbound|8000|") == true)
    }

    @Test("a route gives a curl line that it takes, in the program too")
    func reverse() throws {
        let found = try Program.run(["curl", "-f", Program.sample("bookinfo"), "--for", "default/bookinfo"])
        let lines = found.output.split(separator: "\n")
        #expect(lines.count == 7)
        for line in lines {
            let curl = try #require(line.split(separator: "  # ").first)
            let again = try Program.run(["curl", "-f", Program.sample("bookinfo"), "--explain", "--", String(curl)])
            let place = try #require(line.split(separator: "  ").last?.split(separator: "/").last)
            let taken = again.output.split(separator: "\n").first { $0.contains("ok route") }
            #expect(taken?.contains(place) == true, "\(line)\n\(again.output)")
        }
        let missing = try Program.run(["curl", "-f", Program.sample("bookinfo"), "--for", "nothing/here"])
        #expect(missing.status == 2)
        #expect(missing.errors.contains("no route of istio-ingressgateway.istio-system is called"))
    }

    private func copy(_ sample: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for name in try names(in: Program.sample(sample)) where name.hasSuffix(".yaml") {
            try folder.write(try readBytes(Program.sample(sample) + "/" + name), to: name)
        }
        return folder
    }
}
