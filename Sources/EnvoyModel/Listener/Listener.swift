package import Documents

/// `config.listener.v3.Listener`.
package struct Listener: Hashable, Sendable {
    package enum TrafficDirection: String, Hashable, Sendable {
        case unspecified = "UNSPECIFIED"
        case inbound = "INBOUND"
        case outbound = "OUTBOUND"
    }

    package var name: String
    /// `nil` for an internal listener.
    package var address: Address?
    package var additionalAddresses: [Address] = []
    package var isInternal = false
    package var filterChains: [FilterChain] = []
    package var defaultFilterChain: FilterChain?
    package var listenerFilters: [ListenerFilter] = []
    /// Nanoseconds are kept; `nil` is Envoy's 15 s, zero none.
    package var listenerFiltersTimeout: Duration?
    package var continueOnListenerFiltersTimeout = false
    package var useOriginalDst = false
    /// Envoy's default is true; istiod's virtual listeners' children have false.
    package var bindToPort = true
    package var trafficDirection = TrafficDirection.unspecified
    package var statPrefix = ""
    package var perConnectionBufferLimitBytes: UInt32?
    package var maxConnectionsToAcceptPerSocketEvent: UInt32?
    package var enableReusePort: Bool?
    package var tcpBacklogSize: UInt32?
    package var transparent = false
    package var accessLog: [ExtensionConfig] = []
    package var metadata = Metadata()
    package var sources: [SourceReference] = []
    /// The message as it was read, for output that must lose nothing; `nil` for what Translation made.
    package var raw: RawMessage?

    package init(name: String, address: Address?) {
        self.name = name
        self.address = address
    }
}

/// A listener filter; what only names itself (`tls_inspector`) has no settings worth keeping apart.
package struct ListenerFilter: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case tlsInspector
        case httpInspector
        case originalDst
        case proxyProtocol
        case other
    }

    package var kind: Kind
    package var config: ExtensionConfig
    /// The connections for which the filter is off (`filter_disabled`).
    package var filterDisabled: PortPredicate?

    package init(kind: Kind, config: ExtensionConfig, filterDisabled: PortPredicate? = nil) {
        self.kind = kind
        self.config = config
        self.filterDisabled = filterDisabled
    }
}

/// `ListenerFilterChainMatchPredicate` over destination ports, ends exclusive.
package indirect enum PortPredicate: Hashable, Sendable {
    case any
    case destinationPorts(start: Int, end: Int)
    case not(PortPredicate)
    case and([PortPredicate])
    case or([PortPredicate])

    /// One of several; Envoy refuses an `or_match` of a single rule.
    package static func oneOf(_ rules: [PortPredicate]) -> PortPredicate {
        if let only = rules.first, rules.count == 1 { return only }
        return .or(rules)
    }

    package func matches(port: Int) -> Bool {
        switch self {
        case .any: true
        case .destinationPorts(let start, let end): port >= start && port < end
        case .not(let inner): !inner.matches(port: port)
        case .and(let all): all.allSatisfy { $0.matches(port: port) }
        case .or(let some): some.contains { $0.matches(port: port) }
        }
    }
}
