import Documents
import EnvoyModel
import TestSupport
import Testing

@testable import Presentation

/// Dumps come from files and from the network: whatever they hold, there is a table, a document or an error.
struct HostileDumpTests {
    @Test("values of the wrong kind anywhere in a dump crash nothing", arguments: 0..<16 as Range<UInt64>)
    func mutated(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let path = casesPath("worked-example")
        for name in [".config_dump.json", ".clusters.json"] {
            let file = path + name
            let tree = try #require(JSONReader.read(try readBytes(file), file: file).documents.first?.root.json)
            for _ in 0..<3 {
                var budget = 1 + Int.random(in: 0..<6, using: &random)
                let bytes = Array(mutated(tree, budget: &budget, using: &random).text().utf8)
                printAll(bytes, OutputFormat.allCases.randomElement(using: &random) ?? .short)
            }
        }
    }

    @Test("what the fuzzer has found stays found", arguments: (try? names(in: casesPath("hostile"))) ?? [])
    func finds(name: String) throws {
        for output in OutputFormat.allCases { printAll(try readBytes(casesPath("hostile/" + name)), output) }
    }

    @Test("a dump that ends anywhere crashes nothing")
    func truncated() throws {
        let bytes = try readBytes(casesPath("worked-example") + ".config_dump.json")
        for end in stride(from: 0, to: bytes.count, by: 1999) { printAll(Array(bytes[..<end]), .short) }
        printAll(Array("{\"configs\":".utf8) + Array(repeating: UInt8(ascii: "["), count: 100_000), .json)
    }

    /// Every kind, errors thrown away.
    private func printAll(_ bytes: [UInt8], _ output: OutputFormat) {
        let report = ProxyConfigReport(output)
        if let hosts = try? HostStatuses(bytes, file: "-") { _ = report.endpoints(hosts, where: EndpointQuery()) }
        guard let dump = try? ConfigDump(bytes, file: "-") else { return }
        _ = try? report.listeners(dump, where: ListenerQuery(address: "0.0.0.0"))
        _ = try? report.listeners(dump, where: ListenerQuery())
        _ = try? report.routes(dump, named: "")
        _ = try? report.clusters(dump, where: ClusterQuery(port: 80))
        _ = report.eds(dump, where: EndpointQuery(port: 80))
        _ = try? report.ecds(dump)
        _ = try? report.secrets(dump, now: 0)
        _ = try? report.bootstrap(dump)
        try? report.all(dump, where: FullSummaryQuery(), withHeaders: true, now: 0) { _ in }
        _ = (try? dump.listeners()).map { WaypointRow.rows(of: $0) }
        _ = ProxyStatusReport.compare(istiod: dump, envoy: dump)
        let snapshot = XDSSnapshot(
            listeners: (try? dump.listeners()) ?? [], routes: (try? dump.routes()) ?? [],
            clusters: (try? dump.clusters()) ?? [], endpoints: dump.endpoints())
        _ = EnvoyExport(snapshot, name: "x").bootstrap.text()
        _ = EndpointRow.rows(of: snapshot)
    }

    /// Replaces some values by values of another kind, repeats and drops others.
    private func mutated(_ value: JSON, budget: inout Int, using random: inout SplitMix64) -> JSON {
        if budget > 0, Int.random(in: 0..<60, using: &random) == 0 {
            budget -= 1
            let others: [JSON] = [
                .null, true, -1, 0, .double(1.5), .int(.max), "", "x", "\u{0}\u{1b}[2J", [], [[]], [:], ["": ["a": []]],
                .number("18446744073709551616"), .string(String(repeating: "|", count: 50)),
            ]
            return others.randomElement(using: &random) ?? .null
        }
        switch value {
        case .array(let elements):
            var result = elements.map { mutated($0, budget: &budget, using: &random) }
            if Int.random(in: 0..<80, using: &random) == 0, let first = result.first { result.append(first) }
            return .array(result)
        case .object(let object):
            var result = JSONObject()
            for member in object.members where Int.random(in: 0..<150, using: &random) != 0 {
                result.add(member.key, mutated(member.value, budget: &budget, using: &random))
            }
            return .object(result)
        default: return value
        }
    }
}
