import Documents
import MeshModel
import Translation

/// Any manifests make a mesh, and any mesh a configuration for each of its proxies.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let parsed = DocumentReader.read(Array(UnsafeBufferPointer(start: bytes, count: count)), file: "x.yaml")
    let file = ManifestFile.read(path: "x.yaml", documents: parsed.documents)
    let (snapshot, diagnostics) = MeshSnapshot.build(files: [file])
    for diagnostic in parsed.diagnostics + file.diagnostics + diagnostics { precondition(!diagnostic.rendered.isEmpty) }
    let translation = MeshTranslation(snapshot)
    for proxy in snapshot.proxies.prefix(6) { _ = translation.configuration(for: proxy).complete }
    return 0
}
