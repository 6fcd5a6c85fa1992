import Documents
import EnvoyModel
import MeshModel

/// One way in which connections to a port may come (istiod: `FilterChainMatchOptions`).
struct InboundChainMatch {
    let isHTTP: Bool
    let transport: String
    let applications: [String]
    /// Terminates the mesh's mutual TLS.
    let isMTLS: Bool

    private static let meshALPN = ["istio-peer-exchange", "istio", "istio-http/1.0", "istio-http/1.1", "istio-h2"]
    private static let meshHTTP = ["istio-http/1.0", "istio-http/1.1", "istio-h2"]
    private static let meshTCP = ["istio-peer-exchange", "istio"]
    private static let plainHTTP = ["http/1.1", "h2c"]

    static func all(_ proto: PortProtocol, _ mode: PeerAuthentication.Mode) -> [InboundChainMatch] {
        func chain(
            _ isHTTP: Bool, _ transport: String, _ applications: [String] = [], mtls: Bool = false
        ) -> InboundChainMatch {
            InboundChainMatch(isHTTP: isHTTP, transport: transport, applications: applications, isMTLS: mtls)
        }
        switch (mode, proto.isHTTP, proto == .auto) {
        case (.strict, true, _): return [chain(true, "tls", mtls: true)]
        case (.strict, _, false): return [chain(false, "tls", mtls: true)]
        case (.strict, _, true): return [chain(true, "tls", meshHTTP, mtls: true), chain(false, "tls", mtls: true)]
        case (.disable, true, _): return [chain(true, "raw_buffer")]
        case (.disable, _, false): return [chain(false, "raw_buffer")]
        case (.disable, _, true): return [chain(true, "raw_buffer", plainHTTP), chain(false, "raw_buffer")]
        case (_, true, _): return [chain(true, "tls", meshALPN, mtls: true), chain(true, "raw_buffer")]
        case (_, _, false):
            return [chain(false, "tls", meshALPN, mtls: true), chain(false, "tls"), chain(false, "raw_buffer")]
        case (_, _, true):
            return [
                chain(true, "tls", meshHTTP, mtls: true), chain(true, "raw_buffer", plainHTTP),
                chain(false, "tls", meshTCP, mtls: true), chain(false, "raw_buffer"), chain(false, "tls"),
            ]
        }
    }

    func filterChainMatch(port: Int?) -> FilterChainMatch {
        var match = FilterChainMatch()
        match.destinationPort = port.map { UInt16(clamping: $0) }
        match.transportProtocol = transport
        match.applicationProtocols = applications
        return match
    }

    var needsTLSInspector: Bool { transport == "tls" }
    var needsHTTPInspector: Bool { !Set(applications).isDisjoint(with: Self.plainHTTP) }
}
