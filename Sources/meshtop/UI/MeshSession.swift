import Analysis
import AdminAPI
import ArgumentParser
import Documents
import EnvoyModel
import ManifestStore
import MeshModel
import MeshtopUI
import ProxyCore
import ProxyRuntime
import Translation

/// The mesh behind the screens: the store's revisions, the chosen proxy's configuration, the embedded proxy.
actor MeshSession {
    private let options: ConfigurationOptions
    private let title: String
    private let sources: [ManifestSource]
    private let store: ManifestStore?
    /// An Envoy's own configuration, where that is what was given.
    private var envoy: LoadedConfiguration?
    private var live: LiveEnvoy?
    private var liveState: LiveSource?
    private var liveRevision = 1
    /// What the running proxy counted, until a tick takes it.
    private var liveStats: StatsSnapshot?
    private var loaded = LoadedConfiguration()
    private var revision: Revision?
    private var chosen: String?
    private var current: LoadedConfiguration.Proxy?
    private var objectNames: Set<String> = []
    private var lastChange = ""
    private var loadedAt = ""

    private let servedSnapshots = PublishedSnapshots()
    private var server: ProxyServer?
    private var admin: AdminServer?
    private var adminAddress = ""
    private var cursor = TapCursor()
    private var tapCount = 0
    private var traffic: SampleTraffic?
    private let endpoints: EndpointMode
    private let isSample: Bool

    init(_ options: ConfigurationOptions, paths: [String], title: String, isSample: Bool, endpoints: EndpointMode)
        throws
    {
        self.options = options
        self.title = title
        self.endpoints = endpoints
        self.isSample = isSample
        let isEnvoy = options.configDump != nil || options.bootstrap != nil || options.admin != nil
        sources = isEnvoy ? [] : try options.sources(paths)
        store = isEnvoy ? nil : ManifestStore(sources: sources, settings: try options.settings())
        chosen = options.proxy
    }

    /// Reads everything for the first time.
    func load() async throws -> MeshView {
        if let store {
            take(await store.load())
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
        return await view()
    }

    /// The views of new revisions, until the task ends.
    func follow(_ show: @escaping @Sendable (MeshView) -> Void) async {
        guard let store else { return await followLive(show) }
        await withDiscardingTaskGroup { group in
            group.addTask { await store.watch() }
            for await revision in store.revisions {
                if Task.isCancelled { break }
                guard revision.number != self.revision?.number else { continue }
                take(revision)
                await publish()
                show(await view())
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
        }
        return await view()
    }

    /// Looks at another proxy; `nil` when there is none of that name.
    func select(_ name: String) async throws -> MeshView {
        let node = try loaded.node(named: name)
        chosen = node.id
        current = loaded.configuration(for: node)
        await publish()
        return await view()
    }

    private func take(_ revision: Revision) {
        let isFirst = self.revision == nil
        self.revision = revision
        loadedAt = Clock.now()
        loaded = LoadedConfiguration()
        loaded.mesh = revision.snapshot
        loaded.translation = MeshTranslation(revision.snapshot)
        loaded.proxies = revision.snapshot.proxies
        if let path = options.proxyFile, let node = try? ProxyNode(described: try FileInput.document(path).0) {
            loaded.proxies.insert(node, at: 0)
        }
        loaded.diagnostics =
            revision.diagnostics + (loaded.translation?.diagnostics ?? [])
            + Analyzer.findings(in: revision.snapshot).map(\.diagnostic)
        let node =
            chosen.flatMap { name in try? loaded.node(named: name) } ?? loaded.proxies.first { $0.type == .gateway }
            ?? loaded.proxies.first
        chosen = node?.id
        current = node.map { loaded.configuration(for: $0) }
        describeChange(revision, isFirst: isFirst)
    }

    private func describeChange(_ revision: Revision, isFirst: Bool) {
        let names = Set(
            revision.snapshot.resources.map { "\($0.kindName) \($0.meta.namespacedName)" })
        let added = names.subtracting(objectNames).sorted()
        let removed = objectNames.subtracting(names).sorted()
        objectNames = names
        if isFirst {
            lastChange = ""
        } else if added.isEmpty && removed.isEmpty {
            lastChange = "objects changed in place"
        } else {
            let words = added.prefix(2).map { "+" + $0 } + removed.prefix(2).map { "-" + $0 }
            let more = added.count + removed.count - words.count
            lastChange = words.joined(separator: "  ") + (more > 0 ? "  and \(more) more" : "")
        }
    }

    // MARK: A running proxy

    /// Looks at a running proxy from now on.
    private func attach(_ address: String) async throws {
        do throws(AdminError) {
            let live = try LiveEnvoy(address)
            self.live = live
            try await readLive(live)
        } catch {
            throw InputError("\(error)", hint: "is that the admin address of a running Envoy? (istio: port 15000)")
        }
        liveRevision = 1
        envoy = loaded
    }

    /// Asks once; says whether its configuration or the state of a host is another one now.
    @discardableResult
    private func readLive(_ live: LiveEnvoy) async throws(AdminError) -> Bool {
        let start = Clock.seconds()
        let reading = try await live.read()
        liveState = LiveSource(
            address: live.address, answeredAt: Clock.now(), milliseconds: (Clock.seconds() - start) * 1000,
            uptime: reading.stats.uptime)
        liveStats = reading.stats
        guard reading.isChanged else { return false }
        liveRevision += 1
        loadedAt = Clock.now()
        loaded = LoadedConfiguration(envoy: reading.snapshot)
        envoy = loaded
        current = try? loaded.proxy(named: nil)
        // The places are those of an answer, which is no file.
        current?.diagnostics = (current?.diagnostics ?? []).map {
            Diagnostic($0.severity, $0.message, at: nil, hint: $0.hint, code: $0.code)
        }
        chosen = current?.name
        return true
    }

    /// Asks a running proxy about every second, less often when it takes long to answer, until the task ends.
    private func followLive(_ show: @escaping @Sendable (MeshView) -> Void) async {
        guard let live else { return }
        while !Task.isCancelled {
            let start = Clock.seconds()
            do throws(AdminError) {
                if try await readLive(live) { show(await view()) }
            } catch {
                liveState?.problem = "\(error)"
            }
            try? await Task.sleep(for: .seconds(max(0.9, 3 * (Clock.seconds() - start))))
        }
    }

    // MARK: The embedded proxy

    private var servedProxies: [ServedProxy] {
        current.map { [ServedProxy(name: $0.name, snapshot: $0.snapshot)] } ?? []
    }

    /// Starts the embedded proxy for the chosen proxy.
    func serve(traffic hasTraffic: Bool) async throws -> MeshView {
        var serveOptions = ServeOptions()
        serveOptions.endpoints = endpoints
        serveOptions.tapCapacity = 4096
        let server = ProxyServer(options: serveOptions)
        await servedSnapshots.set(servedProxies)
        try await server.start(servedProxies)
        self.server = server
        let snapshots = servedSnapshots
        let admin = AdminServer(
            AdminSource(
                version: Meshtop.configuration.version, concurrency: 1, stats: { await server.stats(of: $0) },
                snapshot: { await snapshots.snapshot(named: $0) },
                lastUpdated: { await snapshots.lastUpdated(named: $0) }))
        adminAddress = (try? await admin.start(port: 0)) ?? ""
        self.admin = admin
        if hasTraffic { await setTraffic(true) }
        return await view()
    }

    private func publish() async {
        await servedSnapshots.set(servedProxies)
        await server?.publish(servedProxies)
        if traffic != nil { await setTraffic(true) }
    }

    func setTraffic(_ isOn: Bool) async {
        traffic?.stop()
        traffic = nil
        guard isOn, let server else { return }
        let targets = await server.bindings.map { (listener: $0.name, address: $0.address, bound: $0.bound) }
        let requests = SampleRequests.all(
            of: current?.snapshot ?? XDSSnapshot(), bindings: targets, isSample: isSample)
        traffic = SampleTraffic(requests)
    }

    /// What the embedded proxy counted since the last time.
    func tick() async -> Tick {
        var tick = Tick(clock: Clock.now(), time: Clock.seconds())
        if let liveState {
            tick.live = liveState
            tick.isAnswered = liveStats != nil
            tick.stats = liveStats ?? StatsSnapshot()
            liveStats = nil
            return tick
        }
        guard let server else { return tick }
        tick.stats = await server.stats(of: current?.name)
        let batch = await server.tap(since: cursor)
        cursor = batch.cursor
        tick.lost = Int(clamping: batch.lost)
        for record in batch.records {
            tapCount += 1
            tick.tap.append(TapEntry(record, id: tapCount))
        }
        return tick
    }

    // MARK: Views

    func view() async -> MeshView {
        var view = MeshView(title: title, revision: revision?.number ?? liveRevision, loadedAt: loadedAt)
        view.sources = sources.map { source in
            let files = revision?.files.count { $0.path == source.path || $0.path.hasPrefix(source.path + "/") } ?? 0
            return SourceItem(path: source.path, files: files, isWatched: source.path != "-")
        }
        view.proxies = loaded.proxies.map { node in
            ProxyItem(
                id: node.id, type: node.type.rawValue,
                labels: node.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","),
                isStandIn: node.isStandIn)
        }
        if envoy != nil, let current { view.proxies = [ProxyItem(id: current.name, type: "envoy")] }
        view.proxy = chosen
        view.snapshot = current?.snapshot ?? XDSSnapshot()
        view.objects = (revision?.snapshot.resources ?? []).map { resource in
            ObjectItem(
                kind: resource.kindName, apiVersion: resource.apiVersion, namespace: resource.meta.namespace,
                name: resource.meta.name, location: resource.meta.location)
        }
        var seen: Set<Diagnostic> = []
        let diagnostics = (loaded.diagnostics + (current?.diagnostics ?? [])).filter { seen.insert($0).inserted }
        let owners = ObjectPlaces(view.objects)
        view.findings = diagnostics.map { Finding($0, object: owners.object(at: $0.location)) }
            .sorted { $0.severity > $1.severity }
        view.lastChange = lastChange
        view.live = liveState
        if let server {
            let bindings = await server.bindings.filter { $0.proxy == current?.name }
            view.embedded = EmbeddedProxy(
                bindings: bindings.map { .init(listener: $0.name, address: $0.address, bound: $0.bound) },
                admin: adminAddress, hasTraffic: traffic != nil, notServed: await server.notServed)
        }
        return view
    }

    /// The lines of a manifest, as the file is now.
    func lines(of path: String) -> [String] {
        let text = TextFile.read(path, limit: 1 << 25)
        return text?.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            ?? ["(this file cannot be read)"]
    }

    // MARK: The simulator

    /// Tries a curl line.
    func simulate(_ line: String, send: Bool) async -> Simulation {
        await Replaying(loaded: loaded, proxy: nil, server: send ? server : nil).run(line)
    }
}
