package import Documents

/// Istio's MeshConfig: the fields that decide what is computed.
package struct MeshConfig: Hashable, Sendable {
    package enum IngressControllerMode: String, Hashable, Sendable, CaseIterable {
        case unspecified = "UNSPECIFIED"
        case off = "OFF"
        case `default` = "DEFAULT"
        case strict = "STRICT"
    }

    package enum InboundTrafficPolicy: String, Hashable, Sendable, CaseIterable {
        case passthrough = "PASSTHROUGH"
        case localhost = "LOCALHOST"
    }

    package enum H2UpgradePolicy: String, Hashable, Sendable, CaseIterable {
        case doNotUpgrade = "DO_NOT_UPGRADE"
        case upgrade = "UPGRADE"
    }

    package enum PathNormalization: String, Hashable, Sendable, CaseIterable {
        case `default` = "DEFAULT"
        case none = "NONE"
        case base = "BASE"
        case mergeSlashes = "MERGE_SLASHES"
        case decodeAndMergeSlashes = "DECODE_AND_MERGE_SLASHES"
    }

    package struct ServiceSetting: Hashable, Sendable {
        package var clusterLocal = false
        package var hosts: [String] = []

        package init() {}
    }

    package struct DefaultTrafficPolicy: Hashable, Sendable {
        package var connectionPool: ConnectionPoolSettings?
        package var outlierDetection: OutlierDetection?

        package init() {}
    }

    /// `meshMTLS`, `tlsDefaults`.
    package struct TLSConfig: Hashable, Sendable {
        package var minProtocolVersion: ServerTLSSettings.ProtocolVersion = .automatic
        package var ecdhCurves: [String] = []
        package var cipherSuites: [String] = []

        package init() {}
    }

    package var rootNamespace = "istio-system"
    package var trustDomain = "cluster.local"
    package var trustDomainAliases: [String] = []
    package var proxyListenPort = 15001
    package var proxyInboundListenPort = 15006
    /// 0: none.
    package var proxyHttpPort = 0
    package var connectTimeout: Duration = .seconds(10)
    package var protocolDetectionTimeout: Duration?
    package var tcpKeepalive: TCPKeepalive?
    package var outboundTrafficPolicy = OutboundTrafficPolicy(mode: .allowAny)
    package var inboundTrafficPolicy: InboundTrafficPolicy = .passthrough
    package var enableAutoMtls = true
    package var ingressControllerMode: IngressControllerMode = .strict
    package var ingressClass = "istio"
    package var ingressService = "istio-ingressgateway"
    package var ingressSelector = ""
    package var localityLbSetting: LocalityLoadBalancerSetting? = LocalityLoadBalancerSetting(enabled: true)
    package var zoneAwareLbSetting: ZoneAwareLoadBalancerSetting?
    package var dnsRefreshRate: Duration = .seconds(60)
    package var h2UpgradePolicy: H2UpgradePolicy = .doNotUpgrade
    package var defaultServiceExportTo: [String] = ["*"]
    package var defaultVirtualServiceExportTo: [String] = ["*"]
    package var defaultDestinationRuleExportTo: [String] = ["*"]
    package var defaultHttpRetryPolicy: HTTPRetry?
    package var defaultInboundHttpRetryPolicy: HTTPRetry?
    package var defaultTrafficPolicy: DefaultTrafficPolicy?
    package var pathNormalization: PathNormalization = .default
    package var serviceSettings: [ServiceSetting] = []
    package var accessLogFile = ""
    package var accessLogFormat = ""
    package var accessLogEncoding = ""
    package var meshMTLS: TLSConfig?
    package var tlsDefaults: TLSConfig?
    package var extensionProviders: [ExtensionProvider] = []
    package var defaultConfig = ProxyConfig()
    /// The whole of it as read, for fields that have no place above.
    package var raw: JSON = .object(JSONObject())
    package var location: SourceLocation?

    package init() {}
}

/// An entry of `extensionProviders`: only those that serve secrets matter.
package struct ExtensionProvider: Hashable, Sendable {
    package struct SDS: Hashable, Sendable {
        package var name = ""
        package var service = ""
        package var port = 0

        package init() {}
    }

    package var name = ""
    package var sds: SDS?

    package init() {}
}

extension LocalityLoadBalancerSetting {
    package init(enabled: Bool?) {
        self.init()
        self.enabled = enabled
    }
}
