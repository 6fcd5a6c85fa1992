package import EnvoyModel

/// What was measured since the last tick.
package struct Tick: Sendable {
    /// `HH:MM:SS`.
    package var clock: String
    /// Seconds, from any fixed point.
    package var time: Double
    package var stats: StatsSnapshot
    /// The running proxy that is looked at; its `stats` are new where `isAnswered`.
    package var live: LiveSource?
    package var isAnswered = false
    /// Requests that ended since the last tick, oldest first.
    package var tap: [TapEntry]
    /// How many more there were.
    package var lost: Int

    package init(
        clock: String, time: Double, stats: StatsSnapshot = StatsSnapshot(), tap: [TapEntry] = [], lost: Int = 0
    ) {
        self.clock = clock
        self.time = time
        self.stats = stats
        self.tap = tap
        self.lost = lost
    }
}

/// A request that ended.
package struct TapEntry: Hashable, Sendable, Identifiable {
    package var id: Int
    /// `HH:MM:SS.mmm`.
    package var time: String
    package var method: String
    package var authority: String
    package var path: String
    package var status: Int
    /// Envoy's letters, `-` for none.
    package var flags: String
    package var details: String
    package var listener: String
    package var virtualHost: String
    package var route: String
    package var cluster: String
    package var endpoint: String
    package var downstream: String
    package var milliseconds: Double
    package var upstreamMilliseconds: Double?
    package var bytesReceived: Int
    package var bytesSent: Int
    package var attempts: Int
    package var requestID: String

    package init(
        id: Int, time: String, method: String, authority: String, path: String, status: Int, flags: String = "-",
        details: String = "", listener: String = "", virtualHost: String = "", route: String = "",
        cluster: String = "", endpoint: String = "", downstream: String = "", milliseconds: Double = 0,
        upstreamMilliseconds: Double? = nil, bytesReceived: Int = 0, bytesSent: Int = 0, attempts: Int = 1,
        requestID: String = ""
    ) {
        self.id = id
        self.time = time
        self.method = method
        self.authority = authority
        self.path = path
        self.status = status
        self.flags = flags
        self.details = details
        self.listener = listener
        self.virtualHost = virtualHost
        self.route = route
        self.cluster = cluster
        self.endpoint = endpoint
        self.downstream = downstream
        self.milliseconds = milliseconds
        self.upstreamMilliseconds = upstreamMilliseconds
        self.bytesReceived = bytesReceived
        self.bytesSent = bytesSent
        self.attempts = attempts
        self.requestID = requestID
    }
}
