import Analysis
import Documents
import MeshModel
import TestSupport
import Testing

/// `Cases/validation.yaml`: by kind, a `spec` and what istiod's validation says of it.
struct ValidationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let kind: String
        let spec: String
        let says: [String]

        var testDescription: String { "\(kind) \(spec)" }

        var apiVersion: String {
            switch kind {
            case "PeerAuthentication", "RequestAuthentication", "AuthorizationPolicy": "security.istio.io/v1"
            case "Telemetry": "telemetry.istio.io/v1"
            case "WasmPlugin": "extensions.istio.io/v1alpha1"
            case "EnvoyFilter": "networking.istio.io/v1alpha3"
            default: "networking.istio.io/v1"
            }
        }
    }

    static let rows: [Row] = {
        let path = packageRoot + "/Tests/AnalysisTests/Cases/validation.yaml"
        guard let bytes = try? readBytes(path), let root = DocumentReader.read(bytes, file: path).documents.first?.root
        else { return [] }
        return root.entries.flatMap { kind in
            kind.value.elements.map { row in
                Row(
                    kind: kind.key, spec: row["spec"]?.text ?? "",
                    says: (row["says"]?.elements.map(\.text) ?? []).sorted())
            }
        }
    }()

    @Test("the table is there") func table() { #expect(Self.rows.count > 100) }

    @Test("a spec is refused, warned of, or taken", arguments: rows)
    func validates(row: Row) {
        let text = """
            apiVersion: \(row.apiVersion)
            kind: \(row.kind)
            metadata: {name: it, namespace: shop}
            spec: \(row.spec)
            """
        let parsed = DocumentReader.read(text, file: "mesh.yaml")
        #expect(parsed.diagnostics.isEmpty)
        let file = ManifestFile.read(path: "mesh.yaml", documents: parsed.documents)
        let findings = Analyzer.findings(in: MeshSnapshot.build(files: [file]).0, reading: file.diagnostics)
            .filter { ["IST0106", "IST0133"].contains($0.diagnostic.code) }
        let said = findings.map { "\($0.diagnostic.severity): \($0.diagnostic.message)" }
        #expect(said.count == row.says.count, "\(said)")
        for words in row.says {
            let (level, part) = (words.prefix { $0 != ":" }, words.drop { $0 != ":" }.dropFirst(2))
            #expect(said.contains { $0.hasPrefix(level) && $0.contains(part) }, "\(words): \(said)")
        }
        for finding in findings {
            #expect(finding.analyzer == "schema.ValidationAnalyzer.\(row.kind)")
            #expect(finding.diagnostic.code == (finding.diagnostic.severity == .error ? "IST0106" : "IST0133"))
            #expect(finding.diagnostic.location?.line == 4)
        }
    }
}
