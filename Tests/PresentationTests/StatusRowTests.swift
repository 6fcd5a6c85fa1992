import Documents
import Presentation
import Testing

@Suite struct StatusRowTests {
    @Test("an object, its listeners and its parents are lines; what is wrong has reason and message")
    func rows() throws {
        let text = """
            kind: Gateway
            metadata: {name: edge, namespace: infra}
            status:
              conditions: [{type: Accepted, status: "True", reason: Accepted, message: fine}]
              listeners:
              - name: http
                conditions:
                - {type: Conflicted, status: "False", reason: NoConflicts, message: fine}
                - {type: ResolvedRefs, status: "False", reason: InvalidCertificateRef, message: no secret}
              - name: tcp
                conditions: [{type: Conflicted, status: "True", reason: ProtocolConflict, message: taken}]
              parents:
              - parentRef: {name: other, sectionName: web}
                conditions: [{type: Accepted, status: "True", reason: Accepted, message: fine}]
            """
        let root = try #require(DocumentReader.read(text, file: "status.yaml").documents.first?.root)
        let rows = StatusRow.rows(of: root.json)
        #expect(rows.map(\.part) == ["", "listener http", "listener tcp", "Gateway infra/other web"])
        #expect(rows.map(\.good) == [["Accepted"], [], [], ["Accepted"]])
        #expect(
            rows.map(\.bad) == [
                [], ["ResolvedRefs: InvalidCertificateRef (no secret)"], ["Conflicted: ProtocolConflict (taken)"], [],
            ])
    }
}
