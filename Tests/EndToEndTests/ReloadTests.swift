import Glibc
import TestSupport
import Testing

/// New revisions while requests flow.
@Suite(.serialized, .enabled(if: Program.path != nil, "the program has not been built"))
struct ReloadTests {
    @Test("10,000 requests over keep-alive while manifests are rewritten 100 times: none fails")
    func swaps() throws {
        let folder = try TemporaryFolder()
        let source = Program.sample("httpbin")
        for name in try names(in: source) {
            _ = try folder.write(try readBytes(source + "/" + name), to: "mesh/" + name)
        }
        let route = try readText(source + "/httpbin-vs.yaml")
        let serving = try AgreementTests.serve(folder.path("mesh"), folder, log: folder.path("access.log"))
        let port = try #require(serving.ports[8080], "no listener: \(serving.ports)")
        let connections = (0..<4).map { _ in HTTPConnection(port: port) }
        var failures: [String] = []
        var revisions: Set<String> = []
        for number in 0..<10_000 {
            if number % 100 == 50 {
                // The old route stays, another comes and goes with each revision.
                let name = "rev-\(number / 100)"
                let text = route.replacing("  - match:\n", with: "  - name: \(name)\n    match:\n", maxReplacements: 1)
                try writeText(text, to: folder.path("mesh/httpbin-vs.yaml"))
            }
            let request = "GET /status/200 HTTP/1.1\r\nhost: httpbin.example.com\r\nx-n: \(number)\r\n\r\n"
            do {
                let response = try connections[number % connections.count].send(request)
                if response.status != 200 { failures.append("\(number): \(response.status)") }
            } catch {
                failures.append("\(number): \(error)")
            }
        }
        #expect(failures.isEmpty, "\(failures.count): \(failures.prefix(8))")
        for line in try readText(folder.path("access.log")).split(separator: "\n") {
            if let start = line.firstRange(of: "rev-") { revisions.insert(String(line[start.lowerBound...].prefix(7))) }
        }
        // Rewrites that come close together make one revision; that some were taken over is the point.
        #expect(revisions.count >= 2, "\(revisions)")
        serving.process.send(SIGTERM)
        #expect(serving.process.finish().status == 0)
    }
}
