package import Documents

/// The objects of one file, read and typed: what a store keeps per file, so that only changed files are read again.
package struct ManifestFile: Sendable {
    /// The name of the only cluster.
    package static let defaultCluster = "Kubernetes"
    /// The file as the user named it.
    package let path: String
    /// The cluster that the file describes (`--cluster NAME=PATH`).
    package let cluster: String
    package let resources: [Resource]
    package let diagnostics: [Diagnostic]

    package init(path: String, cluster: String = defaultCluster, resources: [Resource], diagnostics: [Diagnostic]) {
        self.path = path
        self.cluster = cluster
        self.resources = resources
        self.diagnostics = diagnostics
    }

    /// Types the documents of one file; independent of all other files.
    package static func read(
        path: String, cluster: String = defaultCluster, documents: [Document]
    ) -> ManifestFile {
        ManifestFile(path: path, cluster: cluster, resources: [], diagnostics: [])
    }
}
