import Documents
import MeshModel
import TestSupport
import Testing
import Translation

@Suite struct ConversionTests {
    @Test("objects are converted as Istio does", arguments: ["routes", "listeners", "ingress"])
    func goldens(name: String) throws {
        let converted = istioObjects(from: try mesh("conversion/\(name).yaml"))
        let objects =
            converted.gateways.map(\.json) + converted.virtualServices.map(\.json)
            + converted.destinationRules.map(\.json)
        expectGolden(objects.map(\.yaml).joined(separator: "---\n"), "conversion/\(name).yaml")
        expectGolden(converted.diagnostics.map(\.rendered).joined(separator: "\n"), "conversion/\(name).txt")
    }

    @Test("statuses are what Istio writes", arguments: ["routes", "listeners"])
    func statuses(name: String) throws {
        let statuses = gatewayAPIStatuses(of: try mesh("conversion/\(name).yaml"))
        expectGolden(statuses.map(\.json.yaml).joined(separator: "---\n"), "conversion/\(name)-status.yaml")
    }

    @Test("every converted route knows the rule that it was made of")
    func sources() throws {
        let converted = istioObjects(from: try mesh("conversion/routes.yaml"))
        let routes = converted.virtualServices.flatMap(\.http)
        #expect(!routes.isEmpty)
        for route in routes { #expect(route.source?.location != nil && route.location != nil) }
        let exact = try #require(routes.first { $0.match.first?.uri == .exact("/exact") })
        #expect(exact.source?.name == "younger")
        #expect(exact.location.map { "\($0.line):\($0.column)" } == "44:39")
    }

    @Test("the order of documents does not matter", arguments: [UInt64(1), 2, 3])
    func order(seed: UInt64) throws {
        let text = try readText(casesPath("conversion/routes.yaml"))
        var documents = text.split(separator: "---\n").map(String.init)
        let expected = written(istioObjects(from: mesh(text: documents.joined(separator: "---\n"))))
        var random = SplitMix64(seed: seed)
        documents.shuffle(using: &random)
        #expect(written(istioObjects(from: mesh(text: documents.joined(separator: "---\n")))) == expected)
    }

    @Test(
        "Istio's own goldens", .enabled(if: oracleFolder != nil, "the oracle folder is not here"),
        arguments: ["tcp", "grpc", "zero", "route-precedence", "listenerset", "tls-terminate", "delegated", "eastwest"])
    func oracle(name: String) throws {
        let folder = try #require(oracleFolder)
        let path = "\(folder)/gwapi/golden/\(name).json"
        let root = try #require(DocumentReader.read(try readBytes(path), file: path).documents.first?.root)
        let implicitPath = "\(folder)/gwapi/golden-implicit.yaml"
        let implicit = try #require(
            DocumentReader.read(try readBytes(implicitPath), file: implicitPath).documents.first?.root)
        var files = [root["input"]?.string ?? "", root["namespaces"]?.string ?? ""].map { text in
            ManifestFile.read(path: "input.yaml", documents: DocumentReader.read(text, file: "input.yaml").documents)
        }
        let objects = implicit["objects"]?.elements.map(\.json) ?? []
        let list = JSON.object(["apiVersion": "v1", "kind": "List", "items": .array(objects)]).yaml
        files.append(
            ManifestFile.read(
                path: "implicit.yaml", documents: DocumentReader.read(list, file: "implicit.yaml").documents))
        var settings = MeshSnapshot.Settings()
        settings.options.domain = "domain.suffix"
        let converted = istioObjects(from: MeshSnapshot.build(files: files, settings: settings).0)
        let golden = DocumentReader.read(root["golden"]?.string ?? "", file: "golden.yaml").documents
        #expect(written(converted) == golden.filter { !$0.root.isNull }.map(\.root.json.yaml).sorted())
    }

    private func written(_ objects: ConvertedObjects) -> [String] {
        (objects.gateways.map(\.json.yaml) + objects.virtualServices.map(\.json.yaml)
            + objects.destinationRules.map(\.json.yaml)).sorted()
    }

    private func mesh(_ name: String) throws -> MeshSnapshot { mesh(text: try readText(casesPath(name))) }

    private func mesh(text: String) -> MeshSnapshot {
        let documents = DocumentReader.read(text, file: "mesh.yaml").documents
        return MeshSnapshot.build(files: [ManifestFile.read(path: "mesh.yaml", documents: documents)]).0
    }
}

extension JSON {
    fileprivate static func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
        var object = JSONObject()
        for (key, value) in members { object.add(key, value) }
        return .object(object)
    }
}
