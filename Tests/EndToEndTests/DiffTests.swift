import TestSupport
import Testing

/// `meshtop diff` as a reviewer of manifests calls it.
@Suite(.enabled(if: Program.path != nil, "the program has not been built"))
struct DiffTests {
    /// A copy of a sample with one text in one file replaced.
    private func changed(_ sample: String, _ file: String, _ text: String, _ other: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for name in try names(in: Program.sample(sample)) {
            let old = try readText(Program.sample(sample) + "/" + name)
            #expect(name != file || old.contains(text))
            _ = try folder.write(name == file ? old.replacing(text, with: other) : old, to: name)
        }
        return folder
    }

    @Test("a changed prefix: what is lost and what is won, each with a curl line that shows it")
    func prefix() throws {
        let new = try changed("httpbin", "httpbin-vs.yaml", "prefix: /status", "prefix: /state")
        let finished = try Program.run(["diff", Program.sample("httpbin"), new.path])
        #expect(finished.status == 1, "\(finished.errors)")
        let lines = finished.output.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
        let curls = lines.filter { $0.hasPrefix("curl") }
        #expect(
            curls == [
                "curl -H 'Host: httpbin.example.com' http://203.0.113.10/state",
                "curl -H 'Host: httpbin.example.com' http://203.0.113.10/status",
            ], "\(finished.output)")
        // The lines are what they say.
        for (folder, path, status) in [
            (Program.sample("httpbin"), "state", "404"), (new.path, "state", "200"), (new.path, "status", "404"),
        ] {
            let line = ["-sI", "-HHost:httpbin.example.com", "http://203.0.113.10/\(path)"]
            let answer = try Program.run(["curl", "-f", folder, "--"] + line)
            #expect(answer.output.hasPrefix("HTTP/1.1 \(status) "), "\(answer.output)")
        }
    }

    @Test("weights before and after; the same configuration ends with 0")
    func weights() throws {
        let new = try changed("bookinfo", "routes.yaml", "weight: 75", "weight: 25")
        let finished = try Program.run(["diff", Program.sample("bookinfo"), new.path])
        #expect(finished.status == 1)
        #expect(finished.output.contains("75 %, outbound|9080|v3|"), "\(finished.output)")
        #expect(finished.output.contains("50 %, outbound|9080|v3|"), "\(finished.output)")
        let same = try Program.run(["diff", Program.sample("bookinfo"), Program.sample("bookinfo")])
        #expect(same.status == 0)
        #expect(same.output == "no change in behaviour\n")
    }

    @Test("comments, labels of no meaning and the order of documents change nothing", arguments: ["httpbin", "demo"])
    func cosmetics(sample: String) throws {
        let folder = try TemporaryFolder()
        var documents: [String] = []
        for name in try names(in: Program.sample(sample)) {
            documents += try readText(Program.sample(sample) + "/" + name).split(separator: "\n---\n").map(String.init)
        }
        let text = documents.reversed().map { "# moved\n" + $0 }.joined(separator: "\n---\n")
        _ = try folder.write(text, to: "all.yaml")
        let finished = try Program.run(["diff", Program.sample(sample), folder.path])
        #expect(finished.output == "no change in behaviour\n", "\(finished.errors)")
        #expect(finished.status == 0)
    }
}
