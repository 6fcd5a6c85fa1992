import ProxyRuntime
import AdminAPI
import Documents
import EnvoyModel
import ManifestStore
import MeshModel
import MeshtopUI
import ProxyCore
import Translation
import WhyNot

/// The mesh behind the screens: the store's revisions, the chosen proxy's configuration, the embedded proxy.
actor MeshSession {
    let options: ConfigurationOptions
    let title: String
    let sources: [ManifestSource]
    let store: ManifestStore?
    /// An Envoy's own configuration, where that is what was given.
    var envoy: LoadedConfiguration?
    var live: LiveEnvoy?
    var liveState: LiveSource?
    var liveRevision = 1
    /// What the running proxy counted, until a tick takes it.
    var liveStats: StatsSnapshot?
    var loaded = LoadedConfiguration()
    var revision: Revision?
    var history = RevisionHistory()
    var chosen: String?
    /// The user named the proxy that is looked at.
    var isChosenByName = false
    /// The proxy of `--proxy-file` as it is, or was before that broke.
    var described: ProxyNode?
    var current: LoadedConfiguration.Proxy?
    var objects = ObjectItems()
    /// What was found out about a revision of the manifests; mostly later than the revision is shown.
    var analysis: (revision: Int, findings: [Diagnostic]) = (0, [])
    let analysisWanted = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let publishingWanted = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    var lastChange = ""
    var viewCount = 0
    var loadedAt = ""

    let servedSnapshots = PublishedSnapshots()
    var server: ProxyServer?
    var embedded: EmbeddedProxy?
    var admin: AdminServer?
    var adminAddress = ""
    var cursor = TapCursor()
    var tapCount = 0
    var traffic: SampleTraffic?
    let endpoints: EndpointMode
    let isSample: Bool

    init(_ options: ConfigurationOptions, paths: [String], title: String, isSample: Bool, endpoints: EndpointMode)
        throws
    {
        self.options = options
        self.title = title
        self.endpoints = endpoints
        self.isSample = isSample
        let isEnvoy = options.configDump != nil || options.bootstrap != nil || options.admin != nil
        sources = isEnvoy ? [] : try options.sources(paths)
        store =
            isEnvoy
            ? nil
            : try ManifestStore(
                sources: sources, settings: options.settings(), files: options.settingsFiles,
                extraction: options.extraction)
        chosen = options.proxy
        isChosenByName = chosen != nil
    }

    /// Reads everything for the first time; `isAnalysed`: findings are part of the view, else `follow` shows them later.
    func load(isAnalysed: Bool = true) async throws -> MeshView {
        if let store {
            take(await store.load())
            if isAnalysed { _ = await analyze() }
        } else if let address = options.admin {
            try await attach(address)
        } else {
            let (loaded, proxy) = try await options.loadProxy()
            self.loaded = loaded
            envoy = loaded
            current = proxy
            chosen = proxy.name
            loadedAt = Clock.now()
        }
        return view()
    }

    /// The views of new revisions, until the task ends. A change is shown first; the embedded proxy and the findings, which
    /// take longer, follow it.
    func follow(_ show: @escaping @Sendable (MeshView) -> Void) async {
        guard let store else { return await followLive(show) }
        await withDiscardingTaskGroup { group in
            group.addTask { await store.watch() }
            group.addTask { await self.analyze(show) }
            group.addTask { await self.publish(show) }
            for await revision in store.revisions {
                if Task.isCancelled { break }
                guard revision.number != self.revision?.number else { continue }
                let before = (self.revision, loaded, current)
                take(revision)
                show(view())
                // Taking apart what was before takes its time.
                group.addTask(priority: .utility) { withExtendedLifetime(before) {} }
            }
            group.cancelAll()
        }
    }

    func reload() async -> MeshView {
        if let store {
            let next = await store.load()
            if next.number != revision?.number {
                take(next)
                await publish()
            }
            _ = await analyze()
        }
        return view()
    }

    /// Looks at another proxy; `nil` when there is none of that name.
    func select(_ name: String) async throws -> MeshView {
        let node = try loaded.node(named: name)
        chosen = loaded.name(of: node)
        isChosenByName = true
        current = loaded.configuration(for: node, previous: current)
        await publish()
        return view()
    }

    func take(_ revision: Revision) {
        let before = loaded.translation
        self.revision = revision
        loadedAt = Clock.now()
        loaded = LoadedConfiguration()
        loaded.mesh = revision.snapshot
        loaded.translation = MeshTranslation(revision.snapshot, previous: before)
        loaded.manifests = EditableMesh(
            files: revision.files.map(\.manifests), settings: revision.settings, read: ManifestReader.read)
        loaded.proxies = revision.snapshot.proxies
        loaded.diagnostics = revision.diagnostics + (loaded.translation?.diagnostics ?? [])
        do {
            described = try options.described(revision) ?? described
        } catch {
            let lines = "\(error)".split(separator: "\n").map(String.init)
            loaded.diagnostics.append(Diagnostic(.error, lines.first ?? "", at: nil))
        }
        if let described { loaded.proxies.insert(described, at: 0) }
        let node =
            chosen.flatMap { name in try? loaded.node(named: name) } ?? described
            ?? loaded.translation?.busiestGateway(of: loaded.proxies) ?? loaded.proxies.first
        chosen = node.map { loaded.name(of: $0) }
        current = node.map { loaded.configuration(for: $0, previous: current) }
        lastChange = objects.show(revision.snapshot.resources)
        history.add(.init(revision: revision, loaded: loaded, change: lastChange, loadedAt: loadedAt))
        analysisWanted.continuation.yield()
        publishingWanted.continuation.yield()
    }

    // MARK: Views

    func view() -> MeshView {
        var view = MeshView(title: title, revision: revision?.number ?? liveRevision, loadedAt: loadedAt)
        viewCount += 1
        view.serial = viewCount
        view.sources = sources.map { source in
            let files = revision?.files.count { $0.path == source.path || $0.path.hasPrefix(source.path + "/") } ?? 0
            return SourceItem(path: source.path, files: files, isWatched: source.path != "-")
        }
        view.proxies = loaded.proxies.map { node in
            ProxyItem(
                id: loaded.name(of: node), type: node.type.rawValue,
                labels: node.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","),
                isStandIn: node.isStandIn)
        }
        if envoy != nil, let current { view.proxies = [ProxyItem(id: current.name, type: "envoy")] }
        view.proxy = chosen
        view.snapshot = current?.snapshot ?? XDSSnapshot()
        view.objects = objects.items
        var seen: Set<Diagnostic> = []
        let diagnostics = (loaded.diagnostics + analysis.findings + (current?.diagnostics ?? [])).filter {
            seen.insert($0).inserted
        }
        let owners = ObjectPlaces(view.objects, in: Set(diagnostics.compactMap(\.location?.file)))
        view.findings = diagnostics.map { Finding($0, object: owners.object(at: $0.location)) }
            .sorted { $0.severity > $1.severity }
        view.isAnalysing = revision.map { $0.number != analysis.revision } ?? false
        view.newest = history.isTravelling ? history.newest : nil
        view.lastChange = lastChange
        view.live = liveState
        view.embedded = embedded
        return view
    }

    /// The lines of a manifest, as the file is now.
    func lines(of path: String) -> [String] {
        let text = TextFile.read(path, limit: 1 << 25)
        return text?.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            ?? ["(this file cannot be read)"]
    }
}
