import Documents
import Glibc

/// What tells one state of a file from another without reading it.
struct FileStamp: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
    let size: Int
    let modified: Int64
    let changed: Int64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    }
}

/// One look at the sources: which files there are, which folders have to be watched.
struct FileScan {
    struct File: Sendable {
        let path: String
        let cluster: String?
        /// `nil` for standard input and for what is no regular file: it is read once.
        let stamp: FileStamp?
        var key: Key { Key(path: path, cluster: cluster) }
        /// What inotify calls it.
        var watched: WriteTracker.File { WriteTracker.File(path: path) }
    }

    struct Key: Hashable, Sendable {
        let path: String
        let cluster: String?
    }

    private(set) var files: [File] = []
    private(set) var diagnostics: [Diagnostic] = []
    /// Whether something that a source names is not there, so that no folder may tell of its coming.
    private(set) var isIncomplete = false
    private let limits: ManifestLimits
    /// Called with each folder before it is listed, so that no change after the listing is missed.
    private let watch: (String) -> Void
    private var seen: Set<Identity> = []

    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
        let cluster: String?
    }

    init(_ sources: [ManifestSource], limits: ManifestLimits, watch: @escaping (String) -> Void) {
        self.limits = limits
        self.watch = watch
        for source in sources { add(source) }
    }

    private mutating func add(_ source: ManifestSource) {
        if source.isStandardInput {
            files.append(File(path: "-", cluster: source.cluster, stamp: nil))
            return
        }
        var status = stat()
        guard stat(source.path, &status) == 0 else {
            isIncomplete = true
            watch(Self.folder(of: source.path))
            fail("cannot read: \(errnoText(errno))", source.path, hint: "check the path")
            return
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            addFolder(source.path, status, cluster: source.cluster, depth: 0)
        } else {
            watch(Self.folder(of: source.path))
            watchTarget(of: source.path)
            addFile(source.path, status, cluster: source.cluster)
        }
    }

    private mutating func addFile(_ path: String, _ status: stat, cluster: String?) {
        guard files.count < limits.files else {
            if files.count == limits.files {
                fail("more than \(limits.files) files; this one and the next are left out", path)
            }
            return
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            files.append(File(path: path, cluster: cluster, stamp: nil))
            return
        }
        let stamp = FileStamp(status)
        guard seen.insert(Identity(device: stamp.device, inode: stamp.inode, cluster: cluster)).inserted else { return }
        files.append(File(path: path, cluster: cluster, stamp: stamp))
    }

    private mutating func addFolder(_ path: String, _ status: stat, cluster: String?, depth: Int) {
        let identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino), cluster: cluster)
        // A folder that was here already: a link back to it.
        guard seen.insert(identity).inserted else { return }
        guard depth < limits.depth else {
            fail("folders lie more than \(limits.depth) deep", path)
            return
        }
        watch(path)
        guard let names = Self.names(in: path) else {
            fail("cannot read the folder: \(errnoText(errno))", path)
            return
        }
        for name in names where !name.hasPrefix(".") {
            let child = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
            var status = stat()
            guard stat(child, &status) == 0 else {
                // A link to nothing, or gone since the listing.
                if Self.isManifest(name), lstat(child, &status) == 0 {
                    isIncomplete = true
                    fail("cannot read: the link leads nowhere", child)
                }
                continue
            }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: addFolder(child, status, cluster: cluster, depth: depth + 1)
            case S_IFREG where Self.isManifest(name):
                watchTarget(of: child)
                addFile(child, status, cluster: cluster)
            default: break
            }
        }
    }

    /// A link changes when what it leads to does.
    private func watchTarget(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, let real = realpath(path, nil) else {
            return
        }
        defer { free(real) }
        watch(Self.folder(of: String(cString: real)))
    }

    private mutating func fail(_ message: String, _ path: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(.error, message, at: SourceLocation(file: path, line: 1, column: 1), hint: hint))
    }

    /// Whether a file in a folder is a manifest, by its name.
    static func isManifest(_ name: String) -> Bool {
        !name.hasPrefix(".") && (name.hasSuffix(".yaml") || name.hasSuffix(".yml") || name.hasSuffix(".json"))
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func names(in folder: String) -> [String]? {
        guard let stream = opendir(folder) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let capacity = MemoryLayout.size(ofValue: entry.pointee.d_name)
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: capacity) { String(cString: $0) }
                })
        }
        return names.sorted()
    }
}

/// What the system says about an error number, in our lower case.
func errnoText(_ number: Int32) -> String {
    String(cString: strerror(number)).lowercased()
}
