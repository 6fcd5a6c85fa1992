
/// Decides about a request, telling nothing: the proxy's way in. No heap allocation when warm.
///
/// `request` is changed into what the upstream gets. After a local reply its state is unspecified, but `finishLocalReply` needs it.
package func decideFast(
    _ request: inout RequestHead, on connection: borrowing DownstreamConnection, worker: inout WorkerState
) -> Decision {
    var trace = NoTrace()
    return decide(&request, on: connection, worker: &worker, trace: &trace)
}

/// The same decision with its reasons.
package func decideExplained(
    _ request: inout RequestHead, on connection: borrowing DownstreamConnection, worker: inout WorkerState,
    trace: inout Explanation
) -> Decision {
    decide(&request, on: connection, worker: &worker, trace: &trace)
}

/// Chooses a host once more, for a retry: `attempt` counts from 1. Returns `nil` (and puts a local reply into the decision) when none
/// is usable.
package func chooseAgain(
    _ decision: inout Decision, attempt: Int, attempted: [CompiledHost], worker: inout WorkerState
) -> CompiledHost? {
    nil
}

/// What the response side needs from outside.
package struct ResponseContext: Sendable {
    /// The value of `date`, as the proxy keeps it ready; empty: no date is set.
    package var date: [UInt8] = []
    /// Milliseconds from the request to the response head; `nil` writes `*`.
    package var serviceTime: UInt64?
    package var attempts = 1

    package init() {}
}

/// Makes the upstream's response head into what the downstream gets: header changes of the route, `server`, `date`,
/// `x-envoy-upstream-service-time`, made cookies, CORS.
package func finishResponse(
    _ response: inout ResponseHead, to request: borrowing RequestHead, decision: borrowing Decision,
    on connection: borrowing DownstreamConnection, context: borrowing ResponseContext
) {}

/// Makes a local reply (the decision's own, or one that the proxy came to) into a response head and its body. The head has neither
/// `content-length` nor `transfer-encoding`: those belong to the framing.
/// - Returns: the body; empty for an answer to HEAD or gRPC.
package func finishLocalReply(
    _ reply: borrowing LocalReply, into response: inout ResponseHead, to request: borrowing RequestHead,
    decision: borrowing Decision, on connection: borrowing DownstreamConnection, context: borrowing ResponseContext
) -> [UInt8] {
    []
}

func decide<T: Trace>(
    _ request: inout RequestHead, on connection: borrowing DownstreamConnection, worker: inout WorkerState,
    trace: inout T
) -> Decision {
    var decision = Decision()
    decision.localReply = .routeNotFound
    return decision
}

extension CompiledSnapshot {
    /// Which listener and filter chain a connection gets to.
    package func connect(_ attempt: ConnectionAttempt, trace: inout Explanation) -> ConnectionChoice {
        ConnectionChoice(error: .noListener, listener: nil, chain: nil)
    }

    /// The same for a connection that a known listener has accepted.
    package func connect(
        _ attempt: ConnectionAttempt, at listener: CompiledListener, trace: inout Explanation
    ) -> ConnectionChoice {
        ConnectionChoice(error: .noFilterChain, listener: listener, chain: nil)
    }
}
