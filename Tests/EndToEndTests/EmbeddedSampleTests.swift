import TestSupport
import Testing

/// The sample inside the program is `Samples/demo`, file for file.
struct EmbeddedSampleTests {
    /// The Swift source that holds the files of a folder.
    private static func source(of folder: String, name: String) throws -> String {
        var text =
            "// swift-format-ignore-file\n// Made of Samples/demo: `UPDATE_GOLDENS=1 swift test --filter EmbeddedSample` writes it again.\n\n"
        text += "extension EmbeddedSample {\n    static let files: [File] = [\n"
        for file in try names(in: folder) where file.hasSuffix(".yaml") {
            let content = try readText(folder + "/" + file)
            text += "        File(\n            path: \"\(name)/\(file)\",\n            text: #\"\"\"\n"
            for line in content.split(separator: "\n", omittingEmptySubsequences: false) {
                text += line.isEmpty ? "\n" : "                \(line)\n"
            }
            text += "                \"\"\"#),\n"
        }
        return text + "    ]\n}\n"
    }

    @Test("the program holds the files of Samples/demo")
    func isEqual() throws {
        let path = packageRoot + "/Sources/meshtop/Embedded/EmbeddedSample+Files.swift"
        let expected = try Self.source(of: packageRoot + "/Samples/demo", name: "Samples/demo")
        if spawnEnvironment("UPDATE_GOLDENS") == "1" { try writeText(expected, to: path) }
        #expect(try readText(path) == expected)
    }
}
