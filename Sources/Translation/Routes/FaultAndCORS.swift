import Documents
import EnvoyModel
import MeshModel

extension FaultFilter {
    /// istiod: `TranslateFault`.
    init(_ fault: VirtualService.HTTPFaultInjection) {
        self.init()
        if let delay = fault.delay {
            self.delay = delay.fixedDelay.map { .fixed($0) }
            delayPercentage =
                delay.percentage.map { FractionalPercent(percentage: $0) }
                ?? FractionalPercent(UInt32(clamping: delay.percent ?? 0))
        }
        if let abort = fault.abort {
            if let status = abort.httpStatus {
                self.abort = .httpStatus(UInt32(clamping: status))
            } else if let status = abort.grpcStatus {
                self.abort = Self.grpcCodes[status.uppercased()].map { .grpcStatus($0) }
            }
            if let percentage = abort.percentage { abortPercentage = FractionalPercent(percentage: percentage) }
        }
    }

    private static let grpcCodes: [String: UInt32] = [
        "OK": 0, "CANCELLED": 1, "UNKNOWN": 2, "INVALID_ARGUMENT": 3, "DEADLINE_EXCEEDED": 4, "NOT_FOUND": 5,
        "ALREADY_EXISTS": 6, "PERMISSION_DENIED": 7, "RESOURCE_EXHAUSTED": 8, "FAILED_PRECONDITION": 9, "ABORTED": 10,
        "OUT_OF_RANGE": 11, "UNIMPLEMENTED": 12, "INTERNAL": 13, "UNAVAILABLE": 14, "DATA_LOSS": 15,
        "UNAUTHENTICATED": 16,
    ]
}

extension EnvoyModel.CORSPolicy {
    /// istiod: `TranslateCORSPolicy`.
    init(_ policy: VirtualService.CORSPolicy) {
        self.init()
        allowOrigins =
            policy.allowOrigins.isEmpty
            ? policy.allowOrigin.map { StringMatcher(.exact($0)) } : policy.allowOrigins.compactMap(\.envoy)
        allowMethods = policy.allowMethods.joined(separator: ",")
        allowHeaders = policy.allowHeaders.joined(separator: ",")
        exposeHeaders = policy.exposeHeaders.joined(separator: ",")
        if let age = policy.maxAge { maxAge = String(age.components.seconds) }
        allowCredentials = policy.allowCredentials
        forwardNotMatchingPreflights = policy.unmatchedPreflights != .ignore
        filterEnabled = FractionalPercent(100)
    }
}
