package import TrafficEngine

/// One part of a request, changed.
package enum RequestChange: Hashable, Sendable {
    case host(String)
    case path(String)
    case method(String)
    case header(String, String)
    case removeHeader(String)
    case query(String, String)
    /// The port that is dialled.
    case port(Int)
    case transport(ConnectionAttempt.Transport)
    /// A certificate of a file, that the server trusts.
    case certificate(file: String)
    case serverName(String)
    case application(ConnectionAttempt.ApplicationProtocol)
}

extension SyntheticRequest {
    package func changed(by changes: [RequestChange]) -> SyntheticRequest {
        var request = self
        for change in changes { request.apply(change) }
        return request
    }

    private mutating func apply(_ change: RequestChange) {
        switch change {
        case .host(let host): authority = host
        case .path(let new):
            let query = path.firstIndex(of: "?").map { String(path[$0...]) } ?? ""
            path = new + query
        case .method(let new): method = new
        case .header(let name, let value):
            headers.removeAll { $0.name.lowercased() == name.lowercased() }
            headers.append(Header(name, value))
        case .removeHeader(let name): headers.removeAll { $0.name.lowercased() == name.lowercased() }
        case .query(let name, let value):
            let pieces = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            let kept = (pieces.count > 1 ? pieces[1] : "").split(separator: "&").filter {
                $0 != name && !$0.hasPrefix(name + "=")
            }
            path = pieces[0] + "?" + (kept + ["\(name)=\(value)"]).joined(separator: "&")
        case .port(let new): port = UInt16(exactly: new) ?? port
        case .transport(let new):
            transport = new
            scheme = new == .plaintext ? "http" : "https"
            if new == .plaintext {
                serverName = ""
                alpn = []
            } else if serverName.isEmpty, let authority {
                serverName = authority.withoutPort
                alpn = ["h2", "http/1.1"]
            }
        case .certificate(let file):
            clientCertificate = file
            certificateTrust = nil
        case .serverName(let name): serverName = name
        case .application(let new): application = new
        }
    }
}

extension String {
    /// `a.example.com` of `a.example.com:8080`.
    package var withoutPort: String {
        if hasPrefix("[") { return firstIndex(of: "]").map { String(self[index(after: startIndex)..<$0]) } ?? self }
        guard let colon = lastIndex(of: ":"), Int(self[index(after: colon)...]) != nil else { return self }
        return String(self[..<colon])
    }
}
