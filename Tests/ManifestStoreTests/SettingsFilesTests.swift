import Documents
import Glibc
import ManifestStore
import MeshModel
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SettingsFilesTests {
    @Test("files of settings are watched: they change, break, are mended, moved into place and made anew")
    func watching() async throws {
        let folder = try TemporaryFolder()
        try folder.write("apiVersion: v1\nkind: Service\nmetadata: {name: a}\n", to: "mesh/a.yaml")
        let path = try folder.write("connectTimeout: 1s\n", to: "mesh.yaml")
        var files = SettingsFiles()
        files.meshConfig = path
        files.services = try folder.write("- {hostname: a.org, namespace: shop}\n", to: "services.yaml")
        files.proxy = try folder.write("type: gateway\n", to: "proxy.yaml")
        let store = ManifestStore(sources: [ManifestSource(path: folder.path("mesh"))], files: files)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await store.watch() }
            var iterator = store.revisions.makeAsyncIterator()
            func first(where condition: (Revision) -> Bool) async throws {
                while let revision = await iterator.next() { if condition(revision) { return } }
                throw FileProblem("wait for", "a revision")
            }
            try await first {
                $0.snapshot.meshConfig.connectTimeout == .seconds(1) && $0.proxy?["type"]?.string == "gateway"
                    && $0.snapshot.serviceDescriptions.map(\.hostname) == ["a.org"]
            }
            try folder.write("connectTimeout: 2s\n", to: "mesh.yaml")
            try await first { $0.snapshot.meshConfig.connectTimeout == .seconds(2) && $0.diagnostics.isEmpty }
            try folder.write("connectTimeout: [\n", to: "mesh.yaml")
            try await first { revision in
                revision.snapshot.meshConfig.connectTimeout == .seconds(2)
                    && revision.diagnostics.contains { $0.severity == .error && $0.location?.file == path }
            }
            try folder.write("connectTimeout: 3s\n", to: ".new")
            #expect(rename(folder.path(".new"), path) == 0)
            try await first { $0.snapshot.meshConfig.connectTimeout == .seconds(3) && $0.diagnostics.isEmpty }
            #expect(unlink(path) == 0)
            try await first { revision in
                revision.snapshot.meshConfig.connectTimeout == .seconds(3)
                    && revision.diagnostics.contains { $0.message.hasPrefix("cannot read") }
            }
            try folder.write("connectTimeout: 4s\n", to: "mesh.yaml")
            try folder.write("- {hostname: b.org, namespace: shop}\n", to: "services.yaml")
            try folder.write("type: sidecar\n", to: "proxy.yaml")
            try await first {
                $0.snapshot.meshConfig.connectTimeout == .seconds(4) && $0.proxy?["type"]?.string == "sidecar"
                    && $0.snapshot.serviceDescriptions.map(\.hostname) == ["b.org"] && $0.diagnostics.isEmpty
            }
            group.cancelAll()
        }
    }
}
