import EnvoyModel

/// A redirect made ready (rule book, section 8).
struct CompiledRedirect: Sendable {
    enum Path: Sendable {
        case none
        case whole([UInt8])
        case prefix([UInt8])
        case regex(CompiledRewrite)
    }

    let value: RedirectAction
    private let scheme: [UInt8]?
    private let host: [UInt8]
    private let path: Path

    init(_ value: RedirectAction, compiler: inout SnapshotCompiler) {
        self.value = value
        switch value.schemeRewrite {
        case .none: scheme = nil
        case .https: scheme = Array("https".utf8)
        case .scheme(let text): scheme = Array(text.utf8)
        }
        host = Array(value.hostRedirect.utf8)
        switch value.pathRewrite {
        case .none: path = .none
        case .path(let text): path = .whole(Array(text.utf8))
        case .prefix(let text): path = .prefix(Array(text.utf8))
        case .regex(let rewrite): path = compiler.rewrite(rewrite).map { .regex($0) } ?? .none
        }
    }

    /// The value of `location`, at the end of the request's storage.
    func location(
        _ request: inout RequestHead, _ view: RequestView, _ match: borrowing CompiledPathMatch
    ) -> ByteRange {
        let newPath = path(&request, view, match)
        let start = request.block.storage.count
        if let scheme { request.block.storage.append(contentsOf: scheme) } else { request.block.storeCopy(view.scheme) }
        request.block.storage.append(contentsOf: [UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "/")])
        if host.isEmpty { storeRequestHost(&request, view) } else { request.block.storage.append(contentsOf: host) }
        if let port = value.portRedirect {
            request.block.storage.append(UInt8(ascii: ":"))
            request.block.store(decimal: UInt64(port))
        }
        if newPath.isEmpty || request.block.byte(newPath, 0) != UInt8(ascii: "/") {
            request.block.storage.append(UInt8(ascii: "/"))
        }
        request.block.storeCopy(newPath)
        return request.block.since(start)
    }

    private func storeRequestHost(_ request: inout RequestHead, _ view: RequestView) {
        let authority = request.authority
        guard let colon = request.block.portColon(authority) else {
            request.block.storeCopy(authority)
            return
        }
        let name = request.block.part(authority, from: 0, to: colon)
        let port = request.block.part(authority, from: colon + 1, to: Int(authority.count))
        var isDropped = value.portRedirect != nil
        if !isDropped, let scheme, !request.block.equals(view.scheme, scheme) {
            isDropped = view.isHTTPS ? request.block.equals(port, "443") : request.block.equals(port, "80")
        }
        request.block.storeCopy(isDropped ? name : authority)
    }

    /// Rewrites the path as `prefix_rewrite` and `regex_rewrite` say: response headers are formatted with the new one.
    func rewritePath(_ request: inout RequestHead, _ view: RequestView, _ match: borrowing CompiledPathMatch) {
        let old = request.path
        switch path {
        case .none, .whole: return
        case .prefix(let text): request.path = request.replacingPrefix(match.replacedCount(view), by: text)
        case .regex(let rewrite):
            if let changed = rewrite.regex.replacing(request.block, view.path, with: rewrite.substitution) {
                request.path = request.replacingPath(view.path, by: changed)
            }
        }
        request.block.set("x-envoy-original-path", old)
    }

    private func path(
        _ request: inout RequestHead, _ view: RequestView, _ match: borrowing CompiledPathMatch
    ) -> ByteRange {
        let query = request.block.part(request.path, from: Int(view.path.count), to: Int(request.path.count))
        let start = request.block.storage.count
        switch path {
        case .none: return value.stripQuery ? view.path : request.path
        case .whole(let text):
            request.block.storage.append(contentsOf: text)
            if text.contains(UInt8(ascii: "?")) { return request.block.since(start) }
        case .prefix(let text):
            request.block.storage.append(contentsOf: text)
            request.block.storeCopy(
                request.block.part(view.path, from: match.replacedCount(view), to: Int(view.path.count)))
        case .regex(let rewrite):
            if let changed = rewrite.regex.replacing(request.block, view.path, with: rewrite.substitution) {
                request.block.storage.append(contentsOf: changed)
            } else {
                request.block.storeCopy(view.path)
            }
        }
        if !value.stripQuery { request.block.storeCopy(query) }
        return request.block.since(start)
    }
}

extension HeaderBlock {
    /// The offset of the colon in front of a host's port: a number behind the last colon, not inside `[…]`.
    func portColon(_ host: ByteRange, needsNumber: Bool = true) -> Int? {
        guard let colon = lastIndex(of: UInt8(ascii: ":"), in: host) else { return nil }
        if let bracket = lastIndex(of: UInt8(ascii: "]"), in: host), bracket > colon { return nil }
        guard needsNumber else { return colon }
        guard colon + 1 < Int(host.count) else { return nil }
        for offset in (colon + 1)..<Int(host.count) where !byte(host, offset).isDigit { return nil }
        return colon
    }
}
