import Documents
import EnvoyModel
import MeshModel
import Testing
import Translation

@Suite("secrets that istiod sends")
struct SecretDiscoveryTests {
    private static let certificate = "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n"
    private static let key = "-----BEGIN PRIVATE KEY-----\nU0VDUkVU\n-----END PRIVATE KEY-----\n"

    private static func secret(_ name: String, _ entries: [(String, String)], namespace: String = "edge") -> String {
        let data = entries.map { key, value in
            "  \(key): |\n" + value.split(separator: "\n").map { "    \($0)\n" }.joined()
        }.joined()
        return "apiVersion: v1\nkind: Secret\nmetadata: {name: \(name), namespace: \(namespace)}\nstringData:\n\(data)"
    }

    private func discovery(_ manifests: [String]) -> SecretDiscovery {
        let documents = DocumentReader.read(manifests.joined(separator: "\n---\n"), file: "mesh.yaml").documents
        let mesh = MeshSnapshot.build(files: [ManifestFile.read(path: "mesh.yaml", documents: documents)]).0
        return SecretDiscovery(mesh, for: ProxyNode(name: "gateway", type: .gateway, namespace: "edge"))
    }

    @Test("a key that stands beside the certificate does not go on, whatever ends the lines")
    func keys() throws {
        let bundle = Self.certificate + Self.key + Self.certificate
        let found = discovery([
            Self.secret("site", [("tls.crt", bundle), ("tls.key", Self.key)])
        ]).secret("kubernetes://site")
        #expect(try #require(found).kind == .certificate(chainPEM: Self.certificate + Self.certificate))
    }

    @Test(
        "names of the proxy's namespace, of others, of ConfigMaps; authorities have a Secret of their own or share one")
    func names() {
        let map = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: roots, namespace: infra}
            data:
              ca.crt: |
            \(Self.certificate.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
            """
        let discovery = discovery([
            Self.secret("site", [("tls.crt", Self.certificate), ("tls.key", Self.key), ("ca.crt", Self.certificate)]),
            Self.secret("other", [("cert", Self.certificate), ("key", Self.key)], namespace: "infra"),
            Self.secret("other-cacert", [("cacert", Self.certificate)], namespace: "infra"), map,
        ])
        let chain = EnvoyModel.Secret.Kind.certificate(chainPEM: Self.certificate)
        let authority = EnvoyModel.Secret.Kind.certificateAuthority(pem: Self.certificate)
        #expect(discovery.secret("kubernetes://site")?.kind == chain)
        #expect(discovery.secret("kubernetes://site-cacert")?.kind == authority)
        #expect(discovery.secret("kubernetes-gateway://infra/other")?.kind == chain)
        #expect(discovery.secret("kubernetes-gateway://infra/other-cacert")?.kind == authority)
        #expect(discovery.secret("configmap://infra/roots-cacert")?.kind == authority)
        #expect(discovery.secret("default") == nil && discovery.secret("file-root:/etc/ca.pem") == nil)
    }

    @Test(
        "what is not there keeps the proxy waiting",
        arguments: ["kubernetes://none", "kubernetes://half", "configmap://edge/none-cacert", "kubernetes://a/b/c"])
    func missing(name: String) throws {
        let secret = try #require(discovery([Self.secret("half", [("tls.crt", Self.certificate)])]).secret(name))
        #expect(secret.isWarming && secret.kind == .other)
    }
}
