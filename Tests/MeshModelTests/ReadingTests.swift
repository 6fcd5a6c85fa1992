import Documents
import MeshModel
import TestSupport
import Testing

@Suite struct ReadingTests {
    @Test("every field of Istio's routing kinds is read: what was read is written as it was")
    func roundTrip() throws {
        let file = manifest(try readText(casesPath("istio.yaml")), file: "istio.yaml")
        #expect(file.diagnostics.map(\.rendered) == [])
        #expect(file.resources.count == 3)
        for resource in file.resources {
            let written: JSON? =
                switch resource.object {
                case let object as IstioGateway: object.json
                case let object as VirtualService: object.json
                case let object as DestinationRule: object.json
                default: nil
                }
            let lines = { (json: JSON?) in (json?.yaml ?? "").split(separator: "\n") }
            #expect(lines(written).difference(from: lines(resource.node.json)).isEmpty, "\(resource.kindName)")
        }
    }

    @Test("every field of the other kinds is read, with places")
    func kinds() throws {
        let file = manifest(try readText(casesPath("kinds.yaml")), file: "kinds.yaml")
        #expect(file.diagnostics.map(\.rendered) == [])
        let texts = file.resources.map { resource in
            "\(resource.apiVersion) \(resource.kindName)"
                + (resource.object.map { describe($0) } ?? " (kept, not typed)") + "\n"
        }
        expectGolden(texts.joined(separator: "\n"), "kinds.txt")
    }

    @Test("every kind that is known is in the manifests of these tests")
    func allKinds() throws {
        var missing = Set(ResourceKind.all.map { "\($0.groups[0].group)/\($0.name)" })
        for name in ["istio.yaml", "kinds.yaml"] {
            for resource in manifest(try readText(casesPath(name))).resources {
                guard let kind = resource.kind else { continue }
                missing.remove("\(kind.groups[0].group)/\(kind.name)")
            }
        }
        // Read as XListenerSet, its older name.
        #expect(missing == ["gateway.networking.k8s.io/ListenerSet"])
    }

    @Test("a Secret's contents are in no description of it")
    func secrets() throws {
        let file = manifest(try readText(casesPath("kinds.yaml")))
        let resource = try #require(file.resources.first { $0.kindName == "Secret" })
        let secret = try #require(resource.object as? Secret)
        #expect(secret.data["tls.key"] == Array("secret".utf8))
        let texts = ["\(secret)", String(reflecting: secret), describe(secret), resource.json.yaml, "\(secret.data)"]
        for text in texts {
            for word in ["c2VjcmV0", "hidden", "QUJD", "115, 101, 99"] { #expect(!text.contains(word), "\(text)") }
        }
    }

    @Test(
        "what is wrong is said at its place",
        arguments: [
            (
                "kind: Service\nmetadata: {name: a}\n",
                "test.yaml:1:1: error: an object needs apiVersion"
            ),
            ("- 1\n", "test.yaml:1:1: error: expected a Kubernetes object, found a list"),
            (
                "apiVersion: v1\nkind: Service\nmetadata: {}\n",
                "test.yaml:1:1: error: an object needs a name: metadata.name is missing"
            ),
            (
                "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec:\n  http:\n"
                    + "  - retries: {attempts: 3, retryOnn: 5xx}\n",
                "test.yaml:6:28: warning: field \"retryOnn\" is not part of HTTPRetry; did you mean \"retryOn\"? [IST0106]"
            ),
            (
                "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec:\n  http:\n"
                    + "  - timeout: 10\n",
                "test.yaml:6:14: error: field \"timeout\": expected a duration such as 10s or 250ms, found the number 10 [IST0106]"
            ),
            (
                "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\nspec:\n"
                    + "  trafficPolicy: {loadBalancer: {simple: ROUND_ROBBIN}}\n",
                "test.yaml:5:42: error: field \"simple\": the string \"ROUND_ROBBIN\" is not one of its values [IST0106]"
            ),
            (
                "apiVersion: v1\nkind: Service\nmetadata: {name: a, labels: {version: 1}}\n",
                "test.yaml:3:39: error: field \"version\": expected a string, found the number 1"
            ),
            (
                "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {k: \"!!!\"}\n",
                "test.yaml:4:11: error: field \"k\" of a Secret: expected base 64"
            ),
            (
                "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 99999999999}]}\n",
                "test.yaml:4:23: error: field \"port\": expected a whole number from 0 to 4294967295, found the number "
                    + "99999999999"
            ),
            (
                "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 70000}]}\n",
                "test.yaml:4:23: error: field \"port\": expected a port from 1 to 65535, found the number 70000"
            ),
            (
                "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 1, targetPort: -1}]}\n",
                "test.yaml:4:38: error: field \"targetPort\": expected a port from 1 to 65535, found the number -1"
            ),
            (
                "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: a}\n"
                    + "spec: {portLevelMtls: {http: {mode: STRICT}}}\n",
                "test.yaml:4:24: error: field \"portLevelMtls\": \"http\" is not a port [IST0106]"
            ),
        ])
    func diagnostics(text: String, expected: String) throws {
        let first = try #require(manifest(text).diagnostics.first)
        #expect(first.rendered.split(separator: "\n").first.map(String.init) == expected)
    }

    @Test("an object that Kubernetes would refuse has no part in the mesh, and its neighbours have")
    func refused() {
        let file = manifest(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: bad}
            spec: {ports: [{port: eighty}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: good}
            """)
        #expect(file.resources.map { $0.object == nil } == [true, false])
        #expect(file.diagnostics.map(\.severity) == [.error, .warning])
        let (snapshot, _) = MeshSnapshot.build(files: [file])
        #expect(snapshot.services.map(\.name) == ["good"])
        #expect(snapshot.resources.count == 2)
    }

    @Test(
        "the oracles' manifests are read without complaint",
        .enabled(if: oracleFolder != nil, "the oracle folder is not here"))
    func oracles() throws {
        let root = try #require(oracleFolder)
        var count = 0
        for folder in ["gwapi/conformance", "gwapi/status", "istio-sim/gateway", "istio-sim/serviceentry"] {
            for path in try jsonFiles(in: "\(root)/\(folder)") {
                let parsed = DocumentReader.read(try readBytes(path), file: path)
                guard let text = parsed.documents.first?.root["config"]?.string else { continue }
                let file = manifest(text, file: path + ".yaml")
                count += file.resources.count
                #expect(file.diagnostics.map(\.rendered) == [])
            }
        }
        #expect(count > 1000)
    }

    private func jsonFiles(in folder: String) throws -> [String] {
        try names(in: folder).flatMap { name -> [String] in
            if name.hasSuffix(".json") { return ["\(folder)/\(name)"] }
            return try names(in: "\(folder)/\(name)").map { "\(folder)/\(name)/\($0)" }
        }
    }
}
