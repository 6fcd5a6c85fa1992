/// What the transport is asked to do with a connection.
package struct Action {
    package enum Kind: Hashable, Sendable {
        /// Send what is in `connection.output`.
        case flush
        /// Dial `UpstreamConnection.host`; answer with `connected` or `connectFailed`.
        case connect
        /// Stop and start reading.
        case pauseReading
        case resumeReading
        /// Send what is left, end the sending side, go on reading (and discarding) until the peer ends or `close` comes.
        case shutdownAfterFlush
        /// Send what is left, then close.
        case closeAfterFlush
        /// Close at once.
        case close
    }

    package let kind: Kind
    package let connection: ProxyConnection
}

/// Actions in their order; one buffer, emptied when the last is taken. What is taken is moved out, so that no reference is counted.
struct ActionQueue {
    private var actions: [Action?] = []
    private var next = 0

    var count: Int { actions.count - next }

    mutating func append(_ action: consuming Action) { actions.append(action) }

    @inline(__always)
    mutating func popFirst() -> Action? {
        guard next < actions.count else { return nil }
        let action = actions[next].take()
        next += 1
        if next == actions.count {
            actions.removeAll(keepingCapacity: true)
            next = 0
        }
        return action
    }
}

/// One connection, of either side, as the core sees it: bytes to send and a deadline. The transport keeps its own object with it.
package class ProxyConnection {
    /// Bytes to send. The transport takes them from the front.
    package final var output = ByteQueue()
    /// The transport's object for this connection.
    package final var carrier: (any Carrier)?
    final var isFlushQueued = false
    /// The other side waits until this one's output is below its low mark.
    package internal(set) final var holdsPeer = false
    final var isReadingPaused = false
    /// The transport was asked to close it: no deadline counts any more.
    final var isClosing = false
    package internal(set) final var isClosed = false
    /// When the worker's clock looks at this connection next.
    final var wakeAt: UInt64 = .max

    /// Above this much unsent output the other side is not read.
    static let highWatermark = 256 * 1024
    static let lowWatermark = 64 * 1024

    let isUpstream: Bool

    init(isUpstream: Bool) { self.isUpstream = isUpstream }

    final var unsent: Int { output.count }

    /// The earliest time at which something is due, in nanoseconds of the worker's clock.
    func nextDeadline(now: UInt64) -> UInt64 { .max }
}
