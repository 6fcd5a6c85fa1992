/// A connection as it arrives at a proxy: what chooses the listener and the filter chain.
package struct ConnectionAttempt: Hashable, Sendable {
    package enum Transport: String, Hashable, Sendable {
        case plaintext, tls, mtls
    }

    package enum ApplicationProtocol: String, Hashable, Sendable {
        case http, http2, tcp
    }

    package enum Mode: String, Hashable, Sendable {
        case gateway, outbound, inbound
    }

    /// The original destination, an IP address.
    package var address: String
    package var port: UInt16
    package var sourceAddress = "127.0.0.1"
    package var sourcePort: UInt16 = 0
    package var transport = Transport.plaintext
    /// `nil`: none, or the mesh's (`mtls`).
    package var certificate: ClientCertificate?
    package var application = ApplicationProtocol.http
    package var mode = Mode.gateway
    /// Empty: none was sent.
    package var serverName = ""
    package var applicationProtocols: [String] = []

    package init(address: String, port: UInt16) {
        self.address = address
        self.port = port
    }
}

/// Why a request never got to a route: the contract's `error`.
package enum ConnectionError: String, Error, Hashable, Sendable {
    case noListener = "no-listener"
    case noFilterChain = "no-filter-chain"
    case noRoute = "no-route"
    case noVirtualHost = "no-virtual-host"
    case tlsRedirect = "tls-redirect"
    case multipleFilterChains = "multiple-filter-chains"
    case protocolError = "protocol-error"
    case tlsError = "tls-error"
    case mtlsError = "mtls-error"
}

/// Where a connection ended up.
package struct ConnectionChoice: Sendable {
    package var error: ConnectionError?
    package var listener: CompiledListener?
    package var chain: CompiledFilterChain?
}

/// What a decision has to know about the connection that a request came on. Made once per connection, and a class, so that handing it
/// on from request to request counts none of what it refers to.
package final class DownstreamConnection: Sendable {
    /// The connection manager of the chosen filter chain.
    package let manager: CompiledConnectionManager
    /// The peer's IP as text.
    package let remoteIP: [UInt8]
    package let remotePort: UInt16
    /// The address and port that the client meant (the listener's own, whatever the real socket is bound to).
    package let localIP: [UInt8]
    package let localPort: UInt16
    package let isTLS: Bool
    /// The client presented a certificate (and it was validated).
    package let hasPeerCertificate: Bool
    package let serverName: [UInt8]

    package init(
        manager: CompiledConnectionManager, remoteIP: String, remotePort: UInt16, localIP: String, localPort: UInt16,
        isTLS: Bool = false, hasPeerCertificate: Bool = false, serverName: String = ""
    ) {
        self.manager = manager
        self.remoteIP = Array(remoteIP.utf8)
        self.remotePort = remotePort
        self.localIP = Array(localIP.utf8)
        self.localPort = localPort
        self.isTLS = isTLS
        self.hasPeerCertificate = hasPeerCertificate
        self.serverName = Array(serverName.utf8)
    }
}
