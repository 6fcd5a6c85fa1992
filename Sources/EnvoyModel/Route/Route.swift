package import Documents

/// `config.route.v3.Route`.
package struct Route: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        indirect case route(RouteAction)
        indirect case redirect(RedirectAction)
        case directResponse(DirectResponseAction)
        case nonForwarding
        /// No action: Envoy refuses the route (istiod makes such ones of invalid redirect codes).
        case none
    }

    package var name: String
    package var match: RouteMatch
    package var action: Action
    package var requestHeaders = HeaderMutations()
    package var responseHeaders = HeaderMutations()
    package var metadata = Metadata()
    package var decoratorOperation = ""
    package var statPrefix = ""
    package var perFilterConfig = PerFilterConfig()
    package var perRequestBufferLimitBytes: UInt32?
    package var tracing: JSON?
    package var sources: [SourceReference] = []

    package init(name: String, match: RouteMatch, action: Action) {
        self.name = name
        self.match = match
        self.action = action
    }
}

/// `config.route.v3.RouteMatch`: all conditions must hold.
package struct RouteMatch: Hashable, Sendable {
    package enum Path: Hashable, Sendable {
        case prefix(String)
        case path(String)
        case safeRegex(String)
        case pathSeparatedPrefix(String)
        /// `path_match_policy` with `UriTemplateMatchConfig`.
        case uriTemplate(String)
        case connect
        /// None given, or one that meshtop does not know: never matches.
        case none
    }

    package var path: Path
    package var caseSensitive = true
    package var headers: [HeaderMatcher] = []
    package var queryParameters: [QueryParameterMatcher] = []
    package var dynamicMetadata: [DynamicMetadataMatcher] = []
    package var grpc = false
    package var runtimeFraction: FractionalPercent?
    package var runtimeFractionKey = ""
    package var tlsContextPresented: Bool?
    package var tlsContextValidated: Bool?

    package init(_ path: Path) { self.path = path }
}

/// `config.route.v3.RouteAction`.
package struct RouteAction: Hashable, Sendable {
    package enum ClusterSpecifier: Hashable, Sendable {
        case cluster(String)
        case weighted(WeightedClusters)
        /// `cluster_header`.
        case header(String)
        /// A cluster specifier plug-in: kept, not modelled.
        case other(JSON)
    }

    package enum ClusterNotFoundResponseCode: String, Hashable, Sendable {
        case serviceUnavailable = "SERVICE_UNAVAILABLE"
        case notFound = "NOT_FOUND"
        case internalServerError = "INTERNAL_SERVER_ERROR"

        package var status: Int {
            switch self {
            case .serviceUnavailable: 503
            case .notFound: 404
            case .internalServerError: 500
            }
        }
    }

    package enum HostRewrite: Hashable, Sendable {
        case none
        case literal(String)
        case auto
        case header(String)
        case pathRegex(RegexRewrite)
    }

    package enum PathRewrite: Hashable, Sendable {
        case none
        case prefix(String)
        case regex(RegexRewrite)
        /// `path_rewrite_policy`.
        case uriTemplate(String)
    }

    package var cluster: ClusterSpecifier
    package var clusterNotFoundResponseCode = ClusterNotFoundResponseCode.serviceUnavailable
    package var metadataMatch: Metadata?
    package var pathRewrite = PathRewrite.none
    package var hostRewrite = HostRewrite.none
    package var appendXForwardedHost = false
    /// `nil` is Envoy's 15 s, zero none.
    package var timeout: Duration?
    package var idleTimeout: Duration?
    package var maxGRPCTimeout: Duration?
    package var maxStreamDuration: Duration?
    package var grpcTimeoutHeaderMax: Duration?
    @Boxed package var retryPolicy: RetryPolicy?
    package var hedgePolicy: JSON?
    package var requestMirrorPolicies: [RequestMirrorPolicy] = []
    /// `priority: HIGH`: the other circuit breaker thresholds.
    package var isHighPriority = false
    package var hashPolicies: [HashPolicy] = []
    package var upgradeConfigs: [HTTPConnectionManager.UpgradeConfig] = []
    package var rateLimits: JSON?
    package var earlyDataPolicy: JSON?

    package init(_ cluster: ClusterSpecifier) { self.cluster = cluster }
}

/// `config.route.v3.WeightedCluster`.
package struct WeightedClusters: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var name: String
        /// `cluster_header` of the entry, empty when `name` counts.
        package var clusterHeader = ""
        package var weight: UInt32
        package var metadataMatch: Metadata?
        package var requestHeaders = HeaderMutations()
        package var responseHeaders = HeaderMutations()
        package var hostRewriteLiteral: String?
        package var perFilterConfig = PerFilterConfig()

        package init(name: String, weight: UInt32) {
            self.name = name
            self.weight = weight
        }
    }

    package var clusters: [Entry]
    /// The request header whose number chooses.
    package var headerName = ""
    package var useHashPolicy = false
    package var runtimeKeyPrefix = ""

    package init(_ clusters: [Entry]) { self.clusters = clusters }
}

/// `RouteAction.HashPolicy`.
package struct HashPolicy: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case header(name: String, rewrite: RegexRewrite?)
        /// `ttl` nil: no cookie is made. Attributes are name and value.
        case cookie(name: String, ttl: Duration?, path: String, attributes: [CookieAttribute])
        case sourceIP
        case queryParameter(String)
        case filterState(String)
    }

    package struct CookieAttribute: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package var kind: Kind
    package var terminal: Bool

    package init(_ kind: Kind, terminal: Bool = false) {
        self.kind = kind
        self.terminal = terminal
    }
}

/// `RouteAction.RequestMirrorPolicy`.
package struct RequestMirrorPolicy: Hashable, Sendable {
    package var cluster: String
    package var clusterHeader = ""
    /// `nil`: all requests.
    package var runtimeFraction: FractionalPercent?
    package var disableShadowHostSuffixAppend = false
    package var traceSampled: Bool?
    package var hostRewriteLiteral = ""
    package var requestHeaders = HeaderMutations()

    package init(cluster: String) { self.cluster = cluster }
}

/// `config.route.v3.RetryPolicy`.
package struct RetryPolicy: Hashable, Sendable {
    package var retryOn: String
    /// `nil` is 1.
    package var numRetries: UInt32?
    package var perTryTimeout: Duration?
    package var perTryIdleTimeout: Duration?
    package var retriableStatusCodes: [UInt32] = []
    package var retriableHeaders: [HeaderMatcher] = []
    package var retriableRequestHeaders: [HeaderMatcher] = []
    /// `envoy.retry_host_predicates.previous_hosts` is there.
    package var avoidsPreviousHosts = false
    package var hostSelectionRetryMaxAttempts: Int64?
    /// `envoy.retry_priorities.previous_priorities`: its update frequency.
    package var previousPrioritiesUpdateFrequency: Int32?
    package var backOffBaseInterval: Duration?
    package var backOffMaxInterval: Duration?
    package var otherHostPredicates: [ExtensionConfig] = []

    package init(retryOn: String) { self.retryOn = retryOn }
}

/// `config.route.v3.RedirectAction`.
package struct RedirectAction: Hashable, Sendable {
    package enum SchemeRewrite: Hashable, Sendable {
        case none
        case https
        case scheme(String)
    }

    package enum PathRewrite: Hashable, Sendable {
        case none
        case path(String)
        case prefix(String)
        case regex(RegexRewrite)
    }

    package var schemeRewrite = SchemeRewrite.none
    package var hostRedirect = ""
    package var portRedirect: UInt32?
    package var pathRewrite = PathRewrite.none
    /// 301, 302, 303, 307 or 308.
    package var responseCode: Int = 301
    package var stripQuery = false

    package init() {}
}

/// `config.route.v3.DirectResponseAction`.
package struct DirectResponseAction: Hashable, Sendable {
    package var status: Int
    package var body: String?
    package var bodyFormat: JSON?

    package init(status: Int, body: String? = nil) {
        self.status = status
        self.body = body
    }
}
