import Documents
import EnvoyModel
import TrafficEngine

extension TraceHop {
    /// The request on its way from this proxy to the endpoint, with the TLS that the cluster puts around it.
    func upstream(after request: SyntheticRequest) -> SyntheticRequest {
        var next = upstreamRequest ?? request
        next.headers.removeAll { $0.name.lowercased() == "host" }
        // The client's own TLS, untouched.
        if upstreamTransport == "passthrough" { return next }
        next.reconnect(over: ConnectionAttempt.Transport(rawValue: upstreamTransport ?? "") ?? .plaintext)
        if routeConfiguration != nil, let cluster {
            switch cluster.upstreamProtocol {
            case .http2: next.application = .http2
            case .http1: next.application = .http
            case .useDownstream, .auto: break
            }
        }
        guard next.transport != .plaintext else { return next }
        let context = upstreamTLSContext
        next.serverName = context?.sni ?? ""
        if next.serverName.isEmpty, context?.autoHostSNI == true { next.serverName = next.hostName }
        if let own = context?.common.certificateSDSSecrets.first?.name, own != "default" {
            next.clientCertificate = own.firstRange(of: "://").map { String(own[$0.upperBound...]) } ?? own
        }
        if next.transport == .mtls {
            // What Istio's sidecars offer each other.
            next.alpn =
                next.application == .http2
                ? ["istio-http/1.1", "istio", "istio-h2", "h2"] : ["istio-http/1.1", "istio-peer-exchange", "istio"]
            if next.serverName.isEmpty { next.serverName = clusterReference.map { Self.serverName(of: $0) } ?? "" }
        } else {
            next.alpn = context?.common.alpnProtocols ?? []
        }
        return next
    }

    /// `outbound_.8000_._.httpbin.default.svc…` for `outbound|8000||httpbin.default.svc…`.
    static func serverName(of cluster: String) -> String {
        let pieces = cluster.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard pieces.count == 4 else { return cluster }
        return "outbound_.\(pieces[1])_.\(pieces[2])_.\(pieces[3])"
    }

    /// The connection manager of the chain that took the connection.
    var manager: HTTPConnectionManager? {
        for filter in filterChain?.filters ?? [] {
            if case .httpConnectionManager(let manager) = filter.config { return manager }
        }
        return nil
    }
}

extension CompiledHost {
    /// The address without brackets, and the port; the name where the endpoint is one.
    var socketParts: (address: String, port: UInt16)? {
        if let socketAddress { return (socketAddress.address, socketAddress.port) }
        guard let colon = address.lastIndex(of: ":"), let port = UInt16(address[address.index(after: colon)...]) else {
            return nil
        }
        return (address[..<colon].filter { $0 != "[" && $0 != "]" }, port)
    }
}
