/// Envoy's response flags, as they stand in an access log.
package struct ResponseFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let retryLimitExceeded = Self(rawValue: 1 << 0)
    package static let noHealthyUpstream = Self(rawValue: 1 << 1)
    package static let upstreamRequestTimeout = Self(rawValue: 1 << 2)
    package static let localReset = Self(rawValue: 1 << 3)
    package static let upstreamRemoteReset = Self(rawValue: 1 << 4)
    package static let upstreamConnectionFailure = Self(rawValue: 1 << 5)
    package static let upstreamConnectionTermination = Self(rawValue: 1 << 6)
    package static let upstreamOverflow = Self(rawValue: 1 << 7)
    package static let noRouteFound = Self(rawValue: 1 << 8)
    package static let delayInjected = Self(rawValue: 1 << 9)
    package static let faultInjected = Self(rawValue: 1 << 10)
    package static let downstreamConnectionTermination = Self(rawValue: 1 << 11)
    package static let streamIdleTimeout = Self(rawValue: 1 << 12)
    package static let downstreamProtocolError = Self(rawValue: 1 << 13)
    package static let durationTimeout = Self(rawValue: 1 << 14)
    package static let upstreamProtocolError = Self(rawValue: 1 << 15)
    package static let noClusterFound = Self(rawValue: 1 << 16)
    package static let overloadManager = Self(rawValue: 1 << 17)

    private static let names: [(Self, String)] = [
        (.retryLimitExceeded, "URX"), (.noHealthyUpstream, "UH"), (.upstreamRequestTimeout, "UT"),
        (.localReset, "LR"), (.upstreamRemoteReset, "UR"), (.upstreamConnectionFailure, "UF"),
        (.upstreamConnectionTermination, "UC"), (.upstreamOverflow, "UO"), (.noRouteFound, "NR"),
        (.delayInjected, "DI"), (.faultInjected, "FI"), (.downstreamConnectionTermination, "DC"),
        (.streamIdleTimeout, "SI"), (.downstreamProtocolError, "DPE"), (.durationTimeout, "DT"),
        (.upstreamProtocolError, "UPE"), (.noClusterFound, "NC"), (.overloadManager, "OM"),
    ]

    /// The short names with commas between them, `-` for none.
    package var text: String {
        if isEmpty { return "-" }
        return Self.names.filter { contains($0.0) }.map(\.1).joined(separator: ",")
    }
}
