package import Documents
package import MeshModel

/// What the store holds at one time; never changes.
package struct Revision: Sendable {
    /// Grows by one with each revision, from 1.
    package let number: Int
    package let snapshot: MeshSnapshot
    /// All files, in the order of the sources, files of a folder by name.
    package let files: [StoredFile]
    /// What the snapshot was built with besides manifests.
    package let settings: MeshSnapshot.Settings
    /// What `--proxy-file` describes.
    package let proxy: Node?
    /// What is wrong, in this order: with the sources themselves, with files of settings, with each file, with all of them together.
    package let diagnostics: [Diagnostic]
}
