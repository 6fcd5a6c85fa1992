import Documents
import Testing

@Test("every kind of node knows its place")
func places() throws {
    let text = """
        # comment
        kind: Service
        spec:
          ports:
            - port: 80
              name: "http"
            - {port: 0x50, name: ~}
          empty: []
        ---
        - on
        """
    let parsed = DocumentReader.read(text, file: "a.yaml")
    #expect(parsed.diagnostics.isEmpty)
    #expect(parsed.documents.count == 2)
    let root = parsed.documents[0].root
    #expect(root["kind"]?.string == "Service")
    #expect(root["kind"]?.location.description == "a.yaml:2:7")
    #expect(root["kind"]?.keyLocation.description == "a.yaml:2:1")
    let ports = try #require(root[path: "spec", "ports"])
    #expect(ports.count == 2)
    #expect(ports[0]?["port"]?.int == 80)
    #expect(ports[1]?["port"]?.int == 80)
    #expect(ports[1]?["port"]?.location.description == "a.yaml:7:14")
    #expect(parsed.documents[1].root[0]?.bool == true)
    #expect(parsed.documents[1].root[0]?.location.description == "a.yaml:10:3")
}
