import EnvoyModel
import NIOCore
import NIOPosix
import ProxyCore

/// Carries one `ProxyWorker` on one event loop: feeds it, and does what it asks for.
///
/// Everything in here happens on that loop, which is why it may be called Sendable.
final class WorkerLoop: @unchecked Sendable {
    let loop: any EventLoop
    let core: ProxyWorker
    private let endpoints: EndpointMode
    /// Endpoints that are listeners of other served proxies, and where those are bound.
    var peers: [String: String] = [:]
    private let log: AccessLogWriter?
    private var isPerforming = false
    private var isPerformQueued = false
    /// Made once: a closure per turn of the loop would be an allocation.
    private var queuedPerform: @Sendable () -> Void = {}
    /// So many actions are carried out without waiting for the other sockets that are ready.
    private static let batchSize = 256
    private var wake: Scheduled<Void>?
    private var wakeTime = UInt64.max

    init(loop: any EventLoop, core: ProxyWorker, endpoints: EndpointMode, log: AccessLogWriter?) {
        self.loop = loop
        self.core = core
        self.endpoints = endpoints
        self.log = log
        queuedPerform = { [weak self] in
            guard let self else { return }
            isPerformQueued = false
            perform()
        }
    }

    @inline(__always)
    var now: UInt64 { NIODeadline.now().uptimeNanoseconds }

    /// Carries out what the core asked for when the sockets that are ready now have been read, or enough of them: what is sent
    /// together wakes the processes at the other ends once.
    func performSoon() {
        if core.actionCount >= Self.batchSize { return perform() }
        guard !isPerformQueued else { return }
        isPerformQueued = true
        loop.execute(queuedPerform)
    }

    /// Carries out what the core asked for. Calls from inside return at once: the outermost one goes on until nothing is left.
    func perform() {
        guard !isPerforming else { return }
        isPerforming = true
        while let action = core.nextAction() { execute(action) }
        isPerforming = false
        if let log, !core.accessLog.isEmpty {
            log.write(Array(core.accessLog.bytes))
            core.accessLog.removeAll()
        }
        scheduleWake()
    }

    private func scheduleWake() {
        guard let time = core.nextWake, time < wakeTime else { return }
        wake?.cancel()
        wakeTime = time
        wake = loop.scheduleTask(deadline: .uptimeNanoseconds(time)) { [self] in
            wake = nil
            wakeTime = .max
            core.timePassed(now: now)
            perform()
        }
    }

    private func execute(_ action: Action) {
        let connection = action.connection
        switch action.kind {
        case .connect:
            if let upstream = connection as? UpstreamConnection { connect(upstream) }
        case .flush:
            core.flushBegins(connection)
            connection.carrier?.flush(core)
        case .pauseReading: connection.carrier?.setReading(false)
        case .resumeReading: connection.carrier?.setReading(true)
        case .shutdownAfterFlush: connection.carrier?.end(.shutdown)
        case .closeAfterFlush: connection.carrier?.end(.close)
        case .close: connection.carrier?.close()
        }
    }

    private func connect(_ upstream: UpstreamConnection) {
        if !peers.isEmpty, peers[upstream.host.address] != nil { return dial(upstream, peers) }
        switch endpoints {
        case .echo: connectWorkload(upstream, .echo)
        case .httpbin: connectWorkload(upstream, .httpbin)
        case .dial(let map): dial(upstream, map)
        }
    }

    private func connectWorkload(_ upstream: UpstreamConnection, _ kind: Workload.Kind) {
        let carrier = WorkloadCarrier(upstream, kind: kind, worker: self)
        upstream.carrier = carrier
        core.connected(upstream, now: now)
    }

    private func dial(_ upstream: UpstreamConnection, _ map: [String: String]) {
        guard let target = DialTarget(upstream.host, map: map) else {
            core.connectFailed(upstream, now: now)
            return
        }
        // The core has its own connect timeout; NIO's only has to be longer.
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.hours(1))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        let bound = NIOLoopBound(upstream, eventLoop: loop)
        let future = bootstrap.channelInitializer { [self] channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(UpstreamHandler(bound.value, worker: self))
            }
        }
        .connect(host: target.host, port: target.port)
        future.whenFailure { [self] _ in
            core.connectFailed(bound.value, now: now)
            perform()
        }
    }
}

/// Where an endpoint is really reached.
struct DialTarget {
    var host: String
    var port: Int

    init?(_ runtime: HostRuntime, map: [String: String]) {
        if let mapped = map[runtime.address] {
            guard let colon = mapped.lastIndex(of: ":"), let port = Int(mapped[mapped.index(after: colon)...]) else {
                return nil
            }
            host = mapped[..<colon].filter { $0 != "[" && $0 != "]" }
            self.port = port
        } else if let address = runtime.socketAddress {
            host = address.address
            port = Int(address.port)
        } else {
            return nil
        }
    }
}
