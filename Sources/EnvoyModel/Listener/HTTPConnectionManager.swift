package import Documents

/// `extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`, with Envoy's defaults.
package struct HTTPConnectionManager: Hashable, Sendable {
    package enum RouteSource: Hashable, Sendable {
        case rds(String)
        case inline(RouteConfiguration)
        /// `scoped_routes`: kept, not modelled.
        case scoped(JSON)
        case none
    }

    package enum CodecType: String, Hashable, Sendable {
        case auto = "AUTO"
        case http1 = "HTTP1"
        case http2 = "HTTP2"
        case http3 = "HTTP3"
    }

    package enum ServerHeaderTransformation: String, Hashable, Sendable {
        case overwrite = "OVERWRITE"
        case appendIfAbsent = "APPEND_IF_ABSENT"
        case passThrough = "PASS_THROUGH"
    }

    package enum ForwardClientCertDetails: String, Hashable, Sendable {
        case sanitize = "SANITIZE"
        case forwardOnly = "FORWARD_ONLY"
        case appendForward = "APPEND_FORWARD"
        case sanitizeSet = "SANITIZE_SET"
        case alwaysForwardOnly = "ALWAYS_FORWARD_ONLY"
    }

    package enum EscapedSlashesAction: String, Hashable, Sendable {
        case implementationSpecificDefault = "IMPLEMENTATION_SPECIFIC_DEFAULT"
        case keepUnchanged = "KEEP_UNCHANGED"
        case rejectRequest = "REJECT_REQUEST"
        case unescapeAndRedirect = "UNESCAPE_AND_REDIRECT"
        case unescapeAndForward = "UNESCAPE_AND_FORWARD"
    }

    package enum UnderscoresAction: String, Hashable, Sendable {
        case allow = "ALLOW"
        case rejectRequest = "REJECT_REQUEST"
        case dropHeader = "DROP_HEADER"
    }

    package struct UpgradeConfig: Hashable, Sendable {
        package var type: String
        package var enabled: Bool

        package init(type: String, enabled: Bool = true) {
            self.type = type
            self.enabled = enabled
        }
    }

    package struct HTTP1Options: Hashable, Sendable {
        /// `nil` is Envoy's default (true since 1.20).
        package var allowAbsoluteURL: Bool?
        package var acceptHTTP10 = false
        package var defaultHostForHTTP10 = ""
        package var enableTrailers = false
        package var allowChunkedLength = false
        package var allowCustomMethods = false
        /// Response and request header names keep their case (`preserve_case_words` or the preserve-case formatter).
        package var preservesCase = false
        package var properCaseWords = false

        package init() {}
    }

    package struct InternalAddressConfig: Hashable, Sendable {
        package var unixSockets = false
        package var cidrRanges: [CIDRRange] = []

        package init() {}
    }

    package struct SetCurrentClientCertDetails: Hashable, Sendable {
        package var subject = false
        package var cert = false
        package var chain = false
        package var dns = false
        package var uri = false

        package init() {}
    }

    package var statPrefix: String
    package var codecType = CodecType.auto
    package var routeSource: RouteSource
    package var httpFilters: [HTTPFilter] = []
    package var useRemoteAddress = false
    package var xffNumTrustedHops: UInt32 = 0
    package var skipXFFAppend = false
    package var internalAddressConfig: InternalAddressConfig?
    package var forwardClientCertDetails = ForwardClientCertDetails.sanitize
    package var setCurrentClientCertDetails: SetCurrentClientCertDetails?
    package var normalizePath = false
    package var mergeSlashes = false
    package var pathWithEscapedSlashesAction = EscapedSlashesAction.implementationSpecificDefault
    package var stripMatchingHostPort = false
    package var stripAnyHostPort = false
    package var stripTrailingHostDot = false
    /// Empty is Envoy's default `envoy`; istiod sets `istio-envoy` in the bootstrap's or the filter's `server_name`.
    package var serverName = ""
    package var serverHeaderTransformation = ServerHeaderTransformation.overwrite
    package var schemeHeaderTransformation: String?
    package var generateRequestID = true
    package var preserveExternalRequestID = false
    package var alwaysSetRequestIDInResponse = false
    package var via = ""
    package var addUserAgent = false
    package var proxy100Continue = false
    package var appendXForwardedPort = false
    package var upgradeConfigs: [UpgradeConfig] = []
    /// `nil` is Envoy's 5 min, zero none.
    package var streamIdleTimeout: Duration?
    /// Zero or `nil`: none.
    package var requestTimeout: Duration?
    package var requestHeadersTimeout: Duration?
    /// `common_http_protocol_options.idle_timeout`; `nil` is 1 h, zero none.
    package var idleTimeout: Duration?
    package var maxConnectionDuration: Duration?
    package var maxStreamDuration: Duration?
    package var maxRequestsPerConnection: UInt32?
    package var delayedCloseTimeout: Duration?
    package var drainTimeout: Duration?
    /// `nil` is 60.
    package var maxRequestHeadersKB: UInt32?
    /// `nil` is 100.
    package var maxHeadersCount: UInt32?
    package var headersWithUnderscoresAction = UnderscoresAction.allow
    package var http1 = HTTP1Options()
    package var accessLog: [ExtensionConfig] = []
    /// `local_reply_config`, kept and not modelled.
    package var localReplyConfig: JSON?
    package var tracing: JSON?
    package var sources: [SourceReference] = []

    package init(statPrefix: String, routeSource: RouteSource) {
        self.statPrefix = statPrefix
        self.routeSource = routeSource
    }
}

/// One HTTP filter of a connection manager.
package struct HTTPFilter: Hashable, Sendable {
    package enum Config: Hashable, Sendable {
        case router(RouterFilter)
        case fault(FaultFilter)
        /// `cors.v3.Cors`: acts with the policy of the route.
        case cors
        /// istio.alpn, istio.metadata_exchange, grpc_stats, stats: no influence on where a request goes.
        case inert(ExtensionConfig)
        /// Kept, shown, and reported as not modelled.
        case other(ExtensionConfig)
    }

    package var name: String
    package var config: Config
    package var disabled = false

    package init(name: String, config: Config) {
        self.name = name
        self.config = config
    }
}

/// `extensions.filters.http.router.v3.Router`.
package struct RouterFilter: Hashable, Sendable {
    package var suppressEnvoyHeaders = false
    package var respectExpectedRQTimeout = false
    package var startChildSpan = false

    package init() {}
}

/// `extensions.filters.http.fault.v3.HTTPFault`.
package struct FaultFilter: Hashable, Sendable {
    package enum Delay: Hashable, Sendable {
        case fixed(Duration)
        /// `header_delay`: milliseconds from `x-envoy-fault-delay-request`.
        case header
    }

    package enum Abort: Hashable, Sendable {
        case httpStatus(UInt32)
        case grpcStatus(UInt32)
        /// `header_abort`: the status from `x-envoy-fault-abort-request`.
        case header
    }

    package var delay: Delay?
    package var delayPercentage = FractionalPercent(0)
    package var abort: Abort?
    package var abortPercentage = FractionalPercent(0)
    package var upstreamCluster = ""
    package var headers: [HeaderMatcher] = []
    package var downstreamNodes: [String] = []
    package var maxActiveFaults: UInt32?

    package init() {}
}
