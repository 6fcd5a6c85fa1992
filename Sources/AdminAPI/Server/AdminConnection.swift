import Glibc
import NIOCore
import NIOHTTP1

/// One connection of the admin server: a request at a time, its body thrown away.
final class AdminConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let pages: AdminPages
    private let limit: InputLimit
    private var head: HTTPRequestHead?
    private var isAnswering = false
    private var isInputClosed = false

    init(_ pages: AdminPages, _ limit: InputLimit) {
        self.pages = pages
        self.limit = limit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            limit.reset()
            guard let head else { return }
            self.head = nil
            isAnswering = true
            answer(head, context: context)
        }
    }

    private func answer(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        guard let method = AdminRequest.Method(rawValue: head.method.rawValue) else {
            write(
                AdminResponse(status: 405, body: "Method \(head.method.rawValue) not allowed.\n"), to: head,
                context: context)
            return
        }
        let request = AdminRequest(method, head.uri)
        let pages = pages
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let promise = context.eventLoop.makePromise(of: AdminResponse.self)
        promise.completeWithTask { await pages.respond(to: request) }
        promise.futureResult.whenSuccess { response in
            let (handler, context) = bound.value
            handler.write(response, to: head, context: context)
        }
    }

    /// Envoy's headers, chunked as Envoy has it (NIO's encoder adds the framing).
    private func write(_ response: AdminResponse, to request: HTTPRequestHead, context: ChannelHandlerContext) {
        isAnswering = false
        guard context.channel.isActive else { return }
        var headers = HTTPHeaders([
            ("content-type", response.contentType), ("cache-control", "no-cache, max-age=0"),
            ("x-content-type-options", "nosniff"), ("date", HTTPDate.now), ("server", "envoy"),
        ])
        if !request.isKeepAlive { headers.add(name: "connection", value: "close") }
        let head = HTTPResponseHead(
            version: request.version, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: response.body)))), promise: nil)
        }
        let channel = context.channel
        let closes = !request.isKeepAlive || isInputClosed
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            if closes { channel.close(promise: nil) }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
        if event as? ChannelEvent == .inputClosed {
            isInputClosed = true
            if !isAnswering { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// The `date` header.
enum HTTPDate {
    static var now: String {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 64)
        let count = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
