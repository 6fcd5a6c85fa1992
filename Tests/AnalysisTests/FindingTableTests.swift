import Analysis
import Documents
import MeshModel
import TestSupport
import Testing

/// `Cases/findings.yaml`: manifests, and what they give of certain codes.
struct FindingTableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let codes: Set<String>
        let expected: [String]
        let manifests: String
        let enabled: Set<String>

        var testDescription: String { name }
    }

    static let rows: [Row] = {
        let path = packageRoot + "/Tests/AnalysisTests/Cases/findings.yaml"
        guard let bytes = try? readBytes(path), let root = DocumentReader.read(bytes, file: path).documents.first?.root
        else { return [] }
        return root.elements.map { node in
            let texts = { (name: String) in node[name]?.elements.map(\.text) ?? [] }
            return Row(
                name: node["name"]?.text ?? "", codes: Set(texts("about")), expected: texts("gives").sorted(),
                manifests: node["manifests"]?.text ?? "", enabled: Set(texts("enable")))
        }
    }()

    @Test("the table is there") func table() { #expect(Self.rows.count > 20) }

    @Test("manifests give their findings and no others", arguments: rows)
    func finds(row: Row) {
        let parsed = DocumentReader.read(row.manifests, file: "mesh.yaml")
        #expect(parsed.diagnostics.isEmpty)
        let file = ManifestFile.read(path: "mesh.yaml", documents: parsed.documents)
        let findings = Analyzer.findings(
            in: MeshSnapshot.build(files: [file]).0, reading: file.diagnostics, enabled: row.enabled)
        let found = findings.filter { row.codes.contains($0.diagnostic.code ?? "") }
        #expect(found.map { "\($0.diagnostic.code ?? "") \($0.object)" }.sorted() == row.expected)
        // Every finding is about one of the codes that its analyzer says it gives, at a place.
        for finding in found {
            let codes = Analyzer.all.filter { $0.name == finding.analyzer }.flatMap(\.codes)
            #expect(finding.analyzer == nil || codes.contains(finding.diagnostic.code ?? ""), "\(finding)")
            #expect(finding.diagnostic.location != nil, "\(finding)")
        }
    }
}
