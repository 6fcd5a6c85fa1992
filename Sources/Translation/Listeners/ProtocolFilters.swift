import Documents
import EnvoyModel

extension FilterChain {
    /// The filter that understands the protocol of a TCP chain, where the feature for it is on (11.9.3; istiod:
    /// `buildNetworkFiltersStack`).
    mutating func addProtocolFilter(for proto: PortProtocol, features: Features) {
        guard let place = filters.firstIndex(where: { if case .tcpProxy = $0.config { true } else { false } }),
            case .tcpProxy(let proxy) = filters[place].config
        else { return }
        switch proto {
        case .mongo where features.enableMongoFilter:
            filters.insert(.observer("mongo_proxy", "MongoProxy", statPrefix: proxy.statPrefix), at: place)
        case .mysql where features.enableMySQLFilter:
            filters.insert(.observer("mysql_proxy", "MySQLProxy", statPrefix: proxy.statPrefix), at: place)
        case .redis where features.enableRedisFilter: filters[place] = .redis(proxy)
        default: break
        }
    }
}

extension NetworkFilter {
    private static let types = "type.googleapis.com/envoy.extensions.filters.network."

    /// A filter that reads what goes by.
    fileprivate static func observer(_ name: String, _ type: String, statPrefix: String) -> NetworkFilter {
        let config = ExtensionConfig(
            name: "envoy.filters.network.\(name)", typeURL: "\(types)\(name).v3.\(type)",
            config: ["statPrefix": .string(statPrefix)])
        return NetworkFilter(name: config.name, config: .other(config))
    }

    /// Ends the connection and speaks Redis itself, with the first cluster alone.
    fileprivate static func redis(_ proxy: TCPProxy) -> NetworkFilter {
        let cluster = proxy.cluster.isEmpty ? proxy.weightedClusters.first?.name ?? "" : proxy.cluster
        let config = ExtensionConfig(
            name: "envoy.filters.network.redis_proxy", typeURL: "\(types)redis_proxy.v3.RedisProxy",
            config: [
                "statPrefix": .string(proxy.statPrefix), "latencyInMicros": true,
                "settings": ["opTimeout": "5s"], "prefixRoutes": ["catchAllRoute": ["cluster": .string(cluster)]],
            ])
        return NetworkFilter(name: config.name, config: .other(config))
    }
}
