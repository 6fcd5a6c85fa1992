import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks the admin address of an Envoy, or of another meshtop. Every request has a connection, a deadline and a size limit of
/// its own.
package struct AdminClient: Sendable {
    package let host: String
    package let port: Int
    private let timeout: TimeAmount
    private let sizeLimit: Int

    /// `url` is `http://HOST:PORT`, or `HOST:PORT`; a path behind it is ignored. The port is 15000 where none is given, as
    /// Istio's proxies have it.
    package init(_ url: String, timeout: Duration = .seconds(10), sizeLimit: Int = 512 << 20) throws(AdminError) {
        var rest = Substring(url)
        if rest.hasPrefix("http://") {
            rest = rest.dropFirst(7)
        } else if rest.range(of: "://") {
            throw AdminError("admin address \"\(url)\" is not of the form http://HOST:PORT")
        }
        rest = rest.prefix { $0 != "/" }
        var host = rest
        var port = 15000
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("]") {
            guard let number = Int(rest[rest.index(after: colon)...]), (1...65535).contains(number) else {
                throw AdminError("admin address \"\(url)\": the port must be a number from 1 to 65535")
            }
            port = number
            host = rest[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { throw AdminError("admin address \"\(url)\" names no host") }
        self.host = String(host)
        self.port = port
        let (seconds, attoseconds) = timeout.components
        self.timeout = .nanoseconds(min(max(0, seconds), 1_000_000) * 1_000_000_000 + attoseconds / 1_000_000_000)
        self.sizeLimit = sizeLimit
    }

    /// The body of a page; throws for anything but a 200.
    package func get(_ target: String) async throws(AdminError) -> [UInt8] {
        try await body(AdminRequest.Method.get, target)
    }

    /// What a POST answers; throws for anything but a 200.
    package func post(_ target: String) async throws(AdminError) -> [UInt8] {
        try await body(AdminRequest.Method.post, target)
    }

    private func body(_ method: AdminRequest.Method, _ target: String) async throws(AdminError) -> [UInt8] {
        let (status, body) = try await send(method, target)
        guard status == 200 else {
            let text = String(decoding: body.prefix(300), as: UTF8.self)
            let line = text.split(separator: "\n").first.map { ": " + $0 } ?? ""
            throw AdminError("\(method.rawValue) http://\(host):\(port)\(target) answered \(status)\(line)")
        }
        return body
    }

    /// One request, whatever the status.
    package func send(_ method: AdminRequest.Method, _ target: String) async throws(AdminError) -> (Int, [UInt8]) {
        do {
            return try await exchange(method, target)
        } catch let error as AdminError {
            throw error
        } catch {
            throw AdminError("cannot ask http://\(host):\(port)\(target): \(Self.reason(error))")
        }
    }

    /// What went wrong, in the words of the system.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason($0.error) }
                ?? (error.dnsAError ?? error.dnsAAAAError).map { _ in "no such host" } ?? "no connection"
        case let error as IOError: String(cString: strerror(error.errnoCode)).lowercased()
        case ChannelError.connectTimeout: "no connection in time"
        case HTTPParserError.invalidEOFState: "the connection ended before the answer was complete"
        case is HTTPParserError: "the answer is not HTTP"
        default: "\(error)"
        }
    }

    private func exchange(_ method: AdminRequest.Method, _ target: String) async throws -> (Int, [UInt8]) {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = loop.makePromise(of: (Int, [UInt8]).self)
        let sizeLimit = sizeLimit
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: loop).connectTimeout(timeout)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(AnswerCollector(answer, limit: sizeLimit))
                    }
                }
                .connect(host: host, port: port).get()
        } catch {
            answer.fail(error)
            throw AdminError("cannot connect to the admin address http://\(host):\(port): \(Self.reason(error))")
        }
        let deadline = loop.scheduleTask(in: timeout) {
            answer.fail(AdminError("no answer from http://\(host):\(port)\(target) in time"))
            channel.close(promise: nil)
        }
        let head = HTTPRequestHead(
            version: .http1_1, method: method == .post ? .POST : .GET, uri: target,
            headers: [
                "host": "\(host):\(port)", "connection": "close", "content-length": "0", "user-agent": "meshtop",
            ])
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        defer {
            deadline.cancel()
            channel.close(promise: nil)
        }
        return try await answer.futureResult.get()
    }
}

extension Substring {
    fileprivate func range(of text: String) -> Bool {
        indices.contains { self[$0...].hasPrefix(text) }
    }
}

/// Gathers one answer, up to a limit.
private final class AnswerCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let answer: EventLoopPromise<(Int, [UInt8])>
    private let limit: Int
    private var status = 0
    private var body: [UInt8] = []

    init(_ answer: EventLoopPromise<(Int, [UInt8])>, limit: Int) {
        self.answer = answer
        self.limit = limit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(let bytes):
            guard body.count + bytes.readableBytes <= limit else {
                fail(AdminError("the answer is larger than \(limit) bytes"), context)
                return
            }
            body.append(contentsOf: bytes.readableBytesView)
        case .end:
            answer.succeed((status, body))
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.fail(AdminError("the connection ended before the answer was complete"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(error, context) }

    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        answer.fail(error)
        context.close(promise: nil)
    }
}
