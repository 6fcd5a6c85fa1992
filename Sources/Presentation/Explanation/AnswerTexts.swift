package import TrafficEngine

/// Reason phrases as Envoy writes them.
package enum StatusWords {
    private static let words: [Int: String] = [
        100: "Continue", 101: "Switching Protocols", 200: "OK", 201: "Created", 202: "Accepted",
        203: "Non-Authoritative Information", 204: "No Content", 205: "Reset Content", 206: "Partial Content",
        207: "Multi-Status", 208: "Already Reported", 226: "IM Used", 300: "Multiple Choices", 301: "Moved Permanently",
        302: "Found", 303: "See Other", 304: "Not Modified", 305: "Use Proxy", 307: "Temporary Redirect",
        308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden",
        404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required",
        408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required", 412: "Precondition Failed",
        413: "Payload Too Large", 414: "URI Too Long", 415: "Unsupported Media Type", 416: "Range Not Satisfiable",
        417: "Expectation Failed", 421: "Misdirected Request", 422: "Unprocessable Entity", 423: "Locked",
        424: "Failed Dependency", 426: "Upgrade Required", 428: "Precondition Required", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 500: "Internal Server Error", 501: "Not Implemented",
        502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported",
        506: "Variant Also Negotiates", 507: "Insufficient Storage", 508: "Loop Detected", 510: "Not Extended",
        511: "Network Authentication Required",
    ]

    package static func reason(_ status: Int) -> String { words[status] ?? "Unknown" }
}

/// What it means that a connection never gets to a route.
package enum ConnectionErrorText {
    package static func meaning(of error: ConnectionError) -> String {
        switch error {
        case .noListener: "nobody listens on that port: the connection is refused"
        case .noFilterChain: "no filter chain fits the connection: it is reset"
        case .noRoute: "no route of the virtual host matches"
        case .noVirtualHost: "no virtual host has that host"
        case .tlsRedirect: "the virtual host asks for TLS: the client is sent to https"
        case .multipleFilterChains: "more than one filter chain fits equally"
        case .protocolError: "the client speaks another protocol than the listener"
        case .tlsError: "the listener wants TLS, the client speaks plain text"
        case .mtlsError: "the client certificate does not fit what the listener wants"
        }
    }

    static func advice(for error: ConnectionError, _ request: SyntheticRequest) -> [String] {
        switch error {
        case .noListener: ["a Gateway with a server for that port, or the port of one that is there"]
        case .noFilterChain where request.transport != .plaintext && request.serverName.isEmpty:
            [
                "--resolve HOST:\(request.port):\(request.address) https://HOST/ : an address instead of a name sends no SNI"
            ]
        case .noFilterChain where request.transport == .plaintext: ["https:// instead of http://"]
        case .noFilterChain: ["a host that a server of the Gateway names: \(request.serverName) is none"]
        case .tlsError: ["https:// instead of http://"]
        case .protocolError where request.transport != .plaintext:
            ["http:// instead of https://: this listener has no certificate"]
        case .mtlsError: ["--cert FILE with a certificate that the server trusts"]
        default: []
        }
    }
}
