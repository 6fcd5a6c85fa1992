import EnvoyModel

/// A fault filter's configuration made ready (rule book, section 28).
final class CompiledFault: Sendable {
    let value: FaultFilter
    /// Neither delay nor abort is configured.
    let isInert: Bool
    let headers: [CompiledHeaderMatcher]

    init(_ value: FaultFilter, compiler: inout SnapshotCompiler) {
        self.value = value
        isInert = value.delay == nil && value.abort == nil
        headers = value.headers.map { CompiledHeaderMatcher($0, compiler: &compiler) }
    }

    /// Whether the fault concerns the request at all.
    func concerns(_ request: borrowing RequestHead, _ view: RequestView, cluster: String) -> Bool {
        if !value.upstreamCluster.isEmpty, value.upstreamCluster != cluster { return false }
        for matcher in headers where !matcher.matches(request, view) { return false }
        return true
    }

    /// The chance that a request that it concerns is aborted.
    func abortShare(_ request: borrowing RequestHead) -> Double {
        abort(for: request) == nil ? 0 : lowered(value.abortPercentage, by: Self.abortPercentage, request).share
    }

    private static let abortPercentage: StaticString = "x-envoy-fault-abort-request-percentage"
    private static let delayPercentage: StaticString = "x-envoy-fault-delay-request-percentage"

    /// Draws the faults: sets the delay, returns the abort.
    func apply(
        _ request: borrowing RequestHead, _ decision: inout Decision, random: inout RandomSource
    ) -> LocalReply? {
        if value.delay != nil, lowered(value.delayPercentage, by: Self.delayPercentage, request).contains(random.next())
        {
            decision.delay = delay(for: request)
            if decision.delay != nil { decision.flags.insert(.delayInjected) }
        }
        guard value.abort != nil,
            lowered(value.abortPercentage, by: Self.abortPercentage, request).contains(random.next()),
            var reply = abort(for: request)
        else { return nil }
        reply.flags.formUnion(decision.flags)
        return reply
    }

    private func delay(for request: borrowing RequestHead) -> Duration? {
        switch value.delay {
        case .fixed(let duration): return duration
        case .header:
            guard let text = request.block.value("x-envoy-fault-delay-request"),
                let milliseconds = request.block.unsignedDecimal(text), milliseconds < 1 << 40
            else { return nil }
            return .milliseconds(Int64(milliseconds))
        case nil: return nil
        }
    }

    /// The abort, without the dice; `nil` where a header would have to say it and does not.
    private func abort(for request: borrowing RequestHead) -> LocalReply? {
        switch value.abort {
        case .httpStatus(let status): return .faultAbort(Int(status))
        case .grpcStatus(let status): return grpcAbort(UInt64(status))
        case .header:
            if let text = request.block.value("x-envoy-fault-abort-grpc-request"),
                let status = request.block.unsignedDecimal(text), status < 1 << 31
            {
                return grpcAbort(status)
            }
            guard let text = request.block.value("x-envoy-fault-abort-request"),
                let status = request.block.unsignedDecimal(text), 200...599 ~= status
            else { return nil }
            return .faultAbort(Int(status))
        case nil: return nil
        }
    }

    private func grpcAbort(_ status: UInt64) -> LocalReply {
        var reply = LocalReply.faultAbort(200)
        reply.grpcStatus = Int(status)
        return reply
    }

    /// With faults by header, a percentage header can lower the configured percentage, never raise it.
    private func lowered(
        _ percent: FractionalPercent, by name: StaticString, _ request: borrowing RequestHead
    ) -> FractionalPercent {
        guard let text = request.block.value(name), let number = request.block.unsignedDecimal(text) else {
            return percent
        }
        var result = percent
        result.numerator = min(percent.numerator, UInt32(clamping: number))
        return result
    }
}
