import EnvoyModel

/// Path and host rewrites of a forwarding route (rule book, section 7).
extension CompiledRouteAction {
    /// Rewrites the path and keeps the old one in x-envoy-original-path.
    func rewritePath(_ request: inout RequestHead, _ view: RequestView, _ match: CompiledPathMatch) {
        let old = request.path
        switch pathRewrite {
        case .none: return
        case .prefix(let text):
            request.path = request.replacingPrefix(match.replacedCount(view), by: text)
        case .regex(let rewrite):
            if let changed = rewrite.regex.replacing(request.block, view.path, with: rewrite.substitution) {
                request.path = request.replacingPath(view.path, by: changed)
            }
        case .template(let rewrite):
            if let changed = rewrite.regex.replacing(request.block, view.path, with: rewrite.substitution) {
                request.path = request.replacingPath(view.path, by: changed)
            }
        }
        request.block.set("x-envoy-original-path", old)
    }

    /// Rewrites the host, except by the endpoint's name, which is known later.
    func rewriteHost(_ request: inout RequestHead, _ view: RequestView, weighted: Int) {
        switch hostRewrite {
        case .none:
            if weighted >= 0, weighted < entries.count, let literal = entries[weighted].hostRewrite, !literal.isEmpty {
                request.changeHost(to: request.block.store(literal), appends: appendsForwardedHost)
            }
        case .auto: break
        case .literal(let literal):
            request.changeHost(to: request.block.store(literal), appends: appendsForwardedHost)
        case .header(let source):
            if let value = source.value(request, view), !value.isEmpty {
                request.changeHost(to: value, appends: appendsForwardedHost)
            }
        case .pathRegex(let rewrite):
            if let changed = rewrite.regex.replacing(request.block, view.path, with: rewrite.substitution) {
                request.changeHost(to: request.block.store(changed), appends: appendsForwardedHost)
            } else {
                request.changeHost(to: view.path, appends: appendsForwardedHost)
            }
        }
    }

    var rewritesHostByEndpoint: Bool {
        if case .auto = hostRewrite { return true }
        return false
    }
}

extension CompiledPathMatch {
    /// How many bytes of the path a prefix rewrite replaces.
    func replacedCount(_ view: RequestView) -> Int {
        switch kind {
        case .prefix, .separatedPrefix, .exact: text.count
        case .regex, .connect, .never: Int(view.path.count)
        }
    }
}

extension RequestHead {
    /// The path with its first bytes replaced.
    mutating func replacingPrefix(_ count: Int, by text: [UInt8]) -> ByteRange {
        let start = block.storage.count
        block.storage.append(contentsOf: text)
        block.storeCopy(block.part(path, from: count, to: Int(path.count)))
        return block.since(start)
    }

    /// The path with all in front of its query replaced.
    mutating func replacingPath(_ old: ByteRange, by text: [UInt8]) -> ByteRange {
        replacingPrefix(Int(old.count), by: text)
    }

    /// Sets another host; the old one goes into x-envoy-original-host, and where wanted behind x-forwarded-host.
    mutating func changeHost(to host: ByteRange, appends: Bool) {
        let old = authority
        authority = host
        if !old.isEmpty { block.set("x-envoy-original-host", old) }
        guard appends, !old.isEmpty else { return }
        guard let index = block.first("x-forwarded-host") else {
            block.append("x-forwarded-host", old)
            return
        }
        let start = block.storage.count
        block.storeCopy(block.fields[index].value)
        block.storage.append(UInt8(ascii: ","))
        block.storeCopy(old)
        block.fields[index].value = block.since(start)
        block.fields[index].isOriginal = false
    }
}
