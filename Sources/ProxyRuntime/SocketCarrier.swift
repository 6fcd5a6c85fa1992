import Glibc
import ProxyCore

/// One socket of a worker: sends a connection's output, and hands what comes to the core.
class SocketCarrier: Pollable, Carrier {
    private let descriptor: CInt
    private let connection: ProxyConnection
    fileprivate let worker: WorkerLoop
    /// The worker's, at hand.
    fileprivate let core: ProxyWorker
    private var isReading = true
    /// The socket took less than it was given; it says when it takes more.
    fileprivate var isBlocked = false
    private var isClosed = false
    /// The peer has ended its side; what it sent before may still have to be read.
    private var hasEnd = false
    /// The worker reads it with the next turn.
    private var isUnread = false
    private var ending: CarrierEnd?

    fileprivate init(_ descriptor: CInt, _ connection: ProxyConnection, _ worker: WorkerLoop) {
        self.descriptor = descriptor
        self.connection = connection
        self.worker = worker
        core = worker.core
        super.init()
        var one: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
        connection.carrier = self
        worker.poller.add(descriptor, self)
    }

    fileprivate func received(_ bytes: Span<UInt8>) {}
    fileprivate func ended() {}

    final override func ready(_ events: PollEvents) {
        if isBlocked, events.contains(anyOf: .output) { unblocked() }
        if events.contains(anyOf: .end) { hasEnd = true }
        if events.contains(anyOf: .input) { read() }
    }

    fileprivate func unblocked() {
        isBlocked = false
        flush(core)
    }

    // MARK: Reading

    /// Reads once: more waits until the others had their turn. The socket tells only of what comes after all was read.
    final func read() {
        isUnread = false
        guard isReading, !isClosed else { return }
        let buffer = worker.buffer
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 {
            received(UnsafeBufferPointer(rebasing: buffer[..<count]).span)
            // A read that does not fill the buffer took all there was, except for the end.
            if count == buffer.count || hasEnd { readLater() }
        } else if count < 0, errno == EINTR {
            readLater()
        } else if count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK) {
            close()
        }
    }

    private func readLater() {
        guard !isUnread else { return }
        isUnread = true
        worker.readLater(self)
    }

    final func setReading(_ isOn: Bool) {
        isReading = isOn
        // What came meanwhile was announced already.
        if isOn { readLater() }
    }

    // MARK: Sending

    final func flush(_ core: ProxyWorker) {
        guard !isBlocked, !isClosed else { return }
        while !connection.output.isEmpty {
            let sent = connection.output.send { send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            if sent > 0 {
                continue
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                isBlocked = true
                break
            } else if errno != EINTR {
                return close()
            }
        }
        if connection.holdsPeer { core.outputDrained(connection) }
        if !isBlocked { finish() }
    }

    final func end(_ kind: CarrierEnd) {
        ending = kind
        flush(core)
    }

    private func finish() {
        guard let ending else { return }
        self.ending = nil
        switch ending {
        case .shutdown: shutdown(descriptor, CInt(SHUT_WR))
        case .close: close()
        }
    }

    final func close() {
        guard !isClosed else { return }
        isClosed = true
        worker.poller.close(descriptor)
        connection.carrier = nil
        ended()
    }

    /// What the kernel has to say about a socket that could not connect; 0 if it could.
    fileprivate final var pendingError: CInt {
        var code: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        return code
    }
}

/// A client's connection.
final class ClientSocket: SocketCarrier {
    private let client: ClientConnection

    init(_ descriptor: CInt, _ client: ClientConnection, _ worker: WorkerLoop) {
        self.client = client
        super.init(descriptor, client, worker)
    }

    override func received(_ bytes: Span<UInt8>) { core.received(bytes, from: client, now: worker.now) }
    override func ended() { core.closed(client, now: worker.now) }
}

/// A connection to an endpoint.
final class UpstreamSocket: SocketCarrier {
    private let upstream: UpstreamConnection
    private var isConnecting = true
    /// Where to try next if this address cannot be reached.
    private var others: ArraySlice<SocketAddressBytes>

    private init(
        _ descriptor: CInt, _ upstream: UpstreamConnection, _ others: ArraySlice<SocketAddressBytes>,
        _ worker: WorkerLoop
    ) {
        self.upstream = upstream
        self.others = others
        super.init(descriptor, upstream, worker)
        isBlocked = true
    }

    /// Begins to connect to the first of the addresses that takes it.
    static func dial(
        _ upstream: UpstreamConnection, _ addresses: ArraySlice<SocketAddressBytes>, _ worker: WorkerLoop
    ) {
        guard !upstream.isClosed else { return }
        var addresses = addresses
        while let address = addresses.popFirst() {
            let descriptor = address.connect()
            guard descriptor >= 0 else { continue }
            _ = UpstreamSocket(descriptor, upstream, addresses, worker)
            return
        }
        worker.core.connectFailed(upstream, now: worker.now)
    }

    override fileprivate func unblocked() {
        guard isConnecting else { return super.unblocked() }
        guard pendingError == 0 else { return close() }
        isConnecting = false
        isBlocked = false
        core.connected(upstream, now: worker.now)
    }

    override func received(_ bytes: Span<UInt8>) { core.received(bytes, from: upstream, now: worker.now) }

    override func ended() {
        if isConnecting, !others.isEmpty {
            Self.dial(upstream, others, worker)
        } else {
            core.closed(upstream, now: worker.now)
        }
    }
}
