import Documents
import Glibc
package import MeshModel

/// Reads manifests, watches them, and publishes immutable revisions of everything.
///
/// A revision is published whole or not at all. A file with an error (in its text, or an object that Kubernetes would
/// refuse) keeps the objects it had before and says what is wrong; what was broken from the beginning is left out. Only
/// files that changed are read again.
package actor ManifestStore {
    /// Each new revision, the newest one when they come faster than they are taken. For one consumer.
    package nonisolated let revisions: AsyncStream<Revision>

    private let sources: [ManifestSource]
    private let settings: MeshSnapshot.Settings
    private var settingsState: SettingsState
    private let limits: ManifestLimits
    private let extraction: ManifestExtraction?
    private let publish: AsyncStream<Revision>.Continuation
    private var watcher: ChangeWatcher?
    private var states: [FileScan.Key: FileState] = [:]
    /// The files of the current revision.
    private var order: [FileScan.Key] = []
    private var sourceDiagnostics: [Diagnostic] = []
    private var current: Revision?
    private var series = SnapshotSeries()
    private var isRefreshing = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// `files`: what of the settings comes from files, which are watched, too; `extraction`: how pages are read.
    package init(
        sources: [ManifestSource], settings: MeshSnapshot.Settings = .init(), files: SettingsFiles = .init(),
        limits: ManifestLimits = .init(), extraction: ManifestExtraction? = nil
    ) {
        self.sources = sources
        self.settings = settings
        settingsState = SettingsState(files)
        self.limits = limits
        self.extraction = extraction
        (revisions, publish) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Reads the sources (again, what has changed) and gives the revision that holds them.
    package func load() async -> Revision {
        let look = await refresh(settling: .zero)
        return look.revision
    }

    /// Publishes a revision for each change until the task is cancelled: within a second, usually a tenth of it.
    package func watch() async {
        let watcher = ChangeWatcher()
        self.watcher = watcher
        defer { self.watcher = nil }
        var isFirst = true
        var pause = Duration.zero
        var unsettledSince: ContinuousClock.Instant?
        while !Task.isCancelled {
            if isFirst {
                isFirst = false
            } else {
                let isTold = await watcher.wait(upTo: pause)
                // Changes come in swarms: a moment's patience makes one revision of them.
                if isTold { await watcher.settle(quiet: Self.quiet, limit: Self.debounce) }
                if Task.isCancelled { return }
            }
            let clock = ContinuousClock()
            let started = clock.now
            let isPatient = unsettledSince.map { $0.duration(to: clock.now) < Self.patience } ?? true
            let look = await refresh(settling: isPatient ? Self.settling : Self.shortSettling)
            unsettledSince = look.isUnsettled ? unsettledSince ?? clock.now : nil
            // Not every file system tells of changes, so look now and then, the less often the more it costs.
            pause = look.isUnsettled ? Self.settling : max(Self.polling, started.duration(to: clock.now) * 50)
        }
    }

    private static let quiet = Duration.milliseconds(3)
    private static let debounce = Duration.milliseconds(25)
    private static let polling = Duration.milliseconds(600)
    /// A file that was written less than this ago may be half written.
    private static let settling = Duration.milliseconds(40)
    /// A file that is written again and again is read in a shorter pause after this time.
    private static let patience = Duration.milliseconds(400)
    /// No shorter than the clocks that files are stamped with tick.
    private static let shortSettling = Duration.milliseconds(20)
    /// A file is gone, or empty, when it has been so for this long: editors move files away and write them anew, others cut
    /// them to nothing first, and a busy machine may stop them in between.
    static let absence = Duration.milliseconds(500)

    // MARK: - Looking

    private struct Look {
        let revision: Revision
        /// Whether something is changing right now and was left for the next look.
        let isUnsettled: Bool
    }

    /// Takes what has changed into a new revision, and publishes it. One at a time.
    ///
    /// Files that were written less than `settling` ago are left for the next look; with zero, everything is taken as it
    /// is.
    private func refresh(settling: Duration) async -> Look {
        if isRefreshing { await withCheckedContinuation { waiting.append($0) } } else { isRefreshing = true }
        defer {
            if waiting.isEmpty { isRefreshing = false } else { waiting.removeFirst().resume() }
        }
        // At the beginning there is nothing that could be kept meanwhile.
        let settling = current == nil ? .zero : settling
        let watcher = watcher
        let scan = FileScan(sources, limits: limits) { watcher?.add($0) }
        var isUnsettled = removeMissing(scan, isPatient: settling > .zero)
        var changed: [FileScan.File] = []
        for file in scan.files where hasChanged(file) {
            let isWhole = watcher?.state(of: file.watched)?.isWhole ?? false
            let patience = file.stamp?.size == 0 && settling > .zero ? Self.absence : isWhole ? .zero : settling
            if let stamp = file.stamp, abs(realTime() - stamp.modified) < patience.nanoseconds {
                isUnsettled = true
            } else {
                changed.append(file)
            }
        }
        let change = settingsState.look(watcher, settling: settling, limits: limits)
        isUnsettled = isUnsettled || change.isUnsettled
        let hasNew = await read(changed, isPatient: settling > .zero, isUnsettled: &isUnsettled) || change.isNew
        let keys = keysInOrder(scan)
        let files = keys.compactMap { states[$0]?.stored }
        let isSameSet = current != nil && keys == order
        if let current, !hasNew, isSameSet, scan.diagnostics == sourceDiagnostics {
            return Look(revision: current, isUnsettled: isUnsettled)
        }
        // While a file is away for a moment its source complains; that is no news yet.
        if let current, isUnsettled, !hasNew, isSameSet { return Look(revision: current, isUnsettled: true) }
        order = keys
        sourceDiagnostics = scan.diagnostics
        let revision = revision(of: files)
        current = revision
        publish.yield(revision)
        return Look(revision: revision, isUnsettled: isUnsettled)
    }

    private func hasChanged(_ file: FileScan.File) -> Bool {
        guard let state = states[file.key] else { return true }
        return file.stamp != nil && (state.isUncertain || state.stamp != file.stamp)
    }

    /// Forgets files that are gone; says whether some may come back.
    private func removeMissing(_ scan: FileScan, isPatient: Bool) -> Bool {
        let found = Set(scan.files.map(\.key))
        var isUnsettled = false
        for (key, state) in states {
            if found.contains(key) {
                if state.missingSince != nil { states[key]?.missingSince = nil }
                continue
            }
            let since = state.missingSince ?? realTime()
            if isPatient, realTime() - since < Self.absence.nanoseconds {
                states[key]?.missingSince = since
                isUnsettled = true
            } else {
                states[key] = nil
            }
        }
        return isUnsettled
    }

    /// The files there are, and in their old places those that may come back.
    private func keysInOrder(_ scan: FileScan) -> [FileScan.Key] {
        var keys = scan.files.map(\.key).filter { states[$0] != nil }
        for (place, key) in order.enumerated() where states[key]?.missingSince != nil {
            keys.insert(key, at: min(place, keys.count))
        }
        return keys
    }

    /// Reads files side by side; says whether any of them has news.
    private func read(_ files: [FileScan.File], isPatient: Bool, isUnsettled: inout Bool) async -> Bool {
        guard !files.isEmpty else { return false }
        let digests = files.map { states[$0.key]?.digest }
        let (limits, watcher, extraction) = (limits, watcher, extraction)
        let loaded = await withTaskGroup(of: LoadedFile.self) { group in
            for (file, digest) in zip(files, digests) {
                group.addTask {
                    await LoadedFile.load(
                        file, digestBefore: digest, limits: limits, watcher: watcher, extraction: extraction)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var hasNews = false
        for file in loaded {
            let before = states[file.file.key]
            guard let stored = file.stored(after: before), let parsed = file.parsed else {
                states[file.file.key]?.stamp = file.file.stamp
                states[file.file.key]?.isUncertain = file.isUncertain
                continue
            }
            if file.isTorn, isPatient {
                // It changed while it was read.
                isUnsettled = true
                continue
            }
            hasNews = true
            states[file.file.key] = FileState(
                stamp: file.file.stamp, isUncertain: file.isUncertain, digest: file.digest, stored: stored,
                isWhole: !parsed.isBroken || stored.keepsLastGood)
        }
        return hasNews
    }

    private func revision(of files: [StoredFile]) -> Revision {
        let settings = settingsState.applied(to: settings)
        let (snapshot, diagnostics) = series.next(files: files.map(\.manifests), settings: settings)
        return Revision(
            number: (current?.number ?? 0) + 1, snapshot: snapshot, files: files,
            settings: settings,
            proxy: settingsState.proxy?.node,
            diagnostics: sourceDiagnostics + settingsState.diagnostics + files.flatMap(\.diagnostics) + diagnostics)
    }
}

extension Duration {
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
