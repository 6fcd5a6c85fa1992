import EnvoyModel

/// A CORS policy made ready (rule book, section 29).
final class CompiledCORS: Sendable {
    let value: CORSPolicy
    let origins: [CompiledStringMatcher]

    init(_ value: CORSPolicy, compiler: inout SnapshotCompiler) {
        self.value = value
        origins = value.allowOrigins.map { CompiledStringMatcher($0, compiler: &compiler) }
    }

    func allows(_ block: borrowing HeaderBlock, _ origin: ByteRange) -> Bool {
        for matcher in origins {
            if matcher.kind == .exact, matcher.text == [UInt8(ascii: "*")] { return true }
            if matcher.matches(block, origin) { return true }
        }
        return false
    }

    /// Answers a preflight request, or notes the origin that the response will name.
    func apply(_ request: borrowing RequestHead, _ decision: inout Decision) -> LocalReply? {
        guard let origin = request.block.value("origin"), !origin.isEmpty else { return nil }
        let isPreflight =
            request.block.equals(request.method, "OPTIONS")
            && request.block.first("access-control-request-method") != nil
        guard allows(request.block, origin) else {
            guard isPreflight, value.forwardNotMatchingPreflights == false else { return nil }
            // Answered without naming the origin.
            var reply = LocalReply(200, details: "cors_response")
            reply.isPreflight = true
            return reply
        }
        decision.corsOrigin = origin
        guard isPreflight else { return nil }
        var reply = LocalReply(200, details: "cors_response")
        reply.isPreflight = true
        return reply
    }

    /// The headers of the answer to a preflight request, in Envoy's order.
    func addPreflightHeaders(to response: inout ResponseHead, origin: ArraySlice<UInt8>?, wantsPrivateNetwork: Bool) {
        if let origin { addOrigin(to: &response, origin) }
        response.add("access-control-allow-methods", value.allowMethods)
        response.add("access-control-allow-headers", value.allowHeaders)
        response.add("access-control-max-age", value.maxAge)
        response.add("access-control-expose-headers", value.exposeHeaders)
        if wantsPrivateNetwork, value.allowPrivateNetworkAccess == true {
            response.add("access-control-allow-private-network", "true")
        }
    }

    /// The headers of any other response.
    func addHeaders(to response: inout ResponseHead, origin: ArraySlice<UInt8>) {
        response.block.remove("access-control-allow-origin")
        addOrigin(to: &response, origin)
        response.add("access-control-expose-headers", value.exposeHeaders)
    }

    private func addOrigin(to response: inout ResponseHead, _ origin: ArraySlice<UInt8>) {
        let value = response.block.store(origin)
        response.block.append("access-control-allow-origin", value)
        if self.value.allowCredentials == true { response.add("access-control-allow-credentials", "true") }
    }
}

extension ResponseHead {
    /// Adds a header unless its value is empty.
    mutating func add(_ name: StaticString, _ value: String) {
        if value.isEmpty { return }
        let value = block.store(value.utf8)
        block.append(name, value)
    }
}
