import Documents
import Glibc
import ManifestStore
import MeshModel
import Synchronization
import TestSupport
import Testing

/// A store that is watched while `body` runs; `body` waits for revisions that meet a condition.
private func watching(
    _ folder: TemporaryFolder, _ path: String? = nil, _ body: (inout Revisions) async throws -> Void
) async throws {
    let store = ManifestStore(sources: [ManifestSource(path: path ?? folder.path)])
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await store.watch() }
        var revisions = Revisions(store.revisions)
        try await body(&revisions)
        group.cancelAll()
    }
}

private struct Revisions {
    private var iterator: AsyncStream<Revision>.Iterator
    private(set) var numbers: [Int] = []

    init(_ stream: AsyncStream<Revision>) { iterator = stream.makeAsyncIterator() }

    /// The next revision that meets the condition; the test's time limit ends a wait in vain.
    mutating func first(where condition: (Revision) -> Bool) async throws -> Revision {
        while let revision = await iterator.next() {
            numbers.append(revision.number)
            if condition(revision) { return revision }
        }
        throw FileProblem("wait for", "a revision")
    }
}

@Suite(.timeLimit(.minutes(1)))
struct WatchingTests {
    @Test("a file that changes makes one new revision, and the others' objects stay the same")
    func change() async throws {
        let folder = try TemporaryFolder()
        try folder.write(configMap("a"), to: "a.yaml")
        try folder.write(configMap("b"), to: "b.yaml")
        try await watching(folder) { revisions in
            let first = try await revisions.first { $0.names == ["a", "b"] }
            try folder.write(configMap("a") + "---\n" + configMap("a2"), to: "a.yaml")
            let second = try await revisions.first { $0.number > first.number }
            #expect(second.names == ["a", "a2", "b"])
            #expect(second.number == first.number + 1)
            let (before, after) = (first.snapshot.resources[1], second.snapshot.resources[2])
            #expect(before.node === after.node)
        }
    }

    @Test("a broken file keeps its last good objects and shows its error; mended, it counts again")
    func breakAndMend() async throws {
        let folder = try TemporaryFolder()
        try folder.write(configMap("a") + "---\n" + configMap("a2"), to: "a.yaml")
        try folder.write(configMap("b"), to: "b.yaml")
        try await watching(folder) { revisions in
            _ = try await revisions.first { $0.names == ["a", "a2", "b"] }
            try folder.write(configMap("new") + "---\n" + "kind: [\n", to: "a.yaml")
            let broken = try await revisions.first { !$0.errors.isEmpty }
            #expect(broken.names == ["a", "a2", "b"])
            #expect(broken.errors.first?.hasPrefix("\(folder.path)/a.yaml:10:1: error: ") == true)
            #expect(broken.files.map(\.keepsLastGood) == [true, false])
            try folder.write("\0\0\0", to: "a.yaml")
            let binary = try await revisions.first { $0.errors.first?.contains("binary") == true }
            #expect(binary.names == ["a", "a2", "b"])
            try folder.write(
                configMap("new")
                    + "---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: x}]}\n",
                to: "a.yaml")
            let refused = try await revisions.first { $0.errors.first?.contains("binary") == false }
            #expect(refused.names == ["a", "a2", "b"])
            #expect(refused.errors.first?.hasPrefix("\(folder.path)/a.yaml:12:23: error: ") == true)
            try folder.write(configMap("new"), to: "a.yaml")
            let mended = try await revisions.first { $0.errors.isEmpty }
            #expect(mended.names == ["new", "b"])
        }
    }

    @Test("files and folders come, move and go")
    func comeAndGo() async throws {
        let folder = try TemporaryFolder()
        try folder.write(configMap("a"), to: "a.yaml")
        try await watching(folder) { revisions in
            _ = try await revisions.first { $0.names == ["a"] }
            try folder.write(configMap("b"), to: "new/deeper/b.yaml")
            _ = try await revisions.first { $0.names == ["a", "b"] }
            try folder.write(configMap("c"), to: "new/deeper/c.yaml")
            _ = try await revisions.first { $0.names == ["a", "b", "c"] }
            #expect(rename(folder.path("new/deeper"), folder.path("0")) == 0)
            _ = try await revisions.first { $0.names == ["b", "c", "a"] }
            #expect(unlink(folder.path("0/b.yaml")) == 0)
            _ = try await revisions.first { $0.names == ["c", "a"] }
        }
    }

    @Test("an editor that moves the file away and writes it anew never makes its objects vanish")
    func editors() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(configMap("a", value: "0"), to: "a.yaml")
        try await watching(folder, path) { revisions in
            _ = try await revisions.first { $0.names == ["a"] }
            for round in 1...5 {
                // vim: the file becomes its backup, then a new one is written.
                #expect(rename(path, path + "~") == 0)
                try folder.write(configMap("a", value: "\(round)"), to: "a.yaml")
                #expect(unlink(path + "~") == 0)
                let revision = try await revisions.first { _ in true }
                #expect(revision.names == ["a"])
                #expect(revision.snapshot.resources.first?.node[path: "data", "a"]?.string == "\(round)")
                // Others: a temporary file is moved over it.
                try folder.write(configMap("a", value: "\(round)x"), to: ".tmp")
                #expect(rename(folder.path(".tmp"), path) == 0)
                let next = try await revisions.first { _ in true }
                #expect(next.names == ["a"])
                #expect(next.snapshot.resources.first?.node[path: "data", "a"]?.string == "\(round)x")
            }
        }
    }

    @Test("a file rewritten a hundred times in place is never seen empty or in half")
    func rewriting() async throws {
        let folder = try TemporaryFolder()
        let filler = (0..<200).map { "---\n" + configMap("f\($0)") }.joined()
        try folder.write(configMap("a", value: "0") + filler, to: "a.yaml")
        try await watching(folder) { revisions in
            _ = try await revisions.first { $0.snapshot.resources.count == 201 }
            for round in 1...100 {
                try folder.write(configMap("a", value: "\(round)") + filler, to: "a.yaml")
                usleep(3000)
            }
            _ = try await revisions.first { revision in
                #expect(revision.snapshot.resources.count == 201)
                #expect(revision.errors == [])
                return revision.snapshot.resources.first?.node[path: "data", "a"]?.string == "100"
            }
        }
    }

    @Test("touching a file makes no revision")
    func touching() async throws {
        let folder = try TemporaryFolder()
        try folder.write(configMap("a"), to: "a.yaml")
        try folder.write(configMap("b"), to: "b.yaml")
        let store = ManifestStore(sources: [ManifestSource(path: folder.path)])
        #expect(await store.load().number == 1)
        try folder.write(configMap("a"), to: "a.yaml")
        try folder.write("x", to: "c.txt")
        #expect(await store.load().number == 1)
        try folder.write(configMap("b", value: "2"), to: "b.yaml")
        let second = await store.load()
        #expect(second.number == 2)
        #expect(second.snapshot.resources.last?.node[path: "data", "a"]?.string == "2")
    }

    @Test("a link whose target changes is read again, as a mounted ConfigMap's files are")
    func linkTargets() async throws {
        let folder = try TemporaryFolder()
        try folder.write(configMap("a"), to: ".v1/a.yaml")
        try folder.write(configMap("b"), to: ".v2/a.yaml")
        #expect(symlink(".v1", folder.path("..data")) == 0)
        #expect(symlink("..data/a.yaml", folder.path("a.yaml")) == 0)
        try await watching(folder) { revisions in
            _ = try await revisions.first { $0.names == ["a"] }
            #expect(symlink(".v2", folder.path("..tmp")) == 0)
            #expect(rename(folder.path("..tmp"), folder.path("..data")) == 0)
            _ = try await revisions.first { $0.names == ["b"] }
        }
    }

    @Test("a path that is not there yet is found when it comes")
    func late() async throws {
        let folder = try TemporaryFolder()
        try await watching(folder, folder.path("x/later")) { revisions in
            let first = try await revisions.first { _ in true }
            #expect(first.errors.count == 1)
            try folder.write(configMap("a"), to: "x/later/a.yaml")
            let second = try await revisions.first { $0.names == ["a"] }
            #expect(second.errors == [])
        }
    }
}
