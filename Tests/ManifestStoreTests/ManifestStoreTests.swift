import Documents
import Glibc
import ManifestStore
import MeshModel
import TestSupport
import Testing

/// A ConfigMap: the smallest object there is.
func configMap(_ name: String, value: String = "1") -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \(name)\n  namespace: default\ndata:\n  a: \"\(value)\"\n"
}

extension Revision {
    /// The names of all objects, in their order.
    var names: [String] { snapshot.resources.map(\.meta.name) }
    var errors: [String] { diagnostics.filter { $0.severity == .error }.map(\.rendered) }
}

struct LoadingTests {
    @Test("a folder is read recursively, by name, without hidden and foreign files")
    func folder() async throws {
        let folder = try TemporaryFolder()
        try folder.write(configMap("b"), to: "b.yaml")
        try folder.write(configMap("a") + "---\n" + configMap("a2"), to: "a.yml")
        try folder.write(configMap("deep"), to: "c/d/x.yaml")
        try folder.write(#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "json"}}"#, to: "c/z.json")
        try folder.write(configMap("hidden"), to: ".git/x.yaml")
        try folder.write(configMap("swap"), to: ".b.yaml.swp")
        try folder.write("not a manifest", to: "README.md")
        let revision = await ManifestStore(sources: [ManifestSource(path: folder.path)]).load()
        #expect(revision.errors == [])
        #expect(revision.names == ["a", "a2", "b", "deep", "json"])
        #expect(revision.number == 1)
    }

    @Test("links that lead in circles end, and a file named twice is read once")
    func links() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(configMap("a"), to: "x/a.yaml")
        #expect(symlink(folder.path, folder.path("x/loop")) == 0)
        #expect(symlink("nowhere", folder.path("x/dangling.yaml")) == 0)
        let revision = await ManifestStore(
            sources: [ManifestSource(path: folder.path), ManifestSource(path: file)]
        ).load()
        #expect(revision.names == ["a"])
        #expect(revision.errors == ["\(folder.path)/x/dangling.yaml:1:1: error: cannot read: the link leads nowhere"])
    }

    @Test("items of lists are objects with their own places")
    func lists() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: ConfigMap
              metadata: {name: one}
            - apiVersion: v1
              kind: ConfigMapList
              items:
              - metadata: {name: two}
            """, to: "list.yaml")
        let revision = await ManifestStore(sources: [ManifestSource(path: file)]).load()
        #expect(revision.names == ["one", "two"])
        #expect(revision.snapshot.resources.map(\.kindName) == ["ConfigMap", "ConfigMap"])
        #expect(revision.snapshot.resources.map { $0.node.location.line } == [4, 10])
    }

    @Test("each cluster's files belong to it")
    func clusters() async throws {
        let folder = try TemporaryFolder()
        try folder.write(configMap("a"), to: "one/a.yaml")
        try folder.write(configMap("b"), to: "two/b.yaml")
        let revision = await ManifestStore(sources: [
            ManifestSource(path: folder.path("one"), cluster: "east"),
            ManifestSource(path: folder.path("two"), cluster: "west"),
        ]).load()
        #expect(revision.snapshot.resources.map(\.meta.cluster) == ["east", "west"])
    }

    @Test("a path that is not there is an error with a place, and the rest is served")
    func missing() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(configMap("a"), to: "a.yaml")
        let revision = await ManifestStore(
            sources: [ManifestSource(path: folder.path("nope")), ManifestSource(path: file)]
        ).load()
        #expect(revision.names == ["a"])
        #expect(
            revision.errors == [
                "\(folder.path)/nope:1:1: error: cannot read: no such file or directory\n  hint: check the path"
            ])
    }

    @Test("a file over the limit is refused without being read")
    func tooLarge() async throws {
        let folder = try TemporaryFolder()
        try folder.write(configMap("a"), to: "a.yaml")
        try folder.write(String(repeating: "# much\n", count: 1 << 18), to: "b.yaml")
        var limits = ManifestLimits()
        limits.fileSize = 1 << 20
        let revision = await ManifestStore(sources: [ManifestSource(path: folder.path)], limits: limits).load()
        #expect(revision.names == ["a"])
        #expect(revision.errors.count == 1)
        #expect(revision.errors.first?.hasPrefix("\(folder.path)/b.yaml:1:1: error: larger than 1 MB") == true)
    }

    @Test("a large file gives its objects in order, whoever read which part")
    func order() async throws {
        let folder = try TemporaryFolder()
        let count = 12_000
        let file = try folder.write((0..<count).map { configMap("n\($0)") }.joined(separator: "---\n"), to: "a.yaml")
        let revision = await ManifestStore(sources: [ManifestSource(path: file)]).load()
        #expect(revision.names == (0..<count).map { "n\($0)" })
        #expect(revision.snapshot.resources.last?.node.location.line == 8 * (count - 1) + 1)
    }
}
