import Documents
import EnvoyModel
import MeshModel
import TestSupport
import Testing

@testable import Translation

@Suite struct IncrementalTests {
    @Test(
        "after any changes every proxy has the configuration that is computed from scratch",
        arguments: 1...24 as ClosedRange<UInt64>)
    func incremental(seed: UInt64) {
        var mesh = ChangingMesh(seed: seed, objects: 40 + Int(seed % 4) * 30, repeats: seed % 6 == 0)
        var settings = MeshSnapshot.Settings()
        settings.options.standIns = seed % 5 != 0
        settings.options.features["PILOT_ENABLE_ROUTE_COLLAPSE_OPTIMIZATION"] = seed % 7 == 0 ? "false" : "true"
        var series = SnapshotSeries()
        var translation: MeshTranslation?
        var configurations: [String: ProxyConfiguration] = [:]
        for step in 0..<25 {
            let change = step == 0 ? "" : mesh.change()
            let files = mesh.files.map { file in
                ManifestFile.read(
                    path: file.name, cluster: file.name == "4.yaml" ? "two" : ManifestFile.defaultCluster,
                    documents: DocumentReader.read(file.text, file: file.name).documents)
            }
            let snapshot = series.next(files: files, settings: settings).0
            let next = MeshTranslation(snapshot, previous: translation)
            let whole = MeshTranslation(snapshot)
            #expect(next.diagnostics == whole.diagnostics, "seed \(seed), step \(step): \(change)")
            for proxy in snapshot.proxies {
                let own = next.configuration(for: proxy, previous: configurations[proxy.id])
                configurations[proxy.id] = own
                let other = whole.configuration(for: proxy)
                #expect(
                    own.diagnostics == other.diagnostics, "seed \(seed), step \(step), \(proxy.id): \(change)")
                if let problem = Self.difference(own.complete, other.complete) {
                    Issue.record("seed \(seed), step \(step), \(proxy.id): \(problem) after \(change)")
                    return
                }
            }
            translation = next
        }
    }

    /// The first part that differs, with all that is in it; `nil` where none does.
    private static func difference(_ left: XDSSnapshot, _ right: XDSSnapshot) -> String? {
        if left.node != right.node { return "node" }
        if left.listeners != right.listeners { return "listeners" }
        if left.routes != right.routes {
            let own = left.routes.flatMap(\.virtualHosts)
            let others = right.routes.flatMap(\.virtualHosts)
            let pair = zip(own, others).first { $0 != $1 }
            return "routes: \(pair.map { "\($0.0.json.text()) is not \($0.1.json.text())" } ?? "their number")"
        }
        if left.clusters != right.clusters {
            let pair = zip(left.clusters, right.clusters).first { $0 != $1 }
            return "clusters: \(pair.map { "\($0.0.name) is not \($0.1.name)" } ?? "their number")"
        }
        if left.endpoints != right.endpoints { return "endpoints" }
        if left.secrets != right.secrets { return "secrets" }
        return left.staticListenerCount == right.staticListenerCount
            && left.staticClusterCount == right.staticClusterCount ? nil : "static parts"
    }
}
