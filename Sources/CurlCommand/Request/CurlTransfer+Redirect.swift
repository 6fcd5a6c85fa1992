extension CurlTransfer {
    /// The next request of `-L` for an answer with this status and `location`; `nil` when it is not followed.
    package func redirected(status: Int, location: String) throws(CurlError) -> CurlTransfer? {
        guard redirects.follows, [301, 302, 303, 307, 308].contains(status) else { return nil }
        var next = self
        let old = request.url
        let url = try CurlURL.parse(
            Self.resolve(location, against: old), at: place, pathAsIs: redirects.pathAsIs, defaultScheme: old.scheme)
        next.request.url = url
        next.request.target = url.target
        let isSameHost =
            url.host.lowercased() == old.host.lowercased() && url.port == old.port && url.scheme == old.scheme
        // 303 makes everything but HEAD a GET; 301 and 302 only POST, unless --post301 and the like.
        let losesBody: Bool =
            switch status {
            case 301, 302: request.method == "POST" && !redirects.keepsPost.contains(status)
            case 303: request.method != "HEAD" && !(request.method == "POST" && redirects.keepsPost.contains(303))
            default: false
            }
        if losesBody {
            if !redirects.customMethod { next.request.method = "GET" }
            next.request.body = nil
            let gone: Set<String> = ["content-length", "content-type", "expect"]
            next.request.headers.removeAll { gone.contains($0.name.lowercased()) }
        }
        let host = next.request.headers.firstIndex { $0.name.lowercased() == "host" }
        let isCustomHost = host.map { next.request.headers[$0].value != old.hostHeader } ?? false
        if let host, !isSameHost || !isCustomHost {
            next.request.headers[host] = CurlRequest.Header("Host", url.hostHeader)
        }
        if !isSameHost && !redirects.trustsHosts {
            next.request.headers.removeAll { ["authorization", "cookie"].contains($0.name.lowercased()) }
        }
        next.request.connection.host = url.host.lowercased()
        next.request.connection.port = url.port
        next.request.connection.sni =
            url.isTLS && CurlURL.normalizedIPv4(url.host) == nil && !url.isIPv6 ? url.host.lowercased() : nil
        if url.isTLS, request.connection.alpn.isEmpty { next.request.connection.alpn = ["h2", "http/1.1"] }
        if !isSameHost {
            let isAddress = CurlURL.normalizedIPv4(url.host) != nil || url.isIPv6
            // --resolve holds for one name and port; what it gave for another name does not.
            if isAddress || url.host.lowercased() != old.host.lowercased() {
                next.request.connection.addresses = isAddress ? [url.host] : []
            }
        }
        return next
    }

    private static func resolve(_ location: String, against base: CurlURL) -> String {
        if location.contains("://") { return location }
        let authority = base.explicitPort.map { "\(base.bracketedHost):\($0)" } ?? base.bracketedHost
        if location.hasPrefix("//") { return base.scheme + ":" + location }
        if location.hasPrefix("/") { return "\(base.scheme)://\(authority)\(location)" }
        if location.hasPrefix("?") { return "\(base.scheme)://\(authority)\(base.path)\(location)" }
        let folder = base.path.lastIndex(of: "/").map { String(base.path[...$0]) } ?? "/"
        return "\(base.scheme)://\(authority)\(folder)\(location)"
    }
}
