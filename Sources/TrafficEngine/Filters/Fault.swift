import EnvoyModel

/// A fault filter's configuration made ready (rule book, section 28).
struct CompiledFault: Sendable {
    let value: FaultFilter
    let headers: [CompiledHeaderMatcher]

    init(_ value: FaultFilter, compiler: inout SnapshotCompiler) {
        self.value = value
        headers = value.headers.map { CompiledHeaderMatcher($0, compiler: &compiler) }
    }

    /// Whether the fault concerns the request at all.
    func concerns(_ request: borrowing RequestHead, _ view: RequestView, cluster: String) -> Bool {
        if !value.upstreamCluster.isEmpty, value.upstreamCluster != cluster { return false }
        for matcher in headers where !matcher.matches(request, view) { return false }
        return true
    }

    /// The chance of an abort by configuration alone.
    var abortShare: Double { value.abort == nil ? 0 : value.abortPercentage.share }

    /// Draws the faults: sets the delay, returns the abort.
    func apply(
        _ request: borrowing RequestHead, _ decision: inout Decision, random: inout RandomSource
    ) -> LocalReply? {
        if let delay = value.delay,
            lowered(value.delayPercentage, by: "x-envoy-fault-delay-request-percentage", request).contains(
                random.next())
        {
            switch delay {
            case .fixed(let duration): decision.delay = duration
            case .header:
                if let text = request.block.value("x-envoy-fault-delay-request"),
                    let milliseconds = request.block.unsignedDecimal(text), milliseconds < 1 << 40
                {
                    decision.delay = .milliseconds(Int64(milliseconds))
                }
            }
            if decision.delay != nil { decision.flags.insert(.delayInjected) }
        }
        guard let abort = value.abort,
            lowered(value.abortPercentage, by: "x-envoy-fault-abort-request-percentage", request).contains(
                random.next())
        else { return nil }
        var reply: LocalReply
        switch abort {
        case .httpStatus(let status): reply = .faultAbort(Int(status))
        case .grpcStatus(let status):
            reply = .faultAbort(200)
            reply.grpcStatus = Int(status)
        case .header:
            if let text = request.block.value("x-envoy-fault-abort-grpc-request"),
                let status = request.block.unsignedDecimal(text), status < 1 << 31
            {
                reply = .faultAbort(200)
                reply.grpcStatus = Int(status)
            } else if let text = request.block.value("x-envoy-fault-abort-request"),
                let status = request.block.unsignedDecimal(text), 200...599 ~= status
            {
                reply = .faultAbort(Int(status))
            } else {
                return nil
            }
        }
        reply.flags.formUnion(decision.flags)
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
