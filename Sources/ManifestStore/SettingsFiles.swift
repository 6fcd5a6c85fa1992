import Documents
import Glibc
import MeshModel

/// Files besides manifests that settings come from. They are watched as manifests are.
package struct SettingsFiles: Sendable {
    /// `--mesh-config FILE`.
    package var meshConfig: String?
    /// `--mesh-networks FILE`.
    package var meshNetworks: String?
    /// `--services FILE`.
    package var services: String?
    /// `--proxy-file FILE`.
    package var proxy: String?

    package init() {}
}

/// The documents of the settings' files as they are, or were before they broke.
struct SettingsState: Sendable {
    private(set) var meshConfig: SettingsFile?
    private(set) var meshNetworks: SettingsFile?
    private(set) var services: SettingsFile?
    private(set) var proxy: SettingsFile?

    init(_ files: SettingsFiles) {
        meshConfig = SettingsFile(files.meshConfig)
        meshNetworks = SettingsFile(files.meshNetworks)
        services = SettingsFile(files.services)
        proxy = SettingsFile(files.proxy)
    }

    var diagnostics: [Diagnostic] {
        [meshConfig, meshNetworks, services, proxy].flatMap { $0?.diagnostics ?? [] }
    }

    /// The settings with what the files hold.
    func applied(to settings: MeshSnapshot.Settings) -> MeshSnapshot.Settings {
        var settings = settings
        settings.meshConfig = meshConfig?.node ?? settings.meshConfig
        settings.meshNetworks = meshNetworks?.node ?? settings.meshNetworks
        settings.services = services?.node ?? settings.services
        return settings
    }

    /// Reads what has changed.
    mutating func look(_ watcher: ChangeWatcher?, settling: Duration, limits: ManifestLimits) -> SettingsFile.Change {
        let changes = [
            meshConfig?.look(watcher, settling: settling, limits: limits),
            meshNetworks?.look(watcher, settling: settling, limits: limits),
            services?.look(watcher, settling: settling, limits: limits),
            proxy?.look(watcher, settling: settling, limits: limits),
        ].compactMap(\.self)
        return SettingsFile.Change(
            isNew: changes.contains(where: \.isNew), isUnsettled: changes.contains(where: \.isUnsettled))
    }
}

/// A file of one document.
struct SettingsFile: Sendable {
    struct Change {
        var isNew = false
        /// Something is changing right now and was left for the next look.
        var isUnsettled = false
    }

    /// The document of the last time that it was good.
    private(set) var node: Node?
    /// What is wrong with the file as it is now.
    private(set) var diagnostics: [Diagnostic] = []
    private let path: String
    private var stamp: FileStamp?
    private var bytes: [UInt8]?
    private var missingSince: Int64?

    /// `nil` for no file, and for standard input, which is read once by whoever starts the store.
    init?(_ path: String?) {
        guard let path, path != "-" else { return nil }
        self.path = path
    }

    mutating func look(_ watcher: ChangeWatcher?, settling: Duration, limits: ManifestLimits) -> Change {
        let file = WriteTracker.File(path: path)
        watcher?.add(file.folder)
        var status = stat()
        guard stat(path, &status) == 0 else { return miss(errno, isPatient: settling > .zero) }
        missingSince = nil
        let found = FileStamp(status)
        guard found != stamp else { return Change() }
        let before = watcher?.state(of: file)
        let patience = found.size == 0 ? ManifestStore.absence : before?.isWhole == true ? .zero : settling
        if settling > .zero, abs(realTime() - found.modified) < patience.nanoseconds {
            return Change(isUnsettled: true)
        }
        let content = FileContent.read(path, limits: limits)
        guard settling == .zero || watcher?.state(of: file) == before else { return Change(isUnsettled: true) }
        // A clock that is coarse gives the same stamp to what is written next.
        let isRecent = abs(realTime() - found.modified) < 20_000_000
        stamp = isRecent ? nil : found
        return Change(isNew: take(content), isUnsettled: isRecent)
    }

    private mutating func miss(_ error: Int32, isPatient: Bool) -> Change {
        let since = missingSince ?? realTime()
        missingSince = since
        if isPatient, realTime() - since < ManifestStore.absence.nanoseconds { return Change(isUnsettled: true) }
        let problem = Diagnostic(
            .error, "cannot read: \(errnoText(error))", at: SourceLocation(file: path, line: 1, column: 1))
        (stamp, bytes) = (nil, nil)
        defer { diagnostics = [problem] }
        return Change(isNew: diagnostics != [problem])
    }

    private mutating func take(_ content: FileContent) -> Bool {
        switch content {
        case .failure(let problem):
            defer { (bytes, diagnostics) = (nil, [problem]) }
            return diagnostics != [problem]
        case .bytes(let new):
            if new == bytes { return false }
            bytes = new
            let parsed = DocumentReader.read(new, file: path)
            diagnostics = parsed.diagnostics
            if let root = parsed.documents.first?.root, !parsed.isBroken {
                node = root
            } else {
                diagnostics.append(
                    Diagnostic(
                        .info, "what this file said before stays in use until it is mended",
                        at: SourceLocation(file: path, line: 1, column: 1)))
            }
            return true
        }
    }
}
