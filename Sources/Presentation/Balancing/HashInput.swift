import Documents
package import EnvoyModel
package import TrafficEngine

/// What a hash policy takes from one request, and whether that is anything.
package struct HashInput: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case given(String)
        /// The proxy makes a cookie: the answer sets it, the next request brings it.
        case made
        case missing
    }

    /// `header "x-user"`, `cookie "session"`, `the source address`, `query parameter "user"`.
    package let what: String
    package let value: Value

    /// What each policy of a route takes from a request; none where the route has no policies.
    package static func inputs(of action: RouteAction, _ request: SyntheticRequest) -> [HashInput] {
        action.hashPolicies.map { HashInput($0, request) }
    }

    init(_ policy: HashPolicy, _ request: SyntheticRequest) {
        switch policy.kind {
        case .header(let name, _):
            what = "header \"\(name)\""
            let found =
                name.hasPrefix(":")
                ? request.pseudoHeader(name)
                : request.headers.first { $0.name.lowercased() == name.lowercased() }?.value
            value = found.map(Value.given) ?? .missing
        case .cookie(let name, let ttl, let path, _):
            let life = ttl.map { $0 > .zero ? "lasts \($0.protoJSON)" : "lasts as long as the browser is open" }
            what =
                "cookie \"\(name)\""
                + (life.map { " (made when it is not there: \(path.isEmpty ? "" : "path \(path), ")\($0))" } ?? "")
            let found = request.cookieValue(name)
            value = found.map(Value.given) ?? (ttl == nil ? .missing : .made)
        case .sourceIP:
            what = "the source address"
            value = request.sourceIP.isEmpty ? .missing : .given(request.sourceIP)
        case .queryParameter(let name):
            what = "query parameter \"\(name)\""
            value = request.queryValue(name).map(Value.given) ?? .missing
        case .filterState(let key):
            what = "filter state \"\(key)\""
            value = .missing
        }
    }

    /// A request that gives this policy a key; `nil` where it takes none of a request.
    package static func request(_ request: SyntheticRequest, keyed key: String, for policy: HashPolicy)
        -> SyntheticRequest?
    {
        var request = request
        switch policy.kind {
        case .header(let name, _):
            guard !name.hasPrefix(":") else { return nil }
            request.headers.removeAll { $0.name.lowercased() == name.lowercased() }
            request.headers.append(SyntheticRequest.Header(name, key))
        case .cookie(let name, _, _, _):
            request.headers.removeAll { $0.name.lowercased() == "cookie" }
            request.headers.append(SyntheticRequest.Header("cookie", "\(name)=\(key)"))
        case .sourceIP: request.sourceIP = key
        case .queryParameter(let name):
            let path = request.path.prefix { $0 != "?" }
            request.path = "\(path)?\(name)=\(key)"
        case .filterState: return nil
        }
        return request
    }
}

extension SyntheticRequest {
    fileprivate func pseudoHeader(_ name: String) -> String? {
        switch name {
        case ":authority": authority
        case ":path": path
        case ":method": method
        default: nil
        }
    }

    fileprivate func cookieValue(_ name: String) -> String? {
        for header in headers where header.name.lowercased() == "cookie" {
            for pair in header.value.split(separator: ";") {
                let trimmed = pair.drop { $0 == " " }
                if trimmed.hasPrefix(name + "=") { return String(trimmed.dropFirst(name.count + 1)) }
            }
        }
        return nil
    }

    fileprivate func queryValue(_ name: String) -> String? {
        guard let mark = path.firstIndex(of: "?") else { return nil }
        for pair in path[path.index(after: mark)...].split(separator: "&") {
            let pieces = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pieces.first.map(String.init) == name { return pieces.count > 1 ? String(pieces[1]) : "" }
        }
        return nil
    }
}
