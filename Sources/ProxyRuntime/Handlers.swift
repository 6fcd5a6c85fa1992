import NIOCore
import ProxyCore

/// Feeds the core with what a client's socket brings.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let worker: WorkerLoop
    private let proxy: String
    private let listener: String
    private var client: ClientConnection?
    private var carrier: SocketCarrier?

    init(proxy: String, listener: String, worker: WorkerLoop) {
        self.proxy = proxy
        self.listener = listener
        self.worker = worker
    }

    func channelActive(context: ChannelHandlerContext) {
        let peer = context.channel.remoteAddress
        let opened = worker.core.clientOpened(
            proxy: proxy, listener: listener, remoteIP: peer?.ipAddress ?? "127.0.0.1",
            remotePort: UInt16(clamping: peer?.port ?? 0), now: worker.now)
        guard let opened, let carrier = SocketCarrier(context.channel, opened, worker: worker) else {
            context.close(promise: nil)
            return
        }
        client = opened
        self.carrier = carrier
        opened.carrier = carrier
        worker.perform()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let client else { return }
        let buffer = unwrapInboundIn(data)
        worker.core.received(buffer.readableBytesUInt8Span, from: client, now: worker.now)
    }

    func channelReadComplete(context: ChannelHandlerContext) { worker.performSoon() }

    func channelInactive(context: ChannelHandlerContext) {
        guard let client else { return }
        worker.core.closed(client, now: worker.now)
        client.carrier = nil
        self.client = nil
        worker.perform()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Feeds the core with what an endpoint's socket brings.
final class UpstreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let worker: WorkerLoop
    private var upstream: UpstreamConnection?

    init(_ upstream: UpstreamConnection, worker: WorkerLoop) {
        self.upstream = upstream
        self.worker = worker
    }

    func channelActive(context: ChannelHandlerContext) {
        guard let upstream, !upstream.isClosed,
            let carrier = SocketCarrier(context.channel, upstream, worker: worker)
        else {
            context.close(promise: nil)
            return
        }
        upstream.carrier = carrier
        worker.core.connected(upstream, now: worker.now)
        worker.perform()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let upstream else { return }
        let buffer = unwrapInboundIn(data)
        worker.core.received(buffer.readableBytesUInt8Span, from: upstream, now: worker.now)
    }

    func channelReadComplete(context: ChannelHandlerContext) { worker.performSoon() }

    func channelInactive(context: ChannelHandlerContext) {
        guard let upstream else { return }
        worker.core.closed(upstream, now: worker.now)
        upstream.carrier = nil
        self.upstream = nil
        worker.perform()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
