import Documents
import EnvoyModel
import MeshModel
import Testing

@testable import Translation

@Suite("what has no effect is said")
struct NotesTests {
    private func translation(_ text: String, features: [String: String] = [:]) -> MeshTranslation {
        var settings = MeshSnapshot.Settings()
        settings.options.features = features
        let documents = DocumentReader.read(text, file: "mesh.yaml").documents
        return MeshTranslation(
            MeshSnapshot.build(files: [ManifestFile.read(path: "mesh.yaml", documents: documents)], settings: settings)
                .0)
    }

    @Test(
        "fields that are read and change nothing",
        arguments: [
            (
                "trafficPolicy: {outlierDetection: {outlierDetectionHttpErrorCodes: [\"500\"]}}",
                "not modelled: every 5xx"
            ),
            ("trafficPolicy: {outlierDetection: {consecutiveErrors: 3}}", "Istio passes over it"),
            ("trafficPolicy: {tunnel: {targetHost: a.example, targetPort: 443}}", "not followed"),
            (
                "subsets: [{name: a, trafficPolicy: {portLevelSettings: [{port: {number: 80}, tls: {caCrl: x}}]}}]",
                "revoked"
            ),
        ])
    func fields(spec: String, words: String) {
        let rules = ["one", "two"].map { name in
            """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: \(name), namespace: shop}
            spec:
              host: \(name)
              \(spec)
            """
        }
        let notes = translation(rules.joined(separator: "\n---\n")).diagnostics.filter { $0.message.contains(words) }
        #expect(notes.count == 1)
        #expect(notes.first?.message.contains("and 1 more") ?? false)
    }

    @Test("TCPRoutes count as long as nobody turns them off")
    func alpha() {
        let text = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: shop}
            spec: {gatewayClassName: istio, listeners: [{name: tcp, port: 9000, protocol: TCP}]}
            ---
            apiVersion: gateway.networking.k8s.io/v1alpha2
            kind: TCPRoute
            metadata: {name: db, namespace: shop}
            spec: {parentRefs: [{name: edge}], rules: [{backendRefs: [{name: db, port: 9000}]}]}
            """
        func outcome(_ value: String?) -> (note: String, routes: Int) {
            let translation = translation(text, features: value.map { ["PILOT_ENABLE_ALPHA_GATEWAY_API": $0] } ?? [:])
            let converted = istioObjects(from: translation.index.snapshot)
            return (
                converted.diagnostics.map(\.message).filter { $0.contains("TCPRoute") }.joined(),
                converted.virtualServices.count
            )
        }
        #expect(outcome(nil).routes == 1 && outcome(nil).note.contains("assumed"))
        #expect(outcome("true").routes == 1 && outcome("true").note.isEmpty)
        #expect(outcome("false").routes == 0 && outcome("false").note.contains("has no effect"))
    }

    @Test(
        "variables of features",
        arguments: [
            ("PILOT_ENABLE_REDIS_FILTER", "true", nil), ("PILOT_UNIFIED_SIDECAR_SCOPE", "true", nil),
            ("PILOT_UNIFIED_SIDECAR_SCOPE", "false", "not modelled"), ("PILOT_ENABLE_AMBIENT", "true", nil),
            ("NO_SUCH_THING", "true", "changes nothing"), ("PILOT_ENABLE_REDIS_FILTER", "perhaps", "true or false"),
        ] as [(String, String, String?)])
    func features(name: String, value: String, words: String?) {
        let messages = Features.read([name: value]).diagnostics.map(\.message)
        #expect(messages.isEmpty == (words == nil))
        if let words { #expect(messages.first?.contains(words) ?? false) }
    }
}
