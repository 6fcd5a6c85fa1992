import TestSupport
import Testing

@testable import Presentation

/// The tables that the rule book gives for the answers of a real Envoy.
@Suite(.enabled(if: oracleFolder != nil, "the oracle folder is not here"))
struct AdminSampleTableTests {
    struct Sample: CustomTestStringConvertible {
        var words: [String]
        var expected: String
        var testDescription: String { words.joined(separator: " ") }

        func value(_ flag: String) -> String {
            words.firstIndex(of: flag).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil } ?? ""
        }
    }

    /// The blocks `$ COMMAND`, an empty line, the table.
    static let samples: [Sample] = {
        guard let folder = oracleFolder, let text = try? readText(folder + "/envoy-admin/proxy-config-tables.txt")
        else {
            return []
        }
        var samples: [Sample] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("$ ") {
                let words = line.dropFirst(2).split(separator: " ").map { $0.filter { $0 != "'" } }
                samples.append(Sample(words: words.map { String($0) }, expected: ""))
            } else if !samples.isEmpty, !(samples[samples.count - 1].expected.isEmpty && line.isEmpty) {
                samples[samples.count - 1].expected += line + "\n"
            }
        }
        return samples
    }()

    @Test("there are samples")
    func count() { #expect(Self.samples.count >= 17) }

    @Test("tables of a real Envoy's configuration", arguments: samples)
    func table(sample: Sample) throws {
        let bytes = try readBytes(try #require(oracleFolder) + "/envoy-admin/" + sample.value("-f"))
        var report = ProxyConfigReport(.short)
        report.isVerbose = !sample.words.contains("--verbose=false")
        let port = Int(sample.value("--port")) ?? 0
        let endpoints = EndpointQuery(
            address: sample.value("--address"), port: port, cluster: sample.value("--cluster"),
            status: sample.value("--status"))
        let text: String
        if sample.words[1] == "endpoints" {
            text = report.endpoints(try HostStatuses(bytes, file: "-"), where: endpoints)
        } else {
            let dump = try ConfigDump(bytes, file: "-")
            text =
                switch sample.words[1] {
                case "bootstrap": try report.bootstrap(dump)
                case "listeners":
                    try report.listeners(
                        dump,
                        where: ListenerQuery(
                            address: sample.value("--address"), port: port, type: sample.value("--type")))
                case "routes": try report.routes(dump, named: sample.value("--name"))
                case "clusters":
                    try report.clusters(
                        dump,
                        where: ClusterQuery(
                            fqdn: sample.value("--fqdn"), port: port, subset: sample.value("--subset"),
                            direction: sample.value("--direction")))
                case "eds": report.eds(dump, where: endpoints)
                // The certificates of the sample hold from late 2026 on.
                default: try report.secrets(dump, now: 1_800_000_000)
                }
        }
        func trimmed(_ text: String) -> Substring {
            var text = text[...]
            while text.last == "\n" { text.removeLast() }
            return text
        }
        #expect(trimmed(text) == trimmed(sample.expected))
    }
}
