import ProxyCore
import MeshModel
import AdminAPI
import ArgumentParser
import EnvoyModel
import ManifestStore
import MeshtopUI
import ProxyRuntime

/// The embedded proxy.
extension MeshSession {
    /// The chosen proxy; of several clusters the other gateways too, since its endpoints may be behind them.
    var servedProxies: [ServedProxy] {
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
    func publish(_ show: @escaping @Sendable (MeshView) -> Void) async {
        for await _ in publishingWanted.stream {
            let before = embedded
            await publish()
            if embedded != before { show(view()) }
        }
    }

    func publish() async {
        await servedSnapshots.set(servedProxies)
        await server?.publish(servedProxies)
        if traffic != nil { await setTraffic(true) }
        await describeServer()
    }

    func describeServer() async {
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
}
