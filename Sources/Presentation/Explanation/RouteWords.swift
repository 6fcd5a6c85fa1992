import Documents
import EnvoyModel
import TrafficEngine

/// What a route makes of a request, in lines: the path and Host after rewrites, and how long and how often it is tried. Only what
/// differs from what came in and from Istio's defaults.
struct RouteWords {
    private(set) var lines: [ExplanationLine] = []

    /// `request`: as it arrives at the hop.
    init(_ hop: TraceHop, _ request: SyntheticRequest) {
        guard let route = hop.route, case .route(let action) = route.action, hop.listener?.name != "virtualInbound"
        else {
            return
        }
        let source = route.sources.first
        if let upstream = hop.upstreamRequest {
            if upstream.path != request.path {
                let isDouble = upstream.path.contains("//") && !request.path.contains("//")
                add(
                    "rewrite: the path becomes \(upstream.path)"
                        + (isDouble ? ": two slashes, which many servers answer with 404 or a redirect" : ""),
                    isBad: isDouble, source)
            }
            if let host = upstream.authority, host != request.authority {
                add("rewrite: Host becomes \(host)", source)
            }
        }
        if let timeout = action.timeout, timeout > .zero {
            add("timeout: \(timeout.protoJSON) for all tries together", source)
        }
        if let retries = action.retryPolicy { add(retries, source) }
    }

    /// What Istio sets where nobody says anything.
    private static let usual: Set<String> = [
        "connect-failure,refused-stream,unavailable,cancelled",
        "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes",
    ]

    private mutating func add(_ policy: RetryPolicy, _ source: SourceReference?) {
        let count = Int(policy.numRetries ?? 1)
        let perTry = policy.perTryTimeout.flatMap { $0 > .zero ? $0 : nil }
        guard count != 2 || perTry != nil || !Self.usual.contains(policy.retryOn) else { return }
        add(
            "retries: \(count) after the first try, on \(policy.retryOn)"
                + (perTry.map { "; each try may take \($0.protoJSON), the first one too" } ?? ""), source)
    }

    private mutating func add(_ text: String, isBad: Bool = false, _ source: SourceReference?) {
        lines.append(
            ExplanationLine(
                .detail, indent: 3, [ExplanationSpan(text.sanitizedForTerminal, isBad ? .bad : .plain)], source: source)
        )
    }
}
