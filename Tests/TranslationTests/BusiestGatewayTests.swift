import Documents
import MeshModel
import Testing
import Translation

@Suite("the gateway to begin with") struct BusiestGatewayTests {
    private static let workloads = ["quiet", "busy", "alike"].map { name in
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: \(name), namespace: edge}
        spec:
          selector: {matchLabels: {istio: \(name)}}
          template:
            metadata: {labels: {istio: \(name)}, annotations: {inject.istio.io/templates: gateway}}
            spec: {containers: [{name: istio-proxy, image: auto}]}
        ---
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: \(name), namespace: edge}
        spec:
          selector: {istio: \(name)}
          servers:
          - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}

        """
    }.joined(separator: "---\n")

    private static func routes(_ gateway: String, _ count: Int) -> String {
        let rules = (0..<count).map {
            "  - {match: [{uri: {prefix: /p\($0)}}], route: [{destination: {host: app}}]}"
        }.joined(separator: "\n")
        return """
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: to-\(gateway), namespace: edge}
            spec:
              hosts: [\(gateway).example.com]
              gateways: [\(gateway)]
              http:
            \(rules)

            """
    }

    private func first(_ text: String) -> String? {
        let documents = DocumentReader.read(text, file: "mesh.yaml").documents
        let mesh = MeshSnapshot.build(files: [ManifestFile.read(path: "mesh.yaml", documents: documents)]).0
        return MeshTranslation(mesh).busiestGateway(of: mesh.proxies)?.labels["istio"]
    }

    @Test("it is the one with the most routes; of equals the first by name")
    func busiest() {
        #expect(first(Self.workloads + Self.routes("quiet", 1) + Self.routes("busy", 3)) == "busy")
        #expect(first(Self.workloads + Self.routes("quiet", 4) + Self.routes("busy", 3)) == "quiet")
        #expect(first(Self.workloads + Self.routes("busy", 2) + Self.routes("alike", 2)) == "alike")
        #expect(first(Self.workloads) == "alike")
        #expect(first("{}") == nil)
    }
}
