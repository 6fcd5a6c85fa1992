package import EnvoyModel

/// What becomes of a request: it is forwarded to `host` of `cluster`, or answered with `localReply`.
///
/// The request itself is, after the decision, what the upstream gets. A decision lives as long as its request: it keeps what
/// it refers to alive, over a change of the snapshot too.
package struct Decision: Sendable {
    /// Set: answer with this (see `finishLocalReply`) and forward nothing.
    package var localReply: LocalReply?
    package var virtualHost: CompiledVirtualHost?
    package var route: CompiledRoute?
    /// The entry of the route's weighted clusters that was drawn; -1 without.
    package var weightedClusterIndex = -1
    package var cluster: CompiledCluster?
    package var host: CompiledHost?
    /// The request's hash by the route's policies.
    package var hash: UInt64?
    /// The priority that the host was taken from, and whether that priority is in panic.
    package var priority: UInt32 = 0
    package var isPanic = false
    /// The request's random value, kept for the mirrors' fractions.
    package var random: UInt64 = 0
    /// Some of `route.mirrors` get a copy: bit i for the i-th.
    package var mirrors: UInt64 = 0
    package var isGRPC = false
    package var isHead = false
    /// The request came from inside by the connection manager's rules.
    package var isInternal = false
    /// Wait this long before going on (fault filter).
    package var delay: Duration?
    /// Flags for the access log that do not come with a local reply (`DI`).
    package var flags: ResponseFlags = []
    /// For how long, retries included; `nil` is no limit.
    package var timeout: Duration?
    /// `nil`: no retries.
    package var retryPolicy: RetryPolicy? { route?.retryPolicy }
    package var includesAttemptCountInResponse: Bool { virtualHost?.includesAttemptCountInResponse ?? false }
    /// The field of the request that holds a generated x-request-id; -1 if none was made.
    package var generatedRequestID = -1
    /// The field of the request that holds x-envoy-expected-rq-timeout-ms; -1 without.
    package var expectedTimeoutField = -1
    /// The request asks for an upgrade that route and connection manager allow: `connection` and `upgrade` are forwarded.
    package var isUpgrade = false
    /// Where in the request's storage the `set-cookie` values of made cookies stand.
    package var cookies = MadeCookies()
    /// The origin that the CORS filter echoes, in the request's storage.
    package var corsOrigin: ByteRange?
    /// The remote address after x-forwarded-for, in the request's storage; empty: the connection's own.
    package var remoteAddress = ByteRange.empty

    package init() {}
}

/// The cookies that a hash policy made; more than four are not sent.
package struct MadeCookies: Sendable {
    private var storage: (ByteRange, ByteRange, ByteRange, ByteRange) = (.empty, .empty, .empty, .empty)
    package private(set) var count = 0

    package init() {}

    mutating func append(_ range: ByteRange) {
        switch count {
        case 0: storage.0 = range
        case 1: storage.1 = range
        case 2: storage.2 = range
        case 3: storage.3 = range
        default: return
        }
        count += 1
    }

    package subscript(_ index: Int) -> ByteRange {
        switch index {
        case 0: storage.0
        case 1: storage.1
        case 2: storage.2
        default: storage.3
        }
    }
}
