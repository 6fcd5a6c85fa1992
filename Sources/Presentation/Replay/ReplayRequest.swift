package import CurlCommand
import EnvoyModel
package import Paths
package import TrafficEngine

extension SyntheticRequest {
    /// The request that curl sends, arriving at a proxy.
    package init(_ transfer: CurlTransfer, at destination: ReplayDestination, id: String = "1") {
        self.init(transfer, id: id)
        mode = destination.mode
        address = destination.address
        port = destination.port
        sourceIP = destination.sourceIP
        sourceNamespace = destination.sourceNamespace
        sourceLabels = destination.sourceLabels
    }

    /// The request as curl sends it; where it arrives is left open.
    package init(_ transfer: CurlTransfer, id: String) {
        self.init()
        let curl = transfer.request
        self.id = id
        method = curl.method
        scheme = curl.isTLS ? "https" : "http"
        authority = curl.authority
        path = curl.target
        headers = curl.headers.filter { $0.name.lowercased() != "host" }.map { Header($0.name, $0.value) }
        transport = curl.isTLS ? .tls : .plaintext
        clientCertificate = curl.isTLS ? curl.connection.clientCertificate : nil
        serverName = curl.connection.sni ?? ""
        alpn = curl.connection.alpn
        application =
            switch curl.version {
            case .http2PriorKnowledge,
                .http2 where curl.isTLS:
                .http2
            default: .http
            }
        if let bytes = curl.body { body = String(decoding: bytes, as: UTF8.self) }
        if application == .http2 {
            // Fields of a connection do not exist in HTTP/2.
            let gone: Set<String> = ["connection", "upgrade", "http2-settings", "transfer-encoding", "te"]
            headers.removeAll { gone.contains($0.name.lowercased()) }
        }
    }
}

extension TrafficTrace {
    /// The protocol that the client speaks after the handshake.
    package var usesHTTP2: Bool {
        guard request.application == .http2 else { return false }
        if request.transport == .plaintext { return true }
        let offered = hops.first?.filterChain?.alpnProtocols ?? []
        return offered.isEmpty || offered.contains("h2")
    }
}

extension FilterChain {
    fileprivate var alpnProtocols: [String] {
        guard case .tls(let context)? = transportSocket else { return [] }
        return context.common.alpnProtocols
    }
}
