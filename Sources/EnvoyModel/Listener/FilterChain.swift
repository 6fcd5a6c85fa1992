package import Documents

/// `config.listener.v3.FilterChain`.
package struct FilterChain: Hashable, Sendable {
    package var name: String
    package var match: FilterChainMatch?
    package var filters: [NetworkFilter] = []
    /// `nil` is plaintext.
    package var transportSocket: DownstreamTransportSocket?
    package var metadata = Metadata()
    package var transportSocketConnectTimeout: Duration?
    package var sources: [SourceReference] = []

    package init(name: String = "", match: FilterChainMatch? = nil, filters: [NetworkFilter] = []) {
        self.name = name
        self.match = match
        self.filters = filters
    }
}

/// `config.listener.v3.FilterChainMatch`; an empty list or `nil` does not restrict.
package struct FilterChainMatch: Hashable, Sendable {
    package enum SourceType: String, Hashable, Sendable {
        case any = "ANY"
        case sameIPOrLoopback = "SAME_IP_OR_LOOPBACK"
        case external = "EXTERNAL"
    }

    package var destinationPort: UInt16?
    package var prefixRanges: [CIDRRange] = []
    package var directSourcePrefixRanges: [CIDRRange] = []
    package var sourceType = SourceType.any
    package var sourcePrefixRanges: [CIDRRange] = []
    package var sourcePorts: [UInt16] = []
    package var serverNames: [String] = []
    package var transportProtocol = ""
    package var applicationProtocols: [String] = []

    package init() {}
}

/// One network filter of a chain, recognised by the type of its config (the name is only shown).
package struct NetworkFilter: Hashable, Sendable {
    package enum Config: Hashable, Sendable {
        case httpConnectionManager(HTTPConnectionManager)
        case tcpProxy(TCPProxy)
        case other(ExtensionConfig)
    }

    package var name: String
    package var config: Config

    package init(name: String, config: Config) {
        self.name = name
        self.config = config
    }
}

/// `extensions.filters.network.tcp_proxy.v3.TcpProxy`.
package struct TCPProxy: Hashable, Sendable {
    package struct Tunneling: Hashable, Sendable {
        /// `host:port` of the CONNECT request.
        package var hostname: String
        package var usesPost: Bool

        package init(hostname: String, usesPost: Bool) {
            self.hostname = hostname
            self.usesPost = usesPost
        }
    }

    package struct WeightedCluster: Hashable, Sendable {
        package var name: String
        package var weight: UInt32

        package init(name: String, weight: UInt32) {
            self.name = name
            self.weight = weight
        }
    }

    package var statPrefix: String
    /// Empty when `weightedClusters` decides.
    package var cluster: String
    package var weightedClusters: [WeightedCluster] = []
    package var metadataMatch: Metadata?
    package var idleTimeout: Duration?
    package var maxDownstreamConnectionDuration: Duration?
    package var maxConnectAttempts: UInt32?
    package var hashPolicySourceIP = false
    /// `tunneling_config`: the connection is carried through another proxy, which decides where it goes.
    package var tunneling: Tunneling?
    package var accessLog: [ExtensionConfig] = []
    package var sources: [SourceReference] = []

    package init(statPrefix: String, cluster: String) {
        self.statPrefix = statPrefix
        self.cluster = cluster
    }
}
