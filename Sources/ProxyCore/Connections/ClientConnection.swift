import TrafficEngine

/// A downstream connection and the request that is on it. HTTP/1.1 has one at a time, so nothing is made per request.
package final class ClientConnection: ProxyConnection {
    enum Phase {
        /// Between requests or inside a head.
        case head
        /// A fault's delay runs; the body waits.
        case delayed
        case body
        /// The request is whole, its response is not.
        case response
        /// Bytes go both ways as they come.
        case upgraded
        /// The last response is sent; what still comes is thrown away.
        case draining
    }

    /// Where a response is.
    enum ResponseState {
        case none
        case started
        case complete
    }

    let proxy: ProxyInstance
    let listener: ListenerRuntime
    let identity: ClientIdentity
    /// What decisions ask about this connection; `nil` where the filter chain speaks no HTTP.
    var engine: DownstreamConnection?
    var rules = RequestRules()
    /// Where the requests are counted. Not held: `proxy` keeps all that it ever had, and this is used many times in each request.
    private(set) var http: Unmanaged<HTTPRuntime>?
    /// The snapshot that `engine` was made with.
    var generation: UInt64 = 0
    let remoteIP: String
    let remotePort: UInt16

    var phase = Phase.head
    var scanner = HeadScanner(.request)
    var head = RequestHead()
    var facts = RequestFacts()
    var body = BodyReader()
    /// What came while it could not be used: pipelined requests, a body during a delay.
    var held = ByteQueue()
    var isProcessingHeld = false

    // The request on the connection.
    var hasRequest = false
    var decision = Decision()
    var upstream: UpstreamConnection?
    /// Those that carry copies of a request whose body is still coming.
    var shadows: [UpstreamConnection] = []
    var response = ResponseState.none
    var responseStatus = 0
    var responseLengthIsChunked = false
    var isRequestComplete = false
    var closesAfterResponse = false
    var flags: ResponseFlags = []
    var details: StaticString = ""
    var transportFailure: StaticString = ""
    var startTime: UInt64 = 0
    var requestEndTime: UInt64 = 0
    var upstreamStartTime: UInt64 = 0
    var firstResponseTime: UInt64 = 0
    var bytesReceived: UInt64 = 0
    var bytesSent: UInt64 = 0
    var attempts: UInt32 = 0

    // Deadlines, `UInt64.max` for none.
    var routeDeadline: UInt64 = .max
    var requestDeadline: UInt64 = .max
    /// `max_stream_duration`, from the request's beginning.
    var durationDeadline: UInt64 = .max
    /// The idle timeout of the request's route, or the connection manager's.
    var requestIdle: UInt64 = .max
    var delayEnd: UInt64 = .max
    var lastTimeout = Duration.zero
    var lastTimeoutNanoseconds: UInt64 = .max
    var drainEnd: UInt64 = .max
    var lastActivity: UInt64 = 0
    var streamIdle: UInt64 = .max
    var connectionIdle: UInt64 = .max
    var headersTimeout: UInt64 = .max
    var requestTimeout: UInt64 = .max

    init(
        proxy: ProxyInstance, listener: ListenerRuntime, remoteIP: String, remotePort: UInt16, now: UInt64
    ) {
        self.proxy = proxy
        self.listener = listener
        self.remoteIP = remoteIP
        self.remotePort = remotePort
        identity = ClientIdentity(
            proxy: proxy.name, listener: listener.name,
            remoteAddress: remoteIP.contains(":") ? "[\(remoteIP)]:\(remotePort)" : "\(remoteIP):\(remotePort)")
        lastActivity = now
        super.init(isUpstream: false)
    }

    /// Goes over to the statistics under another prefix.
    func countUnder(_ prefix: String) {
        if let known = http?.takeUnretainedValue(), known.prefix == prefix { return }
        http = .passUnretained(proxy.manager(prefix: prefix))
    }

    @inline(__always)
    func count(_ name: HTTPStat, by amount: UInt64 = 1) {
        http?._withUnsafeGuaranteedRef { $0.stats.increment(name, by: amount) }
    }

    @inline(__always)
    func uncount(_ name: HTTPStat) {
        http?._withUnsafeGuaranteedRef { $0.stats.decrement(name) }
    }

    override func nextDeadline(now: UInt64) -> UInt64 {
        switch phase {
        case .draining: return drainEnd
        case .delayed: return delayEnd
        case .head where !hasRequest: return min(requestDeadline, lastActivity.addingCapped(connectionIdle))
        case .head, .body, .response:
            return min(
                min(routeDeadline, requestDeadline), min(durationDeadline, lastActivity.addingCapped(requestIdle)))
        case .upgraded: return lastActivity.addingCapped(requestIdle)
        }
    }

    /// Makes the connection ready for the next request.
    func clearRequest() {
        hasRequest = false
        head.block.removeAll()
        head.method = .empty
        head.path = .empty
        head.authority = .empty
        head.hasHost = false
        head.isHTTPS = false
        scanner.reset()
        decision = Decision()
        upstream = nil
        response = .none
        responseStatus = 0
        isRequestComplete = false
        flags = []
        details = ""
        transportFailure = ""
        upstreamStartTime = 0
        firstResponseTime = 0
        bytesReceived = 0
        bytesSent = 0
        attempts = 0
        routeDeadline = .max
        requestDeadline = .max
        durationDeadline = .max
        delayEnd = .max
        phase = .head
    }
}

/// The names that all requests of a connection share: one reference in a record instead of three.
final class ClientIdentity {
    let proxy: String
    let listener: String
    let remoteAddress: String

    init(proxy: String, listener: String, remoteAddress: String) {
        self.proxy = proxy
        self.listener = listener
        self.remoteAddress = remoteAddress
    }
}

extension UInt64 {
    /// Times far away do not wrap.
    @inline(__always)
    func addingCapped(_ other: UInt64) -> UInt64 {
        let (sum, overflowed) = addingReportingOverflow(other)
        return overflowed ? .max : sum
    }
}
