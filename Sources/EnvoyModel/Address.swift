/// `config.core.v3.Address`.
package enum Address: Hashable, Sendable {
    case socket(SocketAddress)
    /// A Unix domain socket's path.
    case pipe(String)
    /// `envoy_internal_address`: a listener by name, and the endpoint behind it.
    case envoyInternal(listener: String, endpointID: String)
}

/// `config.core.v3.SocketAddress`; a named port is resolved before it gets here.
package struct SocketAddress: Hashable, Sendable {
    /// An IP address as written, or a DNS name.
    package var address: String
    package var port: UInt16
    package var isUDP: Bool

    package init(_ address: String, _ port: UInt16, isUDP: Bool = false) {
        self.address = address
        self.port = port
        self.isUDP = isUDP
    }
}

/// `config.core.v3.CidrRange`. An absent `prefix_len` is 0.
package struct CIDRRange: Hashable, Sendable {
    package var addressPrefix: String
    package var prefixLength: UInt8

    package init(_ addressPrefix: String, _ prefixLength: UInt8) {
        self.addressPrefix = addressPrefix
        self.prefixLength = prefixLength
    }
}

/// `config.core.v3.Locality`; all empty where a message has none.
package struct Locality: Hashable, Sendable, Comparable {
    package var region: String
    package var zone: String
    package var subZone: String

    package init(region: String = "", zone: String = "", subZone: String = "") {
        self.region = region
        self.zone = zone
        self.subZone = subZone
    }

    /// Envoy's order of localities: region, zone, sub-zone, bytewise.
    package static func < (left: Self, right: Self) -> Bool {
        (left.region, left.zone, left.subZone) < (right.region, right.zone, right.subZone)
    }
}
