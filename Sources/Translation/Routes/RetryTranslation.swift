import Documents
import EnvoyModel
import MeshModel

extension RetryPolicy {
    /// The retries of a route, else those of the mesh, else the built-in ones (istiod: `retry.ConvertPolicy`);
    /// `nil` where attempts are 0.
    static func outbound(_ route: HTTPRetry?, default defaults: HTTPRetry?, hasConsistentHash: Bool) -> RetryPolicy? {
        var policy = RetryPolicy(
            retryOn: "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes")
        policy.numRetries = 2
        policy.hostSelectionRetryMaxAttempts = 5
        // A hash would choose the same host again and again until the attempts are used up.
        policy.avoidsPreviousHosts = !hasConsistentHash
        guard let given = route ?? defaults else { return policy }
        guard given.attempts > 0 else { return nil }
        policy.numRetries = UInt32(clamping: given.attempts)
        if !given.retryOn.isEmpty {
            (policy.retryOn, policy.retriableStatusCodes) = parse(given.retryOn)
        }
        policy.perTryTimeout = given.perTryTimeout
        policy.backOffBaseInterval = given.backoff
        if given.retryRemoteLocalities == true { policy.previousPrioritiesUpdateFrequency = 2 }
        if let ignores = given.retryIgnorePreviousHosts { policy.avoidsPreviousHosts = ignores }
        return policy
    }

    /// Retries of requests to the workload itself (istiod: `retry.DefaultInboundPolicy`).
    static func inbound(_ given: HTTPRetry?) -> RetryPolicy? {
        var policy = RetryPolicy(retryOn: "reset-before-request")
        policy.numRetries = 2
        guard let given else { return policy }
        guard given.attempts > 0 else { return nil }
        policy.numRetries = UInt32(clamping: given.attempts)
        if !given.retryOn.isEmpty {
            (policy.retryOn, policy.retriableStatusCodes) = parse(given.retryOn)
        }
        policy.backOffBaseInterval = given.backoff
        return policy
    }

    /// Splits status codes from conditions.
    private static func parse(_ text: String) -> (conditions: String, codes: [UInt32]) {
        var conditions: [String] = []
        var codes: [UInt32] = []
        for part in text.split(separator: ",") {
            let word = part.trimmed
            guard !word.isEmpty else { continue }
            if let code = UInt32(word), knownStatusCodes.contains(code) {
                codes.append(code)
            } else {
                conditions.append(word)
            }
        }
        if !codes.isEmpty, !conditions.contains("retriable-status-codes") {
            conditions.append("retriable-status-codes")
        }
        return (conditions.joined(separator: ","), codes)
    }

    /// Those for which Go's `http.StatusText` has a text.
    private static let knownStatusCodes: Set<UInt32> = [
        100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307, 308,
        400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423,
        424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511,
    ]
}

extension StringProtocol {
    /// Without spaces and tabs at both ends.
    var trimmed: String {
        var view = self[...]
        while let first = view.first, first == " " || first == "\t" { view = view.dropFirst() }
        while let last = view.last, last == " " || last == "\t" { view = view.dropLast() }
        return String(view)
    }
}
