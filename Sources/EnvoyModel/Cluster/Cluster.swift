package import Documents

/// `config.cluster.v3.Cluster`.
package struct Cluster: Hashable, Sendable {
    package enum DiscoveryType: Hashable, Sendable {
        case `static`
        case strictDNS
        case logicalDNS
        case eds
        case originalDst
        /// An extension cluster type, for instance the dynamic forward proxy's.
        case custom(ExtensionConfig)

        /// What istioctl's TYPE column shows.
        package var name: String {
            switch self {
            case .static, .custom: "STATIC"
            case .strictDNS: "STRICT_DNS"
            case .logicalDNS: "LOGICAL_DNS"
            case .eds: "EDS"
            case .originalDst: "ORIGINAL_DST"
            }
        }
    }

    package enum LBPolicy: Hashable, Sendable {
        case roundRobin(SlowStart?)
        case leastRequest(choiceCount: UInt32, activeRequestBias: Double, fullScan: Bool, slowStart: SlowStart?)
        case random
        case ringHash(RingHash)
        case maglev(tableSize: UInt64?)
        case clusterProvided
        /// A typed policy that meshtop does not know: kept, and reported.
        case other(ExtensionConfig)
    }

    package struct SlowStart: Hashable, Sendable {
        package var window: Duration
        package var aggression: Double
        package var minWeightPercent: Double

        package init(window: Duration, aggression: Double = 1, minWeightPercent: Double = 10) {
            self.window = window
            self.aggression = aggression
            self.minWeightPercent = minWeightPercent
        }
    }

    package struct RingHash: Hashable, Sendable {
        package enum Function: String, Hashable, Sendable {
            case xxHash = "XX_HASH"
            case murmurHash2 = "MURMUR_HASH_2"
        }

        /// `nil` is 1024.
        package var minimumRingSize: UInt64?
        /// `nil` is 8388608.
        package var maximumRingSize: UInt64?
        package var function = Function.xxHash

        package init() {}
    }

    /// What `typed_extension_protocol_options` (or the old fields) say of the upstream protocol.
    package enum UpstreamProtocol: String, Hashable, Sendable {
        case http1, http2, useDownstream, auto
    }

    package var name: String
    package var type: DiscoveryType
    package var altStatName = ""
    package var edsServiceName = ""
    package var lbPolicy = LBPolicy.roundRobin(nil)
    /// `consistent_hashing_lb_config` of ring hash and Maglev.
    package var useHostnameForHashing = false
    package var hashBalanceFactor: UInt32?
    /// A hash policy inside the typed LB policy replaces the route's.
    package var lbHashPolicies: [HashPolicy]?
    /// The load assignment of STATIC and DNS clusters.
    @Boxed package var loadAssignment: ClusterLoadAssignment?
    /// `nil` is Envoy's 5 s.
    package var connectTimeout: Duration?
    package var perConnectionBufferLimitBytes: UInt32?
    package var circuitBreakers = CircuitBreakers()
    @Boxed package var outlierDetection: OutlierDetection?
    package var healthChecks: [JSON] = []
    package var common = CommonLBConfig()
    @Boxed package var subsetConfig: SubsetConfig?
    package var transportSocket = UpstreamTransportSocket.rawBuffer
    package var transportSocketMatches: [TransportSocketMatch] = []
    package var upstreamProtocol = UpstreamProtocol.http1
    package var http2MaxConcurrentStreams: UInt32?
    /// `common_http_protocol_options`; `nil` is 1 h, zero none.
    package var idleTimeout: Duration?
    package var maxRequestsPerConnection: UInt32?
    package var maxConnectionDuration: Duration?
    /// `upstream_bind_config.source_address`.
    @Boxed package var bindSourceAddress: SocketAddress?
    package var tcpKeepalive: JSON?
    package var dnsLookupFamily = ""
    package var dnsRefreshRate: Duration?
    package var respectDNSTTL = false
    package var originalDstUseHTTPHeader = false
    package var originalDstPortOverride: UInt32?
    package var cleanupInterval: Duration?
    package var ignoreHealthOnHostRemoval = false
    package var closeConnectionsOnHostHealthFailure = false
    package var filters: [ExtensionConfig] = []
    package var metadata = Metadata()
    package var sources: [SourceReference] = []
    package var raw: RawMessage?

    package init(name: String, type: DiscoveryType) {
        self.name = name
        self.type = type
    }

    /// The name that its endpoints are asked for under.
    package var endpointsName: String { edsServiceName.isEmpty ? name : edsServiceName }
}

/// `Cluster.TransportSocketMatch`: by an endpoint's `envoy.transport_socket_match` metadata; the first that fits.
package struct TransportSocketMatch: Hashable, Sendable {
    package var name: String
    package var match: [String: JSON]
    package var transportSocket: UpstreamTransportSocket

    package init(name: String, match: [String: JSON], transportSocket: UpstreamTransportSocket) {
        self.name = name
        self.match = match
        self.transportSocket = transportSocket
    }
}

/// `config.cluster.v3.CircuitBreakers`; `nil` values are Envoy's defaults (1024, 1024, 1024, 3).
package struct CircuitBreakers: Hashable, Sendable {
    package struct Thresholds: Hashable, Sendable {
        package struct RetryBudget: Hashable, Sendable {
            /// Percent; `nil` is 20.
            package var budgetPercent: Double?
            /// `nil` is 3.
            package var minRetryConcurrency: UInt32?

            package init(budgetPercent: Double? = nil, minRetryConcurrency: UInt32? = nil) {
                self.budgetPercent = budgetPercent
                self.minRetryConcurrency = minRetryConcurrency
            }
        }

        package var maxConnections: UInt32?
        package var maxPendingRequests: UInt32?
        package var maxRequests: UInt32?
        package var maxRetries: UInt32?
        package var maxConnectionPools: UInt32?
        package var retryBudget: RetryBudget?
        package var trackRemaining = false

        package init() {}
    }

    package var `default`: Thresholds?
    package var high: Thresholds?

    package init() {}
}

/// `config.cluster.v3.OutlierDetection`; `nil` is Envoy's default.
package struct OutlierDetection: Hashable, Sendable {
    package var consecutive5xx: UInt32?
    package var interval: Duration?
    package var baseEjectionTime: Duration?
    package var maxEjectionTime: Duration?
    package var maxEjectionPercent: UInt32?
    package var enforcingConsecutive5xx: UInt32?
    package var consecutiveGatewayFailure: UInt32?
    package var enforcingConsecutiveGatewayFailure: UInt32?
    package var enforcingSuccessRate: UInt32?
    package var successRateMinimumHosts: UInt32?
    package var successRateRequestVolume: UInt32?
    package var successRateStdevFactor: UInt32?
    package var splitExternalLocalOriginErrors = false
    package var consecutiveLocalOriginFailure: UInt32?
    package var enforcingConsecutiveLocalOriginFailure: UInt32?
    package var enforcingLocalOriginSuccessRate: UInt32?
    package var failurePercentageThreshold: UInt32?
    package var enforcingFailurePercentage: UInt32?
    package var alwaysEjectOneHost: Bool?
    package var monitors: [ExtensionConfig] = []

    package init() {}
}

/// `Cluster.CommonLbConfig`.
package struct CommonLBConfig: Hashable, Sendable {
    package enum LocalityConfig: Hashable, Sendable {
        case none
        case localityWeighted
        /// Zone aware routing; `nil` values are Envoy's (100 %, 6 hosts).
        case zoneAware(
            routingEnabledPercent: Double?, minClusterSize: UInt64?, failTrafficOnPanic: Bool, forceLocalZone: Bool)
    }

    /// Percent; `nil` is 50.
    package var healthyPanicThreshold: Double?
    package var locality = LocalityConfig.none
    package var failTrafficOnPanic = false
    package var updateMergeWindow: Duration?
    package var ignoreNewHostsUntilFirstHC = false
    package var closeConnectionsOnHostSetChange = false
    package var overrideHostStatus: [String] = []

    package init() {}
}

/// `Cluster.LbSubsetConfig`.
package struct SubsetConfig: Hashable, Sendable {
    package enum FallbackPolicy: String, Hashable, Sendable {
        case noFallback = "NO_FALLBACK"
        case anyEndpoint = "ANY_ENDPOINT"
        case defaultSubset = "DEFAULT_SUBSET"
    }

    package var fallbackPolicy = FallbackPolicy.noFallback
    package var defaultSubset: [String: JSON] = [:]
    /// The keys of each selector.
    package var selectors: [[String]] = []
    package var panicModeAny = false
    package var localityWeightAware = false
    package var scaleLocalityWeight = false
    package var listAsAny = false

    package init() {}
}
