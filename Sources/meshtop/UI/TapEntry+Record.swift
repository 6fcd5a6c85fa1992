import MeshtopUI
import ProxyCore

extension TapEntry {
    /// A finished request of the embedded proxy as the tap shows it.
    init(_ record: TapRecord, id: Int) {
        let seconds = record.startTime / 1_000_000
        let milliseconds = String(record.startTime / 1000 % 1000)
        let padded = String(repeating: "0", count: max(0, 3 - milliseconds.count)) + milliseconds
        self.init(
            id: id, time: Clock.text(of: Int(seconds)) + "." + padded, method: record.method,
            authority: record.authority, path: record.path, status: record.status,
            flags: record.flags.isEmpty ? "-" : record.flags, details: record.details, listener: record.listener,
            virtualHost: record.virtualHost, route: record.route, cluster: record.cluster, endpoint: record.endpoint,
            downstream: record.downstreamRemote, milliseconds: Double(record.durationNanoseconds) / 1e6,
            upstreamMilliseconds: record.upstreamNanoseconds.map { Double($0) / 1e6 },
            bytesReceived: Int(clamping: record.bytesReceived), bytesSent: Int(clamping: record.bytesSent),
            attempts: Int(record.attempts), requestID: record.requestID)
    }
}
