import Documents
import MeshModel
import TestSupport
import TrafficEngine
import WhyNot

/// A mesh of texts, editable: the files are `mesh.yaml` and those that are named.
struct TestMesh {
    let mesh: EditableMesh
    let state: MeshState
    let texts: [String: String]

    init(_ texts: [String: String], settings: MeshSnapshot.Settings = .init()) {
        self.texts = texts
        let bytes = texts.mapValues { Array($0.utf8) }
        let files = bytes.sorted { $0.key < $1.key }.map { path, bytes in
            ManifestFile.read(path: path, documents: DocumentReader.read(bytes, file: path).documents)
        }
        var mesh = EditableMesh(files: files, settings: settings) { path, range in
            bytes[path].map { Array($0[min(range.lowerBound, $0.count)..<min(range.upperBound, $0.count)]) }
        }
        state = mesh.state()
        self.mesh = mesh
    }

    init(_ text: String) { self.init(["mesh.yaml": text]) }

    /// All manifests of a sample's folder.
    init(sample: String) throws {
        let folder = packageRoot + "/Samples/" + sample
        var texts: [String: String] = [:]
        for name in try names(in: folder) where name.hasSuffix(".yaml") {
            texts["Samples/\(sample)/\(name)"] = try readText(folder + "/" + name)
        }
        self.init(texts)
    }

    func proxy(_ name: String) -> ProxyNode? {
        state.snapshot.proxies.first { $0.id == name || $0.name == name }
    }

    var gateway: ProxyNode? { state.snapshot.proxies.first { $0.type == .gateway } }

    /// What the search finds for a request at the gateway.
    func ask(_ request: SyntheticRequest, want: String = "", at proxy: ProxyNode? = nil) -> WhyNotAnswer? {
        guard let proxy = proxy ?? gateway else { return nil }
        return WhyNot(
            SyntheticRequester(request, at: proxy), in: state, mesh: mesh,
            goal: Goal(want, in: state.snapshot) ?? .anywhere
        ).answer()
    }
}

extension SyntheticRequest {
    init(host: String, _ path: String = "/", port: UInt16 = 8080) {
        self.init()
        authority = host
        self.path = path
        self.port = port
        address = "10.0.0.1"
    }
}
