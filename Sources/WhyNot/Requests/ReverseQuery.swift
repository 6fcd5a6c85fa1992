package import Documents
import EnvoyModel
package import MeshModel
package import TrafficEngine

/// From a row of a proxy's tables to a request that takes exactly this row: it was sent, and the row took it.
package struct ReverseQuery {
    package enum Answer: Sendable {
        /// A request that the row takes.
        case request(SyntheticRequest)
        /// What would take it is taken by another row before.
        case hidden(by: Row, request: SyntheticRequest)
        /// No request can be made for it.
        case impossible(String)
    }

    /// The proxy's tables.
    package let compiled: CompiledSnapshot
    private let proxy: ProxyNode
    package let rows: [Row]

    package init(_ proxy: ProxyNode, in state: MeshState) {
        compiled = state.compiled(for: proxy)
        self.proxy = proxy
        rows = RowIndex(compiled).rows
    }

    /// The rows that a user means: those of an object (`VirtualService/shop/catalog`, `shop/catalog`, `catalog`), a place
    /// (`catalog.yaml:12`), a route's or cluster's name, a virtual host with the position of a route (`shop.example.com:80#2`).
    package func rows(named text: String) -> [Row] {
        let all = rows.filter { $0.route != nil || $0.chain.isTCP }
        for rule in [isOfObject, isAtPlace, isNamed, isAtPosition] {
            let found = all.filter { rule($0, text) }
            if !found.isEmpty { return found }
        }
        return []
    }

    private func isOfObject(_ row: Row, _ text: String) -> Bool {
        let pieces = text.replacing(" ", with: "/").split(separator: "/").map(String.init)
        return row.sources.contains { source in
            switch pieces.count {
            case 1: source.name == pieces[0]
            case 2:
                source.namespace == pieces[0] && source.name == pieces[1]
                    || source.kind == pieces[0] && source.name == pieces[1]
            case 3: source.kind == pieces[0] && source.namespace == pieces[1] && source.name == pieces[2]
            default: false
            }
        }
    }

    private func isAtPlace(_ row: Row, _ text: String) -> Bool {
        guard let colon = text.lastIndex(of: ":"), let line = Int(text[text.index(after: colon)...]) else {
            return false
        }
        return row.sources.contains { source in
            guard let location = source.location, location.line == line else { return false }
            return location.file == text[..<colon] || location.file.hasSuffix("/" + text[..<colon])
        }
    }

    private func isNamed(_ row: Row, _ text: String) -> Bool {
        row.route?.name == text || row.clusters.contains(text) || row.virtualHost?.name == text
    }

    private func isAtPosition(_ row: Row, _ text: String) -> Bool {
        guard let mark = text.lastIndex(of: "#"), let position = Int(text[text.index(after: mark)...]) else {
            return false
        }
        return row.virtualHost?.name == String(text[..<mark]) && row.position == position - 1
    }

    // MARK: The request

    /// A request for a row, sent.
    package func answer(for row: Row) -> Answer {
        var first: (SyntheticRequest, Row)?
        for request in candidates(for: row) {
            let trace = simulate(request, with: compiled, proxy: proxy.id)
            guard let hop = trace.hops.first, let taken = self.row(of: hop) else { continue }
            if taken.isSame(as: row) { return .request(request) }
            if first == nil { first = (request, taken) }
        }
        if let (request, taken) = first { return .hidden(by: taken, request: request) }
        return .impossible("no request can be written for its conditions")
    }

    /// The request that just meets the row's conditions, and variations that other rows may leave to it.
    private func candidates(for row: Row) -> [SyntheticRequest] {
        var base = SyntheticRequest()
        base.mode = proxy.type == .gateway ? .gateway : row.listener.trafficDirection == .inbound ? .inbound : .outbound
        base.authority = "example.com"
        if case .socket(let socket)? = row.listener.address {
            base.port = socket.port
            base.address =
                ["0.0.0.0", "::"].contains(socket.address) ? proxy.ipAddresses.first ?? "127.0.0.1" : socket.address
        }
        guard let changes = row.changes(of: base) else { return [] }
        let request = base.changed(by: changes)
        var result = [request]
        for suffix in ["/x", "x", "?x=1", "/x/y"] where row.takesMore {
            var longer = request
            longer.path =
                request.path.hasSuffix("/") && suffix.hasPrefix("/")
                ? request.path + suffix.dropFirst() : request.path + suffix
            result.append(longer)
        }
        if row.virtualHost?.domains.contains(where: { $0.hasPrefix("*") }) == true {
            var other = request
            other.authority = request.authority.map {
                "x7." + ($0.split(separator: ".", maxSplits: 1).last ?? "example.com")
            }
            result.append(other)
        }
        for method in ["POST", "DELETE", "HEAD"] where !changes.contains(where: \.isMethod) {
            var other = request
            other.method = method
            result.append(other)
        }
        return result
    }

    private func row(of hop: TraceHop) -> Row? {
        guard let listener = hop.listener, let chain = hop.filterChain else { return nil }
        var row = Row(listener: listener, chain: chain)
        row.virtualHost = hop.virtualHost
        row.route = hop.route
        if let route = hop.route {
            row.position =
                hop.steps.first { $0.stage == .route && $0.matched }?.position
                ?? hop.virtualHost?.routes.firstIndex(of: route) ?? 0
        }
        return row
    }
}

extension Row {
    /// What it is made of.
    package var sources: [SourceReference] {
        (route?.sources ?? []) + (route == nil ? chain.sources : [])
    }

    func isSame(as other: Row) -> Bool {
        listener.name == other.listener.name && chain.name == other.chain.name
            && virtualHost?.name == other.virtualHost?.name && position == other.position && route == other.route
    }

    /// Longer paths are taken too.
    fileprivate var takesMore: Bool {
        switch route?.match.path {
        case .prefix, .pathSeparatedPrefix, .some(.none): true
        default: false
        }
    }

    /// `shop.example.com:80 #2 prefix /catalog`.
    package var words: String {
        guard let virtualHost, let route else {
            return chain.name.isEmpty ? listener.name : "\(listener.name) \(chain.name)"
        }
        return "\(virtualHost.name) #\(position + 1) \(route.match.words)"
    }
}

extension RouteMatch {
    /// Its conditions in short.
    fileprivate var words: String {
        let text: String =
            switch path {
            case .prefix(let text): "prefix \(text)"
            case .path(let text): "exact \(text)"
            case .safeRegex(let text): "regex \(text)"
            case .pathSeparatedPrefix(let text): "prefix \(text)/"
            case .uriTemplate(let text): "template \(text)"
            case .connect: "CONNECT"
            case .none: "any path"
            }
        let more = headers.map(\.name) + queryParameters.map { "?" + $0.name }
        return more.isEmpty ? text : text + " and " + more.joined(separator: ", ")
    }
}

extension RequestChange {
    fileprivate var isMethod: Bool {
        if case .method = self { return true }
        return false
    }
}

extension FilterChain {
    var isTCP: Bool { filters.contains { if case .tcpProxy = $0.config { true } else { false } } }
}
