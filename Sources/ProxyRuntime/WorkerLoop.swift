import CLinux
import EnvoyModel
import Glibc
import ProxyCore
import Synchronization

/// Carries one `ProxyWorker` on one thread: feeds it with what its sockets bring, and does what it asks for.
///
/// The sockets are the loop's own and no NIO channels: on a small request, the pipeline and the locks and references of a channel
/// cost as much as reading, deciding and rewriting it. Each turn reads all sockets that are ready, then sends everything
/// that came of it, so a turn wakes the process at the other end once, not once for each message.
///
/// All but `execute`, `submit` and `stop` happens on the loop's thread, which is why it may be called Sendable.
final class WorkerLoop: @unchecked Sendable {
    let core: ProxyWorker
    let poller: Poller
    /// The time of this turn, in nanoseconds of the monotonic clock: read once a turn.
    private(set) var now: UInt64 = WorkerLoop.clock()
    /// What sockets read into: one buffer, since the core has used or copied the bytes before the next read.
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 * 1024)
    private let endpoints: EndpointMode
    /// Endpoints that are listeners of other served proxies, and where those are bound.
    var peers: [String: String] = [:]
    private let log: AccessLogWriter?
    private let submitted = Mutex(Submitted())
    private let bell: Bell
    private var isStopped = false
    private var timers: [(time: UInt64, action: () -> Void)] = []
    private struct Submitted {
        var tasks: [@Sendable () -> Void] = []
        var hasLoopEnded = false
    }

    /// Sockets that have more to read than one turn gave them time for.
    private var unread: [SocketCarrier] = []

    init(core: ProxyWorker, endpoints: EndpointMode, log: AccessLogWriter?) throws {
        self.core = core
        self.endpoints = endpoints
        self.log = log
        poller = try Poller()
        guard let bell = Bell(flags: EFD_NONBLOCK | EFD_CLOEXEC) else {
            throw ServeError("eventfd: \(String(cString: strerror(errno)))")
        }
        self.bell = bell
        poller.add(bell.descriptor, bell)
    }

    deinit { buffer.deallocate() }

    /// Nanoseconds of the clock that workers live by.
    static func clock() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    // MARK: The loop

    /// Runs until `stop`.
    func run() {
        while !isStopped {
            poller.wait(milliseconds: timeToWait()) { now = Self.clock() }
            readUnread()
            runSubmitted()
            runTimers()
            perform()
        }
        poller.closeAll()
        runSubmitted(isLast: true)
    }

    /// Until the next deadline, rounded up to the milliseconds that epoll counts in.
    private func timeToWait() -> CInt {
        if !unread.isEmpty { return 0 }
        var next = core.nextWake ?? .max
        for timer in timers { next = min(next, timer.time) }
        guard next != .max else { return -1 }
        guard next > now else { return 0 }
        return CInt(clamping: (next - now + 999_999) / 1_000_000)
    }

    private func readUnread() {
        guard !unread.isEmpty else { return }
        let sockets = unread
        unread.removeAll(keepingCapacity: true)
        for socket in sockets { socket.read() }
    }

    private func runSubmitted(isLast: Bool = false) {
        guard bell.isRung || isLast else { return }
        bell.isRung = false
        let tasks = submitted.withLock { submitted in
            submitted.hasLoopEnded = isLast
            defer { submitted.tasks = [] }
            return submitted.tasks
        }
        for task in tasks { task() }
        // They may have taken long: the next deadline is reckoned from here.
        now = Self.clock()
    }

    private func runTimers() {
        if let next = core.nextWake, next <= now { core.timePassed(now: now) }
        guard timers.contains(where: { $0.time <= now }) else { return }
        let due = timers.filter { $0.time <= now }
        timers.removeAll { $0.time <= now }
        for timer in due { timer.action() }
    }

    /// Calls once at a time of the loop's clock.
    func schedule(at time: UInt64, _ action: @escaping () -> Void) { timers.append((time, action)) }

    /// Reads on with the next turn, after the others had theirs.
    func readLater(_ socket: SocketCarrier) { unread.append(socket) }

    // MARK: From other threads

    func execute(_ task: @escaping @Sendable () -> Void) {
        let isLate = submitted.withLock { submitted in
            if !submitted.hasLoopEnded { submitted.tasks.append(task) }
            return submitted.hasLoopEnded
        }
        // After the loop nobody else touches its state, and who waits for an answer is to get one.
        if isLate { task() } else { bell.ring() }
    }

    /// Runs on the loop's thread and waits for the result.
    func submit<Result: Sendable>(_ body: @escaping @Sendable (ProxyWorker) -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            execute { [self] in continuation.resume(returning: body(core)) }
        }
    }

    func stop() {
        execute { [self] in isStopped = true }
    }

    // MARK: What the core asks for

    private func perform() {
        while let action = core.nextAction() { execute(action) }
        if let log, !core.accessLog.isEmpty {
            log.write(core.accessLog.bytes)
            core.accessLog.removeAll()
        }
    }

    @inline(__always)
    private func execute(_ action: Action) {
        let connection = action.connection
        switch action.kind {
        case .flush:
            core.flushBegins(connection)
            connection.carrier?.flush(core)
        case .connect:
            if let upstream = connection as? UpstreamConnection { connect(upstream) }
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
        upstream.carrier = WorkloadCarrier(upstream, kind: kind, worker: self)
        core.connected(upstream, now: now)
    }

    private func dial(_ upstream: UpstreamConnection, _ map: [String: String]) {
        guard let target = DialTarget(upstream.host, map: map) else {
            core.connectFailed(upstream, now: now)
            return
        }
        if let address = SocketAddressBytes(numeric: target.host, port: target.port) {
            UpstreamSocket.dial(upstream, [address][...], self)
        } else {
            let dialled = LoopBound(upstream)
            target.resolve { [self] addresses in
                execute { [self] in UpstreamSocket.dial(dialled.value, addresses[...], self) }
            }
        }
    }
}

/// Something that is only touched on its loop's thread, on its way through another.
struct LoopBound<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}

/// Ends a loop's wait from other threads.
private final class Bell: Pollable, @unchecked Sendable {
    let descriptor: CInt
    private let rung = Atomic<Bool>(false)

    /// Fails when the process has too many descriptors.
    init?(flags: Int) {
        descriptor = eventfd(0, CInt(flags))
        guard descriptor >= 0 else { return nil }
    }

    var isRung: Bool {
        get { rung.load(ordering: .acquiring) }
        set { rung.store(newValue, ordering: .sequentiallyConsistent) }
    }

    func ring() {
        // The flag is up before the count: a loop that wakes finds it.
        guard !rung.exchange(true, ordering: .sequentiallyConsistent) else { return }
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    override func ready(_ events: PollEvents) {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }
}
