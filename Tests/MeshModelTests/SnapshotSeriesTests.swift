import Documents
import TestSupport
import Testing

@testable import MeshModel

@Suite struct SnapshotSeriesTests {
    @Test(
        "after any changes a snapshot is the one that is built from scratch", arguments: 1...24 as ClosedRange<UInt64>)
    func series(seed: UInt64) {
        var mesh = ChangingMesh(seed: seed, objects: Int(seed % 4) * 40, repeats: seed % 3 == 0)
        var files = Files()
        var series = SnapshotSeries()
        var settings = MeshSnapshot.Settings()
        settings.options.standIns = seed % 5 != 0
        var collected = CollectedObjects([], options: settings.options)
        var takenOver = 0
        for step in 0..<40 {
            let change = step == 0 ? "" : mesh.change()
            let read = files.read(mesh)
            let next = series.next(files: read, settings: settings)
            if collected.update(to: read, options: settings.options) {
                takenOver += 1
            } else {
                collected = CollectedObjects(read, options: settings.options)
            }
            let whole = MeshSnapshot.build(files: read, settings: settings)
            let problem = differences(next.0, whole.0)
            #expect(problem == "", "seed \(seed), step \(step): \(change)")
            #expect(next.1 == whole.1, "seed \(seed), step \(step): \(change)")
        }
        if seed % 3 != 0 { #expect(takenOver > 8, "seed \(seed): nearly everything was collected anew") }
    }

    @Test("an edited object is taken over without collecting all others anew")
    func takesOver() {
        func file(_ weight: Int) -> ManifestFile {
            manifest(
                "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: \(weight)}]}\n", file: "a")
        }
        let other = manifest("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n", file: "b")
        var collected = CollectedObjects([file(1), other], options: .init())
        let isEdited = collected.update(to: [file(2), other], options: .init())
        #expect(isEdited)
        #expect(collected.snapshot.services.map { $0.ports.map(\.port) } == [[2]])
        let isDeleted = collected.update(to: [other], options: .init())
        #expect(isDeleted)
        #expect(collected.snapshot.services.isEmpty)
        #expect(collected.snapshot.service("a", namespace: "default") == nil)
        let isMoved = collected.update(to: [other, file(3)], options: .init())
        #expect(isMoved)
        #expect(collected.snapshot.resources.map(\.kindName) == ["Pod", "Service"])
        let isTwice = collected.update(to: [file(3), other, file(3)], options: .init())
        #expect(!isTwice)
    }

    /// Files as a store keeps them: those whose text is that of before are not read again.
    private struct Files {
        private var known: [String: (text: String, file: ManifestFile)] = [:]

        mutating func read(_ mesh: ChangingMesh) -> [ManifestFile] {
            mesh.files.map { file in
                if let before = known[file.name], before.text == file.text { return before.file }
                let documents = DocumentReader.read(file.text, file: file.name).documents
                let read = ManifestFile.read(
                    path: file.name, cluster: file.name == "4.yaml" ? "two" : ManifestFile.defaultCluster,
                    documents: documents)
                known[file.name] = (file.text, read)
                return read
            }
        }
    }

    /// The first list or look-up that differs; empty where none does.
    private func differences(_ left: MeshSnapshot, _ right: MeshSnapshot) -> String {
        let names = left.resources.map {
            "\($0.kindName) \($0.meta.namespacedName) \($0.meta.location.debugDescription)"
        }
        let others = right.resources.map {
            "\($0.kindName) \($0.meta.namespacedName) \($0.meta.location.debugDescription)"
        }
        if names != others { return "resources" }
        for (own, other) in zip(Mirror(reflecting: left).children, Mirror(reflecting: right).children)
        where own.label != "resources" {
            if let values = own.value as? any Equatable, !isEqual(values, other.value) { return own.label ?? "?" }
        }
        return left.index == right.index ? "" : "index"
    }

    private func isEqual<Value: Equatable>(_ left: Value, _ right: Any) -> Bool { (right as? Value) == left }
}
