import Documents
import MeshModel

/// A server of a Gateway that applies to the proxy, on one port of it.
final class GatewayServer: Sendable {
    let server: IstioGateway.Server
    let gateway: IstioGateway
    /// Hosts without `./` and `*/`; others keep their namespace.
    let hosts: [String]
    private let hasNamespaces: Bool
    /// Where the server names a host, by the host in lower case without its namespace.
    private let places: [String: SourceLocation]
    /// The port at the proxy.
    let port: Int
    /// `server.port.number`.
    let declaredPort: Int
    let proto: PortProtocol
    let routeName: String

    init(_ server: IstioGateway.Server, _ declared: IstioGateway.Port, of gateway: IstioGateway, port: Int) {
        self.server = server
        self.gateway = gateway
        gatewayKey = "\(gateway.namespace)/\(gateway.name)"
        self.port = port
        declaredPort = declared.number
        proto = PortProtocol(name: declared.protocol)
        hosts = Self.normalised(server.hosts, namespace: gateway.namespace)
        hasNamespaces = hosts.contains { $0.utf8.contains(UInt8(ascii: "/")) }
        places = Dictionary(
            zip(server.hosts.lazy.map { Self.withoutNamespace($0).lowercasedHost }, server.hostLocations)
        ) { first, _ in first }
        routeName = Self.routeName(server, declared, proto: proto, gateway: gateway, port: port)
    }

    /// `namespace/name`, as VirtualServices name it.
    let gatewayKey: String

    func isSame(as other: GatewayServer) -> Bool {
        self === other || port == other.port && server == other.server && gateway == other.gateway
    }
    var tls: ServerTLSSettings? { server.tls }

    /// A TLS server (istiod: `gateway.IsTLSServer`).
    var isTLS: Bool { tls != nil && !proto.isHTTP }

    /// HTTPS that ends here (istiod: `gateway.IsHTTPSServerWithTLSTermination`).
    var terminatesHTTPS: Bool {
        guard let tls, proto == .https else { return false }
        return tls.mode != .passthrough && tls.mode != .autoPassthrough
    }

    /// What TLS clients may ask for, without namespaces, sorted.
    var sniHosts: [String] { Set(hosts.map(Self.withoutNamespace)).sorted() }

    /// The hosts that VirtualServices of a namespace may have here.
    func hosts(for namespace: String) -> [String] {
        if !hasNamespaces { return hosts }
        return hosts.compactMap { host in
            guard let slash = host.firstIndex(of: "/") else { return host }
            let owner = host[..<slash]
            return owner == namespace || owner == "*" ? String(host[host.index(after: slash)...]) : nil
        }
    }

    /// A reference to the server, or to where it names one of its hosts.
    func source(host: String? = nil) -> SourceReference {
        reference(at: host.flatMap { places[$0] } ?? server.location)
    }

    private func reference(at location: SourceLocation?) -> SourceReference {
        if location == nil, let original = gateway.sources.first { return original }
        return gateway.sourceReference(at: location)
    }

    static func withoutNamespace(_ host: String) -> String {
        host.firstIndex(of: "/").map { String(host[host.index(after: $0)...]) } ?? host
    }

    /// istiod: `sanitizeServerHostNamespace`.
    private static func normalised(_ hosts: [String], namespace: String) -> [String] {
        var result: [String] = []
        for host in hosts {
            guard let slash = host.firstIndex(of: "/") else {
                result.append(host)
                continue
            }
            let name = String(host[host.index(after: slash)...])
            switch host[..<slash] {
            case ".": result.append("\(namespace)/\(name)")
            case "*":
                if name == "*" { return ["*"] }
                result.append(name)
            default: result.append(host)
            }
        }
        return result
    }

    /// istiod: `gatewayRDSRouteName`.
    private static func routeName(
        _ server: IstioGateway.Server, _ declared: IstioGateway.Port, proto: PortProtocol, gateway: IstioGateway,
        port: Int
    ) -> String {
        let bind = server.bind.isEmpty ? "" : "." + server.bind
        if proto.isHTTP { return "http.\(port)\(bind)" }
        if proto == .https, let tls = server.tls, tls.mode != .passthrough, tls.mode != .autoPassthrough {
            return "https.\(declared.number).\(declared.name).\(gateway.name).\(gateway.namespace)\(bind)"
        }
        return ""
    }
}
