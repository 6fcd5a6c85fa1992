/// What a service port speaks, as istiod tells it from names (istiod: `protocol.Instance`).
enum PortProtocol: String, Hashable, Sendable {
    case http = "HTTP"
    case http2 = "HTTP2"
    case grpc = "GRPC"
    case grpcWeb = "GRPC-Web"
    case httpProxy = "HTTP_PROXY"
    case https = "HTTPS"
    case tls = "TLS"
    case tcp = "TCP"
    case mongo = "Mongo"
    case redis = "Redis"
    case mysql = "MySQL"
    case udp = "UDP"
    case hbone = "HBONE"
    /// Unknown: sniffed on sidecars.
    case auto = "UnsupportedProtocol"

    /// Any case; an unknown name is `auto` (istiod: `protocol.Parse`).
    init(name: some StringProtocol) {
        switch name.lowercased() {
        case "http": self = .http
        case "http2": self = .http2
        case "grpc": self = .grpc
        case "grpc-web", "grpcweb": self = .grpcWeb
        case "http_proxy": self = .httpProxy
        case "https": self = .https
        case "tls": self = .tls
        case "tcp": self = .tcp
        case "mongo": self = .mongo
        case "redis": self = .redis
        case "mysql": self = .mysql
        case "udp": self = .udp
        case "hbone": self = .hbone
        default: self = .auto
        }
    }

    /// The protocol of a Kubernetes Service port (istiod: `kube.ConvertProtocol`).
    init(port: Int, name: String, transport: String, appProtocol: String?) {
        if transport == "UDP" {
            self = .udp
            return
        }
        let text = appProtocol ?? name
        switch appProtocol {
        case "kubernetes.io/h2c": self = .http2
        case "kubernetes.io/ws": self = .http
        case "kubernetes.io/wss": self = .https
        default:
            if text.lowercased().hasPrefix("grpc-web") {
                self = .grpcWeb
                return
            }
            let found = PortProtocol(name: text.prefix { $0 != "-" })
            let wellKnownTCP: Set = [25, 53, 3306, 27017]
            self = found == .auto && wellKnownTCP.contains(port) ? .tcp : found
        }
    }

    var isHTTP: Bool {
        switch self {
        case .http, .http2, .grpc, .grpcWeb, .httpProxy: true
        default: false
        }
    }

    var isHTTP2: Bool {
        switch self {
        case .http2, .grpc, .grpcWeb: true
        default: false
        }
    }

    var isTCP: Bool {
        switch self {
        case .tcp, .tls, .https, .mongo, .redis, .mysql: true
        default: false
        }
    }

    var isTLS: Bool { self == .tls || self == .https }
    var isHTTPOrSniffed: Bool { isHTTP || self == .auto }
}
