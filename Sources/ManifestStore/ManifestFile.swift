package import Documents

/// One file of manifests as it was last read.
package struct ManifestFile: Sendable {
    /// As the user named it, or the folder's name and the path below it; `-` for standard input.
    package let path: String
    /// The cluster it was given for (`--cluster NAME=PATH`).
    package let cluster: String?
    /// The objects of its good documents; after a change that broke the file, those of before.
    package let objects: [ManifestObject]
    /// What is wrong with the file as it is now.
    package let diagnostics: [Diagnostic]
    /// Whether the objects are those of before, because the file is broken now.
    package let keepsLastGood: Bool

    /// Whether a document of the file, or all of it, cannot be read.
    package var isBroken: Bool { diagnostics.contains { $0.severity == .error } }
}
