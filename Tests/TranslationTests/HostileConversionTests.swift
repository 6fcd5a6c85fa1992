import Documents
import EnvoyModel
import MeshModel
import TestSupport
import Testing
import Translation

@Suite struct HostileConversionTests {
    private static let values = [
        "-1", "0", "[]", "{}", "null", "\"\"", "99999999999999999999", "1e400", ".nan", "true", "\"*\"", "[[[]]]",
        "{a: {b: c}}", "\"\\0\"", "65536", "!!binary x", "*", "a.b.c", "\"/\"", "10", "\"18446744073709551616h\"",
    ]

    @Test(
        "manifests with any value in any place are read, converted and translated without a crash",
        arguments: [
            "routes", "listeners", "ingress", "../../../MeshModelTests/Cases/kinds",
            "../../../MeshModelTests/Cases/istio",
        ])
    func mutations(name: String) throws {
        let text = try readText(casesPath("conversion/\(name).yaml"))
        let pieces = text.split(separator: ": ", omittingEmptySubsequences: false).map(String.init)
        for seed in UInt64(0)..<60 {
            var random = SplitMix64(seed: seed)
            var mutated = pieces
            for _ in 0..<6 {
                let index = Int.random(in: 1..<mutated.count, using: &random)
                let end = mutated[index].firstIndex { ",}]\n".contains($0) } ?? mutated[index].endIndex
                let value = Self.values.randomElement(using: &random) ?? ""
                mutated[index] = value + mutated[index][end...]
            }
            let documents = DocumentReader.read(mutated.joined(separator: ": "), file: "mesh.yaml").documents
            let file = ManifestFile.read(path: "mesh.yaml", documents: documents)
            let snapshot = MeshSnapshot.build(files: [file]).0
            let objects = istioObjects(from: snapshot)
            let statuses = gatewayAPIStatuses(of: snapshot)
            let translation = MeshTranslation(snapshot)
            for proxy in snapshot.proxies.prefix(4) { _ = translation.configuration(for: proxy).xds.listeners.count }
            #expect(objects.virtualServices.allSatisfy { !$0.meta.name.isEmpty }, "seed \(seed)")
            #expect(statuses.allSatisfy { !$0.kind.isEmpty }, "seed \(seed)")
        }
    }
}
