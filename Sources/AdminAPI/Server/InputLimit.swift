import NIOCore

/// Closes a connection that sends more for one request than any admin request needs: NIO's decoder has no bound of its own.
final class InputLimit: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private static let limit = 96 * 1024
    private var received = 0

    /// A request is complete.
    func reset() { received = 0 }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += unwrapInboundIn(data).readableBytes
        if received > Self.limit {
            context.close(promise: nil)
        } else {
            context.fireChannelRead(data)
        }
    }
}
