import Documents
import Glibc
import MeshModel

/// What the store remembers of a file.
struct FileState: Sendable {
    /// The stamp it was read at; `nil` for what is read once.
    var stamp: FileStamp?
    /// Whether the file may have changed since without its stamp telling.
    var isUncertain: Bool
    /// A hash of its bytes or of why there are none.
    let digest: Int
    let stored: StoredFile
    /// Whether all objects of the file were good, now or when those it holds were read.
    let isWhole: Bool
    /// Since when it has not been there.
    var missingSince: Int64?
}

/// A file that was read again.
struct LoadedFile: Sendable {
    let file: FileScan.File
    let digest: Int
    let size: Int
    let isUncertain: Bool
    /// Whether it may have been written while it was read.
    let isTorn: Bool
    /// `nil` when the bytes are those of before.
    let parsed: Parsed?

    struct Parsed: Sendable {
        let manifests: ManifestFile
        /// What is wrong with its text.
        let diagnostics: [Diagnostic]
        /// Whether an object is missing because of an error.
        let isBroken: Bool
    }

    /// Reads, parses and types one file; leaves the latter two when its bytes have the digest of before.
    static func load(
        _ file: FileScan.File, digestBefore: Int?, limits: ManifestLimits, watcher: ChangeWatcher?,
        extraction: ManifestExtraction?
    ) async -> LoadedFile {
        let started = realTime()
        let before = watcher?.state(of: file.watched)
        let content = FileContent.read(file.path, limits: limits)
        // Events tell of every write, times only of those in other ticks of a clock.
        let isWhole = before?.isWhole == true && watcher?.state(of: file.watched) == before
        var status = stat()
        let isSame = file.stamp.map { stat(file.path, &status) == 0 && FileStamp(status) == $0 } ?? true
        // A file system's clock is coarse: what was written just now can be written again under the same time.
        let isRecent = file.stamp.map { abs(started - $0.modified) < 20_000_000 } ?? false
        var hasher = Hasher()
        let cluster = file.cluster ?? ManifestFile.defaultCluster
        func loaded(_ size: Int, _ parsed: Parsed?, _ digest: Int) -> LoadedFile {
            LoadedFile(
                file: file, digest: digest, size: size, isUncertain: !isSame || isRecent,
                isTorn: !isSame || isRecent && !isWhole, parsed: parsed)
        }
        switch content {
        case .failure(let diagnostic):
            hasher.combine(diagnostic)
            let digest = hasher.finalize()
            if digest == digestBefore { return loaded(0, nil, digest) }
            let empty = ManifestFile(path: file.path, cluster: cluster, resources: [], diagnostics: [])
            return loaded(0, Parsed(manifests: empty, diagnostics: [diagnostic], isBroken: true), digest)
        case .bytes(let raw):
            let bytes = FileScan.isManifest(file.path) ? raw : extraction?(raw, file.path) ?? raw
            bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
            let digest = hasher.finalize()
            if digest == digestBefore { return loaded(bytes.count, nil, digest) }
            let parsed = await ParsedPart.parse(bytes, file: file.path, cluster: cluster)
            let manifests = ManifestFile(
                path: file.path, cluster: cluster, resources: parsed.resources, diagnostics: parsed.typeDiagnostics)
            return loaded(
                bytes.count,
                Parsed(manifests: manifests, diagnostics: parsed.textDiagnostics, isBroken: parsed.isBroken), digest)
        }
    }

    /// What becomes of the file: new objects, or those of before when it is broken and they were all good.
    func stored(after before: FileState?) -> StoredFile? {
        guard let parsed else { return nil }
        if parsed.isBroken, let before, before.isWhole {
            let note = Diagnostic(
                .info, "the objects that this file had before stay in use until it is mended",
                at: SourceLocation(file: file.path, line: 1, column: 1))
            return StoredFile(
                manifests: before.stored.manifests,
                diagnostics: parsed.diagnostics + parsed.manifests.diagnostics + [note], keepsLastGood: true, size: size
            )
        }
        return StoredFile(
            manifests: parsed.manifests, diagnostics: parsed.diagnostics + parsed.manifests.diagnostics,
            keepsLastGood: false, size: size)
    }
}

/// Nanoseconds of the wall clock, the one that files are stamped with.
func realTime() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
