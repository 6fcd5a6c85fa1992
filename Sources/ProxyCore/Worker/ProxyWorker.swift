package import TrafficEngine

/// One worker thread's proxy without its I/O: bytes and times go in, actions come out.
///
/// Nothing in here is shared between threads, waits, or knows a socket. Times are nanoseconds of a clock that only rises. After each call
/// the transport carries out the actions in the order in which `nextAction` gives them; what an action leads to (a connection
/// that closes) it reports after it.
package final class ProxyWorker {
    package let index: Int
    private var upstreamActions = ActionQueue()
    private var clientActions = ActionQueue()
    /// Lines of the access log to be written; empty unless it is on.
    package var accessLog = ByteQueue()
    package private(set) var proxies: [String: ProxyInstance] = [:]
    var tap: TapRing
    var timers = TimerQueue()
    var context = ResponseContext()
    /// Where local replies are put together.
    var localResponse = ResponseHead()
    let keepsAccessLog: Bool
    private var dateSecond: Int64 = .min
    /// Wall clock minus the worker's clock, in microseconds.
    var wallOffset: Int64
    private var seed: UInt64
    package internal(set) var openConnections = 0
    /// Connections of clients, to be told when the worker drains.
    var clientTable: [ObjectIdentifier: ClientConnection] = [:]
    package private(set) var isDraining = false
    package var activeClients: Int { clientTable.count }
    /// How long a connection whose last response is sent waits for the peer's end (Envoy: `delayed_close_timeout`).
    static let lingerTime: UInt64 = 1_000_000_000

    package init(index: Int, seed: UInt64, wallOffset: Int64, tapCapacity: Int, keepsAccessLog: Bool) {
        self.index = index
        self.seed = seed
        self.wallOffset = wallOffset
        self.keepsAccessLog = keepsAccessLog
        tap = TapRing(capacity: tapCapacity)
    }

    /// The next time at which `timePassed` wants to be called.
    package var nextWake: UInt64? { timers.next }

    // MARK: Configuration

    /// Swaps in the configurations of all proxies. Requests in flight finish with what they began with.
    package func install(_ snapshots: [(name: String, compiled: CompiledSnapshot)]) {
        var names: Set<String> = []
        for (name, compiled) in snapshots {
            names.insert(name)
            if let proxy = proxies[name] {
                for host in proxy.install(compiled) { closeIdle(host) }
            } else {
                seed &+= 0x9E37_79B9_7F4A_7C15
                proxies[name] = ProxyInstance(name: name, compiled: compiled, seed: seed)
            }
        }
        for (name, proxy) in proxies where !names.contains(name) {
            proxy.remove()
            proxies[name] = nil
        }
        for client in clientTable.values where client.listener.isDraining { drainIfIdle(client) }
    }

    /// No new requests: idle connections close, the others after their response.
    package func drain() {
        isDraining = true
        for client in clientTable.values { drainIfIdle(client) }
    }

    private func drainIfIdle(_ client: ClientConnection) {
        guard !client.hasRequest, client.phase == .head, !client.scanner.hasStarted else { return }
        client.count(.drainClosed)
        push(.close, client)
    }

    private func closeIdle(_ host: HostRuntime) {
        for connection in host.idle { close(connection) }
        host.idle.removeAll()
    }

    package func shards() -> [String: StatsShard] { proxies.mapValues { $0.shard() } }

    package func tapRecords(since position: UInt64) -> (records: [TapRecord], lost: UInt64, position: UInt64) {
        let (records, lost) = tap.records(since: position)
        return (records, lost, tap.count)
    }

    // MARK: Actions and time

    @inline(__always)
    func push(_ kind: Action.Kind, _ connection: ProxyConnection) {
        if kind == .close { connection.isClosing = true }
        let action = Action(kind: kind, connection: connection)
        if connection.isUpstream { upstreamActions.append(action) } else { clientActions.append(action) }
    }

    /// The next thing to do. One connection's come in their order; all upstreams' come before the clients', because sockets that
    /// are sent to one side after the other wake the process at the other end once, and in turns with another side's each time.
    package func nextAction() -> Action? { upstreamActions.popFirst() ?? clientActions.popFirst() }

    package var actionCount: Int { upstreamActions.count + clientActions.count }

    /// Asks for the connection's output to be sent, once however much is written in between.
    @inline(__always)
    func flush(_ connection: ProxyConnection) {
        guard !connection.isFlushQueued, !connection.isClosed else { return }
        connection.isFlushQueued = true
        push(.flush, connection)
    }

    /// The transport begins to send: what is written from now on needs a new flush.
    package func flushBegins(_ connection: ProxyConnection) { connection.isFlushQueued = false }

    func pauseReading(_ connection: ProxyConnection) {
        guard !connection.isReadingPaused else { return }
        connection.isReadingPaused = true
        push(.pauseReading, connection)
    }

    func resumeReading(_ connection: ProxyConnection) {
        guard connection.isReadingPaused else { return }
        connection.isReadingPaused = false
        push(.resumeReading, connection)
    }

    /// The `date` of responses, made once a second.
    func updateDate(now: UInt64) {
        let second = (Int64(now / 1000) + wallOffset) / 1_000_000
        guard second != dateSecond else { return }
        dateSecond = second
        context.date = Timestamp.httpDate(seconds: second)
    }

    /// The clock has reached `nextWake`.
    package func timePassed(now: UInt64) {
        while let connection = timers.popDue(now: now) {
            if connection.nextDeadline(now: now) <= now {
                if let client = connection as? ClientConnection {
                    clientDeadline(client, now: now)
                } else if let upstream = connection as? UpstreamConnection {
                    upstreamDeadline(upstream, now: now)
                }
            }
            if !connection.isClosed { timers.schedule(connection, now: now) }
        }
    }

    /// The transport has sent so much that this connection's buffer is below its low mark.
    package func outputDrained(_ connection: ProxyConnection) {
        guard connection.holdsPeer, connection.unsent <= ProxyConnection.lowWatermark else { return }
        connection.holdsPeer = false
        if let client = connection as? ClientConnection {
            if let upstream = client.upstream { resumeReading(upstream) }
        } else if let upstream = connection as? UpstreamConnection, let client = upstream.client {
            if client.held.count <= ProxyConnection.lowWatermark { resumeReading(client) }
        }
    }
}
