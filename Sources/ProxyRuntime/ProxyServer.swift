package import EnvoyModel
import Glibc
import NIOPosix
package import ProxyCore
import TrafficEngine

/// The embedded proxy: workers on threads of their own that serve the listeners of some proxies on loopback ports.
package actor ProxyServer {
    private struct Key: Hashable {
        var proxy: String
        var listener: String
    }

    private let options: ServeOptions
    private var threads: NIOThreadPool?
    private var workers: [WorkerLoop] = []
    private var log: AccessLogWriter?
    private var sockets: [Key: ListenerSocket] = [:]
    private var startTime = WorkerLoop.clock()
    private var snapshots: [String: XDSSnapshot] = [:]
    /// What each worker has, by its number, for the next configuration to take over from.
    private var compiled: [Int: [String: CompiledSnapshot]] = [:]
    private var intervals = FlushIntervals()
    private var flushing: Task<Void, Never>?

    /// Where each listener is reached, in the order of the proxies and their listeners.
    package private(set) var bindings: [ListenerBinding] = []
    /// What the configurations ask for and the embedded proxy does not do, as lines for people.
    package private(set) var notServed: [String] = []

    package init(options: ServeOptions) { self.options = options }

    /// Opens every listener; returns when all accept.
    package func start(_ proxies: [ServedProxy]) async throws {
        guard threads == nil else { throw ServeError("the embedded proxy runs already") }
        startTime = WorkerLoop.clock()
        log = try options.accessLog.map { try AccessLogWriter(path: $0) }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let wall = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
        let offset = wall - Int64(startTime / 1000)
        workers = try (0..<max(1, options.concurrency)).map { index in
            let core = ProxyWorker(
                index: index, seed: .random(in: .min ... .max), wallOffset: offset,
                tapCapacity: options.tapCapacity, keepsAccessLog: log != nil)
            return try WorkerLoop(core: core, endpoints: options.endpoints, log: log)
        }
        let threads = NIOThreadPool(numberOfThreads: workers.count)
        self.threads = threads
        threads.start()
        for worker in workers { threads.submit { _ in worker.run() } }
        try await install(proxies)
        flushing = Task { [weak self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: FlushIntervals.length)
                await self?.flush()
            }
        }
    }

    private func flush() async { intervals.flush(await shards()) }

    /// The counters of each proxy, and under an empty name their sum.
    private func shards() async -> [String: StatsShard] {
        var sums: [String: StatsShard] = [:]
        for worker in workers {
            for (name, shard) in await worker.submit({ $0.shards() }) {
                sums[name, default: StatsShard()].add(shard)
                sums["", default: StatsShard()].add(shard)
            }
        }
        return sums
    }

    /// Swaps the configurations: listeners that stay keep their socket, new ones open, removed ones drain, requests in
    /// flight finish with the configuration they began with.
    package func publish(_ proxies: [ServedProxy]) async {
        do {
            try await install(proxies)
        } catch {
            notServed.append("\(error)")
        }
    }

    private func install(_ proxies: [ServedProxy]) async throws {
        guard threads != nil else { return }
        notServed = proxies.flatMap { NotServed.lines($0) }
        snapshots = Dictionary(proxies.map { ($0.name, $0.snapshot) }) { first, _ in first }
        for worker in workers {
            // Every worker has its own: reference counts of shared ones would travel between the cores with each request.
            let before = compiled[worker.core.index] ?? [:]
            let compiled = proxies.map {
                (name: $0.name, compiled: CompiledSnapshot($0.snapshot, previous: before[$0.name]))
            }
            self.compiled[worker.core.index] = Dictionary(
                compiled.map { ($0.name, $0.compiled) }
            ) { first, _ in first }
            await worker.submit { $0.install(compiled) }
        }
        var next: [ListenerBinding] = []
        var kept: Set<Key> = []
        for proxy in proxies {
            for listener in proxy.snapshot.listeners {
                guard case .socket(let address)? = listener.address, !address.isUDP else { continue }
                let key = Key(proxy: proxy.name, listener: listener.name)
                guard kept.insert(key).inserted else { continue }
                if sockets[key] == nil {
                    sockets[key] = try .open(
                        proxy: proxy.name, listener: listener.name, wantedPort: address.port, workers: workers)
                }
                next.append(
                    ListenerBinding(
                        proxy: proxy.name, name: listener.name,
                        address: address.address.contains(":")
                            ? "[\(address.address)]:\(address.port)" : "\(address.address):\(address.port)",
                        bound: sockets[key]?.bound ?? ""))
            }
        }
        for (key, socket) in sockets where !kept.contains(key) {
            sockets[key] = nil
            socket.close()
        }
        bindings = next
        let peers = Self.peers(proxies, sockets.mapValues(\.bound))
        for worker in workers { worker.execute { worker.peers = peers } }
    }

    /// Where endpoints are reached that are listeners of served proxies.
    private static func peers(_ proxies: [ServedProxy], _ bound: [Key: String]) -> [String: String] {
        var peers: [String: String] = [:]
        for proxy in proxies {
            for (address, listener) in proxy.addresses where peers[address] == nil {
                peers[address] = bound[Key(proxy: proxy.name, listener: listener)]
            }
        }
        return peers
    }

    /// The statistics of one proxy (all of them summed with `nil`), under Envoy's names.
    package func stats(of proxy: String? = nil) async -> StatsSnapshot {
        var result = (await shards()[proxy ?? ""] ?? StatsShard()).statsSnapshot
        intervals.add(to: &result, proxy: proxy ?? "")
        result.uptime = Double(WorkerLoop.clock() - startTime) / 1e9
        let served = snapshots.filter { proxy == nil || $0.key == proxy }.values
        result.gauges["server.uptime"] = UInt64(result.uptime)
        result.gauges["server.concurrency"] = UInt64(workers.count)
        result.gauges["server.live"] = 1
        result.gauges["server.state"] = 0
        result.gauges["listener_manager.total_listeners_active"] = UInt64(served.map(\.listeners.count).reduce(0, +))
        result.gauges["cluster_manager.active_clusters"] = UInt64(served.map(\.clusters.count).reduce(0, +))
        return result
    }

    /// The requests that finished since `cursor`, oldest first.
    package func tap(since cursor: TapCursor = TapCursor()) async -> TapBatch {
        var batch = TapBatch(records: [], cursor: TapCursor(), lost: 0)
        for (index, worker) in workers.enumerated() {
            let position = index < cursor.positions.count ? cursor.positions[index] : 0
            let taken = await worker.submit { $0.tapRecords(since: position) }
            batch.records += taken.records
            batch.cursor.positions.append(taken.position)
            batch.lost += taken.lost
        }
        if workers.count > 1 { batch.records.sort { $0.finished < $1.finished } }
        return batch
    }

    /// Accepts no more, lets requests in flight finish for at most `drain`, closes everything.
    package func stop(drain: Duration = .seconds(5)) async {
        guard let threads else { return }
        self.threads = nil
        flushing?.cancel()
        for socket in sockets.values { socket.close() }
        sockets = [:]
        let end = ContinuousClock.now.advanced(by: drain)
        for worker in workers { await worker.submit { $0.drain() } }
        while ContinuousClock.now < end {
            var clients = 0
            for worker in workers { clients += await worker.submit { $0.activeClients } }
            if clients == 0 { break }
            try? await Task.sleep(for: .milliseconds(10))
        }
        for worker in workers { worker.stop() }
        try? await threads.shutdownGracefully()
        workers = []
        await log?.close()
        log = nil
    }
}
