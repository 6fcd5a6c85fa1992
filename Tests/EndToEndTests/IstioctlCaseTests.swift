import Documents
import TestSupport
import Testing

/// The cases of istioctl's own tests, through the program.
@Suite(
    .enabled(if: Program.path != nil, "the program has not been built"),
    .enabled(if: oracleFolder != nil, "the oracle folder is not here"))
struct IstioctlCaseTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let command: [String]
        let input: String
        let expected: String
        let comparison: String
        /// Reads no file but asks a live proxy.
        let isServed: Bool
    }

    private static var folder: String { (oracleFolder ?? "") + "/istioctl/" }

    static let all: [Case] = {
        guard oracleFolder != nil, let files = try? names(in: folder) else { return [] }
        return files.filter { $0.hasSuffix(".case.json") }.sorted().compactMap { name in
            guard let bytes = try? readBytes(folder + name),
                let node = JSONReader.read(bytes, file: name).documents.first?.root,
                let expected = try? readText(folder + (node["expected"]?.string ?? ""))
            else { return nil }
            let flags = node["flags"].map { $0.elements.compactMap(\.string) } ?? []
            return Case(
                testDescription: name,
                command: (node["command"]?.string ?? "").split(separator: " ").map(String.init) + flags,
                input: folder + (node["input"]?.string ?? ""), expected: expected,
                comparison: node["compare"]?.string ?? "", isServed: node["serve"] != nil)
        }
    }()

    @Test("there are cases")
    func count() { #expect(Self.all.count >= 33) }

    @Test("what istioctl prints, the program prints", arguments: all.filter { !$0.isServed })
    func prints(_ test: Case) throws {
        let finished = try Program.run(test.command + ["--file", test.input])
        if test.comparison == "error" {
            #expect(finished.status == 1)
            for line in test.expected.split(separator: "\n") { #expect(finished.errors.contains(line)) }
            return
        }
        #expect(finished.status == 0, "\(finished.errors)")
        switch test.comparison {
        case "json", "yaml": #expect(Self.tree(finished.output) == Self.tree(test.expected))
        default: #expect(Self.trimmed(finished.output) == Self.trimmed(test.expected))
        }
    }

    /// Both are read as YAML; the order of keys does not matter.
    private static func tree(_ text: String) -> JSON? {
        DocumentReader.read(text, file: "-").documents.first.map { sorted($0.root.json) }
    }

    private static func sorted(_ value: JSON) -> JSON {
        switch value {
        case .array(let elements): return .array(elements.map(sorted))
        case .object(let object):
            var result = JSONObject()
            for member in object.members.sorted(by: { $0.key < $1.key }) {
                result.add(member.key, sorted(member.value))
            }
            return .object(result)
        default: return value
        }
    }

    private static func trimmed(_ text: String) -> Substring {
        var text = text[...]
        while text.last == "\n" || text.last == " " { text.removeLast() }
        while text.first == "\n" || text.first == " " { text.removeFirst() }
        return text
    }
}
