/// An answer that the proxy makes by itself. Values only: `finishLocalReply` turns it into a response head.
package struct LocalReply: Sendable {
    package var status: Int
    package var flags: ResponseFlags
    /// Envoy's response code details.
    package var details: StaticString
    package var body: [UInt8]
    /// Replies of the router carry the header additions of the route; a 404 NR and codec errors carry none.
    package var carriesRouteHeaders: Bool
    /// `fault.abort.grpc_status`: replaces the mapping of HTTP statuses.
    package var grpcStatus: Int?
    /// `x-envoy-overloaded: true`.
    package var isOverload = false
    package var closesConnection = false
    /// A configured direct response: its body is not turned into a `grpc-message` unless the request is gRPC.
    package var isDirectResponse = false
    /// The answer to a CORS preflight request.
    package var isPreflight = false
    /// The `location` of a redirect, in the storage of the request's header block.
    package var location: ByteRange?

    package init(
        _ status: Int, _ flags: ResponseFlags = [], details: StaticString, body: [UInt8] = [],
        carriesRouteHeaders: Bool = false
    ) {
        self.status = status
        self.flags = flags
        self.details = details
        self.body = body
        self.carriesRouteHeaders = carriesRouteHeaders
    }
}

/// The replies of the rule book's sections 24, 27 and 28.
extension LocalReply {
    private static let noHealthyUpstreamText = Array("no healthy upstream".utf8)
    private static let refusedText = Array(
        "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure".utf8)
    private static let connectTimeoutText = Array(
        "upstream connect error or disconnect/reset before headers. reset reason: connection timeout".utf8)
    private static let terminationText = Array(
        "upstream connect error or disconnect/reset before headers. reset reason: connection termination".utf8)
    private static let overflowText = Array(
        "upstream connect error or disconnect/reset before headers. reset reason: overflow".utf8)
    private static let protocolErrorText = Array(
        "upstream connect error or disconnect/reset before headers. reset reason: protocol error".utf8)
    private static let timeoutText = Array("upstream request timeout".utf8)
    private static let idleText = Array("stream timeout".utf8)
    private static let durationText = Array("downstream duration timeout".utf8)
    private static let faultText = Array("fault filter abort".utf8)

    package static var routeNotFound: Self { Self(404, .noRouteFound, details: "route_not_found") }

    package static var noHealthyUpstream: Self {
        Self(
            503, .noHealthyUpstream, details: "no_healthy_upstream", body: noHealthyUpstreamText,
            carriesRouteHeaders: true)
    }

    package static func clusterNotFound(_ status: Int) -> Self {
        Self(status, .noClusterFound, details: "cluster_not_found", carriesRouteHeaders: true)
    }

    package static var connectionRefused: Self {
        Self(
            503, .upstreamConnectionFailure,
            details:
                "upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused}",
            body: refusedText, carriesRouteHeaders: true)
    }

    /// TLS to the endpoint waits for a secret in vain.
    package static var secretMissing: Self {
        Self(
            503, .upstreamConnectionFailure,
            details:
                "upstream_reset_before_response_started{remote_connection_failure|TLS_error:_Secret_is_not_supplied_by_SDS}",
            body: refusedText, carriesRouteHeaders: true)
    }

    package static var connectTimeout: Self {
        Self(
            503, .upstreamConnectionFailure, details: "upstream_reset_before_response_started{connection_timeout}",
            body: connectTimeoutText, carriesRouteHeaders: true)
    }

    /// The endpoint closed before the head of its response.
    package static var connectionTermination: Self {
        Self(
            503, .upstreamConnectionTermination,
            details: "upstream_reset_before_response_started{connection_termination}", body: terminationText,
            carriesRouteHeaders: true)
    }

    /// The endpoint sent something that is not HTTP.
    package static var upstreamProtocolError: Self {
        Self(
            502, .upstreamProtocolError, details: "upstream_reset_before_response_started{protocol_error}",
            body: protocolErrorText, carriesRouteHeaders: true)
    }

    /// A circuit breaker is open.
    package static var overflow: Self {
        var reply = Self(
            503, .upstreamOverflow, details: "upstream_reset_before_response_started{overflow}", body: overflowText,
            carriesRouteHeaders: true)
        reply.isOverload = true
        return reply
    }

    package static var responseTimeout: Self {
        Self(
            504, .upstreamRequestTimeout, details: "response_timeout", body: timeoutText, carriesRouteHeaders: true)
    }

    package static var perTryTimeout: Self {
        Self(
            504, .upstreamRequestTimeout, details: "upstream_per_try_timeout", body: timeoutText,
            carriesRouteHeaders: true)
    }

    /// By the connection manager, whose answers carry nothing of the router.
    package static var streamIdleTimeout: Self {
        Self(504, .streamIdleTimeout, details: "stream_idle_timeout", body: idleText)
    }

    package static var maxStreamDuration: Self {
        Self(504, [], details: "max_duration_timeout", body: durationText)
    }

    package static func faultAbort(_ status: Int) -> Self {
        Self(status, .faultInjected, details: "fault_filter_abort", body: faultText)
    }

    package static var missingHost: Self { Self(400, details: "missing_host_header") }
    package static var badPath: Self { Self(400, details: "path_normalization_failed") }

    package static var upgradeFailed: Self {
        var reply = Self(403, details: "upgrade_failed")
        reply.closesConnection = true
        return reply
    }
}
