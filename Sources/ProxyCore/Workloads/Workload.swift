package import EnvoyModel
import TrafficEngine

/// A workload inside meshtop as the HTTP/1.1 server that the proxy talks to: bytes in, bytes and times out, no socket.
package final class Workload {
    package enum Kind: Hashable, Sendable {
        case echo
        case httpbin
    }

    private let responder: WorkloadResponder
    private var scanner: HeadScanner
    private var head = RequestHead()
    private var facts = RequestFacts()
    private var body = BodyReader()
    private var request = WorkloadRequest()
    private var isInBody = false
    /// What came behind a request that is not answered yet.
    private var held = ByteQueue()
    private var waiting: WorkloadResponse?

    package var output = ByteQueue()
    /// When the answer under way is due.
    package private(set) var wakeTime: UInt64?
    /// The connection closes once the output is sent.
    package private(set) var hasEnded = false

    /// A body beyond this is cut in what is echoed.
    private static let longestBody = 1 << 20

    package init(kind: Kind, identity: WorkloadReference?, endpoint: String) {
        responder = WorkloadResponder(kind: kind, identity: identity, endpoint: endpoint)
        scanner = HeadScanner(.request)
        scanner.limits.fields = 1000
        scanner.limits.bytes = 1 << 20
        scanner.limits.allowsCustomMethods = true
    }

    package func received(_ input: Span<UInt8>, now: UInt64) {
        var offset = 0
        if held.isEmpty { consume(input, &offset, now: now) }
        if offset < input.count, !hasEnded { held.append(input.extracting(offset..<input.count)) }
    }

    package func timePassed(now: UInt64) {
        guard let time = wakeTime, time <= now, let response = waiting else { return }
        wakeTime = nil
        waiting = nil
        write(response)
        var bytes = ByteQueue()
        swap(&bytes, &held)
        bytes.withBytes { received($0, now: now) }
    }

    private func consume(_ input: Span<UInt8>, _ offset: inout Int, now: UInt64) {
        while offset < input.count, !hasEnded, waiting == nil {
            if isInBody { readBody(input, &offset, now: now) } else { readHead(input, &offset, now: now) }
        }
    }

    private func readHead(_ input: Span<UInt8>, _ offset: inout Int, now: UInt64) {
        switch scanner.read(input, from: &offset, into: &head.block) {
        case .needsMore: return
        case .failed: return refuse()
        case .complete: break
        }
        var rules = RequestRules()
        rules.limits = scanner.limits
        guard case .accepted(let facts) = RequestReader.read(&head, scanned: scanner, rules: &rules) else {
            return refuse()
        }
        self.facts = facts
        request = WorkloadRequest()
        request.method = head.block.string(head.method)
        request.path = head.block.string(head.path)
        request.authority = head.block.string(head.authority)
        request.headers = head.block.fields.lazy.filter { !$0.isRemoved }.map {
            .init(self.head.block.string($0.name), self.head.block.string($0.value))
        }
        body = BodyReader(facts.framing)
        isInBody = true
        if body.isDone { answer(now: now) }
    }

    private func readBody(_ input: Span<UInt8>, _ offset: inout Int, now: UInt64) {
        switch body.read(input, from: &offset) {
        case .needsMore: return
        case .data(let range):
            let room = max(0, Self.longestBody - request.body.count)
            input.extracting(range).extracting(first: min(room, range.count)).withUnsafeBufferPointer {
                request.body.append(contentsOf: $0)
            }
            if body.isDone { answer(now: now) }
        case .end: answer(now: now)
        case .failed: refuse()
        }
    }

    private func refuse() {
        output.append("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        hasEnded = true
    }

    private func answer(now: UInt64) {
        isInBody = false
        head.block.removeAll()
        head.hasHost = false
        head.authority = .empty
        scanner.reset()
        let response = responder.respond(to: request)
        guard response.delay > .zero else { return write(response) }
        waiting = response
        wakeTime = now.addingCapped(nanoseconds(response.delay))
    }

    private func write(_ response: WorkloadResponse) {
        output.append("HTTP/1.1 ")
        output.append(decimal: UInt64(max(100, response.status)))
        output.append(" ")
        output.append(StatusText.of(response.status))
        output.append("\r\n")
        for field in response.headers {
            output.append(text: field.name)
            output.append(": ")
            output.append(text: field.value)
            output.append("\r\n")
        }
        let hasBody = response.status != 204 && response.status != 304
        if hasBody {
            output.append("content-length: ")
            output.append(decimal: UInt64(response.body.count))
            output.append("\r\n")
        }
        if !facts.keepsAlive {
            output.append("connection: close\r\n")
            hasEnded = true
        }
        output.append("\r\n")
        if hasBody, !facts.isHead { output.append(response.body) }
    }
}
