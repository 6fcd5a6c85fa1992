package import Documents

/// What the store holds at one time; never changes.
package struct Revision: Sendable {
    /// Grows by one with each revision, from 1.
    package let number: Int
    /// All files, in the order of the sources, files of a folder by name.
    package let files: [ManifestFile]
    /// What is wrong with the sources themselves: paths that are not there, folders that cannot be read.
    package let sourceDiagnostics: [Diagnostic]

    /// Everything that is wrong with sources and files, in their order.
    package var diagnostics: [Diagnostic] { sourceDiagnostics + files.flatMap(\.diagnostics) }
}
