import Analysis
import Documents
import MeshModel
import Testing

@Suite("Analyzers of policies and installations")
struct PolicyAnalyzerTests {
    private func codes(_ text: String) -> [String] {
        let parsed = DocumentReader.read(text, file: "mesh.yaml")
        let file = ManifestFile.read(path: "mesh.yaml", documents: parsed.documents)
        return Analyzer.findings(in: MeshSnapshot.build(files: [file]).0).compactMap(\.diagnostic.code)
    }

    private func gateway(_ name: String, host: String, port: Int = 80) -> String {
        """
        ---
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: \(name), namespace: edge}
        spec:
          selector: {istio: ingressgateway}
          servers: [{port: {number: \(port), name: http, protocol: HTTP}, hosts: ["\(host)"]}]

        """
    }

    @Test("Gateways conflict on one port for hosts in common")
    func conflicts() {
        #expect(codes(gateway("a", host: "x.com") + gateway("b", host: "x.com")) == ["IST0145", "IST0145"])
        #expect(codes(gateway("a", host: "x.com") + gateway("b", host: "*.com")) == ["IST0145", "IST0145"])
        #expect(codes(gateway("a", host: "x.com") + gateway("b", host: "y.com")) == [])
        #expect(codes(gateway("a", host: "x.com") + gateway("b", host: "x.com", port: 81)) == [])
        #expect(codes(gateway("a", host: "one/x.com") + gateway("b", host: "two/x.com")) == [])
    }

    @Test(
        "relative patches need a priority, some targets take no patch",
        arguments: [
            ("MERGE", "CLUSTER", []), ("INSERT_BEFORE", "HTTP_FILTER", ["IST0151"]),
            ("REPLACE", "CLUSTER", ["IST0152"]), ("ADD", "HTTP_ROUTE", ["IST0153"]),
            ("REMOVE", "HTTP_ROUTE", ["IST0154"]), ("ADD", "CLUSTER", []),
        ])
    func patches(_ operation: String, _ target: String, _ expected: [String]) {
        let filter = """
            apiVersion: networking.istio.io/v1alpha3
            kind: EnvoyFilter
            metadata: {name: f, namespace: shop}
            spec: {configPatches: [{applyTo: \(target), patch: {operation: \(operation), value: {}}}]}
            """
        #expect(codes(filter) == expected)
    }

    @Test("an object silences findings about itself")
    func silenced() {
        func namespace(_ annotation: String) -> String {
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, annotations: {\(annotation)}}\n"
        }
        #expect(codes(namespace("")) == ["IST0102"])
        #expect(codes(namespace("galley.istio.io/analyze-suppress: 'IST0108, IST0102'")) == [])
        #expect(codes(namespace("galley.istio.io/analyze-suppress: IST0108")) == ["IST0102"])
    }
}
