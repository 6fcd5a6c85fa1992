import EnvoyModel
package import TrafficEngine

extension Row {
    /// What has to be changed of a request so that this row's conditions hold; `nil` where that cannot be said. Whether the row
    /// takes it then is for the engine to say: others may come first.
    package func changes(of request: SyntheticRequest) -> [RequestChange]? {
        var witness = Witness(request: request)
        guard witness.connect(to: listener, chain) else { return nil }
        guard let virtualHost, let route else { return witness.changes }
        guard witness.ask(virtualHost, chain), witness.meet(route.match) else { return nil }
        return witness.changes
    }
}

/// Collects the changes of a request, each only where it is needed.
private struct Witness {
    let request: SyntheticRequest
    private(set) var changes: [RequestChange] = []
    private var transport: ConnectionAttempt.Transport

    init(request: SyntheticRequest) {
        self.request = request
        transport = request.transport
    }

    // MARK: The connection

    mutating func connect(to listener: Listener, _ chain: FilterChain) -> Bool {
        if let port = Self.port(of: listener), port != Int(request.port), listener.name != "virtualInbound",
            listener.name != "virtualOutbound"
        {
            changes.append(.port(port))
        }
        if let port = chain.match?.destinationPort, port != request.port { changes.append(.port(Int(port))) }
        var wanted = transport
        switch chain.transportSocket {
        case .tls(let context):
            if transport == .plaintext { wanted = .tls }
            if context.requireClientCertificate, context.isMesh { wanted = .mtls }
            if context.requireClientCertificate, !context.isMesh { changes.append(.certificate(file: "client.pem")) }
        default:
            let names = chain.match?.serverNames ?? []
            if !names.isEmpty || chain.match?.transportProtocol == "tls" {
                if transport == .plaintext { wanted = .tls }
            } else if chain.isHTTP {
                wanted = .plaintext
            }
        }
        if wanted != transport {
            transport = wanted
            changes.append(.transport(wanted))
        }
        if let names = chain.match?.serverNames, !names.isEmpty, transport != .plaintext {
            let current = request.serverName.isEmpty ? request.authority?.withoutPort ?? "" : request.serverName
            if !names.contains(where: { Self.covers($0, current) }) {
                guard let name = names.first.map({ Self.example($0, like: current) }) else { return false }
                changes.append(.serverName(name))
            }
        }
        if chain.isHTTP, request.application == .tcp { changes.append(.application(.http)) }
        return true
    }

    private static func port(of listener: Listener) -> Int? {
        guard case .socket(let socket)? = listener.address else { return nil }
        return Int(socket.port)
    }

    // MARK: The host

    mutating func ask(_ host: VirtualHost, _ chain: FilterChain) -> Bool {
        let current = (request.authority ?? "").lowercased()
        let bare = current.withoutPort
        if host.domains.contains(where: { Self.covers($0, current) || Self.covers($0, bare) }) {
            return true
        }
        guard let domain = host.domains.min(by: { $0.count < $1.count }) else { return false }
        let name = Self.example(domain.withoutPort, like: bare)
        changes.append(.host(name))
        if transport != .plaintext, let names = chain.match?.serverNames, !names.isEmpty {
            changes.removeAll { if case .serverName = $0 { true } else { false } }
            changes.append(.serverName(name))
        }
        if host.requireTLS == .all, transport == .plaintext { return false }
        return true
    }

    /// Whether a domain of a virtual host, or a server name, takes a host.
    static func covers(_ domain: String, _ host: String) -> Bool {
        if domain == "*" || domain == host { return true }
        if domain.hasPrefix("*") { return host.count > domain.count - 1 && host.hasSuffix(domain.dropFirst()) }
        if domain.hasSuffix("*") { return host.hasPrefix(domain.dropLast()) }
        return false
    }

    /// A host that a domain takes, with the first label of the one that was asked for.
    static func example(_ domain: String, like host: String) -> String {
        guard domain.contains("*") else { return domain }
        if domain == "*" { return host.isEmpty ? "example.com" : host }
        let label = host.split(separator: ".").first.map(String.init) ?? "www"
        return domain.replacing("*", with: label)
    }

    // MARK: The route

    mutating func meet(_ match: RouteMatch) -> Bool {
        guard meetPath(match) else { return false }
        for header in match.headers where !meet(header) { return false }
        for parameter in match.queryParameters where !meet(parameter) { return false }
        return true
    }

    private mutating func meetPath(_ match: RouteMatch) -> Bool {
        let path = String(request.path.prefix { $0 != "?" })
        let fold = { (text: String) in match.caseSensitive ? text : text.lowercased() }
        let wanted: String
        switch match.path {
        case .none, .connect, .uriTemplate: return match.path == .none
        case .prefix(let text):
            if fold(path).hasPrefix(fold(text)) { return true }
            wanted = text.hasPrefix("/") ? text : "/" + text
        case .path(let text):
            if fold(path) == fold(text) { return true }
            wanted = text
        case .pathSeparatedPrefix(let text):
            if fold(path) == fold(text) || fold(path).hasPrefix(fold(text) + "/") { return true }
            wanted = text
        case .safeRegex(let pattern):
            if regularExpression(pattern, takes: path) == true { return true }
            guard let sample = RegexSample.of(pattern), sample.hasPrefix("/") else { return false }
            wanted = sample
        }
        changes.append(.path(wanted))
        return true
    }

    private mutating func meet(_ matcher: HeaderMatcher) -> Bool {
        let name = matcher.name.lowercased()
        let current = value(of: name)
        let isMet = test(matcher.test, current) != matcher.invertMatch
        if isMet { return true }
        if matcher.invertMatch {
            guard !name.hasPrefix(":") else { return false }
            changes.append(.removeHeader(name))
            return true
        }
        let wanted: String?
        switch matcher.test {
        case .present(let isPresent):
            if !isPresent {
                changes.append(.removeHeader(name))
                return true
            }
            wanted = "1"
        case .range(let start, _): wanted = "\(start)"
        case .string(let string): wanted = Self.example(string)
        }
        guard let wanted else { return false }
        switch name {
        case ":method": changes.append(.method(wanted))
        case ":authority", "host": changes.append(.host(wanted))
        case ":path": changes.append(.path(wanted))
        case ":scheme": return false
        default: changes.append(.header(name, wanted))
        }
        return true
    }

    private mutating func meet(_ matcher: QueryParameterMatcher) -> Bool {
        let current = query(matcher.name)
        switch matcher.test {
        case .present(let isPresent):
            if (current != nil) == isPresent { return true }
            guard isPresent else { return false }
            changes.append(.query(matcher.name, "1"))
        case .string(let string):
            if test(.string(string), current) { return true }
            guard let wanted = Self.example(string) else { return false }
            changes.append(.query(matcher.name, wanted))
        }
        return true
    }

    private func value(of name: String) -> String? {
        switch name {
        case ":method": request.method
        case ":authority", "host": request.authority
        case ":path": request.path
        case ":scheme": request.scheme
        default: request.headers.first { $0.name.lowercased() == name }?.value
        }
    }

    private func query(_ name: String) -> String? {
        let query = request.path.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts[0] == name { return parts.count > 1 ? String(parts[1]) : "" }
        }
        return nil
    }

    private func test(_ test: HeaderMatcher.Test, _ value: String?) -> Bool {
        switch test {
        case .present(let isPresent): return (value != nil) == isPresent
        case .range(let start, let end): return value.flatMap { Int64($0) }.map { $0 >= start && $0 < end } ?? false
        case .string(let matcher):
            guard let value else { return false }
            let text = matcher.ignoreCase ? value.lowercased() : value
            func wanted(_ pattern: String) -> String { matcher.ignoreCase ? pattern.lowercased() : pattern }
            switch matcher.pattern {
            case .exact(let pattern): return text == wanted(pattern)
            case .prefix(let pattern): return text.hasPrefix(wanted(pattern))
            case .suffix(let pattern): return text.hasSuffix(wanted(pattern))
            case .contains(let pattern): return text.contains(wanted(pattern))
            case .safeRegex(let pattern): return regularExpression(pattern, takes: value) ?? false
            }
        }
    }

    private static func example(_ matcher: StringMatcher) -> String? {
        switch matcher.pattern {
        case .exact(let text), .prefix(let text), .suffix(let text), .contains(let text): text
        case .safeRegex(let pattern): RegexSample.of(pattern)
        }
    }
}

extension FilterChain {
    var isHTTP: Bool {
        filters.contains { if case .httpConnectionManager = $0.config { true } else { false } }
    }
}
