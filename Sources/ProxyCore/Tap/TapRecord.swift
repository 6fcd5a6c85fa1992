/// One finished request as the Tap screen and the access log show it.
package struct TapRecord: Sendable {
    /// Rises over all workers in the order in which they finished, as far as one clock can tell.
    package var finished: UInt64 = 0
    /// Microseconds since 1970.
    package var startTime: Int64 = 0
    /// `NAME.NAMESPACE` of the proxy and the name of its listener.
    package var proxy = ""
    package var listener = ""
    package var method = ""
    package var authority = ""
    package var path = ""
    package var requestID = ""
    package var status = 0
    /// Envoy's response flags, `-` if none.
    package var flags = "-"
    package var details = ""
    /// Empty where none was chosen.
    package var virtualHost = ""
    package var route = ""
    package var cluster = ""
    package var endpoint = ""
    package var downstreamRemote = ""
    package var durationNanoseconds: UInt64 = 0
    /// From the upstream request's last byte to the first byte of its answer; `nil` for local replies.
    package var upstreamNanoseconds: UInt64?
    package var bytesReceived: UInt64 = 0
    package var bytesSent: UInt64 = 0
    package var attempts: UInt32 = 0

    package init() {}
}

/// What was taken from the Tap's rings: the records in the order of their end, and where to go on.
package struct TapBatch: Sendable {
    package var records: [TapRecord]
    /// Hand it back with the next call.
    package var cursor: TapCursor
    /// How many were overwritten before they were read.
    package var lost: UInt64

    package init(records: [TapRecord], cursor: TapCursor, lost: UInt64) {
        self.records = records
        self.cursor = cursor
        self.lost = lost
    }
}

/// How far each worker's ring was read.
package struct TapCursor: Sendable {
    package var positions: [UInt64]

    package init(positions: [UInt64] = []) { self.positions = positions }
}
