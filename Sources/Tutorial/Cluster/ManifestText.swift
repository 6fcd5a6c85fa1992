import Documents
import MeshModel

/// The text of a manifest with the place that it has in a page.
struct ManifestText {
    let text: String
    let file: String
    let line: Int
    let namespace: String?
    let cluster: String

    init(_ text: String, file: String, line: Int, namespace: String? = nil, cluster: String? = nil) {
        self.text = text
        self.file = file
        self.line = line
        self.namespace = namespace
        self.cluster = cluster ?? ManifestFile.defaultCluster
    }

    /// The text of one document among others.
    init(of document: Document, in bytes: [UInt8], namespace: String?, cluster: String?) {
        let range = document.byteRange.clamped(to: 0..<bytes.count)
        let line = 1 + bytes[..<range.lowerBound].count { $0 == UInt8(ascii: "\n") }
        self.init(
            String(decoding: bytes[range], as: UTF8.self), file: document.file, line: line, namespace: namespace,
            cluster: cluster)
    }

    func read() -> (resources: [Resource], diagnostics: [Diagnostic]) {
        // Blank lines in front put every part of an object on its own line of the page.
        let parsed = DocumentReader.read(String(repeating: "\n", count: max(0, line - 1)) + text, file: file)
        let read = read(parsed.documents)
        return (read.resources, parsed.diagnostics + read.diagnostics)
    }

    func read(_ documents: [Document]) -> (resources: [Resource], diagnostics: [Diagnostic]) {
        let read = ManifestFile.read(path: file, cluster: cluster, namespace: namespace, documents: documents)
        return (read.resources, read.diagnostics)
    }

    /// The object with a status. Below its text it leaves all places as they are; where that cannot be, the object is
    /// written anew at its place.
    func adding(status: String, to resource: Resource) -> Resource {
        let below = ManifestText(
            text + "\nstatus: " + status + "\n", file: file, line: line, namespace: namespace, cluster: cluster
        ).read()
        if below.resources.count == 1, let found = below.resources.first, found.node["status"] != nil,
            found.identity == resource.identity
        {
            return found
        }
        guard case .object(var object) = resource.node.json,
            let added = DocumentReader.read(status, file: file).documents.first?.root.json
        else { return resource }
        object["status"] = added
        let anew = ManifestText(
            JSON.object(object).text(), file: file, line: resource.meta.location?.line ?? line, namespace: namespace,
            cluster: cluster)
        return anew.read().resources.first ?? resource
    }
}
