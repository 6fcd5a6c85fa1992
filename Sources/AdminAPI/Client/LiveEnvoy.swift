import Documents
package import EnvoyModel

/// What a running proxy says about itself at one moment.
package struct LiveReading: Sendable {
    /// Its configuration with the hosts that it has just now.
    package var snapshot: XDSSnapshot
    /// Whether the configuration, or the state of a host, is another one than at the last reading.
    package var isChanged: Bool
    package var stats: StatsSnapshot
}

/// A running proxy behind its admin address, asked again and again.
///
/// Counters are read every time. The configuration, which can be large, is read when the proxy has counted a change of it, and now and
/// then for proxies that do not count them. Every answer has a deadline and a size limit.
package actor LiveEnvoy {
    private let pages: AdminClient
    private let dumps: AdminClient
    private let now: @Sendable () -> ContinuousClock.Instant
    private var configuration = XDSSnapshot()
    private var snapshot = XDSSnapshot()
    private var clusters: [LiveCluster] = []
    private var dump = DumpIdentity()
    private var changes: UInt64?
    private var dumpedAt: ContinuousClock.Instant?

    /// How long a configuration is believed that nothing says to have changed.
    private static let patience = Duration.seconds(15)

    package init(
        _ url: String, sizeLimit: Int = 512 << 20,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws(AdminError) {
        pages = try AdminClient(url, timeout: .seconds(5), sizeLimit: min(sizeLimit, 128 << 20))
        dumps = try AdminClient(url, timeout: .seconds(20), sizeLimit: sizeLimit)
        self.now = now
    }

    /// `HOST:PORT`.
    package nonisolated var address: String { "\(pages.host):\(pages.port)" }

    /// Asks for everything once more; throws when the proxy does not answer, or not as a proxy does.
    package func read() async throws(AdminError) -> LiveReading {
        var stats = StatsSnapshot(statsJSON: try await document(pages, "/stats?format=json&usedonly"))
        // Envoy lists clusters in another order each time.
        let live = LiveCluster.all(in: try await document(pages, "/clusters?format=json")).sorted { $0.name < $1.name }
        let isOther = try await readConfiguration(changes: stats.configurationChanges)
        let isMoved =
            live.count != clusters.count || !zip(live, clusters).allSatisfy { $0.isInSameState(as: $1) }
        if isOther || isMoved { snapshot = configuration.with(hosts: live) }
        clusters = live
        stats.hosts = Dictionary(live.map { ($0.name, $0.statsByAddress) }) { first, _ in first }
        return LiveReading(snapshot: snapshot, isChanged: isOther || isMoved, stats: stats)
    }

    /// Reads the configuration where it can be another one; says whether it is.
    private func readConfiguration(changes: UInt64) async throws(AdminError) -> Bool {
        let time = now()
        if let dumpedAt, self.changes == changes, dumpedAt.duration(to: time) < Self.patience { return false }
        let bytes = try await dumps.get("/config_dump?include_eds")
        let isCounted = self.changes != changes
        self.changes = changes
        dumpedAt = time
        let identity = DumpIdentity(bytes)
        guard isCounted || identity != dump else { return false }
        configuration = await XDSSnapshot(configDump: try root(of: bytes, "/config_dump"))
        configuration.takeBoundPorts(of: try await document(pages, "/listeners?format=json"))
        dump = identity
        return true
    }

    private func document(_ client: AdminClient, _ target: String) async throws(AdminError) -> Node {
        try root(of: try await client.get(target), target)
    }

    private func root(of bytes: [UInt8], _ target: String) throws(AdminError) -> Node {
        let parsed = JSONReader.read(bytes, file: "\(address)\(target.prefix { $0 != "?" })")
        guard let root = parsed.documents.first?.root, root.isMapping, !parsed.isBroken else {
            let reason = parsed.diagnostics.first.map { ": " + $0.message } ?? ""
            throw AdminError("\(address)\(target) did not answer with JSON\(reason)")
        }
        return root
    }
}

extension StatsSnapshot {
    /// Rises with every listener, cluster, route or secret that a proxy takes over.
    fileprivate var configurationChanges: UInt64 {
        let managed = [
            "listener_manager.listener_added", "listener_manager.listener_modified",
            "listener_manager.listener_removed",
            "cluster_manager.cluster_added", "cluster_manager.cluster_modified", "cluster_manager.cluster_removed",
        ]
        let own = managed.reduce(UInt64(0)) { $0 &+ (counters[$1] ?? 0) }
        return counters.reduce(own) { sum, counter in
            let isChange =
                counter.key.hasSuffix(".config_reload")
                || (counter.key.hasPrefix("sds.") && counter.key.hasSuffix(".update_success"))
            return isChange ? sum &+ counter.value : sum
        }
    }
}

/// Tells dumps apart. Envoy writes the entries of maps in another order each time, so the order of lines does not count.
private struct DumpIdentity: Equatable {
    private var size = -1
    private var lines = 0

    init() {}

    init(_ bytes: [UInt8]) {
        size = bytes.count
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            lines &+= (line.last == UInt8(ascii: ",") ? line.dropLast() : line).hashValue
        }
    }
}
