/// Where manifests come from: a file, a folder that is read recursively, or standard input.
package struct ManifestSource: Hashable, Sendable {
    /// As the user named it; `-` is standard input.
    package let path: String
    /// The cluster that all of it belongs to (`--cluster NAME=PATH`).
    package let cluster: String?

    package init(path: String, cluster: String? = nil) {
        self.path = path
        self.cluster = cluster
    }

    var isStandardInput: Bool { path == "-" }
}

/// Finds the manifests in the bytes of a file that is named and is neither YAML nor JSON by its name; lines and bytes stay in their
/// places. `nil`: it is read as it is.
package typealias ManifestExtraction = @Sendable (_ bytes: [UInt8], _ path: String) -> [UInt8]?

/// What is too much.
package struct ManifestLimits: Sendable {
    /// The size of a file in bytes.
    package var fileSize = 512 << 20
    /// The number of files.
    package var files = 200_000
    /// How deep folders may lie in each other.
    package var depth = 64

    package init() {}
}
