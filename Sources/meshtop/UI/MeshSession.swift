import Analysis
import AdminAPI
import ArgumentParser
import BehaviourDiff
import Documents
import EnvoyModel
import ManifestStore
import MeshModel
import MeshtopUI
import Presentation
import ProxyCore
import ProxyRuntime
import Translation
import WhyNot

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
    private(set) var loaded = LoadedConfiguration()
    private(set) var revision: Revision?
    private var history = RevisionHistory()
    private var chosen: String?
    /// The user named the proxy that is looked at.
    private var isChosenByName = false
    /// The proxy of `--proxy-file` as it is, or was before that broke.
    private var described: ProxyNode?
    private var current: LoadedConfiguration.Proxy?
    private var objects = ObjectItems()
    /// What was found out about a revision of the manifests; mostly later than the revision is shown.
    private var analysis: (revision: Int, findings: [Diagnostic]) = (0, [])
    private let analysisWanted = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    private let publishingWanted = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    private var lastChange = ""
    private var viewCount = 0
    private var loadedAt = ""

    private let servedSnapshots = PublishedSnapshots()
    private var server: ProxyServer?
    private var embedded: EmbeddedProxy?
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

    private func take(_ revision: Revision) {
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

    // MARK: Other revisions

    /// Looks at the revision so many steps on (or back), without a step at the newest; `nil` where there is none.
    func travel(_ step: Int?) -> MeshView? { show(step.map { history.move($0) } ?? history.go(to: nil)) }

    /// Looks at the revision with this number.
    func travel(to number: Int) -> MeshView? { show(history.go(to: number)) }

    private func show(_ entry: RevisionHistory.Entry?) -> MeshView? {
        guard let entry else { return nil }
        revision = entry.revision
        loaded = entry.loaded
        // The files are no longer what this revision was read from: there is nothing to patch.
        if history.isTravelling { loaded.manifests = nil }
        let node = chosen.flatMap { name in try? loaded.node(named: name) } ?? loaded.proxies.first
        chosen = node.map { loaded.name(of: $0) }
        current = node.map { loaded.configuration(for: $0, previous: current) }
        _ = objects.show(entry.revision.snapshot.resources)
        (lastChange, loadedAt) = (entry.change, entry.loadedAt)
        // Everything on the screen is of this revision, what the embedded proxy does too.
        analysisWanted.continuation.yield()
        publishingWanted.continuation.yield()
        return view()
    }

    /// What requests notice of the difference to an earlier revision: the one with this number, else the one before.
    func difference(since number: Int?) async -> (title: String, lines: [String])? {
        guard let entry = history.entry(number), let revision else { return nil }
        let isLarge = revision.snapshot.resources.count > 5_000
        let lines = await Self.difference(entry.loaded, loaded, proxy: isLarge ? chosen : nil)
        return ("what changed for requests, revision \(entry.number) to \(revision.number)", lines)
    }

    /// Not on the actor, which has revisions to show meanwhile.
    @concurrent
    private nonisolated static func difference(
        _ old: LoadedConfiguration, _ new: LoadedConfiguration, proxy: String?
    ) async -> [String] {
        do {
            let report = try ConfigurationComparison(old, new).report(proxy: proxy)
            return report.text.split(separator: "\n").map(String.init)
        } catch {
            return ["\(error)"]
        }
    }

    // MARK: Findings

    /// Looks for findings in each new revision, one after the other, and shows them, until the task ends. Those of the
    /// revision before stay until then.
    private func analyze(_ show: @escaping @Sendable (MeshView) -> Void) async {
        if await analyze() { show(view()) }
        for await _ in analysisWanted.stream {
            // The screen and the embedded proxy come first, and changes come in swarms.
            try? await Task.sleep(for: .milliseconds(150))
            if await analyze() { show(view()) }
        }
    }

    /// Says whether it has found out about the revision that is shown.
    private func analyze() async -> Bool {
        guard let revision, revision.number != analysis.revision else { return false }
        analysis = (revision.number, await Self.findings(in: revision.snapshot))
        return revision.number == self.revision?.number
    }

    /// Not on the actor, which has revisions to show meanwhile.
    @concurrent
    private nonisolated static func findings(in snapshot: MeshSnapshot) async -> [Diagnostic] {
        LoadedConfiguration.findings(in: snapshot).map(\.diagnostic)
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
        var proxy = try? loaded.proxy(named: nil)
        // The places are those of an answer, which is no file.
        let diagnostics = (proxy?.diagnostics ?? []).map {
            Diagnostic($0.severity, $0.message, at: nil, hint: $0.hint, code: $0.code)
        }
        proxy?.diagnostics = diagnostics
        current = proxy
        chosen = current?.name
        return true
    }

    /// Asks a running proxy about every second, less often when it takes long to answer, until the task ends.
    private func followLive(_ show: @escaping @Sendable (MeshView) -> Void) async {
        guard let live else { return }
        while !Task.isCancelled {
            let start = Clock.seconds()
            do throws(AdminError) {
                if try await readLive(live) { show(view()) }
            } catch {
                liveState?.problem = "\(error)"
            }
            try? await Task.sleep(for: .seconds(max(0.9, 3 * (Clock.seconds() - start))))
        }
    }

    // MARK: The embedded proxy

    /// The chosen proxy; of several clusters the other gateways too, since its endpoints may be behind them.
    private var servedProxies: [ServedProxy] {
        guard let current else { return [] }
        guard let node = current.node, loaded.mesh?.clusters.isEmpty == false else {
            return [ServedProxy(name: current.name, snapshot: current.snapshot)]
        }
        return loaded.served([node] + loaded.proxies.filter { $0.type == .gateway && $0 != node })
    }

    /// Starts the embedded proxy for the chosen proxy.
    func serve(traffic hasTraffic: Bool) async throws -> MeshView {
        var serveOptions = ServeOptions()
        serveOptions.endpoints = endpoints
        serveOptions.tapCapacity = 4096
        let server = ProxyServer(options: serveOptions)
        await servedSnapshots.set(servedProxies)
        let served = revision?.number
        try await server.start(servedProxies)
        self.server = server
        if revision?.number != served { publishingWanted.continuation.yield() }
        let snapshots = servedSnapshots
        let admin = AdminServer(
            AdminSource(
                version: Meshtop.configuration.version, concurrency: 1, stats: { await server.stats(of: $0) },
                snapshot: { await snapshots.snapshot(named: $0) },
                lastUpdated: { await snapshots.lastUpdated(named: $0) }))
        adminAddress = (try? await admin.start(port: 0)) ?? ""
        self.admin = admin
        if hasTraffic { await setTraffic(true) }
        await describeServer()
        return view()
    }

    /// Lets the embedded proxy serve each revision, and shows what has become of its listeners, until the task ends.
    private func publish(_ show: @escaping @Sendable (MeshView) -> Void) async {
        for await _ in publishingWanted.stream {
            let before = embedded
            await publish()
            if embedded != before { show(view()) }
        }
    }

    private func publish() async {
        await servedSnapshots.set(servedProxies)
        await server?.publish(servedProxies)
        if traffic != nil { await setTraffic(true) }
        await describeServer()
    }

    private func describeServer() async {
        guard let server else { return }
        let bindings = await server.bindings.filter { $0.proxy == current?.name }
        embedded = EmbeddedProxy(
            bindings: bindings.map { .init(listener: $0.name, address: $0.address, bound: $0.bound) },
            admin: adminAddress, hasTraffic: traffic != nil, notServed: await server.notServed)
    }

    func setTraffic(_ isOn: Bool) async {
        traffic?.stop()
        traffic = nil
        embedded?.hasTraffic = false
        guard isOn, let server else { return }
        let targets = await server.bindings.filter { $0.proxy == current?.name }.map {
            (listener: $0.name, address: $0.address, bound: $0.bound)
        }
        let requests = SampleRequests.all(
            of: current?.snapshot ?? XDSSnapshot(), bindings: targets, isSample: isSample)
        traffic = SampleTraffic(requests)
        embedded?.hasTraffic = true
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
        for record in batch.records where record.proxy == current?.name {
            tapCount += 1
            tick.tap.append(TapEntry(record, id: tapCount))
        }
        return tick
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

    // MARK: The simulator

    /// Tries a curl line.
    func simulate(_ line: String, send: Bool, want: String, count: Int = 1) async -> Simulation {
        await Replaying(
            loaded: loaded, proxy: asked, server: send ? server : nil, want: want, count: count
        ).run(line)
    }

    /// The lines of the manifests that hold a text, without regard to case; not more than a person reads.
    func grep(_ text: String) -> [GrepHit] {
        let wanted = text.lowercased()
        var hits: [GrepHit] = []
        for file in revision?.files ?? [] where file.path != "-" {
            for (index, line) in lines(of: file.path).enumerated() where line.lowercased().contains(wanted) {
                hits.append(GrepHit(file: file.path, line: index + 1, text: line))
                if hits.count >= 2_000 { return hits }
            }
        }
        return hits
    }

    /// The proxy that takes what nobody in the store has an address for: the gateway that is looked at, or the sidecar that the
    /// user asked for; lines come from outside as long as nobody says otherwise.
    private var asked: String? { isChosenByName || current?.node?.type == .gateway ? chosen : nil }

    /// What can be asked about the mesh as it is now.
    var reasons: MeshReasons {
        MeshReasons(
            loaded: loaded, node: current?.node, snapshot: current?.snapshot ?? XDSSnapshot(), asked: asked)
    }

    /// Something to look at: the first of these lines that arrives. Names that an Ingress has come first, since they lead
    /// through the load balancer in front.
    func example(_ lines: [String]) async -> Simulation? {
        // After a change the screen comes first, and changes come in swarms.
        let number = revision?.number ?? 1
        if number > 1 {
            try? await Task.sleep(for: .milliseconds(200))
            guard revision?.number == number else { return nil }
        }
        var first: Simulation?
        for line in ExampleLines.ingress(loaded.mesh) + lines {
            var simulation = await Replaying(loaded: loaded, proxy: asked, server: nil).run(line)
            simulation.occasion = .example
            if (200..<300).contains(simulation.status) { return simulation }
            if first == nil { first = simulation }
        }
        return first
    }

    /// The same request from everywhere.
    func callers(_ line: String) async -> CallerTable? {
        Replaying(loaded: loaded, proxy: nil, server: nil).callers(line)
    }

    /// A curl line that a row of the chosen proxy takes, or why there is none.
    func witness(table: String, host: String, position: Int) -> (line: String?, problem: String?) {
        guard let node = current?.node, let witness = CurlWitness(loaded, node),
            let row = witness.row(table: table, host: host, position: position)
        else { return (nil, "no manifests are behind this route") }
        let found = witness.found(row)
        return (found.line, found.problem)
    }
}
