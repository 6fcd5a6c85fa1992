import Documents
import Glibc
import ManifestStore
import MeshModel
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct HostileFolderTests {
    @Test("a folder of bad input gives an error with a place for each file, and serves every good document")
    func folder() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            configMap("good-1") + "---\nkind: [\n---\n" + configMap("good-2") + "---\n\tx: 1\n---\n"
                + configMap("good-3"),
            to: "broken.yaml")
        try folder.write("", to: "empty.yaml")
        try folder.write("# nothing\n---\n---\n", to: "nothing.yaml")
        try folder.write([0x7F, 0x45, 0x4C, 0x46, 0, 0, 1, 0, 0xFF, 0xFE], to: "binary.yaml")
        try folder.write(
            [0x1F, 0x8B, 8, 0] + (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 37) }, to: "packed.json")
        let laughs = (1...12).map {
            "l\($0): &l\($0) [\(Array(repeating: "*l\($0 - 1)", count: 10).joined(separator: ", "))]"
        }
        try folder.write(
            "l0: &l0 [lol, lol]\n" + laughs.joined(separator: "\n") + "\n---\n" + configMap("good-4"), to: "laughs.yaml"
        )
        try folder.write("a: &a [*a]\n---\n" + configMap("good-5"), to: "cyclic.yaml")
        try folder.write(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \"x\\e[31m\"\n  namespace: default\n---\nname: \u{1B}[2J\n",
            to: "control.yaml")
        try folder.write(String(repeating: "[", count: 1 << 20) + "\n---\n" + configMap("good-6"), to: "deep.yaml")
        try folder.write(
            "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n  ports: [{port: many}]\n---\n"
                + configMap("good-7")
                + "---\n" + configMap("good-8") + "dtaa: {}\n", to: "types.yaml")
        #expect(mkfifo(folder.path("fifo.yaml"), 0o644) == 0)
        #expect(symlink("/dev/zero", folder.path("zero.yaml")) == 0)

        let revision = await ManifestStore(sources: [ManifestSource(path: folder.path)]).load()

        for number in 1...8 { #expect(revision.names.contains("good-\(number)")) }
        let places = revision.diagnostics.filter { $0.severity == .error }.compactMap(\.location).map {
            "\($0.file.dropFirst(folder.path.count + 1)):\($0.line):\($0.column)"
        }
        for place in [
            "binary.yaml:1:1", "broken.yaml:10:1", "broken.yaml:19:1", "control.yaml:4:9", "control.yaml:7:7",
            "types.yaml:5:18", "cyclic.yaml:1:8",
            "deep.yaml:1:257",
            "laughs.yaml:5:35", "packed.json:1:1",
        ] {
            #expect(places.contains(place), "\(place) among \(places)")
        }
        #expect(
            revision.diagnostics.contains {
                $0.severity == .warning && $0.message.hasPrefix("field \"dtaa\"") && $0.location?.line == 22
            })
        for diagnostic in revision.diagnostics {
            #expect(!diagnostic.rendered.unicodeScalars.contains { $0.steersTerminals && $0 != "\n" })
        }
    }

    @Test("a file of 20 MB is read whole, in many documents and in one")
    func large() async throws {
        let folder = try TemporaryFolder()
        let filler = String(repeating: "some text of a large ConfigMap, line by line\n    ", count: 1 << 18)
        try folder.write(configMap("one") + "  b: |\n    " + filler + "\n---\n" + configMap("last"), to: "one.yaml")
        let object = configMap("filler") + "  long: \"" + String(repeating: "x", count: 20_000) + "\"\n"
        try folder.write(String(repeating: object + "---\n", count: 500) + configMap("end"), to: "two.yaml")
        let revision = await ManifestStore(sources: [ManifestSource(path: folder.path)]).load()
        #expect(revision.errors == [])
        #expect(revision.files.map(\.size).reduce(0, +) > 20 << 20)
        #expect(revision.names.contains("one"))
        #expect(revision.names.contains("last"))
        #expect(revision.names.contains("end"))
        let text = revision.snapshot.resources.first { $0.meta.name == "one" }?.node[path: "data", "b"]?.text
        #expect(text?.utf8.count ?? 0 > 11_000_000)
    }
}
