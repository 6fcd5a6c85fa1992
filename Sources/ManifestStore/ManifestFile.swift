package import Documents

/// One file of manifests as it was last read.
package struct ManifestFile: Sendable {
    /// As the user named it, or the folder's name and the path below it; `-` for standard input.
    package let path: String
    /// The cluster it was given for (`--cluster NAME=PATH`).
    package let cluster: String?
    /// The good documents; after a change that broke the file, those of before.
    package let documents: [Document]
    /// What is wrong with the file as it is now.
    package let diagnostics: [Diagnostic]

    package init(path: String, cluster: String?, documents: [Document], diagnostics: [Diagnostic]) {
        self.path = path
        self.cluster = cluster
        self.documents = documents
        self.diagnostics = diagnostics
    }
}
