package import Documents
package import MeshModel

/// One file of manifests as it was last read.
package struct StoredFile: Sendable {
    /// Its objects; after a change that broke the file, those of before.
    package let manifests: ManifestFile
    /// What is wrong with the file as it is now.
    package let diagnostics: [Diagnostic]
    /// Whether the objects are those of before, because the file is broken now.
    package let keepsLastGood: Bool
    /// The size of the file in bytes.
    package let size: Int

    package var path: String { manifests.path }
}
