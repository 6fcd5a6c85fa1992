/// A statistic with Envoy's name under the prefix of what it counts.
package protocol StatName: RawRepresentable<Int>, CaseIterable, Sendable {
    var envoyName: String { get }
    /// A gauge goes up and down; the others only rise.
    var isGauge: Bool { get }
}

/// `http.P.`
package enum HTTPStat: Int, StatName {
    case requests, activeRequests, completed, class1xx, class2xx, class3xx, class4xx, class5xx
    case connections, activeConnections, http1Connections, activeHTTP1Connections, http1Requests
    case destroyedConnections, destroyedLocal, destroyedRemote, destroyedActiveRequests
    case receivedBytes, sentBytes, bufferedReceived, bufferedSent
    case protocolErrors, idleTimeouts, requestTimeouts, streamIdleTimeouts, headerTimeouts, overloadClosed
    case resets, responsesBeforeRequestComplete, upgrades, activeUpgrades, drainClosed, maxDurationReached
    case noRoute, noCluster, directResponses, redirects, routed, resetAfterResponseStarted
    case faultDelays, faultAborts

    package var envoyName: String {
        switch self {
        case .requests: "downstream_rq_total"
        case .activeRequests: "downstream_rq_active"
        case .completed: "downstream_rq_completed"
        case .class1xx: "downstream_rq_1xx"
        case .class2xx: "downstream_rq_2xx"
        case .class3xx: "downstream_rq_3xx"
        case .class4xx: "downstream_rq_4xx"
        case .class5xx: "downstream_rq_5xx"
        case .connections: "downstream_cx_total"
        case .activeConnections: "downstream_cx_active"
        case .http1Connections: "downstream_cx_http1_total"
        case .activeHTTP1Connections: "downstream_cx_http1_active"
        case .http1Requests: "downstream_rq_http1_total"
        case .destroyedConnections: "downstream_cx_destroy"
        case .destroyedLocal: "downstream_cx_destroy_local"
        case .destroyedRemote: "downstream_cx_destroy_remote"
        case .destroyedActiveRequests: "downstream_cx_destroy_active_rq"
        case .receivedBytes: "downstream_cx_rx_bytes_total"
        case .sentBytes: "downstream_cx_tx_bytes_total"
        case .bufferedReceived: "downstream_cx_rx_bytes_buffered"
        case .bufferedSent: "downstream_cx_tx_bytes_buffered"
        case .protocolErrors: "downstream_cx_protocol_error"
        case .idleTimeouts: "downstream_cx_idle_timeout"
        case .requestTimeouts: "downstream_rq_timeout"
        case .streamIdleTimeouts: "downstream_rq_idle_timeout"
        case .headerTimeouts: "downstream_rq_header_timeout"
        case .overloadClosed: "downstream_rq_overload_close"
        case .resets: "downstream_rq_rx_reset"
        case .responsesBeforeRequestComplete: "downstream_rq_response_before_rq_complete"
        case .upgrades: "downstream_cx_upgrades_total"
        case .activeUpgrades: "downstream_cx_upgrades_active"
        case .drainClosed: "downstream_cx_drain_close"
        case .maxDurationReached: "downstream_rq_max_duration_reached"
        case .noRoute: "no_route"
        case .noCluster: "no_cluster"
        case .directResponses: "rq_direct_response"
        case .redirects: "rq_redirect"
        case .routed: "rq_total"
        case .resetAfterResponseStarted: "rq_reset_after_downstream_response_started"
        case .faultDelays: "fault.delays_injected"
        case .faultAborts: "fault.aborts_injected"
        }
    }

    package var isGauge: Bool {
        switch self {
        case .activeRequests, .activeConnections, .activeHTTP1Connections, .activeUpgrades, .bufferedReceived,
            .bufferedSent:
            true
        default: false
        }
    }

    /// The counter of a status' class.
    static func of(status: Int) -> HTTPStat? {
        switch status {
        case 100..<200: .class1xx
        case 200..<300: .class2xx
        case 300..<400: .class3xx
        case 400..<500: .class4xx
        case 500..<600: .class5xx
        default: nil
        }
    }
}

/// `listener.L.`
package enum ListenerStat: Int, StatName {
    case connections, activeConnections, destroyedConnections, noFilterChainMatch, overflow, preConnectionTimeouts

    package var envoyName: String {
        switch self {
        case .connections: "downstream_cx_total"
        case .activeConnections: "downstream_cx_active"
        case .destroyedConnections: "downstream_cx_destroy"
        case .noFilterChainMatch: "no_filter_chain_match"
        case .overflow: "downstream_cx_overflow"
        case .preConnectionTimeouts: "downstream_pre_cx_timeout"
        }
    }

    package var isGauge: Bool { self == .activeConnections }
}

/// `cluster.C.`
package enum ClusterStat: Int, StatName {
    case requests, activeRequests, pendingTotal, pendingActive, completed, class1xx, class2xx, class3xx, class4xx,
        class5xx
    case timeouts, perTryTimeouts, cancelled, maintenance, retries, retryOverflow, retrySuccess
    case receivedReset, sentReset, pendingOverflow, pendingFailureEject
    case connections, activeConnections, http1Connections, connectFailures, connectTimeouts
    case destroyedConnections, destroyedLocal, destroyedRemote, destroyedWithRequest, destroyedLocalWithRequest
    case destroyedRemoteWithRequest, idleTimeouts, receivedBytes, sentBytes, protocolErrors, overflow
    case noneHealthy, membershipTotal, membershipHealthy, membershipDegraded

    package var envoyName: String {
        switch self {
        case .requests: "upstream_rq_total"
        case .activeRequests: "upstream_rq_active"
        case .pendingTotal: "upstream_rq_pending_total"
        case .pendingActive: "upstream_rq_pending_active"
        case .completed: "upstream_rq_completed"
        case .class1xx: "upstream_rq_1xx"
        case .class2xx: "upstream_rq_2xx"
        case .class3xx: "upstream_rq_3xx"
        case .class4xx: "upstream_rq_4xx"
        case .class5xx: "upstream_rq_5xx"
        case .timeouts: "upstream_rq_timeout"
        case .perTryTimeouts: "upstream_rq_per_try_timeout"
        case .cancelled: "upstream_rq_cancelled"
        case .maintenance: "upstream_rq_maintenance_mode"
        case .retries: "upstream_rq_retry"
        case .retryOverflow: "upstream_rq_retry_overflow"
        case .retrySuccess: "upstream_rq_retry_success"
        case .receivedReset: "upstream_rq_rx_reset"
        case .sentReset: "upstream_rq_tx_reset"
        case .pendingOverflow: "upstream_rq_pending_overflow"
        case .pendingFailureEject: "upstream_rq_pending_failure_eject"
        case .connections: "upstream_cx_total"
        case .activeConnections: "upstream_cx_active"
        case .http1Connections: "upstream_cx_http1_total"
        case .connectFailures: "upstream_cx_connect_fail"
        case .connectTimeouts: "upstream_cx_connect_timeout"
        case .destroyedConnections: "upstream_cx_destroy"
        case .destroyedLocal: "upstream_cx_destroy_local"
        case .destroyedRemote: "upstream_cx_destroy_remote"
        case .destroyedWithRequest: "upstream_cx_destroy_with_active_rq"
        case .destroyedLocalWithRequest: "upstream_cx_destroy_local_with_active_rq"
        case .destroyedRemoteWithRequest: "upstream_cx_destroy_remote_with_active_rq"
        case .idleTimeouts: "upstream_cx_idle_timeout"
        case .receivedBytes: "upstream_cx_rx_bytes_total"
        case .sentBytes: "upstream_cx_tx_bytes_total"
        case .protocolErrors: "upstream_cx_protocol_error"
        case .overflow: "upstream_cx_overflow"
        case .noneHealthy: "upstream_cx_none_healthy"
        case .membershipTotal: "membership_total"
        case .membershipHealthy: "membership_healthy"
        case .membershipDegraded: "membership_degraded"
        }
    }

    package var isGauge: Bool {
        switch self {
        case .activeRequests, .pendingActive, .activeConnections, .membershipTotal, .membershipHealthy,
            .membershipDegraded:
            true
        default: false
        }
    }

    static func of(status: Int) -> ClusterStat? {
        switch status {
        case 100..<200: .class1xx
        case 200..<300: .class2xx
        case 300..<400: .class3xx
        case 400..<500: .class4xx
        case 500..<600: .class5xx
        default: nil
        }
    }
}
