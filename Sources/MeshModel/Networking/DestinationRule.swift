package import Documents

/// `networking.istio.io` DestinationRule.
package struct DestinationRule: MeshObject, Hashable {
    package static let kindName = "DestinationRule"
    package static var list: WritableKeyPath<MeshSnapshot, [DestinationRule]> { \.destinationRules }

    package var meta: ObjectMeta
    package var host = ""
    package var hostLocation: SourceLocation?
    @Boxed package var trafficPolicy: TrafficPolicy?
    package var subsets: [Subset] = []
    package var exportTo: [String] = []
    /// `workloadSelector.matchLabels`; `nil` when there is none.
    package var workloadSelector: [String: String]?
    /// Made of Gateway API policies: fills only what the user's rule leaves unset (14.1.4).
    package var isFromGatewayAPI = false
    /// What it was converted from.
    package var sources: [SourceReference] = []

    package init(meta: ObjectMeta) { self.meta = meta }

    package struct Subset: Hashable, Sendable {
        package var name = ""
        package var labels: [String: String] = [:]
        @Boxed package var trafficPolicy: TrafficPolicy?
        package var location: SourceLocation?

        package init() {}
    }
}

package struct TrafficPolicy: Hashable, Sendable {
    @Boxed package var loadBalancer: LoadBalancerSettings?
    @Boxed package var connectionPool: ConnectionPoolSettings?
    @Boxed package var outlierDetection: OutlierDetection?
    @Boxed package var tls: ClientTLSSettings?
    package var portLevelSettings: [PortTrafficPolicy] = []
    @Boxed package var tunnel: TunnelSettings?
    package var proxyProtocol: ProxyProtocol?
    @Boxed package var retryBudget: RetryBudget?
    package var location: SourceLocation?

    package init() {}

    package struct PortTrafficPolicy: Hashable, Sendable {
        package var port = 0
        @Boxed package var loadBalancer: LoadBalancerSettings?
        @Boxed package var connectionPool: ConnectionPoolSettings?
        @Boxed package var outlierDetection: OutlierDetection?
        @Boxed package var tls: ClientTLSSettings?
        package var location: SourceLocation?

        package init() {}
    }

    package struct TunnelSettings: Hashable, Sendable {
        package var `protocol` = ""
        package var targetHost = ""
        package var targetPort = 0

        package init() {}
    }

    package enum ProxyProtocol: String, Hashable, Sendable, CaseIterable {
        case v1 = "V1"
        case v2 = "V2"
    }

    package struct RetryBudget: Hashable, Sendable {
        package var percent: Double?
        package var minRetryConcurrency: Int?
        package var budgetInterval: Duration?

        package init() {}
    }
}

package struct LoadBalancerSettings: Hashable, Sendable {
    package enum Simple: String, Hashable, Sendable, CaseIterable {
        case unspecified = "UNSPECIFIED"
        case leastConnection = "LEAST_CONN"
        case random = "RANDOM"
        case passthrough = "PASSTHROUGH"
        case roundRobin = "ROUND_ROBIN"
        case leastRequest = "LEAST_REQUEST"
    }

    package struct ConsistentHash: Hashable, Sendable {
        package struct Cookie: Hashable, Sendable {
            package struct Attribute: Hashable, Sendable {
                package var name = ""
                package var value = ""
                package init() {}
            }

            package var name = ""
            package var path = ""
            package var ttl: Duration?
            package var attributes: [Attribute] = []

            package init() {}
        }

        package enum Key: Hashable, Sendable {
            case httpHeaderName(String)
            case httpCookie(Cookie)
            case useSourceIP(Bool)
            case httpQueryParameterName(String)
        }

        package enum Algorithm: Hashable, Sendable {
            /// 0: Envoy's default.
            case ringHash(minimumRingSize: UInt64)
            /// 0: Envoy's default.
            case maglev(tableSize: UInt64)
        }

        package var key: Key?
        package var algorithm: Algorithm?
        /// Deprecated, outside of `ringHash`.
        package var minimumRingSize: UInt64 = 0

        package init() {}
    }

    package struct Warmup: Hashable, Sendable {
        package var duration: Duration?
        package var minimumPercent: Double?
        package var aggression: Double?

        package init() {}
    }

    package var simple: Simple?
    package var consistentHash: ConsistentHash?
    package var localityLbSetting: LocalityLoadBalancerSetting?
    package var zoneAwareLbSetting: ZoneAwareLoadBalancerSetting?
    package var warmupDurationSecs: Duration?
    package var warmup: Warmup?
    package var location: SourceLocation?

    package init() {}
}

package struct LocalityLoadBalancerSetting: Hashable, Sendable {
    package struct Distribute: Hashable, Sendable {
        package var from = ""
        package var to: [String: Int] = [:]
        package init() {}
    }

    package struct Failover: Hashable, Sendable {
        package var from = ""
        package var to = ""
        package init() {}
    }

    package var distribute: [Distribute] = []
    package var failover: [Failover] = []
    package var failoverPriority: [String] = []
    package var enabled: Bool?

    package init() {}
}

package struct ZoneAwareLoadBalancerSetting: Hashable, Sendable {
    package var enabled: Bool?
    package var failover: [LocalityLoadBalancerSetting.Failover] = []
    package var failoverPriority: [String] = []
    package var minClusterSize: Int?

    package init() {}
}

package struct TCPKeepalive: Hashable, Sendable {
    package var probes: Int?
    package var time: Duration?
    package var interval: Duration?

    package init() {}
}

package struct ConnectionPoolSettings: Hashable, Sendable {
    package struct TCP: Hashable, Sendable {
        package var maxConnections = 0
        package var connectTimeout: Duration?
        package var tcpKeepalive: TCPKeepalive?
        package var maxConnectionDuration: Duration?
        package var idleTimeout: Duration?

        package init() {}
    }

    package enum H2UpgradePolicy: String, Hashable, Sendable, CaseIterable {
        case `default` = "DEFAULT"
        case doNotUpgrade = "DO_NOT_UPGRADE"
        case upgrade = "UPGRADE"
    }

    package struct HTTP: Hashable, Sendable {
        package var http1MaxPendingRequests = 0
        package var http2MaxRequests = 0
        package var maxRequestsPerConnection = 0
        package var maxRetries = 0
        package var idleTimeout: Duration?
        package var h2UpgradePolicy: H2UpgradePolicy = .default
        package var useClientProtocol = false
        package var maxConcurrentStreams = 0

        package init() {}
    }

    package var tcp: TCP?
    package var http: HTTP?
    package var location: SourceLocation?

    package init() {}
}

package struct OutlierDetection: Hashable, Sendable {
    /// Deprecated and without effect.
    package var consecutiveErrors: Int?
    package var splitExternalLocalOriginErrors = false
    package var consecutiveLocalOriginFailures: Int?
    package var consecutiveGatewayErrors: Int?
    package var consecutive5xxErrors: Int?
    package var interval: Duration?
    package var baseEjectionTime: Duration?
    package var maxEjectionPercent = 0
    package var minHealthPercent = 0
    package var outlierDetectionHttpErrorCodes: [String] = []
    package var location: SourceLocation?

    package init() {}
}

package struct ClientTLSSettings: Hashable, Sendable {
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        case disable = "DISABLE"
        case simple = "SIMPLE"
        case mutual = "MUTUAL"
        case istioMutual = "ISTIO_MUTUAL"
    }

    package var mode: Mode = .disable
    package var clientCertificate = ""
    package var privateKey = ""
    package var caCertificates = ""
    package var credentialName = ""
    package var subjectAltNames: [String] = []
    package var sni = ""
    package var insecureSkipVerify: Bool?
    package var caCrl = ""
    package var location: SourceLocation?

    package init() {}
}
