/// One request as curl puts it on the wire, and the connection that it goes over.
package struct CurlRequest: Hashable, Sendable {
    package enum Version: String, Hashable, Sendable {
        case http10 = "HTTP/1.0"
        case http11 = "HTTP/1.1"
        /// Asked for by `Upgrade` on plain text, by ALPN on TLS.
        case http2 = "HTTP/2"
        case http2PriorKnowledge = "HTTP/2 with prior knowledge"
        case http3 = "HTTP/3"
    }

    /// A header line as it is sent: `line` has the blanks that were typed, `value` has none around it.
    package struct Header: Hashable, Sendable {
        package var name: String
        package var line: String

        package init(name: String, line: String) {
            self.name = name
            self.line = line
        }

        package init(_ name: String, _ value: String) {
            self.init(name: name, line: "\(name): \(value)")
        }

        package var value: String {
            let bytes = line.utf8.dropFirst(name.utf8.count + 1)
            guard let first = bytes.firstIndex(where: { $0 != 0x20 && $0 != 0x09 }),
                let last = bytes.lastIndex(where: { $0 != 0x20 && $0 != 0x09 })
            else { return "" }
            return String(Substring(bytes[first...last]))
        }
    }

    package var url: CurlURL
    package var method: String
    /// What stands between the method and the version.
    package var target: String
    /// All headers in wire order, `Host` among them.
    package var headers: [Header]
    package var body: [UInt8]?
    package var version: Version
    package var connection: Connection

    /// Where the connection goes and how it is secured.
    package struct Connection: Hashable, Sendable {
        /// After `--connect-to`; in lower case, without brackets.
        package var host: String
        package var port: Int
        /// The addresses that `--resolve` gives, or the host when it is one; empty when a name has to be looked up.
        package var addresses: [String]
        /// `nil` for an address instead of a name, and without TLS.
        package var sni: String?
        package var alpn: [String]
        package var isInsecure: Bool
        /// The file of `--cert`.
        package var clientCertificate: String?
        /// `-x`: recorded, not followed.
        package var proxy: String?
        /// A PROXY protocol line goes first, with this client address (`""`: the connection's own).
        package var proxyProtocol: String?
        package var unixSocket: String?
        /// `-m` in seconds.
        package var maxTime: Double?
    }

    package var isTLS: Bool { url.isTLS }

    /// The value of `Host`; `nil` when the line removes it.
    package var authority: String? { headers.first { $0.name.lowercased() == "host" }?.value }

    /// The bytes of the request as HTTP/1.
    package var wire: [UInt8] {
        var text = "\(method) \(target) \(version == .http10 ? "HTTP/1.0" : "HTTP/1.1")\r\n"
        for header in headers { text += header.line + "\r\n" }
        var bytes = Array((text + "\r\n").utf8)
        guard let body else { return bytes }
        if isChunked {
            if !body.isEmpty { bytes += Array("\(String(body.count, radix: 16))\r\n".utf8) + body + [0x0D, 0x0A] }
            bytes += Array("0\r\n\r\n".utf8)
        } else {
            bytes += body
        }
        return bytes
    }

    package var isChunked: Bool {
        headers.contains { $0.name.lowercased() == "transfer-encoding" && $0.value.lowercased().contains("chunked") }
    }
}

/// What curl would show and keep of a transfer.
package struct CurlOutput: Hashable, Sendable {
    package var isSilent = false
    package var showsErrors = false
    package var isVerbose = false
    /// `-i`, or `-I`.
    package var includesHeaders = false
    /// `-I`: the body is neither expected nor shown.
    package var isHeadOnly = false
    package var fails = false
    package var failsWithBody = false
    /// `-o`: never written; `nil` is standard output.
    package var file: String?
    package var dumpsHeadersTo: String?
    package var writeOut: String?
    package var isCompressed = false
    /// What the shell pipes or redirects the output into.
    package var pipedTo: String?
    package var redirectedTo: String?

    package init() {}

    /// Nothing of the body reaches the terminal.
    package var hidesBody: Bool { file != nil || redirectedTo != nil || isHeadOnly }
}

/// `-L` and its relatives.
package struct CurlRedirects: Hashable, Sendable {
    package var follows = false
    package var most = 50
    package var keepsPost: Set<Int> = []
    package var trustsHosts = false
    /// `-X`: stays for every hop.
    package var customMethod = false
    package var pathAsIs = false

    package init() {}
}

/// One address of a curl line.
package struct CurlTransfer: Hashable, Sendable {
    package var request: CurlRequest
    package var output: CurlOutput
    package var redirects: CurlRedirects
    package var place: TextPlace
}
