import TrafficEngine

/// The requests that one worker finished last. Each place keeps its buffer, so that a record costs copies and no memory.
struct TapRing {
    fileprivate struct Entry {
        var finished: UInt64 = 0
        var startTime: Int64 = 0
        var client: ClientIdentity?
        /// Method, authority, path and request id, one behind the other.
        var text: [UInt8] = []
        var methodEnd = 0
        var authorityEnd = 0
        var pathEnd = 0
        var status = 0
        var flags = ResponseFlags()
        var details: StaticString = ""
        var virtualHost: CompiledVirtualHost?
        var route: CompiledRoute?
        var cluster: CompiledCluster?
        var host: CompiledHost?
        var duration: UInt64 = 0
        var upstream: UInt64?
        var received: UInt64 = 0
        var sent: UInt64 = 0
        var attempts: UInt32 = 0
    }

    private var entries: [Entry] = []
    private let capacity: Int
    /// How many were ever recorded.
    private(set) var count: UInt64 = 0

    /// A record keeps at most so much of a request's text.
    fileprivate static let longestText = 2048

    init(capacity: Int) { self.capacity = max(1, capacity) }

    mutating func record(_ client: ClientConnection, now: UInt64, startTime: Int64) {
        let place = Int(count % UInt64(capacity))
        count += 1
        if place == entries.count { entries.append(Entry()) }
        entries[place].fill(client, now: now, startTime: startTime)
    }

    /// The records from number `position` on, and how many of them were lost.
    func records(since position: UInt64) -> (records: [TapRecord], lost: UInt64) {
        let oldest = count - UInt64(entries.count)
        let start = max(position, oldest)
        guard start < count else { return ([], 0) }
        let records = (start..<count).map { entries[Int($0 % UInt64(capacity))].record }
        return (records, start - min(position, start))
    }
}

extension TapRing.Entry {
    fileprivate mutating func fill(_ client: ClientConnection, now: UInt64, startTime: Int64) {
        finished = now
        self.startTime = startTime
        self.client = client.identity
        copyText(&client.head, method: client.scanner.method, target: client.scanner.target)
        status = client.responseStatus
        flags = client.flags
        details = client.details
        // The request is over: its references change places with those of the record that goes, and nothing is counted.
        swap(&virtualHost, &client.decision.virtualHost)
        swap(&route, &client.decision.route)
        swap(&cluster, &client.decision.cluster)
        swap(&host, &client.decision.host)
        duration = now &- client.startTime
        upstream = client.firstResponseTime > 0 ? client.firstResponseTime &- client.upstreamStartTime : nil
        received = client.bytesReceived
        sent = client.bytesSent
        attempts = client.attempts
    }

    private mutating func copyText(_ head: inout RequestHead, method: ByteRange, target: ByteRange) {
        text.removeAll(keepingCapacity: true)
        let bytes = head.block.storage.span
        append(bytes, method)
        methodEnd = text.count
        append(bytes, head.authority)
        authorityEnd = text.count
        append(bytes, target)
        pathEnd = text.count
        if let id = head.block.first("x-request-id") { append(bytes, id) }
    }

    private mutating func append(_ bytes: Span<UInt8>, _ range: ByteRange) {
        let end = min(range.range.upperBound, bytes.count)
        let start = min(range.range.lowerBound, end)
        let room = max(0, TapRing.longestText - text.count)
        bytes.extracting(start..<min(end, start + room)).withUnsafeBufferPointer { text.append(contentsOf: $0) }
    }

    fileprivate var record: TapRecord {
        var record = TapRecord()
        record.finished = finished
        record.startTime = startTime
        record.proxy = client?.proxy ?? ""
        record.listener = client?.listener ?? ""
        record.method = string(0..<methodEnd)
        record.authority = string(methodEnd..<authorityEnd)
        record.path = string(authorityEnd..<pathEnd)
        record.requestID = string(pathEnd..<text.count)
        record.status = status
        record.flags = flags.text
        record.details = "\(details)"
        record.virtualHost = virtualHost?.name ?? ""
        record.route = route?.name ?? ""
        record.cluster = cluster?.name ?? ""
        record.endpoint = host?.address ?? ""
        record.downstreamRemote = client?.remoteAddress ?? ""
        record.durationNanoseconds = duration
        record.upstreamNanoseconds = upstream
        record.bytesReceived = received
        record.bytesSent = sent
        record.attempts = attempts
        return record
    }

    private func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
}
